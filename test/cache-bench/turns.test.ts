import { expect, test } from 'vitest';
import { takeTurns } from '../../source/cache-bench/turns.ts';

const problem = { where: 'b', what: 'could not be measured to the end', why: 'no space', repair: '' };

test('directories take turns, and each round begins with the next one', async () => {
  const seen: string[] = [];
  const turns = await takeTurns(['a', 'b', 'c'], 3, async (directory, round) => {
    seen.push(`${directory}${round}`);
    return { type: 'done', result: `${directory}${round}` };
  });
  expect(seen).toEqual(['a0', 'b0', 'c0', 'b1', 'c1', 'a1', 'c2', 'a2', 'b2']);
  expect(turns.results).toEqual([
    ['a0', 'a1', 'a2'],
    ['b0', 'b1', 'b2'],
    ['c0', 'c1', 'c2'],
  ]);
});

test('one that fails is left out, told once, and keeps what it had', async () => {
  const turns = await takeTurns(['a', 'b'], 4, async (directory, round) =>
    directory === 'b' && round === 2 ? { type: 'failed', problem } : { type: 'done', result: round },
  );
  expect(turns).toEqual({
    results: [
      [0, 1, 2, 3],
      [0, 1],
    ],
    problems: [problem],
    wasStopped: false,
  });
});

test('a directory that is given twice has rounds of its own', async () => {
  let count = 0;
  const turns = await takeTurns(['a', 'a'], 2, async () => ({ type: 'done', result: count++ }));
  expect(turns.results).toEqual([
    [0, 3],
    [1, 2],
  ]);
});

test('once stopped, nothing more is begun', async () => {
  let count = 0;
  const turns = await takeTurns(['a', 'b'], 5, async () => {
    count += 1;
    return count === 4 ? { type: 'stopped' } : { type: 'done', result: count };
  });
  expect(count).toBe(4);
  expect(turns).toEqual({ results: [[1], [2, 3]], problems: [], wasStopped: true });
});
