/** Samples are the times of one thing, round by round, in milliseconds. */
export type Samples = readonly number[];

export type Spread = { readonly medianMs: number; readonly minMs: number; readonly maxMs: number };

/** spreadOf sums samples up; undefined where there are none. */
export function spreadOf(samples: Samples): Spread | undefined {
  const sorted = samples.toSorted((one, other) => one - other);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  const [minMs, maxMs] = [sorted[0], sorted.at(-1)];
  if (low === undefined || high === undefined || minMs === undefined || maxMs === undefined) return undefined;
  return { medianMs: (low + high) / 2, minMs, maxMs };
}

/** Verdict says whether two samples differ: `too few` cannot tell, whatever they are. */
export type Verdict = 'differ' | 'alike' | 'too few';

/**
 * judge is the rank test of Mann and Whitney, two-sided, exact: it asks how often two samples of the same thing would be
 * as well sorted as these. It assumes nothing of how times are spread, and one hiccup does not move it.
 */
export function judge(one: Samples, other: Samples): Verdict {
  const ways = waysToRank(one.length, other.length);
  const all = ways.reduce((sum, each) => sum + each, 0);
  if ((2 * (ways[0] ?? 0)) / all > chance) return 'too few';
  const beaten = one.reduce(
    (sum, mine) => sum + other.reduce((wins, its) => wins + winOver(mine, its), 0),
    0,
  );
  const least = Math.min(beaten, one.length * other.length - beaten);
  // A tie counts half; rounded up it speaks for "alike".
  const asSorted = ways.slice(0, Math.ceil(least) + 1).reduce((sum, each) => sum + each, 0);
  return (2 * asSorted) / all <= chance ? 'differ' : 'alike';
}

// One verdict in twenty may be wrong, as is the custom.
const chance = 0.05;

/** leastRounds is the fewest for a verdict: 4 against 4 are sorted by chance in 2 of 70 ways, 3 against 3 in 2 of 20. */
export const leastRounds = 4;

function winOver(mine: number, its: number): number {
  return mine > its ? 1 : mine === its ? 0.5 : 0;
}

/** waysToRank counts, for each number of wins, in how many orders of `ones` and `others` there are as many. */
function waysToRank(ones: number, others: number): readonly number[] {
  // ways[n][wins] for `n` ones and the present number of others: the largest of all is a one, which beats all others,
  // or another, which beats nothing that is counted.
  let ways: number[][] = Array.from({ length: ones + 1 }, () => [1]);
  for (let present = 1; present <= others; present++) {
    const next: number[][] = [[1]];
    for (let n = 1; n <= ones; n++) {
      const row = new Array<number>(n * present + 1).fill(0);
      for (const [wins, count] of (next[n - 1] ?? []).entries())
        row[wins + present] = (row[wins + present] ?? 0) + count;
      for (const [wins, count] of (ways[n] ?? []).entries()) row[wins] = (row[wins] ?? 0) + count;
      next.push(row);
    }
    ways = next;
  }
  return ways[ones] ?? [];
}
