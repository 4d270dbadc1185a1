import { describe, expect, test } from 'vitest';
import {
  actionEntrySize,
  formatActionEntry,
  parseActionEntry,
} from '../../source/build-cache/action-entry.ts';
import { cacheFileName, isCacheFolder, parseCacheFileName } from '../../source/build-cache/file-name.ts';
import { subkey } from '../../source/build-cache/subkey.ts';
import { nextTrim, parseTrimTxt, trimCutoff } from '../../source/build-cache/trim.ts';
import type { ActionId, OutputId } from '../../source/go/ids.ts';

const actionId = '3f0a'.repeat(16) as ActionId;
const outputId = 'e3b0'.repeat(16) as OutputId;

describe('parseCacheFileName', () => {
  test.each([
    [`3f/${actionId}-a`, { kind: 'action', id: actionId }],
    [`e3/${outputId}-d`, { kind: 'output', id: outputId }],
    [`e3/${actionId}-a`, undefined], // lies in the folder of another
    [`3f/${actionId}-x`, undefined],
    [`3f/${actionId}`, undefined],
    [`3f/${actionId.toUpperCase()}-a`, undefined],
    [`${actionId}-a`, undefined],
    ['README', undefined],
    ['3f/notes.txt', undefined],
  ])('%s', (name, expected) => {
    const file = parseCacheFileName(name);
    expect(file).toEqual(expected);
    if (file !== undefined) expect(cacheFileName(file)).toBe(name);
  });

  test.each([
    ['00', true],
    ['ff', true],
    ['fuzz', false],
    ['FF', false],
    ['0', false],
  ])('isCacheFolder(%s) is %s', (name, expected) => expect(isCacheFolder(name)).toBe(expected));
});

describe('parseActionEntry', () => {
  const entry = { actionId, outputId, sizeBytes: 4242, addedAt: 1_763_954_321_123.5 };
  const text = formatActionEntry(entry);

  test('reads what Go writes', () => {
    expect(text).toHaveLength(actionEntrySize);
    expect(actionEntrySize).toBe(175);
    expect(parseActionEntry(text)).toEqual(entry);
    expect(parseActionEntry(Buffer.from(text), actionId)).toEqual(entry);
  });

  const put = (at: number, part: string) => text.slice(0, at) + part + text.slice(at + part.length);
  test.each([
    ['', 'file is empty'],
    [text.slice(0, 174), 'entry file incomplete'],
    [`${text}x`, 'too long'],
    [put(0, 'v2'), 'invalid header'],
    [put(67, 'x'), 'invalid header'],
    [put(174, ' '), 'invalid header'],
    [put(3, 'zz'), 'decoding ID: invalid byte'],
    [put(3, 'aa'), 'mismatched ID'],
    [put(68, 'zz'), 'decoding output ID: invalid byte'],
    [put(133, '                  4x'), 'parsing size: invalid syntax'],
    [put(133, '                  -4'), 'negative size'],
    [put(133, '99999999999999999999'), 'parsing size: invalid syntax'],
    [put(154, '                    '), 'parsing timestamp: invalid syntax'],
    [put(154, '                 -12'), 'negative timestamp'],
  ])('%j is a miss: %s', (content, fault) => {
    expect(parseActionEntry(content, actionId)).toEqual({ fault });
  });

  test('a sign is what strconv.ParseInt allows', () => {
    expect(parseActionEntry(put(133, '                 +42'), actionId)).toMatchObject({ sizeBytes: 42 });
  });
});

test('subkey equals cache.Subkey', () => {
  // HASH subkey <parent> "stdout" = <child>, computed by printf 'subkey:' ... | sha256sum
  expect(subkey('00'.repeat(32) as ActionId, 'stdout')).toBe(
    '09faffe22b4d61ac89ebe94e1e8f3e2d2c67ae653cc00b87d9a1fee1584f20f4',
  );
});

describe('trim', () => {
  const now = Date.UTC(2026, 0, 10);
  const hour = 3_600_000;

  test.each([
    ['1763954321', 1_763_954_321_000],
    ['1763954321\n', 1_763_954_321_000],
    ['', undefined],
    ['soon', undefined],
  ])('parseTrimTxt of %j', (text, expected) => expect(parseTrimTxt(text)).toBe(expected));

  test.each([
    ['an hour ago', now - hour, now + 23 * hour],
    ['just under a day ago', now - 24 * hour + 1, now + 1],
    ['a day ago', now - 24 * hour, now],
    ['a little in the future, as clocks differ', now + hour - 1, now + 25 * hour - 1],
    ['more than an hour in the future', now + hour, now],
    ['never, or not to be read', undefined, now],
  ])('after a trim %s', (_, lastTrim, expected) => expect(nextTrim({ lastTrim, now })).toBe(expected));

  test('five days and an hour', () => expect(now - trimCutoff(now)).toBe(121 * hour));
});
