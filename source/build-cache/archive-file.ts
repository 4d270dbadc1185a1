import { closeSync, constants, openSync, readSync } from 'node:fs';
import { codeOf, reasonOf } from '../platform/problem.ts';
import { type ArchiveIdentity, parseArchiveHeader } from './archive-header.ts';
import type { ArchiveFault, ArchiveReader } from './archive-object.ts';

/** readArchiveIdentity reads who the archive at `path` is: about ten small reads, 0.1 to 0.3 ms. */
export function readArchiveIdentity(path: string): ArchiveIdentity | ArchiveFault {
  try {
    return readArchive(path, parseArchiveHeader);
  } catch (error) {
    return { fault: reasonOf(error) };
  }
}

/** readArchive lets a parser read in an archive. The error of the system goes to the caller. */
export function readArchive<T>(path: string, parse: (read: ArchiveReader) => T): T {
  return withFile(path, (descriptor) => parse(pagedReader(descriptor)));
}

/** readHead reads the first bytes of a file, at most `length`. The error of the system goes to the caller. */
export function readHead(path: string, length: number): Uint8Array {
  const head = Buffer.allocUnsafe(length);
  const descriptor = openQuietly(path);
  try {
    // One read is enough: a regular file gives all it has.
    return head.subarray(0, readSync(descriptor, head, 0, length, 0));
  } finally {
    closeSync(descriptor);
  }
}

/** withFile opens a file, so that a look of ours is not taken for a use by Go, and closes it again. */
function withFile<T>(path: string, use: (descriptor: number) => T): T {
  const descriptor = openQuietly(path);
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** openQuietly opens a file for reading without touching its atime, where we may. */
export function openQuietly(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | (constants.O_NOATIME ?? 0));
  } catch (error) {
    // O_NOATIME is for the owner of a file only: open(2).
    if (codeOf(error) !== 'EPERM') throw error;
    return openSync(path, constants.O_RDONLY);
  }
}

// The reads of one archive come in a few places, so whole pages save most of the calls.
const pageSize = 4096;

function pagedReader(descriptor: number) {
  const pages = new Map<number, Uint8Array>();
  return (offset: number, length: number): Uint8Array => {
    if (length > pageSize) return readAt(descriptor, offset, length);
    const first = Math.floor(offset / pageSize);
    const last = Math.floor((offset + Math.max(length, 1) - 1) / pageSize);
    const start = offset - first * pageSize;
    if (first === last) return page(first).subarray(start, start + length);
    return Buffer.concat([page(first), page(last)]).subarray(start, start + length);
  };

  function page(number: number): Uint8Array {
    const known = pages.get(number);
    if (known !== undefined) return known;
    const bytes = readAt(descriptor, number * pageSize, pageSize);
    pages.set(number, bytes);
    return bytes;
  }
}

function readAt(descriptor: number, offset: number, length: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const count = readSync(descriptor, bytes, filled, length - filled, offset + filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}
