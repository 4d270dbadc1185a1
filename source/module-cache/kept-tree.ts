import { crc32 } from 'node:zlib';

/** KeptTree is what is remembered of GOMODCACHE between runs, by paths below it, with slashes. */
export type KeptTree = {
  /** folders are those outside of extracted modules. */
  readonly folders: Map<string, KeptFolder>;
  /** extracted are the folders of extracted modules, with all below them. */
  readonly extracted: Map<string, KeptExtracted>;
};

/** FolderStamp is how a folder was when it was read. Times are Unix ms. */
export type FolderStamp = {
  readonly mtime: number;
  readonly changed: number;
  readonly inode: number;
  readonly readAt: number;
};

export type KeptFolder = {
  readonly stamp: FolderStamp;
  readonly folders: readonly string[];
  /** files by name; where names do not matter, one with an empty name for all. */
  readonly files: readonly KeptFile[];
};

export type KeptFile = readonly [name: string, bytes: number, diskBytes: number, count: number];

export type KeptExtracted = {
  readonly stamp: FolderStamp;
  readonly files: number;
  readonly bytes: number;
  readonly diskBytes: number;
};

/** CacheIdentity says which folder it is: another one may stand under the same path later. */
export type CacheIdentity = { readonly gomodcache: string; readonly device: number; readonly inode: number };

/** newTree remembers nothing. */
export function newTree(): KeptTree {
  return { folders: new Map(), extracted: new Map() };
}

/**
 * isUnchanged says that no name came to a folder or left it since it was read. What was changed in place, or deeper in an
 * extracted folder, it does not see: Go makes those read-only and never writes there again; verify reads them.
 */
export function isUnchanged(
  stamp: FolderStamp,
  stats: { readonly mtimeMs: number; readonly ctimeMs: number; readonly ino: number },
): boolean {
  const isSame =
    stamp.mtime === stats.mtimeMs && stamp.changed === stats.ctimeMs && stamp.inode === stats.ino;
  // A name that came within one tick of the file system's clock after the reading left the same time.
  return isSame && stats.ctimeMs < stamp.readAt - coarsestClock;
}

// FAT has two seconds.
const coarsestClock = 2000;

// A number for each form of the file: what another version wrote is not read.
const version = 1;
const magic = `gocachetop modules ${version}`;

/** encodeTree writes a line that says what it is, with the CRC-32 of what follows, which is JSON. */
export function encodeTree(of: CacheIdentity, tree: KeptTree): string {
  const stampOf = ({ mtime, changed, inode, readAt }: FolderStamp) =>
    [mtime, changed, inode, readAt] as const;
  const body = JSON.stringify({
    of,
    folders: Array.from(tree.folders, ([path, { stamp, folders, files }]) => [
      path,
      ...stampOf(stamp),
      folders,
      files,
    ]),
    extracted: Array.from(tree.extracted, ([path, { stamp, files, bytes, diskBytes }]) => [
      path,
      ...stampOf(stamp),
      files,
      bytes,
      diskBytes,
    ]),
  } satisfies Body);
  return `${magic} ${crc32(body)}\n${body}`;
}

/** decodeTree reads what encodeTree wrote; a text is what is wrong with it. */
export function decodeTree(text: string, of: CacheIdentity): KeptTree | string {
  const end = text.indexOf('\n');
  const head = text.slice(0, Math.max(0, end));
  if (!head.startsWith(`${magic} `)) return 'it is of another version';
  const body = text.slice(end + 1);
  if (head !== `${magic} ${crc32(body)}`) return 'its checksum is wrong';
  // Its checksum is right: it is what encodeTree of this version wrote.
  const read = JSON.parse(body) as Body;
  const { gomodcache, device, inode } = read.of;
  if (gomodcache !== of.gomodcache || device !== of.device || inode !== of.inode)
    return 'it is of another folder';
  return {
    folders: new Map(
      read.folders.map(([path, mtime, changed, ino, readAt, folders, files]) => [
        path,
        { stamp: { mtime, changed, inode: ino, readAt }, folders, files },
      ]),
    ),
    extracted: new Map(
      read.extracted.map(([path, mtime, changed, ino, readAt, files, bytes, diskBytes]) => [
        path,
        { stamp: { mtime, changed, inode: ino, readAt }, files, bytes, diskBytes },
      ]),
    ),
  };
}

type Body = {
  readonly of: CacheIdentity;
  readonly folders: readonly [
    path: string,
    mtime: number,
    changed: number,
    inode: number,
    readAt: number,
    folders: readonly string[],
    files: readonly KeptFile[],
  ][];
  readonly extracted: readonly [
    path: string,
    mtime: number,
    changed: number,
    inode: number,
    readAt: number,
    files: number,
    bytes: number,
    diskBytes: number,
  ][];
};
