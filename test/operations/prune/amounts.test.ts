import { expect, test } from 'vitest';
import { parseAge, parseSize } from '../../../source/operations/prune/amounts.ts';

test.each([
  ['500MB', 500_000_000],
  ['10GiB', 10 * 2 ** 30],
  ['1.5 GiB', 1.5 * 2 ** 30],
  ['10%', 100],
  ['0', 0],
  ['7', 7],
  ['2g', 2 * 2 ** 30],
  ['', undefined],
  ['-1MB', undefined],
  ['10XB', undefined],
  ['101%', undefined],
  ['ten', undefined],
])('size %j', (text, bytes) => {
  expect(parseSize(text, 1000)).toBe(bytes);
});

test('a percentage of an unknown whole is not known', () => {
  expect(parseSize('10%', undefined)).toBeUndefined();
});

test.each([
  ['36h', 36 * 3_600_000],
  ['14d', 14 * 86_400_000],
  ['90m', 90 * 60_000],
  ['1w', 7 * 86_400_000],
  ['0d', 0],
  ['14', undefined],
  ['d', undefined],
  ['-1d', undefined],
  ['1y', undefined],
])('age %j', (text, ms) => {
  expect(parseAge(text)).toBe(ms);
});
