import { describe, expect, test } from 'vitest';
import { judge, leastRounds, spreadOf } from '../../source/cache-bench/samples.ts';

describe('a spread', () => {
  test('has the middle one, or the middle of two', () => {
    expect(spreadOf([3, 1, 2])).toEqual({ medianMs: 2, minMs: 1, maxMs: 3 });
    expect(spreadOf([4, 1, 2, 3])).toEqual({ medianMs: 2.5, minMs: 1, maxMs: 4 });
  });

  test('of nothing is not known', () => {
    expect(spreadOf([])).toBeUndefined();
  });
});

describe('a verdict', () => {
  test('three rounds can never tell, four can when they lie apart', () => {
    expect(judge([1, 2, 3], [1000, 2000, 3000])).toBe('too few');
    expect(judge([1, 2, 3, 4], [5, 6, 7, 8])).toBe('differ');
    expect(judge([1, 2, 3, 5], [4, 6, 7, 8])).toBe('alike');
    expect(leastRounds).toBe(4);
  });

  test('does not depend on who stands first', () => {
    expect(judge([5, 6, 7, 8], [1, 2, 3, 4])).toBe('differ');
  });

  test('one hiccup does not hide a difference', () => {
    expect(judge([10, 11, 12, 10, 11, 12, 900], [20, 21, 22, 20, 21, 22, 23])).toBe('differ');
  });

  test('equal times are alike', () => {
    expect(judge([5, 5, 5, 5, 5, 5], [5, 5, 5, 5, 5, 5])).toBe('alike');
  });

  // The test counts orders without listing them; here all are listed.
  test.each([
    [4, 4],
    [4, 6],
    [5, 5],
    [7, 5],
  ])('of %d and %d rounds errs in at most one of 20 orders of the same thing', (ones, others) => {
    const verdicts = orders(ones, ones + others).map((mine) => {
      const all = Array.from({ length: ones + others }, (_, at) => at);
      return judge(
        mine,
        all.filter((at) => !mine.includes(at)),
      );
    });
    const wrong = verdicts.filter((verdict) => verdict === 'differ').length / verdicts.length;
    expect(wrong).toBeLessThanOrEqual(0.05);
    expect(wrong).toBeGreaterThan(0.01); // and is not so shy that it says nothing
  });
});

/** orders lists all ways to choose so many of the numbers below `limit`. */
function orders(count: number, limit: number, from = 0): number[][] {
  if (count === 0) return [[]];
  const found: number[][] = [];
  for (let first = from; first <= limit - count; first++) {
    for (const rest of orders(count - 1, limit, first + 1)) found.push([first, ...rest]);
  }
  return found;
}
