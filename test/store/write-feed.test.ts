import { describe, expect, test } from 'vitest';
import {
  applyWrites,
  emptyWriteFeed,
  type WriteFeed,
  type Written,
  writeRate,
} from '../../source/store/write-feed.ts';

const second = 1_760_000_000_000;

function write(after: number, bytes = 100, outputId?: string): Written {
  const at = second + after;
  return {
    bytes,
    at,
    output:
      outputId === undefined ? undefined : { outputId, importPath: undefined, kind: 'archive', bytes, at },
  };
}

describe('applyWrites', () => {
  test('sums files and bytes, and lists outputs newest first', () => {
    const feed = applyWrites(emptyWriteFeed, [write(0, 175), write(1, 1000, 'a'), write(2, 2000, 'b')]);
    expect(feed).toMatchObject({ entries: 3, bytes: 3175, lost: 0, mode: 'starting' });
    expect(feed.newest.map((each) => each.outputId)).toEqual(['b', 'a']);
    expect(applyWrites(feed, [write(3, 1, 'c')]).newest.map((each) => each.outputId)).toEqual([
      'c',
      'b',
      'a',
    ]);
  });

  test('nothing written is no change', () => {
    expect(applyWrites(emptyWriteFeed, [])).toBe(emptyWriteFeed);
  });

  test.each<[string, readonly number[], readonly (readonly [number, number])[]]>([
    ['one bucket for a second', [0, 1, 999], [[0, 3]]],
    [
      'one for each second in which something came',
      [0, 1000, 5000],
      [
        [0, 1],
        [1, 1],
        [5, 1],
      ],
    ],
    [
      'what comes late counts for the newest',
      [0, 3000, 1000],
      [
        [0, 1],
        [3, 2],
      ],
    ],
  ])('%s', (_, times, expected) => {
    const feed = applyWrites(
      emptyWriteFeed,
      times.map((at) => write(at)),
    );
    expect(feed.perSecond.map((each) => [each.second - second / 1000, each.entries])).toEqual(expected);
    expect(feed.perSecond.reduce((sum, each) => sum + each.bytes, 0)).toBe(100 * times.length);
  });

  test('one minute and a hundred outputs are kept, the sums are of all', () => {
    const writes = Array.from({ length: 200 }, (_, index) => write(index * 1000, 10, `o${index}`));
    const at = applyWrites(emptyWriteFeed, writes);
    const each = writes.reduce<WriteFeed>((feed, one) => applyWrites(feed, [one]), emptyWriteFeed);
    expect(each).toEqual(at);
    expect([at.perSecond.length, at.newest.length, at.entries, at.bytes]).toEqual([60, 100, 200, 2000]);
    expect(at.newest[0]?.outputId).toBe('o199');
  });
});

describe('writeRate', () => {
  test.each<[string, readonly number[], number, number]>([
    ['nothing', [], 5000, 0],
    ['the last three full seconds', [1000, 2000, 3000], 4000, 1],
    ['the present second is not full', [4000, 4100, 4200], 4500, 0],
    ['what is older than three seconds', [0, 500, 900], 4000, 0],
    ['three in one second are one a second', [3000, 3100, 3200], 4000, 1],
    ['a clock that stands before the writes', [9000], 4000, 0],
  ])('%s', (_, times, now, entries) => {
    const feed = applyWrites(
      emptyWriteFeed,
      times.map((at) => write(at)),
    );
    expect(writeRate(feed, second + now)).toEqual({ entries, bytes: entries * 100 });
  });
});
