import { lstatSync, readdirSync, type Stats } from 'node:fs';

/** TreeSize is what a folder holds; diskBytes are the blocks of its files and of the folders themselves. */
export type TreeSize = { files: number; bytes: number; diskBytes: number };

/** Trouble is told of what cannot be read. */
export type Trouble = (path: string, error: unknown) => void;

/**
 * measureTree adds up all below a folder, itself included; symbolic links count as themselves and are not followed. Names are
 * listed without their types: each is looked at once anyway, and 30,000 entries cost a tenth less so.
 */
export function measureTree(dir: string, trouble: Trouble): TreeSize {
  const size: TreeSize = { files: 0, bytes: 0, diskBytes: 0 };
  add(dir);
  return size;

  function add(path: string): void {
    let names: readonly string[];
    try {
      const stats = lstatSync(path);
      if (!stats.isDirectory()) {
        size.files += 1;
        size.bytes += stats.size;
        size.diskBytes += diskBytesOf(stats);
        return;
      }
      size.diskBytes += stats.blocks * blockSize;
      names = readdirSync(path);
    } catch (error) {
      trouble(path, error);
      return;
    }
    for (const name of names) add(`${path}/${name}`);
  }
}

// stat(2): st_blocks counts in 512 bytes, whatever the file system.
const blockSize = 512;

// A file with several names takes its blocks once, as du counts; Go makes none, a deduplicating tool may.
const seen = new Set<string>();

/** diskBytesOf gives the blocks of a file, 0 for a further name of one that was counted in this thread. */
export function diskBytesOf({ blocks, nlink, dev, ino }: Stats): number {
  if (nlink > 1) {
    const key = `${dev}:${ino}`;
    if (seen.has(key)) return 0;
    seen.add(key);
  }
  return blocks * blockSize;
}
