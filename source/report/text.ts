import { formatProblem } from '../platform/problem.ts';
import { type BuildSummary, selectBuildSummary } from '../store/build-summary.ts';
import { countModules, type HopTotals, sumByHop } from '../store/downloads.ts';
import { formatBytes, formatCount, formatCountOf, formatDuration, formatRate } from '../store/format.ts';
import type { AppState } from '../store/state.ts';

/** reportText is the plain summary behind a build's output: the answer first, then what was slow and what failed. */
export function reportText(state: AppState, isSi = false): string {
  const summary = selectBuildSummary(state);
  const problems = state.problems.map((problem) => `gocachetop: ${formatProblem(problem)}`);
  if (summary === undefined || state.build?.end?.neverStarted === true) return lines(problems);
  const size = (bytes: number | undefined): string => formatBytes(bytes, { si: isSi });
  return lines([
    '',
    headline(summary),
    // Without a go command that we know how to ask, nothing was watched: no number is known.
    ...(state.workspace.goVersion === undefined
      ? ['  what came from GOCACHE is unknown']
      : [packagesLine(summary), ...details(summary, size)]),
    ...downloadLines(state, size),
    ...slowestLines(summary, size),
    ...failedLines(summary),
    ...problems,
  ]);
}

/** `gocachetop: go build ./... took 4.2 s, exit code 0`. */
function headline({ command, durationMs, exitCode }: BuildSummary): string {
  return `gocachetop: ${command.join(' ')}   ${formatDuration(durationMs)}   exit code ${exitCode ?? 'unknown'}`;
}

function packagesLine({ packages, counts, hitRate, remark }: BuildSummary): string {
  const parts = [
    `${formatCount(packages)} packages`,
    `${formatCount(counts.hits)} hit`,
    `${formatCount(counts.misses)} compiled`,
    `${formatCount(counts.failed)} failed`,
    ...(counts.notReached > 0 ? [`${formatCount(counts.notReached)} not reached`] : []),
    ...(counts.unknown > 0 ? [`${formatCount(counts.unknown)} unknown`] : []),
    `rate ${formatRate(hitRate)}`,
  ];
  return `  ${parts.join('   ')}${remark === undefined ? '' : `\n  ${remark}`}`;
}

type Size = (bytes: number | undefined) => string;

function details({ tests, links, writes, downloads }: BuildSummary, size: Size): readonly string[] {
  const all = tests.cached + tests.ran + tests.failed;
  const parts = [
    ...(all > 0 ? [`tests: ${tests.ran} ran, ${tests.cached} cached, ${tests.failed} failed`] : []),
    ...(links.ran + links.skipped > 0 ? [`links: ${links.ran} ran, ${links.skipped} skipped`] : []),
    ...(downloads > 0 ? [`${formatCount(downloads)} modules downloaded`] : []),
    writes === undefined
      ? 'written to GOCACHE: unknown'
      : `written to GOCACHE: ${formatCount(writes.entries)} entries, ${size(writes.bytes)}`,
  ];
  return [`  ${parts.join('   ')}`];
}

/** downloadLines are what each hop was asked, and what needed no download; none for a build that asked nobody. */
function downloadLines(state: AppState, size: Size): readonly string[] {
  const downloads = state.build?.downloads ?? [];
  if (downloads.length === 0) return [];
  const totals = sumByHop(downloads, state.proxy.chain?.hops ?? []);
  const nameOf = ({ hop }: HopTotals): string => hop ?? 'checksum database, origins';
  const width = Math.max(...totals.map((each) => nameOf(each).length));
  const modules = countModules(state);
  return [
    '  downloads:',
    ...totals.map((each) => `    ${nameOf(each).padEnd(width)}   ${hopWords(each, size)}`),
    ...(modules === undefined
      ? []
      : [`    modules: ${modules.downloaded} downloaded, ${modules.fromCache} from GOMODCACHE`]),
  ];
}

function hopWords(
  { requests, files, served, fallThroughs, failures, retries, durationMs, bytes }: HopTotals,
  size: Size,
): string {
  return [
    ...(requests > 0 ? [formatCountOf(requests, 'request')] : []),
    // Of a file:// proxy only what it gave is seen.
    ...(files > 0 ? [formatCountOf(files, 'file')] : []),
    ...(requests > served ? [`${formatCount(served)} served`] : []),
    ...(fallThroughs > 0 ? [`${formatCount(fallThroughs)} went on to the next`] : []),
    ...(failures > 0 ? [`${formatCount(failures)} failed`] : []),
    ...(retries > 0 ? [`${formatCount(retries)} asked again`] : []),
    size(bytes),
    ...(requests > 0 ? [formatDuration(durationMs)] : []),
  ].join('   ');
}

function slowestLines({ slowest }: BuildSummary, size: Size): readonly string[] {
  if (slowest.length === 0) return [];
  const width = Math.max(...slowest.map((record) => record.unit.name.length));
  return [
    '  slowest to compile:',
    ...slowest.map(
      (record) =>
        `    ${record.unit.name.padEnd(width)}  ${formatDuration(record.durationMs).padStart(8)}  ${size(record.outputBytes).padStart(9)}`,
    ),
  ];
}

function failedLines({ failed }: BuildSummary): readonly string[] {
  return failed.map((record) => `  x ${record.unit.name}: ${record.cause ?? 'failed'}`);
}

function lines(texts: readonly string[]): string {
  return texts.length === 0 ? '' : `${texts.join('\n')}\n`;
}
