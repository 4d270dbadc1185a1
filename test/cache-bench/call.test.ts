import { describe, expect, test } from 'vitest';
import { formatCalls, parseCalls } from '../../source/cache-bench/call.ts';

describe('calls as text', () => {
  test.each([
    ['a look-up of what is there', 'open read:176 read:1 stat close', 175],
    ['a look-up of what is not', 'miss', 0],
    ['an action entry', 'open-w write:175 truncate:175 close touch', 175],
    ['an output of several pieces', 'absent open-rw store close touch', 100_000],
    ['an output of one byte more than a piece', 'absent open-rw store close touch', 32 * 1024 + 1],
    ['what the linker maps', 'open read:4096*5 map:201219:4096 close', 250_000],
    ['a hash that is compared', 'stat open whole close', 70_000],
    ['a folder', 'absent mkdir', 0],
  ])('%s: %s', (_, text, size) => {
    expect(formatCalls(parseCalls(text, size), size)).toBe(text);
  });

  test('an output is written in pieces of 32 KiB, its last byte alone', () => {
    const lengths = parseCalls('store', 70_000).map((call) => ('length' in call ? call.length : call));
    expect(lengths).toEqual([32_768, 32_768, 70_000 - 1 - 2 * 32_768, 1]);
  });

  test('a hash is compared to the end of the file', () => {
    expect(parseCalls('whole', 70_000)).toHaveLength(4); // 32 KiB, 32 KiB, the rest, nothing
  });

  test('a word that is none is refused', () => {
    expect(() => parseCalls('open unlink', 1)).toThrow('no such call: unlink');
  });
});
