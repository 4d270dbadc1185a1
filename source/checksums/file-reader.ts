import { createHash, hash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { ReadAt } from './zip-directory.ts';

/** OpenFile is a file that is read in pieces through one buffer. */
export type OpenFile = { readonly bytes: number; readonly readAt: ReadAt; close(): void };

/**
 * windowBytes is how much of a file is held at once: large enough that most zips take a handful of reads, small enough that
 * two threads of it do not count.
 */
const windowBytes = 1024 * 1024;

/** openFile opens a regular file for `readAt`, which keeps a window of it: neighbours cost no call. It throws the system's errors. */
export function openFile(path: string): OpenFile {
  const descriptor = openSync(path, 'r');
  try {
    const status = fstatSync(descriptor);
    if (!status.isFile()) throw Object.assign(new Error('not a regular file'), { code: 'EINVAL' });
    return {
      bytes: status.size,
      readAt: windowOn(descriptor, status.size),
      close: () => closeSync(descriptor),
    };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

function windowOn(descriptor: number, bytes: number): ReadAt {
  let window = Buffer.allocUnsafeSlow(0);
  let start = 0;
  let filled = 0;
  return (offset, length) => {
    if (offset < 0 || offset >= bytes) return window.subarray(0, 0);
    if (offset >= start && offset + length <= start + filled)
      return window.subarray(offset - start, offset - start + length);
    const needed = Math.max(length, windowBytes);
    if (window.length < needed) window = Buffer.allocUnsafeSlow(needed);
    start = offset;
    filled = fill(descriptor, window, offset);
    return window.subarray(0, Math.min(length, filled));
  };
}

/** fill reads until the buffer is full or the file ends. */
function fill(descriptor: number, buffer: Buffer, offset: number): number {
  let filled = 0;
  while (filled < buffer.length) {
    const count = readSync(descriptor, buffer, filled, buffer.length - filled, offset + filled);
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

const buffer = Buffer.allocUnsafeSlow(windowBytes);

/** hashFile is the sha256 of a file's content in hex; it throws the system's errors. */
export function hashFile(path: string): string {
  const descriptor = openSync(path, 'r');
  try {
    let filled = readSync(descriptor, buffer, 0, buffer.length, null);
    // One call of crypto.hash is twice as fast as an object for it: most files are small.
    if (filled < buffer.length) {
      const more = readSync(descriptor, buffer, filled, buffer.length - filled, null);
      if (more === 0) return hash('sha256', buffer.subarray(0, filled), 'hex');
      filled += more;
    }
    const sum = createHash('sha256');
    while (filled > 0) {
      sum.update(buffer.subarray(0, filled));
      filled = readSync(descriptor, buffer, 0, buffer.length, null);
    }
    return sum.digest('hex');
  } finally {
    closeSync(descriptor);
  }
}
