import type { TruthModule } from '../truth/modules.ts';
import type { App } from './app.ts';
import type { Figure } from './figure.ts';

/** Row is one line of the table of limits, measured in one run. */
export type Row = {
  readonly name: string;
  /** title says what is compared with what. */
  readonly title: string;
  readonly measure: (bench: Bench) => Promise<readonly Figure[]>;
};

/** Bench is what the rows share. */
export type Bench = {
  readonly app: App;
  /** folder is for temporary files of this run, on the disk of the temp folder. */
  readonly folder: string;
  /** isQuick asks for the fewest runs that still show that the row works. */
  readonly isQuick: boolean;
  /** module is the module that is built; it throws a Skip when it cannot be had. */
  readonly module: () => TruthModule;
};

/** Skip says why a row could not be measured here. */
export class Skip extends Error {}

/** interleave runs the measurements side by side, A B A B, in turn from either end, and gives the samples of each. */
export async function interleave<Name extends string>(
  rounds: number,
  measurements: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Readonly<Record<Name, readonly number[]>>> {
  const names = Object.keys(measurements) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < rounds; round += 1) {
    // What drifts, as a processor that gets warm, then weighs on all alike.
    for (const name of round % 2 === 0 ? names : names.toReversed())
      samples[name].push(await measurements[name]());
  }
  return samples;
}

/** pairwise combines the samples of the same round. */
export function pairwise(
  a: readonly number[],
  b: readonly number[],
  combine: (a: number, b: number) => number,
): readonly number[] {
  return a.map((value, round) => combine(value, b[round] ?? Number.NaN));
}
