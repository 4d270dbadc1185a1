import { homedir, tmpdir } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { entryFacts } from './build-cache/entry/entry-facts.ts';
import { listEntries } from './build-cache/entry/entry-rows.ts';
import { probeEntry, probeSymbols } from './build-cache/entry/probe.ts';
import { probeFuzz, probeFuzzFile, probeFuzzTest } from './build-cache/fuzz-probe.ts';
import { checkOutputs } from './build-cache/index/check.ts';
import { finishInSlices } from './build-cache/index/steps.ts';
import type { IndexSummary } from './build-cache/index/summary.ts';
import { scanBuildCache } from './build-cache/scan.ts';
import { probeTrim } from './build-cache/trim-probe.ts';
import type { Contents } from './contents.ts';
import type { OutputId } from './go/ids.ts';
import { readModuleLook } from './inspecting-modules.ts';
import { findCaches, type SearchOptions } from './operations/caches/scan.ts';
import { codeOf, reasonOf } from './platform/problem.ts';
import type { AppEvent } from './store/event.ts';
import {
  type CheckState,
  type Look,
  type Looked,
  lookKey,
  needsNoIndex,
  wantedLooks,
} from './store/explorer.ts';
import type { AppState } from './store/state.ts';
import { entryChoice } from './store/views/cache-entries.ts';

/** Inspecting reads of GOCACHE what open views show: entries, their files, and what else is asked for. */
export type Inspecting = {
  /** look reads what the open views want and what was not read yet; to be called when the state has changed. */
  look(): void;
  /** forget has everything that is open read again. */
  forget(): void;
  /** check compares every output with its name, in threads, and tells how far it is; `isStart` false stops it. */
  check(isStart: boolean): void;
};

/** createInspecting returns one for a GOCACHE. */
export function createInspecting(options: {
  readonly gocache: string;
  readonly gomodcache: string;
  readonly signal: AbortSignal;
  /** search is where other GOCACHEs are looked for from. */
  readonly search: Pick<SearchOptions, 'cwd' | 'environment'>;
  readonly contents: Contents;
  readonly getState: () => AppState;
  readonly dispatch: (event: AppEvent) => void;
}): Inspecting {
  const { gocache, gomodcache, signal, search, contents, getState, dispatch } = options;
  /** begun are the looks that were begun, each with the reading of GOCACHE that it rests on. */
  const begun = new Map<string, unknown>();
  let seen: IndexSummary | undefined;

  function look(): void {
    const state = getState();
    const wanted = wantedLooks(state);
    for (const key of begun.keys()) if (!wanted.has(key)) begun.delete(key);
    const contentsNow = state.buildCache.contents;
    if (contentsNow !== undefined && contentsNow !== seen) {
      seen = contentsNow;
      seeWhatIsGone(state.explorer.check);
    }
    for (const [key, each] of wanted) {
      // Another looks at what is no cache.
      if (each.reading === 'doctor') continue;
      const basis = needsNoIndex(each) ? 'none' : contentsNow;
      if (basis === undefined || begun.get(key) === basis) continue;
      begun.set(key, basis);
      void readLook(each, state).then((looked) => {
        if (looked !== undefined && begun.get(key) === basis) dispatch({ type: 'looked', key, looked });
      });
    }
  }

  async function readLook(look: Look, state: AppState): Promise<Looked | undefined> {
    try {
      return await read(look, state);
    } catch (error) {
      return { type: 'failed', why: codeOf(error) === 'ENOENT' ? gone : reasonOf(error) };
    }
  }

  /** read is undefined where what is shown is still so: while a build writes, GOCACHE is summed up again and again. */
  async function read({ reading, subject }: Look, state: AppState): Promise<Looked | undefined> {
    switch (reading) {
      case 'fuzz':
        return { type: 'fuzz', tests: await probeFuzz(gocache) };
      case 'fuzz-test':
        return { type: 'fuzz-test', files: await probeFuzzTest(gocache, subject ?? '') };
      case 'fuzz-file':
        return { type: 'fuzz-file', content: probeFuzzFile(gocache, subject ?? '') };
      case 'other-caches':
        return {
          type: 'other-caches',
          search: await findCaches({
            ...search,
            present: gocache,
            home: homedir(),
            temporary: tmpdir(),
            signal,
          }),
        };
      case 'other-cache':
        return { type: 'other-cache', totals: await scanBuildCache(subject ?? '', { signal }) };
      case 'doctor':
        return undefined;
      case 'module-version':
      case 'module-files':
      case 'module-zip':
        return readModuleLook(reading, subject ?? '', gomodcache, state);
      default:
        return await readIndexed(reading, subject, state);
    }
  }

  async function readIndexed(
    reading: IndexedReading,
    subject: string | undefined,
    state: AppState,
  ): Promise<Looked | undefined> {
    const { index, owners } = contents.opened();
    const before = state.explorer.looks.get(lookKey({ reading, subject }));
    switch (reading) {
      case 'entries': {
        const choice = entryChoice(subject, state.now);
        return {
          type: 'entries',
          list: await finishInSlices(listEntries(index, owners, choice, mostEntries), nextTurn),
        };
      }
      case 'entry': {
        const facts = await finishInSlices(entryFacts(index, owners, subject as OutputId), nextTurn);
        if (facts === undefined) return { type: 'failed', why: gone };
        if (before?.type === 'entry' && JSON.stringify(before.facts) === JSON.stringify(facts))
          return undefined;
        return { type: 'entry', facts, content: await probeEntry(gocache, facts) };
      }
      case 'trim': {
        const total = state.buildCache.contents ?? { entries: { action: 0, output: 0 }, bytes: 0 };
        return { type: 'trim', forecast: await probeTrim(gocache, index, total, Date.now()) };
      }
      case 'symbols':
        // An output never changes.
        if (before?.type === 'symbols') return undefined;
        return { type: 'symbols', table: probeSymbols(gocache, subject as OutputId, mostSymbols) };
    }
  }

  let checking: AbortController | undefined;

  async function checkAll(stop: AbortController): Promise<void> {
    const start = { isRunning: true, done: 0, total: undefined, wasStopped: false, found: [] };
    dispatch({ type: 'checking', check: start });
    try {
      await contents.read();
      const { index, owners } = contents.opened();
      let toldAt = 0;
      const { checked, found, wasStopped } = await checkOutputs({
        gocache,
        gomodcache,
        index,
        owners,
        signal: AbortSignal.any([signal, stop.signal]),
        onProgress(done, total) {
          // More often than a frame comes nobody sees it.
          if (Date.now() - toldAt < 100) return;
          toldAt = Date.now();
          dispatch({ type: 'checking', check: { ...start, done, total } });
        },
      });
      const total = index.outputs.count;
      const all = found.map((each) => ({ ...each, isGone: false }));
      dispatch({
        type: 'checking',
        check: { isRunning: false, done: checked, total, wasStopped, found: all },
      });
    } catch (error) {
      if (signal.aborted) return;
      dispatch({ type: 'checking', check: { ...start, isRunning: false, wasStopped: true } });
      const problem = { where: gocache, what: 'cannot be checked', why: reasonOf(error), repair: '' };
      dispatch({ type: 'problem', problem });
    } finally {
      checking = undefined;
    }
  }

  /** seeWhatIsGone marks what a check found and what was removed since: GOCACHE was read again meanwhile. */
  function seeWhatIsGone(check: CheckState | undefined): void {
    if (check === undefined || check.isRunning) return;
    const { outputs } = contents.opened().index;
    const found = check.found.map((each) => ({ ...each, isGone: outputs.find(each.id) === undefined }));
    if (found.some(({ isGone }, at) => isGone !== check.found[at]?.isGone))
      dispatch({ type: 'checking', check: { ...check, found } });
  }

  return {
    check(isStart) {
      if (!isStart) checking?.abort();
      else if (checking === undefined) {
        checking = new AbortController();
        void checkAll(checking);
      }
    },
    look,
    forget() {
      begun.clear();
      look();
    },
  };
}

/** IndexedReading is a reading that goes by the index. */
type IndexedReading = Exclude<
  Look['reading'],
  | 'fuzz'
  | 'fuzz-test'
  | 'fuzz-file'
  | 'other-caches'
  | 'other-cache'
  | 'module-version'
  | 'module-files'
  | 'module-zip'
  | 'doctor'
>;

const gone = 'it is not in GOCACHE any more: a trim, a prune or a build took it';

// More is not read by anybody; a filter searches among them.
const mostEntries = 1000;
const mostSymbols = 1000;
