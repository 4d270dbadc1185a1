import type { Stats } from 'node:fs';
import type { ForeignFile } from './read-folder.ts';

/** FolderState is how one of the 256 folders was when it was listed. Times are Unix milliseconds. */
export type FolderState = {
  readonly mtime: number;
  readonly changed: number;
  readonly inode: number;
  readonly readAt: number;
  /** foreign are files that are not Go's: listed, never touched. */
  readonly foreign: readonly ForeignFile[];
};

/**
 * holdsSameNames says that no name came or went since the folder was listed. Entries may still have been used or written
 * again in their place: their times, and what an action entry says, are then out of date.
 */
export function holdsSameNames(
  state: FolderState,
  stats: Pick<Stats, 'mtimeMs' | 'ctimeMs' | 'ino'>,
): boolean {
  const isSame =
    state.mtime === stats.mtimeMs && state.changed === stats.ctimeMs && state.inode === stats.ino;
  // A name that came within one tick of the file system's clock after the listing left the same time.
  return isSame && stats.ctimeMs < state.readAt - coarsestClock;
}

// FAT has two seconds.
const coarsestClock = 2000;
