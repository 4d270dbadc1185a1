import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf, type Problem } from './problem.ts';

/** DiskSpace is the room on the file system that a path lies on. */
export type DiskSpace = {
  /** freeBytes is what is free for a user without privileges. */
  readonly freeBytes: number;
  readonly totalBytes: number;
  /** freeFiles and totalFiles count inodes; undefined on a file system that has no such limit, as btrfs. */
  readonly freeFiles: number | undefined;
  readonly totalFiles: number | undefined;
  /** type as `ext4`, `tmpfs`, `overlay`; undefined for one that we have no name for. */
  readonly type: string | undefined;
};

/**
 * diskSpace asks for the room at `path` or, where that does not exist yet, at its nearest ancestor that does;
 * undefined when the system does not say.
 */
export async function diskSpace(path: string): Promise<DiskSpace | undefined> {
  try {
    const space = await statfs(path);
    return {
      freeBytes: space.bavail * space.bsize,
      totalBytes: space.blocks * space.bsize,
      freeFiles: space.files === 0 ? undefined : space.ffree,
      totalFiles: space.files === 0 ? undefined : space.files,
      type: typeNames.get(space.type),
    };
  } catch (error) {
    const parent = dirname(path);
    if (codeOf(error) !== 'ENOENT' || parent === path) return undefined;
    return diskSpace(parent);
  }
}

/**
 * fullDisk is the problem when a file system has no room for as much as one archive. Go says little of it (measured,
 * go1.26): without room for package indexes it fails with `package runtime is not in std`; without room for archives
 * it passes, keeps none, and the next build compiles all again.
 */
export function fullDisk(where: string, { freeBytes, totalBytes }: DiskSpace): Problem | undefined {
  if (freeBytes >= leastRoom) return undefined;
  const why = `${freeBytes} of ${totalBytes} bytes are free, so that go cannot keep what it compiles`;
  const repair = 'free some, as by go clean -cache, or choose another place: go env -w GOCACHE=DIR';
  return { where, what: 'the file system is full', why, repair };
}

// The archive of a mid-sized package (bubbletea's own: 0.9 MB).
const leastRoom = 1024 * 1024;

// statfs(2), f_type; ext2 and ext3 share the number of ext4.
const typeNames: ReadonlyMap<number, string> = new Map([
  [0xef53, 'ext4'],
  [0x01021994, 'tmpfs'],
  [0x794c7630, 'overlay'],
  [0x9123683e, 'btrfs'],
  [0x58465342, 'xfs'],
  [0x2fc12fc1, 'zfs'],
  [0x6969, 'nfs'],
  [0xff534d42, 'cifs'],
  [0xfe534d42, 'smb2'],
  [0x65735546, 'fuse'],
  [0x01021997, '9p'],
  [0xf2f52010, 'f2fs'],
  [0x858458f6, 'ramfs'],
]);
