import { compare, hitRate, medianOf, sumOf, timesOf } from '../../cache-bench/comparison.ts';
import type { BuildRound } from '../../cache-bench/round.ts';
import { type Samples, type Spread, spreadOf } from '../../cache-bench/samples.ts';
import { trace, type Work, workOf } from '../../cache-bench/trace.ts';
import { formatProblem } from '../../platform/problem.ts';
import type { BenchView } from './view.ts';

/** benchJson is the object of `bench --json`, `gocachetop.bench/1`: what was not measured is null. */
export function benchJson(view: BenchView): Readonly<Record<string, unknown>> {
  const { about, go, packages, sizes, builtIn } = trace;
  return {
    schema: 'gocachetop.bench/1',
    dryRun: view.isDryRun,
    stopped: view.wasStopped,
    trace: {
      about,
      go,
      packages,
      files: sizes.length,
      recorded: builtIn,
      cold: workOf('cold'),
      warm: workOf('warm'),
    },
    writers: view.writers,
    rounds: view.rounds,
    packages: view.packages,
    buildRounds: view.packages.length > 0 ? view.buildRounds : 0,
    load: view.load,
    directories: view.directories.map(({ directory, space }, index) => {
      const rounds = view.replayed[index] ?? [];
      return {
        directory,
        fileSystem: space?.type ?? null,
        freeBytes: space?.freeBytes ?? null,
        rounds: rounds.length,
        cold: phaseJson(timesOf(rounds, 'cold'), workOf('cold')),
        warm: phaseJson(timesOf(rounds, 'warm'), workOf('warm')),
        ioWaitMs: sumOf(rounds.map(({ ioWaitMs }) => ioWaitMs)) ?? null,
        build: buildJson(view.built[index] ?? []),
      };
    }),
    comparisons: [
      ...compare(view.directories, view.replayed, 'replay'),
      ...compare(view.directories, view.built, 'build'),
    ].map((each) => ({
      ...each,
      ratio: Math.round(each.ratio * 100) / 100,
      differenceMs: tenth(each.differenceMs),
    })),
    problems: view.problems.map((problem) => ({ ...problem, line: formatProblem(problem) })),
  };
}

function phaseJson(samples: Samples, { calls, readBytes, writtenBytes }: Work) {
  const spread = spreadOf(samples);
  if (spread === undefined) return null;
  const aSecond = (count: number): number => Math.round((count * 1000) / spread.medianMs);
  return {
    ...roundSpread(spread),
    operationsPerSecond: aSecond(calls),
    bytesPerSecond: aSecond(readBytes + writtenBytes),
  };
}

function buildJson(rounds: readonly BuildRound[]) {
  const [cold, warm] = [spreadOf(timesOf(rounds, 'cold')), spreadOf(timesOf(rounds, 'warm'))];
  const last = rounds.at(-1);
  if (cold === undefined || warm === undefined || last === undefined) return null;
  return {
    rounds: rounds.length,
    packages: last.packages,
    outputBytes: last.outputBytes,
    cold: {
      ...roundSpread(cold),
      cpuMs: medianOf(rounds.map(({ coldCpuMs }) => coldCpuMs)) ?? null,
      hitRate: 0,
    },
    warm: {
      ...roundSpread(warm),
      cpuMs: medianOf(rounds.map(({ warmCpuMs }) => warmCpuMs)) ?? null,
      hitRate: hitRate(rounds) ?? null,
    },
    ioWaitMs: sumOf(rounds.map(({ ioWaitMs }) => ioWaitMs)) ?? null,
  };
}

function roundSpread({ medianMs, minMs, maxMs }: Spread): Spread {
  return { medianMs: tenth(medianMs), minMs: tenth(minMs), maxMs: tenth(maxMs) };
}

function tenth(ms: number): number {
  return Math.round(ms * 10) / 10;
}
