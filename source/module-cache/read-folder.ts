import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { isUnchanged, type KeptFile, type KeptFolder, type KeptTree } from './kept-tree.ts';
import { diskBytesOf, type Trouble } from './tree-size.ts';

/** FolderReader reads folders outside of extracted modules, those that did not change from what was kept. */
export type FolderReader = {
  /** read gives a folder; undefined when it cannot be read. `isNamed` false: its files as one sum. */
  read(relative: string, isNamed: boolean): KeptFolder | undefined;
  /** folderBytes are the blocks that the folders themselves take. */
  readonly folderBytes: number;
  readonly remembered: number;
};

/** createFolderReader reads below `root`, goes by `known`, and puts what it read into `kept`. */
export function createFolderReader(
  root: string,
  known: KeptTree,
  kept: KeptTree,
  trouble: Trouble,
): FolderReader {
  let folderBytes = 0;
  let remembered = 0;

  function read(relative: string, isNamed: boolean): KeptFolder | undefined {
    const path = relative === '' ? root : `${root}/${relative}`;
    const before = known.folders.get(relative);
    try {
      const stats = lstatSync(path);
      folderBytes += stats.blocks * 512;
      if (before !== undefined && isUnchanged(before.stamp, stats)) {
        remembered += 1;
        kept.folders.set(relative, before);
        return before;
      }
      const readAt = Date.now();
      const stamp = { mtime: stats.mtimeMs, changed: stats.ctimeMs, inode: stats.ino, readAt };
      const troublesBefore = troubles;
      const folder = { stamp, ...list(path, isNamed) };
      // What could not be read is to be told again the next time.
      if (troubles === troublesBefore) kept.folders.set(relative, folder);
      return folder;
    } catch (error) {
      trouble(path, error);
      return undefined;
    }
  }

  let troubles = 0;

  function list(path: string, isNamed: boolean): Pick<KeptFolder, 'folders' | 'files'> {
    const folders: string[] = [];
    const files: KeptFile[] = [];
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (entry.isDirectory()) folders.push(entry.name);
      else addFile(files, path, entry);
    }
    return { folders, files: isNamed ? files : sumOf(files) };
  }

  function addFile(files: KeptFile[], folder: string, { name }: Dirent): void {
    const path = `${folder}/${name}`;
    try {
      const stats = lstatSync(path);
      files.push([name, stats.size, diskBytesOf(stats), 1]);
    } catch (error) {
      troubles += 1;
      trouble(path, error);
    }
  }

  return {
    read,
    get folderBytes() {
      return folderBytes;
    },
    get remembered() {
      return remembered;
    },
  };
}

function sumOf(files: readonly KeptFile[]): readonly KeptFile[] {
  if (files.length === 0) return files;
  let bytes = 0;
  let diskBytes = 0;
  for (const [, size, disk] of files) {
    bytes += size;
    diskBytes += disk;
  }
  return [['', bytes, diskBytes, files.length]];
}
