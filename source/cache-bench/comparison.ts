import type { Directory } from './probe.ts';
import type { BuildRound, Round } from './round.ts';
import { judge, type Samples, spreadOf, type Verdict } from './samples.ts';
import { type Phase, phases } from './trace.ts';

/** Comparison sets a directory beside the fastest one. */
export type Comparison = {
  readonly of: 'replay' | 'build';
  readonly phase: Phase;
  readonly fastest: string;
  readonly directory: string;
  /** ratio of the medians: 2 where the fastest needs half the time. */
  readonly ratio: number;
  readonly differenceMs: number;
  readonly verdict: Verdict;
};

/** compare sets each directory beside the fastest, cold and warm. */
export function compare(
  directories: readonly Directory[],
  rounds: readonly (readonly Round[])[],
  of: Comparison['of'],
): readonly Comparison[] {
  return phases.flatMap((phase) => {
    const measured = directories.flatMap(({ directory }, index) => {
      const samples = timesOf(rounds[index] ?? [], phase);
      const spread = spreadOf(samples);
      return spread === undefined ? [] : [{ directory, samples, medianMs: spread.medianMs }];
    });
    const [fastest, ...slower] = measured.toSorted((one, other) => one.medianMs - other.medianMs);
    if (fastest === undefined) return [];
    return slower.map(({ directory, samples, medianMs }) => ({
      of,
      phase,
      fastest: fastest.directory,
      directory,
      ratio: medianMs / fastest.medianMs,
      differenceMs: medianMs - fastest.medianMs,
      verdict: judge(fastest.samples, samples),
    }));
  });
}

/** timesOf are the times of a phase, round by round. */
export function timesOf(rounds: readonly Round[], phase: Phase): Samples {
  return rounds.map(({ coldMs, warmMs }) => (phase === 'cold' ? coldMs : warmMs));
}

/** hitRate is that of the warm builds; undefined where nothing was compiled at all. */
export function hitRate(rounds: readonly BuildRound[]): number | undefined {
  const packages = rounds.reduce((all, each) => all + each.packages, 0);
  const misses = rounds.reduce((all, each) => all + each.misses, 0);
  return packages === 0 ? undefined : 1 - misses / packages;
}

/** sum is undefined when one of them is not known. */
export function sumOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0 || known.length < values.length) return undefined;
  return Math.round(known.reduce((all, value) => all + value, 0));
}

/** medianOf is undefined when one of them is not known. */
export function medianOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length < values.length ? undefined : spreadOf(known)?.medianMs;
}
