import { type Comparison, compare, hitRate, medianOf, sumOf, timesOf } from '../../cache-bench/comparison.ts';
import type { Directory } from '../../cache-bench/probe.ts';
import type { BuildRound, Round } from '../../cache-bench/round.ts';
import { leastRounds, spreadOf } from '../../cache-bench/samples.ts';
import { type Phase, phases, trace, type Work, workOf } from '../../cache-bench/trace.ts';
import { formatProblem } from '../../platform/problem.ts';
import { formatBytes, formatCount, formatCountOf, formatDuration, formatRate } from '../../store/format.ts';
import type { BenchView } from './view.ts';

/** benchPlan says what a measurement will do, before it does anything. */
export function benchPlan(view: BenchView): string {
  const { directories, rounds, buildRounds, packages, writers } = view;
  const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);
  return lines([
    `${trace.about}: ${trace.packages} packages, ${formatBytes(workOf('cold').writtenBytes)}`,
    `  replayed by ${formatCountOf(writers, 'writer')}, cold and warm, ${times(rounds)} in each directory in turn, and once before that is not counted`,
    ...(packages.length === 0
      ? []
      : [
          `  then go build ${packages.join(' ')}, cold and warm, ${times(buildRounds)} in each in turn: ${directories.length * buildRounds + 1} cold builds in all; the first says how long one takes`,
        ]),
    ...directories.map(
      ({ directory, space }) =>
        `  ${directory}: ${space?.type ?? 'file system unknown'}, ${formatBytes(space?.freeBytes)} free`,
    ),
  ]);
}

/** benchText is the measurement as two tables and what they allow to say. */
export function benchText(view: BenchView, isSi: boolean): string {
  const size = (bytes: number): string => formatBytes(bytes, { si: isSi });
  const { directories, replayed, built } = view;
  const hasBuilds = built.some((rounds) => rounds.length > 0);
  return lines([
    `${trace.about}, replayed by ${formatCountOf(view.writers, 'writer')}, ${formatCountOf(roundsDone(replayed), 'round')} in turn`,
    `  ${phases.map((phase) => `${phase}: ${workText(workOf(phase), size)}`).join('; ')}`,
    ...phases.flatMap((phase) => table(phase, directories, replayed, workOf(phase).calls)),
    ...waitLines(directories, replayed),
    ...verdicts(compare(directories, replayed, 'replay'), directories, replayed),
    ...shareLines(compare(directories, replayed, 'replay')),
    ...(hasBuilds
      ? [
          '',
          `go build ${view.packages.join(' ')}, ${formatCountOf(roundsDone(built), 'round')} in turn: ${buildSummary(built, size)}`,
          ...phases.flatMap((phase) => table(phase, directories, built, undefined)),
          ...waitLines(directories, built),
          ...cpuLines(directories, built),
          ...verdicts(compare(directories, built, 'build'), directories, built),
        ]
      : []),
    '',
    "All from the kernel's memory, as for go, which waits for no disk: what a disk does later is not in these times.",
    ...(view.wasStopped ? ['stopped: these are the rounds that came to their end'] : []),
    ...view.problems.map((problem) => `! ${formatProblem(problem)}`),
  ]);
}

/** workText says what there is most of: bytes are written cold, and read warm. */
function workText({ calls, readBytes, writtenBytes }: Work, size: (bytes: number) => string): string {
  const moved = writtenBytes > readBytes ? `${size(writtenBytes)} written` : `${size(readBytes)} read`;
  return `${formatCount(calls)} calls, ${moved}`;
}

/** table is one phase, a row for each directory; `calls` are those that it makes, where they are known. */
function table(
  phase: Phase,
  directories: readonly Directory[],
  rounds: readonly (readonly Round[])[],
  calls: number | undefined,
): readonly string[] {
  const width = Math.max(8, ...directories.map(({ directory }) => directory.length)) + 2;
  const spreads = directories.map((_, index) => spreadOf(timesOf(rounds[index] ?? [], phase)));
  const fastest = Math.min(...spreads.map((spread) => spread?.medianMs ?? Number.POSITIVE_INFINITY));
  const head = `  ${phase.padEnd(width + 10)} ${'median'.padStart(9)} ${'min to max'.padStart(19)}`;
  return [
    '',
    calls === undefined ? head : `${head} ${'calls/s'.padStart(9)}`,
    ...directories.map(({ directory, space }, index) => {
      const name = `    ${directory.padEnd(width)}${(space?.type ?? 'unknown').padEnd(8)}`;
      const spread = spreads[index];
      if (spread === undefined) return `${name} ${'not measured'.padStart(9)}`;
      const { medianMs, minMs, maxMs } = spread;
      const rate = calls === undefined ? '' : ` ${formatCount((calls * 1000) / medianMs).padStart(9)}`;
      const ratio = medianMs > fastest ? `  ${formatRatio(medianMs / fastest)} x` : '';
      return `${name} ${formatMs(medianMs).padStart(9)} ${`${formatMs(minMs)} to ${formatMs(maxMs)}`.padStart(19)}${rate}${ratio}`;
    }),
  ];
}

function verdicts(
  comparisons: readonly Comparison[],
  directories: readonly Directory[],
  rounds: readonly (readonly Round[])[],
): readonly string[] {
  return comparisons.map((comparison) => {
    const { phase, fastest, directory } = comparison;
    const times = directories.flatMap((each, index) =>
      each.directory === fastest || each.directory === directory ? timesOf(rounds[index] ?? [], phase) : [],
    );
    return `  ${phase}: ${verdictText(comparison, Math.min(...times), Math.max(...times))}`;
  });
}

function verdictText(
  { fastest, directory, ratio, verdict }: Comparison,
  minMs: number,
  maxMs: number,
): string {
  switch (verdict) {
    case 'differ':
      return `${fastest} is ${formatRatio(ratio)} times as fast as ${directory}`;
    case 'too few':
      return `too few rounds to tell ${fastest} from ${directory}: at least ${leastRounds} are needed`;
    case 'alike':
      return `no difference between ${fastest} and ${directory} that times from ${formatMs(minMs)} to ${formatMs(maxMs)} would show`;
  }
}

/** shareLines say what a difference is in the build that the trace is from: compiling takes the most of it. */
function shareLines(comparisons: readonly Comparison[]): readonly string[] {
  const { cores, coldMs, warmMs } = trace.builtIn;
  const worst = phases.flatMap((phase) => {
    const found = comparisons.filter((each) => each.phase === phase && each.verdict === 'differ');
    const differenceMs = Math.max(0, ...found.map((each) => each.differenceMs));
    const ofMs = phase === 'cold' ? coldMs : warmMs;
    return differenceMs === 0
      ? []
      : [`${formatMs(differenceMs)} of ${formatMs(ofMs)} ${phase} (${formatShare(differenceMs / ofMs)})`];
  });
  if (worst.length === 0) return [];
  return [
    `  for scale, of the whole build where the trace was recorded (${cores} cores): ${worst.join('; ')}`,
  ];
}

function waitLines(
  directories: readonly Directory[],
  rounds: readonly (readonly Round[])[],
): readonly string[] {
  const shares = directories.flatMap(({ directory }, index) => {
    const own = rounds[index] ?? [];
    const took = own.reduce((all, { coldMs, warmMs }) => all + coldMs + warmMs, 0);
    const waited = sumOf(own.map(({ ioWaitMs }) => ioWaitMs));
    if (took === 0) return [];
    return [`${directory} ${waited === undefined ? 'unknown' : formatShare(waited / took)}`];
  });
  return shares.length === 0
    ? []
    : ['', `  waiting for a disk, anybody on this machine: ${shares.join(', ')}`];
}

function cpuLines(
  directories: readonly Directory[],
  built: readonly (readonly BuildRound[])[],
): readonly string[] {
  const each = directories.flatMap(({ directory }, index) => {
    const cpu = medianOf((built[index] ?? []).map(({ coldCpuMs }) => coldCpuMs));
    return cpu === undefined ? [] : [`${directory} ${formatDuration(cpu)}`];
  });
  return each.length === 0 ? [] : [`  CPU of a cold build: ${each.join(', ')}`];
}

function buildSummary(built: readonly (readonly BuildRound[])[], size: (bytes: number) => string): string {
  const rounds = built.flat();
  const { packages = 0, outputBytes = 0 } = rounds.at(-1) ?? {};
  return `${formatCountOf(packages, 'package')}, ${size(outputBytes)}, warm hit rate ${formatRate(hitRate(rounds))}`;
}

function roundsDone(rounds: readonly (readonly Round[])[]): number {
  return Math.max(0, ...rounds.map((each) => each.length));
}

/** formatMs writes a time to three digits: `4.13 ms`, `41.3 ms`, `413 ms`, `4.13 s`. */
function formatMs(ms: number): string {
  const [value, unit] = ms < 1000 ? [ms, 'ms'] : [ms / 1000, 's'];
  return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ${unit}`;
}

function formatRatio(ratio: number): string {
  return ratio.toFixed(ratio < 10 ? 2 : 0);
}

function formatShare(share: number): string {
  const percent = share * 100;
  return `${percent.toFixed(percent < 10 ? 1 : 0)} %`;
}

function lines(texts: readonly string[]): string {
  return `${texts.join('\n')}\n`;
}
