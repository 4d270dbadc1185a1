import { describe, expect, test } from 'vitest';
import {
  cellWidth,
  cleanText,
  cutEnd,
  cutPath,
  cutStart,
  padEnd,
  padStart,
  wrapText,
} from '../../source/store/cells.ts';
import {
  formatAge,
  formatBytes,
  formatClock,
  formatCount,
  formatDuration,
  formatElapsed,
  formatRate,
} from '../../source/store/format.ts';

describe('formatBytes', () => {
  test.each([
    [0, '0 B'],
    [175, '175 B'],
    [1024, '1.0 KiB'],
    [421_888, '412 KiB'],
    [50_436_506, '48.1 MiB'],
    [1_288_490_189, '1.2 GiB'],
    [undefined, 'unknown'],
  ])('%s is %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  test('si counts in thousands', () => expect(formatBytes(50_436_506, { si: true })).toBe('50.4 MB'));

  test('never takes more than eight cells', () => {
    // Just below a unit is where rounding could add a digit.
    const sizes = [1, 2, 3, 4].flatMap((power) => [1024 ** power - 1, 1024 ** power, 999.96 * 1024 ** power]);
    const texts = sizes.map((bytes) => formatBytes(Math.round(bytes)));
    expect(texts.filter((text) => text.length > 8)).toEqual([]);
    expect(texts).toHaveLength(12);
  });
});

test.each([
  [0, '0'],
  [999, '999'],
  [1_017, '1,017'],
  [1_000_000, '1,000,000'],
  [undefined, 'unknown'],
])('formatCount(%s) is %s', (count, text) => expect(formatCount(count)).toBe(text));

test.each([
  [0.66, '66 %'],
  [0, '0 %'],
  [1, '100 %'],
  // One miss of ten thousand is not all.
  [0.9999, '99 %'],
  [undefined, 'unknown'],
])('formatRate(%s) is %s', (rate, text) => expect(formatRate(rate)).toBe(text));

test.each([
  [0, '0 ms'],
  [40, '40 ms'],
  [400, '0.4 s'],
  [9_840, '9.8 s'],
  [41_900, '41 s'],
  [62_000, '1:02'],
  [3_725_000, '1:02:05'],
  [undefined, 'unknown'],
  [97, '97 ms'],
])('formatDuration(%s) is %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

test.each([
  [-50, false, '0.0 s'],
  [2_190, false, '2.1 s'],
  [2_190, true, '2 s'],
  [12_300, false, '12 s'],
  [60_000, false, '1:00'],
])('formatElapsed(%s, coarse %s) is %s', (ms, isCoarse, text) =>
  expect(formatElapsed(ms, isCoarse)).toBe(text),
);

test.each([
  [0, '0:00'],
  [12_999, '0:12'],
  [185_000, '3:05'],
  [3_725_000, '1:02:05'],
])('formatClock(%s) is %s', (ms, text) => expect(formatClock(ms)).toBe(text));

test.each([
  [0, 'now'],
  [59_999, 'now'],
  [120_000, '2 min'],
  [3 * 3_600_000, '3 h'],
  [47 * 3_600_000, '47 h'],
  [6 * 86_400_000, '6 d'],
])('formatAge(%s) is %s', (ms, text) => expect(formatAge(ms)).toBe(text));

describe('cuts by cells', () => {
  test.each([
    ['strings', 7, 'strings'],
    ['golang.org/x/text/unicode/norm', 22, '…/x/text/unicode/norm'],
    ['golang.org/x/text/unicode/norm', 7, '…/norm'],
    // No slash leaves anything: the end of the last element.
    ['modernc.org/sqlite', 4, '…ite'],
    // Two cells each: four of them are eight cells.
    ['example.com/日本語/端末', 6, '…/端末'],
    ['example.com/😀/x', 5, '…/x'],
    ['a/b', 1, '…'],
    ['a/b', 0, ''],
  ])('cutPath(%s, %i) is %s', (path, width, text) => expect(cutPath(path, width)).toBe(text));

  test.each([
    ['undefined: rows', 10, 'undefined…'],
    // A wide character that does not fit any more leaves a cell free.
    ['日本語', 4, '日…'],
    ['👨‍👩‍👧 home', 3, '👨‍👩‍👧…'],
    ['x', 0, ''],
  ])('cutEnd(%s, %i) is %s', (text, width, cut) => expect(cutEnd(text, width)).toBe(cut));

  test.each([
    ['日本語', 4, '…語'],
    ['abcdef', 3, '…ef'],
  ])('cutStart(%s, %i) is %s', (text, width, cut) => expect(cutStart(text, width)).toBe(cut));

  test('no cut is wider than asked', () => {
    const paths = ['example.com/日本語/端末/アプリ', 'a/😀😀/👨‍👩‍👧/x', 'modernc.org/sqlite/lib', 'é/ñ'];
    const tooWide = paths.flatMap((path) =>
      Array.from({ length: 40 }, (_, width) =>
        [cutPath, cutEnd, cutStart].map((cut) => ({ text: cut(path, width), width })),
      )
        .flat()
        .filter(({ text, width }) => cellWidth(text) > width),
    );
    expect(tooWide).toEqual([]);
  });

  test('padding counts cells', () => {
    expect(padEnd('日本', 6)).toBe('日本  ');
    expect(padStart('日本', 6)).toBe('  日本');
    expect(padEnd('too long', 3)).toBe('too long');
  });

  test.each([
    ['one two three', 7, ['one two', 'three']],
    ['日本語 端末', 6, ['日本語', '端末']],
    ['', 10, ['']],
  ])('wrapText(%s, %i)', (text, width, lines) => expect(wrapText(text, width)).toEqual(lines));
});

test.each([
  ['\x1b[31mred\x1b[0m', 'red'],
  ['a\tb', 'a    b'],
  // A progress bar rewrites its line: what is left of it counts.
  ['10 %\r90 %', '90 %'],
  ['end\r', 'end'],
  // It could turn the rest of the row around.
  ['a\u202eb', 'a�b'],
])('cleanText(%j) is %j', (text, clean) => expect(cleanText(text)).toBe(clean));
