import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nextTrim, parseTrimTxt } from './trim.ts';

/** TrimTimes are Unix milliseconds; `last` is undefined when there was none, or trim.txt cannot be read. */
export type TrimTimes = { readonly last: number | undefined; readonly next: number };

/** readTrim reads trim.txt: when Go trimmed last, and from when on the next go command that builds will. */
export function readTrim(gocache: string, now: number): TrimTimes {
  const last = parseTrimTxt(readText(join(gocache, 'trim.txt')));
  return { last, next: nextTrim({ lastTrim: last, now }) };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
