import type { UnitRecord } from '../build/unit.ts';
import { formatProblem } from '../platform/problem.ts';
import { selectBuildSummary } from '../store/build-summary.ts';
import { countModules, type Download, type HopTotals, sumByHop } from '../store/downloads.ts';
import type { AppState } from '../store/state.ts';

/** reportJson is the object of `report --json`, `gocachetop.report/1`: what is not known is null. */
export function reportJson(state: AppState): Readonly<Record<string, unknown>> {
  const { build, workspace } = state;
  const summary = selectBuildSummary(state);
  if (build === undefined || summary === undefined) throw new Error('reportJson: no command was run');
  const { counts } = summary;
  const { goVersion, goos, goarch } = workspace;
  // Without a go command that we know how to ask, nothing was watched.
  const known = (count: number): number | null => (goVersion === undefined ? null : count);
  return {
    schema: 'gocachetop.report/1',
    command: build.command,
    exitCode: summary.exitCode ?? null,
    startedAt: new Date(build.startedAt).toISOString(),
    durationMs: summary.durationMs,
    go: goVersion === undefined ? null : { version: goVersion, goos: goos ?? null, goarch: goarch ?? null },
    gocache: state.buildCache.path ?? null,
    summary: {
      packages: known(summary.packages),
      hits: known(counts.hits),
      misses: known(counts.misses),
      failed: known(counts.failed),
      notReached: known(counts.notReached),
      unknown: known(counts.unknown),
      hitRate: summary.hitRate ?? null,
    },
    packages: [...build.progress.units()].sort(byName).map(packageJson),
    tests: [...build.progress.tests].map(([importPath, outcome]) => ({ importPath, outcome })),
    links: [...build.progress.links].map(([importPath, outcome]) => ({ importPath, outcome })),
    writes: summary.writes ?? { entries: null, bytes: null },
    remark: summary.remark ?? null,
    downloads: build.downloads.map(downloadJson),
    hops: sumByHop(build.downloads, state.proxy.chain?.hops ?? []).map(hopJson),
    modules: countModules(state) ?? null,
    unrecognizedLines: build.unrecognized,
    problems: state.problems.map((problem) => ({ ...problem, line: formatProblem(problem) })),
  };
}

function downloadJson(download: Download): Readonly<Record<string, unknown>> {
  const { url, hop, module, version, what, status, durationMs, bytes, seenAs, by } = download;
  return {
    url,
    hop: hop ?? null,
    module: module ?? null,
    version: version ?? null,
    file: what.replace(/^\./, ''),
    status: status ?? null,
    durationMs: durationMs ?? null,
    bytes: bytes ?? null,
    seenAs,
    by,
  };
}

function hopJson({ hop, requests, ...totals }: HopTotals): Readonly<Record<string, unknown>> {
  return {
    entry: hop ?? null,
    requests,
    ...totals,
    // A file:// proxy prints no times.
    durationMs: requests === 0 ? null : totals.durationMs,
    bytes: totals.bytes ?? null,
  };
}

/** packageJson is one row of `packages`, and the body of a `package` event of `--json-stream`. */
export function packageJson(record: UnitRecord): Readonly<Record<string, unknown>> {
  return {
    importPath: record.unit.name,
    outcome: record.outcome,
    evidence: record.evidence,
    durationMs: record.durationMs ?? null,
    outputBytes: record.outputBytes ?? null,
    actionId: record.actionId ?? null,
    outputId: record.outputId ?? null,
    cause: record.cause ?? null,
  };
}

function byName(one: UnitRecord, other: UnitRecord): number {
  return one.unit.name < other.unit.name ? -1 : 1;
}
