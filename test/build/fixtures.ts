import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { XEvent } from '../../source/build/x-event.ts';
import { createXParser, type XParserContext } from '../../source/build/x-parser.ts';

const folder = resolve(import.meta.dirname, '..', 'fixtures', 'x');

/** versions are the Go versions that output was captured from. */
export const versions: readonly string[] = readdirSync(folder);

/** Fixture is what a real go command printed on stderr under -x, and without it. */
export type Fixture = { readonly name: string; readonly stderr: Buffer; readonly users: Buffer };

/** readFixtures gives all of a version; `download` and `script` have no run without -x to compare with. */
export function readFixtures(version: string): readonly Fixture[] {
  return readdirSync(join(folder, version))
    .filter((file) => file.endsWith('.stderr.txt'))
    .map((file) => readFixture(file.replace('.stderr.txt', ''), version));
}

/** readFixture gives one; what is not there was empty. */
export function readFixture(name: string, version = 'go1.26'): Fixture {
  const read = (kind: string): Buffer => {
    const path = join(folder, version, `${name}.${kind}.txt`);
    return existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  };
  return { name, stderr: read('stderr'), users: read('user') };
}

/** readStdout gives what the same run printed on stdout. */
export function readStdout(name: string, version = 'go1.26'): Buffer {
  return readFileSync(join(folder, version, `${name}.stdout.txt`));
}

/** fixtureContext knows the WORK folders that a capture names, and no other. */
export function fixtureContext(change: Partial<XParserContext> = {}): XParserContext {
  const works = new Set(['/tmp/go-build1234567890', '/tmp/go-build1234567891', '/tmp/go-build1234567892']);
  return { isWork: (path) => works.has(path), exists: () => true, ...change };
}

/** parsePieces reads pieces one after the other and what is left at the end; neighbouring words of the user are joined. */
export function parsePieces(
  pieces: readonly Uint8Array[],
  context: XParserContext = fixtureContext(),
): readonly XEvent[] {
  const parser = createXParser(context);
  const events = [...pieces.flatMap((piece) => [...parser.push(piece)]), ...parser.release()];
  return joinWords(events);
}

/** parseText reads a text in one piece. */
export function parseText(text: string, context?: XParserContext): readonly XEvent[] {
  return parsePieces([Buffer.from(text)], context);
}

/** joinWords puts neighbouring pieces of the user's words together. */
export function joinWords(events: readonly XEvent[]): readonly XEvent[] {
  const joined: XEvent[] = [];
  let words = '';
  const close = (): void => {
    if (words !== '') joined.push({ type: 'passthrough', text: words });
    words = '';
  };
  for (const event of events) {
    if (event.type === 'passthrough') words += event.text;
    else {
      close();
      joined.push(event);
    }
  }
  close();
  return joined;
}

/** usersBytes are the user's bytes in the events. */
export function usersBytes(events: readonly XEvent[]): Buffer {
  const words = events.flatMap((event) => (event.type === 'passthrough' ? [event.text] : []));
  return Buffer.from(words.join(''), 'latin1');
}

/** cutAt cuts bytes at places. */
export function cutAt(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const ends = [...places.toSorted((a, b) => a - b), bytes.length];
  return ends.map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end));
}

/** randomPlaces gives the same numbers below `end` for the same seed (mulberry32). */
export function randomPlaces(seed: number, count: number, end: number): readonly number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * end);
  });
}
