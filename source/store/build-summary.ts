import { hitRate, type ProgressCounts } from '../build/progress.ts';
import type { UnitRecord } from '../build/unit.ts';
import { isServed } from './downloads.ts';
import type { AppState, BuildState } from './state.ts';

/** BuildSummary is what there is to say about a build in a few lines: on the screen's last page and in reports. */
export type BuildSummary = {
  readonly command: readonly string[];
  readonly exitCode: number | undefined;
  readonly durationMs: number;
  /** packages is the number of units with a row. */
  readonly packages: number;
  readonly counts: ProgressCounts;
  /** hitRate is undefined when nothing was decided. */
  readonly hitRate: number | undefined;
  readonly slowest: readonly UnitRecord[];
  readonly failed: readonly UnitRecord[];
  readonly tests: {
    readonly cached: number;
    readonly ran: number;
    readonly failed: number;
    readonly noTestFiles: number;
  };
  readonly links: { readonly ran: number; readonly skipped: number };
  readonly writes: { readonly entries: number; readonly bytes: number } | undefined;
  readonly downloads: number;
  readonly remark: string | undefined;
};

/** selectBuildSummary sums up the wrapped command; undefined when there is none. */
export function selectBuildSummary(state: AppState): BuildSummary | undefined {
  const { build } = state;
  if (build === undefined) return undefined;
  const { progress } = build;
  const { counts } = progress;
  return {
    command: build.command,
    exitCode: build.end?.exitCode,
    durationMs: (build.end?.at ?? state.now) - build.startedAt,
    packages: sumOf(counts),
    counts,
    hitRate: hitRate(counts),
    slowest: progress.slowest(slowestCount),
    failed: [...progress.units()].filter((record) => record.outcome === 'failed'),
    tests: countTests(build),
    links: countLinks(build),
    writes: knownWrites(state),
    downloads: countZips(build),
    remark: progress.remark,
  };
}

// A handful is read; more is in the list of packages.
const slowestCount = 5;

function sumOf(counts: ProgressCounts): number {
  const { hits, misses, failed, notReached, unknown, waiting, compiling } = counts;
  return hits + misses + failed + notReached + unknown + waiting + compiling;
}

function countTests({ progress }: BuildState): BuildSummary['tests'] {
  const outcomes = [...progress.tests.values()];
  const count = (wanted: string): number => outcomes.filter((outcome) => outcome === wanted).length;
  return {
    cached: count('cached'),
    ran: count('ran'),
    failed: count('failed'),
    noTestFiles: count('no-test-files'),
  };
}

function countLinks({ progress }: BuildState): BuildSummary['links'] {
  const outcomes = [...progress.links.values()];
  const ran = outcomes.filter((outcome) => outcome === 'ran').length;
  return { ran, skipped: outcomes.length - ran };
}

/** countZips counts the modules that were downloaded; that the go list beside the build asked for one as well is no second. */
function countZips({ downloads }: BuildState): number {
  const zips = downloads.filter((download) => download.what === '.zip' && isServed(download));
  return new Set(zips.map(({ module, version }) => `${module}@${version}`)).size;
}

/** knownWrites is undefined where the watcher did not see all: a sum with a hole is no sum. */
function knownWrites({ buildCache }: AppState): BuildSummary['writes'] {
  const { entries, bytes, mode, lost } = buildCache.writes;
  return mode === 'starting' || mode === 'off' || lost === undefined || lost > 0
    ? undefined
    : { entries, bytes };
}
