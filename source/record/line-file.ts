import {
  appendFileSync,
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

/**
 * appendLines adds whole lines to a file that only the user may read, and makes its folder where there is none. They go
 * out in one write at the end of the file (O_APPEND), so that two processes at once do not mix; after a line that
 * was torn they begin a new one. Before the file grows over `mostBytes` its oldest half goes. It throws what the system says.
 */
export function appendLines(file: string, lines: string, mostBytes: number): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  let opened = openSync(file, 'a+', 0o600);
  try {
    const { size } = fstatSync(opened);
    if (size > 0 && size + Buffer.byteLength(lines) > mostBytes) {
      dropOldestHalf(file, opened);
      closeSync(opened);
      opened = openSync(file, 'a+', 0o600);
    }
    appendFileSync(opened, endsTorn(opened) ? `\n${lines}` : lines);
  } finally {
    closeSync(opened);
  }
}

/** endsTorn says that the last line has no end: who wrote it was ended, or the disk was full. */
function endsTorn(opened: number): boolean {
  const { size } = fstatSync(opened);
  const last = Buffer.alloc(1);
  return size > 0 && readSync(opened, last, 0, 1, size - 1) === 1 && last[0] !== newline;
}

const newline = '\n'.charCodeAt(0);

/** dropOldestHalf writes a new file beside the old one first, so that a crash loses nothing; what others add meanwhile comes along. */
function dropOldestHalf(file: string, opened: number): void {
  const content = readFileSync(file);
  const cut = content.indexOf(newline, content.length / 2);
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, cut === -1 ? '' : content.subarray(cut + 1), { mode: 0o600 });
  renameSync(fresh, file);
  const late = Buffer.alloc(Math.max(0, fstatSync(opened).size - content.length));
  if (late.length > 0)
    appendFileSync(file, late.subarray(0, readSync(opened, late, 0, late.length, content.length)));
}
