import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EntryIndex } from './build-cache/index/entry-index.ts';
import { indexFolderOf, type KeptIndex, keep, openKept } from './build-cache/index/index-store.ts';
import { type Owners, ownerSteps } from './build-cache/index/owners.ts';
import { openPool, type Pool } from './build-cache/index/pool.ts';
import type { CompileTimeOf } from './build-cache/index/price.ts';
import { type IndexScan, scanEntries } from './build-cache/index/scan.ts';
import { finishInSlices } from './build-cache/index/steps.ts';
import { type IndexSummary, summarySteps } from './build-cache/index/summary.ts';
import { type TouchedFiles, updateEntries } from './build-cache/index/update.ts';
import type { BuildCacheTotals } from './build-cache/totals.ts';
import type { GoEnv } from './go/env.ts';
import type { Environment } from './go/settings.ts';
import { diagnose } from './operations/diagnosis/diagnose.ts';
import type { Finding } from './operations/diagnosis/finding.ts';
import { reasonOf } from './platform/problem.ts';
import { type BuildHistory, readHistory } from './record/record.ts';
import { stateFolderOf } from './record/state-folder.ts';
import type { AppEvent } from './store/event.ts';

/** Contents reads what fills GOCACHE, by name, when somebody wants to see it; from then on it keeps the index up to date. */
export type Contents = {
  /**
   * read brings the index up to date and tells the sums, when all is told. The first time it shows what the last run
   * kept with what changed since, then looks at the times of all entries. `changed` is enough where the watcher tells
   * the rest.
   */
  read(which?: 'all' | 'changed'): Promise<void>;
  /** touch tells of entries that the watcher saw being written, used or removed. */
  touch(files: TouchedFiles): void;
  /** isWanted says that it was read before, so that it is kept up to date. */
  readonly isWanted: boolean;
  /** opened is the index as it was read last. */
  opened(): { readonly index: EntryIndex; readonly owners: Owners; readonly timeOf: CompileTimeOf };
  /** settled resolves when all that was asked or touched before is in the index. */
  settled(): Promise<void>;
  /** close ends the reading and keeps the index for the next run. */
  close(): Promise<void>;
};

export type ContentsOptions = {
  readonly env: Pick<GoEnv, 'gocache' | 'gomodcache' | 'goflags'>;
  readonly environment: Environment;
  /** isReadOnly: nothing is kept for the next run. */
  readonly isReadOnly: boolean;
  readonly signal: AbortSignal;
  readonly dispatch: (event: AppEvent) => void;
};

/** createContents returns a reader that has read nothing yet. What breaks the reading is told as a problem. */
export function createContents(options: ContentsOptions): Contents {
  const { env, environment, isReadOnly, signal, dispatch } = options;
  const { gocache, gomodcache } = env;
  const folder = indexFolderOf(environment);
  let kept: KeptIndex | undefined;
  let owners: Owners | undefined;
  let keptRevision = 0;
  let scan: IndexScan | undefined;
  let wanted: 'all' | 'changed' | undefined;
  let touched: { actions: Uint8Array[]; outputs: Uint8Array[] } = { actions: [], outputs: [] };
  let running: Promise<void> | undefined;
  let isWanted = false;
  let pool: Pool | undefined;
  let goOn: () => void = () => undefined;
  let history: BuildHistory = readHistory(undefined, gocache);
  let undiagnosed: IndexSummary | undefined;
  let diagnosisMs = 0;

  /** work does what was asked meanwhile, one after the other: the index has one writer. */
  async function work(): Promise<void> {
    try {
      while (!signal.aborted) {
        if (wanted !== undefined) await readWanted();
        else if (hasTouched()) await readTouched();
        else if (undiagnosed !== undefined) await tellDiagnosis(undiagnosed);
        else break;
      }
    } catch (error) {
      if (signal.aborted) return;
      const problem = { where: gocache, what: 'cannot be read', why: reasonOf(error), repair: '' };
      dispatch({ type: 'problem', problem });
    } finally {
      pool?.close();
      pool = undefined;
      running = undefined;
    }
  }

  async function readWanted(): Promise<void> {
    const which = wanted ?? 'all';
    wanted = undefined;
    // What a build has cost is on record by now.
    history = readHistory(stateFolderOf(environment), gocache);
    for (const problem of history.problems) dispatch({ type: 'problem', problem });
    if (kept === undefined) {
      const opened = await openKept(folder, gocache);
      if (opened.problem !== undefined) dispatch({ type: 'problem', problem: opened.problem });
      kept = opened;
      keptRevision = opened.index.revision;
      if (opened.index.outputs.count > 0) await readFolders('changed');
    }
    if (which === 'all' || scan === undefined) await readFolders('all');
    else await readFolders('changed');
    await keepIfChanged();
  }

  async function readFolders(which: 'all' | 'changed'): Promise<void> {
    if (kept === undefined) return;
    // A scan of all sees what was touched before it.
    if (which === 'all') touched = { actions: [], outputs: [] };
    scan = await scanEntries({
      gocache,
      gomodcache,
      ...kept,
      which,
      signal,
      onProgress: (progress) => {
        if (owners === undefined) dispatch({ type: 'build-cache-reading', progress });
      },
    });
    await tell();
  }

  function hasTouched(): boolean {
    return touched.actions.length + touched.outputs.length > 0;
  }

  async function readTouched(): Promise<void> {
    const files = touched;
    touched = { actions: [], outputs: [] };
    if (kept === undefined) return;
    pool ??= openPool({ gocache, gomodcache }, 1, signal);
    await updateEntries(kept.index, kept.learned, pool, files);
    const tookMs = await tell();
    await pause(Math.max(shortestPauseMs, (tookMs + diagnosisMs) * pausePerWork));
  }

  /** pause waits for more to come, until somebody waits for us. */
  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      goOn = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** tell gives the sums of the index as it is and returns what that took, in milliseconds. */
  async function tell(): Promise<number> {
    const startedAt = performance.now();
    if (kept === undefined || scan === undefined) return 0;
    const now = Date.now();
    const { index, learned } = kept;
    owners = await finishInSlices(ownerSteps(index, learned), nextTurn);
    const summary = await finishInSlices(summarySteps(index, owners, now, history.times.msOf), nextTurn);
    undiagnosed = summary;
    dispatch({ type: 'build-cache-contents', summary });
    dispatch({ type: 'build-cache-totals', totals: totalsOf(summary, scan) });
    dispatch({ type: 'clock', now });
    return performance.now() - startedAt;
  }

  /** tellDiagnosis looks for what is wrong once nothing else is to do; between findings keys are answered. */
  async function tellDiagnosis(summary: IndexSummary): Promise<void> {
    undiagnosed = undefined;
    if (kept === undefined || owners === undefined) return;
    const { builds, times } = history;
    const now = Date.now();
    const patient = {
      index: kept.index,
      owners,
      summary,
      builds,
      timeOf: times.msOf,
      goflags: env.goflags,
      now,
    };
    const findings: Finding[] = [];
    diagnosisMs = 0;
    let startedAt = performance.now();
    for (const finding of diagnose(patient)) {
      findings.push(finding);
      diagnosisMs += performance.now() - startedAt;
      await nextTurn();
      if (signal.aborted) return;
      startedAt = performance.now();
    }
    dispatch({ type: 'build-cache-diagnosis', findings });
  }

  async function keepIfChanged(): Promise<void> {
    if (kept === undefined || isReadOnly || kept.index.revision === keptRevision) return;
    const { revision } = kept.index;
    const problem = await keep(folder, gocache, kept);
    if (problem === undefined) keptRevision = revision;
    else dispatch({ type: 'problem', problem });
  }

  function start(): Promise<void> {
    running ??= work();
    return running;
  }

  signal.addEventListener('abort', () => goOn(), { once: true });

  return {
    read(which = 'all') {
      isWanted = true;
      if (wanted !== 'all') wanted = which;
      goOn();
      return start();
    },
    touch(files) {
      if (!isWanted) return;
      touched.actions.push(...files.actions);
      touched.outputs.push(...files.outputs);
      void start();
    },
    get isWanted() {
      return isWanted;
    },
    opened() {
      if (kept === undefined || owners === undefined) throw new Error('contents: nothing was read yet');
      return { index: kept.index, owners, timeOf: history.times.msOf };
    },
    async settled() {
      while (running !== undefined) {
        goOn();
        await Promise.race([running, new Promise((resolve) => setTimeout(resolve, 20))]);
      }
    },
    async close() {
      await running;
      if (scan !== undefined) await keepIfChanged();
    },
  };
}

// Naming what a build wrote and summing it up takes at most a twentieth of a core from it.
const shortestPauseMs = 500;
const pausePerWork = 20;

/** totalsOf is the sums in the words of the pane's head, which is counted without an index as long as nobody wants names. */
function totalsOf(
  summary: IndexSummary,
  { foreign, fuzz, problems, durationMs }: IndexScan,
): BuildCacheTotals {
  return {
    entries: summary.entries,
    bytes: summary.bytes,
    diskBytes: summary.diskBytes,
    oldest: summary.oldest,
    newest: summary.newest,
    foreign: { files: foreign.length, bytes: foreign.reduce((sum, { bytes }) => sum + bytes, 0) },
    fuzzBytes: fuzz.bytes,
    folders: 256,
    isComplete: true,
    durationMs,
    problems,
    unreadable: problems.length,
  };
}
