import { createHash } from 'node:crypto';
import {
  closeSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmdirSync,
  type Stats,
  unlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { type CacheFileName, cacheFileName } from '../../build-cache/file-name.ts';

/**
 * measureEntry gives the bytes of an entry; undefined when it is nothing that Go writes: an action entry is a file, an
 * output a file or, for an executable, a folder of files. cmd/go/internal/cache: (*DiskCache).copyFile, go1.26
 */
export function measureEntry(path: string, kind: CacheFileName['kind'], stats: Stats): number | undefined {
  if (stats.isFile()) return stats.size;
  if (kind === 'action' || !stats.isDirectory()) return undefined;
  let bytes = 0;
  for (const name of readdirSync(path)) {
    const inner = lstatSync(join(path, name));
    if (!inner.isFile()) return undefined;
    bytes += inner.size;
  }
  return bytes;
}

/** discardEntry deletes an entry. It goes one level deep and no more, so that it fails on anything that Go did not make. */
export function discardEntry(path: string, isFolder: boolean): void {
  if (!isFolder) {
    unlinkSync(path);
    return;
  }
  for (const name of readdirSync(path)) unlinkSync(join(path, name));
  rmdirSync(path);
}

/**
 * putBack moves an entry from `folder`, laid out as GOCACHE, to `gocache`, or drops it when GOCACHE has a better one.
 * `back`: it is there again, with its times; `present`: what was there stays; `gone`: `folder` had none.
 */
export function putBack(folder: string, gocache: string, file: CacheFileName): 'back' | 'present' | 'gone' {
  const [from, to] = [join(folder, cacheFileName(file)), join(gocache, cacheFileName(file))];
  const ours = lstatSync(from, { throwIfNoEntry: false });
  if (ours === undefined) return 'gone';
  const theirs = lstatSync(to, { throwIfNoEntry: false });
  if (theirs === undefined || isBetter(from, ours, theirs, file)) {
    renameSync(from, to);
    return 'back';
  }
  discardEntry(from, ours.isDirectory());
  return 'present';
}

function isBetter(from: string, ours: Stats, theirs: Stats, file: CacheFileName): boolean {
  if (!ours.isFile() || !theirs.isFile()) return false; // executables; nothing can be renamed over a folder
  if (file.kind === 'action') return ours.mtimeMs > theirs.mtimeMs;
  // Outputs of one name and size are equal. Where the sizes differ one is damaged, and the name says which.
  return ours.size !== theirs.size && sha256(from) === file.id;
}

function sha256(path: string): string {
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafe(1 << 20);
  const descriptor = openSync(path, 'r');
  try {
    for (let count = -1; count !== 0; ) {
      count = readSync(descriptor, chunk);
      hash.update(chunk.subarray(0, count));
    }
  } finally {
    closeSync(descriptor);
  }
  return hash.digest('hex');
}
