import type { ElsewhereEvent } from '../build/elsewhere/event.ts';
import { actionEntrySize } from '../build-cache/action-entry.ts';
import type { BuildCacheEvent } from '../build-cache/event.ts';
import { nextTrim } from '../build-cache/trim.ts';
import type { Setting } from '../go/settings.ts';
import type { ArrivalEvent } from '../module-cache/arrivals/feed.ts';
import type { Problem } from '../platform/problem.ts';
import { placeDownloads, takeArrivals, takeGetLine } from './downloads.ts';
import type { AppEvent } from './event.ts';
import { takeLook } from './explorer.ts';
import { applyOutput } from './output-tail.ts';
import { applyProbe } from './probe.ts';
import { applyRecovery } from './recovery.ts';
import { applyRedownload } from './redownload.ts';
import { applyRepoint } from './repoint.ts';
import type { Effect, ScreenChange, ScreenEvent } from './screen.ts';
import type { AppState, BuildState, Elsewhere } from './state.ts';
import { noWhatIf } from './tried.ts';
import { applyVerify } from './verification.ts';
import { applyWrites, type Written } from './write-feed.ts';

/** Change is what a batch of events does: the next state, and what is to be done outside. */
export type Change = { readonly state: AppState; readonly effects: readonly Effect[] };

/** ScreenUpdate answers what the terminal tells; a session without a screen has none. */
export type ScreenUpdate = (state: AppState, event: ScreenEvent) => ScreenChange;

/** update applies a batch of events in their order. The build's progress is changed in place; its revision tells. */
export function update(state: AppState, events: readonly AppEvent[], updateScreen?: ScreenUpdate): Change {
  let next = state;
  const effects: Effect[] = [];
  // A verbose test prints thousands of pieces a frame: they are added to the tail at once.
  const output = events.filter((event) => event.type === 'output');
  if (output.length > 0)
    next = withBuild(next, (build) => ({ ...build, output: applyOutput(build.output, output) }));
  for (const event of events) {
    if (event.type === 'output') continue;
    if (event.type === 'screen') {
      if (updateScreen === undefined) continue;
      const change = updateScreen(next, event.event);
      effects.push(...change.effects);
      if (change.screen !== next.screen) next = { ...next, screen: change.screen };
    } else next = apply(next, event);
  }
  return { state: next, effects };
}

function apply(state: AppState, event: Exclude<AppEvent, { type: 'screen' | 'output' }>): AppState {
  switch (event.type) {
    case 'clock':
      return event.now === state.now ? state : { ...state, now: event.now };
    case 'workspace':
      return { ...state, workspace: event.workspace };
    case 'settings':
      return {
        ...withBuild(state, (build) => ({
          ...build,
          downloads: placeDownloads(build.downloads, event.chain),
        })),
        settings: event.settings,
        buildCache: { ...state.buildCache, path: event.gocache },
        moduleCache: { ...state.moduleCache, path: event.gomodcache },
        proxy: {
          chain: event.chain,
          sumdb: event.sumdb,
          privatePatterns: privatePatterns(event.settings),
          basis: event.basis,
        },
      };
    case 'build':
      return withBuild(state, (build) => {
        build.progress.apply(event.event);
        const downloads =
          event.event.type === 'x' && event.event.event.type === 'get'
            ? takeGetLine(state, build, event.event.event.line, 'command')
            : build.downloads;
        return { ...build, revision: build.progress.revision, downloads };
      });
    case 'build-ended':
      return withBuild({ ...state, now: Math.max(state.now, event.at) }, (build) => ({
        ...build,
        unrecognized: event.unrecognized,
        end: {
          at: event.at,
          exitCode: event.exitCode,
          signal: event.signal,
          neverStarted: event.neverStarted ?? false,
        },
      }));
    case 'build-cache':
      return applyBuildCache(state, event.events);
    case 'writes-counted':
      return event.writes === undefined ? state : withWrites(state, { ...event.writes, mode: 'counted' });
    case 'build-cache-totals':
      return {
        ...state,
        buildCache: { ...state.buildCache, totals: event.totals },
      };
    case 'build-cache-contents':
      return {
        ...state,
        buildCache: { ...state.buildCache, contents: event.summary, reading: undefined },
      };
    case 'build-cache-diagnosis':
      return { ...state, buildCache: { ...state.buildCache, diagnosis: event.findings } };
    case 'looked':
      return takeLook(state, event.key, event.looked);
    case 'checking':
      return { ...state, explorer: { ...state.explorer, check: event.check } };
    case 'cap-measured':
      return { ...state, buildCache: { ...state.buildCache, capMeasured: event.measured } };
    case 'build-cache-reading':
      return { ...state, buildCache: { ...state.buildCache, reading: event.progress } };
    case 'module-cache-progress':
      return { ...state, moduleCache: { ...state.moduleCache, progress: event.progress } };
    case 'module-cache-versions': {
      // A later scan begins with names alone: what was measured before stays on screen until it is done.
      const { moduleCache } = state;
      if (moduleCache.totals !== undefined) return state;
      return { ...state, moduleCache: { ...moduleCache, versions: event.versions } };
    }
    case 'module-needs':
      return { ...state, moduleCache: { ...state.moduleCache, needs: event.needs } };
    case 'module-cache-totals': {
      const { totals } = event;
      return { ...state, moduleCache: { ...state.moduleCache, totals, versions: totals.sizes } };
    }
    case 'trim':
      return { ...state, buildCache: { ...state.buildCache, lastTrim: event.last, nextTrim: event.next } };
    case 'free':
      return event.bytes === state.buildCache.freeBytes
        ? state
        : { ...state, buildCache: { ...state.buildCache, freeBytes: event.bytes } };
    case 'list-get':
      return withBuild(state, (build) => ({
        ...build,
        downloads: takeGetLine(state, build, event.line, 'go list'),
      }));
    case 'arrivals':
      return applyArrival(state, event.event);
    case 'elsewhere':
      return event.events.reduce(applyElsewhere, state);
    case 'redownload':
      return { ...state, redownload: applyRedownload(state.redownload, event.event) };
    case 'recovery':
      return { ...state, recovery: applyRecovery(state.recovery, event.event) };
    case 'repoint':
      return { ...state, repoint: applyRepoint(state.repoint, event.event) };
    case 'probe':
      return { ...state, probe: applyProbe(state.probe, event.event) };
    case 'settings-applied':
      return { ...state, screen: { ...state.screen, whatIf: noWhatIf } };
    case 'verify':
      return { ...state, verification: applyVerify(state.verification, event.event) };
    case 'problem':
      return withProblem(state, event.problem);
  }
}

function withBuild(state: AppState, change: (build: BuildState) => BuildState): AppState {
  return state.build === undefined ? state : { ...state, build: change(state.build) };
}

// A problem that comes again and again, as for each file of a folder, is shown once; the newest hundred are kept.
const problemLimit = 100;

function withProblem(state: AppState, problem: Problem): AppState {
  const isKnown = state.problems.some(
    (known) => known.where === problem.where && known.what === problem.what && known.why === problem.why,
  );
  return isKnown ? state : { ...state, problems: [...state.problems, problem].slice(-problemLimit) };
}

function privatePatterns(settings: readonly Setting[]): AppState['proxy']['privatePatterns'] {
  return ['GOPRIVATE', 'GONOPROXY', 'GONOSUMDB'].flatMap((name) => {
    const setting = settings.find((each) => each.name === name);
    return setting === undefined || setting.value === '' ? [] : [{ name, patterns: setting.value }];
  });
}

function applyBuildCache(state: AppState, events: readonly BuildCacheEvent[]): AppState {
  const written: Written[] = [];
  let next = state;
  for (const event of events) {
    switch (event.type) {
      case 'wrote-action':
        written.push({ bytes: actionEntrySize, at: event.at, output: undefined });
        next = identify(next, event);
        break;
      case 'wrote-output':
        written.push({ bytes: event.sizeBytes, at: event.at, output: cacheWrite(next, event) });
        next = compiledElsewhere(next, event);
        break;
      case 'watching':
        next = withWrites(next, { mode: event.mode });
        break;
      case 'missing':
        next = withWrites(next, { mode: 'missing' });
        break;
      case 'lost':
        next = withWrites(next, { lost: sumLost(next.buildCache.writes.lost, event.count) });
        break;
      case 'problem':
        next = withProblem(next, event.problem);
        break;
      case 'trimmed':
        if (event.lastTrim !== undefined) {
          const { lastTrim } = event;
          next = {
            ...next,
            buildCache: { ...next.buildCache, lastTrim, nextTrim: nextTrim({ lastTrim, now: event.at }) },
          };
        }
        break;
      case 'refreshed':
      case 'appeared':
      case 'removed':
        break;
    }
  }
  return withWrites(next, applyWrites(next.buildCache.writes, written));
}

function applyArrival(state: AppState, event: ArrivalEvent): AppState {
  switch (event.type) {
    case 'arrived':
      return takeArrivals(state, event.arrivals);
    case 'watching':
      return { ...state, arrivals: { ...state.arrivals, mode: event.mode } };
    case 'missing':
      return { ...state, arrivals: { ...state.arrivals, mode: 'missing' } };
    case 'problem':
      return withProblem(state, event.problem);
  }
}

function withWrites(state: AppState, change: Partial<AppState['buildCache']['writes']>): AppState {
  const writes = { ...state.buildCache.writes, ...change };
  return { ...state, buildCache: { ...state.buildCache, writes } };
}

function sumLost(before: number | undefined, more: number | undefined): number | undefined {
  return before === undefined || more === undefined ? undefined : before + more;
}

type WroteOutput = Extract<BuildCacheEvent, { type: 'wrote-output' }>;

function cacheWrite(state: AppState, event: WroteOutput): Written['output'] {
  const own = state.build?.progress.unitOfOutput(event.outputId)?.unit.name;
  return {
    outputId: event.outputId,
    importPath: own ?? archiveName(event),
    kind: event.kind,
    bytes: event.sizeBytes,
    at: event.at,
  };
}

/** archiveName names a written archive; a main by its folder, since its archive says `main` only. */
function archiveName({ archive }: WroteOutput): string | undefined {
  if (archive === undefined) return undefined;
  return archive.isMain ? (archive.directory ?? archive.importPath) : archive.importPath;
}

/** identify joins an action entry to the unit whose output it names: the unit's build ID is the start of its action ID. */
function identify(state: AppState, event: Extract<BuildCacheEvent, { type: 'wrote-action' }>): AppState {
  const unit = state.build?.progress.unitOfOutput(event.outputId);
  if (unit?.buildId === undefined || unit.actionId !== undefined) return state;
  state.build?.progress.apply({ type: 'identified', buildId: unit.buildId, actionId: event.actionId });
  return withBuild(state, (build) => ({ ...build, revision: build.progress.revision }));
}

// elsewhereLimit is more than the rows of any pane.
const elsewhereLimit = 200;

function compiledElsewhere(state: AppState, event: WroteOutput): AppState {
  const importPath = archiveName(event);
  if (importPath === undefined || (state.build?.end === undefined && state.build !== undefined)) return state;
  const compiled = [{ importPath, bytes: event.sizeBytes, at: event.at }, ...state.elsewhere.compiled].slice(
    0,
    elsewhereLimit,
  );
  return {
    ...state,
    elsewhere: { ...state.elsewhere, compiled, compiledCount: state.elsewhere.compiledCount + 1 },
  };
}

function applyElsewhere(state: AppState, event: ElsewhereEvent): AppState {
  const { elsewhere } = state;
  const change = (part: Partial<Elsewhere>): AppState => ({ ...state, elsewhere: { ...elsewhere, ...part } });
  switch (event.type) {
    case 'build-began': {
      const { work, at, owner } = event;
      const begun = { work, at, command: owner?.command ?? [], directory: owner?.directory };
      return change({ running: [...elsewhere.running.filter((each) => each.work !== work), begun] });
    }
    case 'build-ended':
      return change({ running: elsewhere.running.filter((each) => each.work !== event.work) });
    case 'compiling':
      return change({ compiling: event.units });
    case 'linked': {
      const { program, hits, misses, at } = event;
      return change({ links: [{ program, hits, misses, at }, ...elsewhere.links].slice(0, elsewhereLimit) });
    }
    case 'unreadable':
      return change({ unreadable: event.count });
    case 'problem':
      return withProblem(state, event.problem);
  }
}
