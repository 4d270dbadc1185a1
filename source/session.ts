import { readFile } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ElsewhereFeed, openElsewhereFeed } from './build/elsewhere/feed.ts';
import { parseGoCommand } from './build/go-command.ts';
import { type CommandEnd, type RunningCommand, startCommand } from './build/run.ts';
import type { BuildCacheEvent } from './build-cache/event.ts';
import { type BuildCacheFeed, openBuildCacheFeed } from './build-cache/feed.ts';
import { indexFolderOf } from './build-cache/index/index-store.ts';
import { probeWrites } from './build-cache/probe.ts';
import { scanBuildCache } from './build-cache/scan.ts';
import { nextTrim, parseTrimTxt } from './build-cache/trim.ts';
import type { Flags } from './command-line.ts';
import { type Contents, createContents } from './contents.ts';
import { type GoEnv, isProblem, readSettingFiles } from './go/env.ts';
import { explainSettings } from './go/settings.ts';
import { createInspecting, type Inspecting } from './inspecting.ts';
import { scanModuleCache } from './module-cache/scan.ts';
import { mainModuleOf } from './operations/module-needs/main-module.ts';
import { indexNeeds } from './operations/module-needs/needs.ts';
import { scanNeeds } from './operations/module-needs/scan.ts';
import type { Place } from './place.ts';
import { diskSpace, fullDisk } from './platform/disk.ts';
import { openPipes } from './platform/pipe.ts';
import { type Problem, reasonOf } from './platform/problem.ts';
import { parseProxyChain } from './proxy/chain.ts';
import { parseSumdb } from './proxy/sumdb.ts';
import { createPruning, type Pruning } from './pruning.ts';
import { createModulePruning, type ModulePruning } from './pruning-modules.ts';
import { recordFinishedBuild } from './recording.ts';
import { createRedownloading, type Redownloading } from './redownloading.ts';
import { createRepointing, type Repointing } from './repointing.ts';
import type { AppEvent } from './store/event.ts';
import { hiddenScreen } from './store/hidden-screen.ts';
import { initialState } from './store/initial-state.ts';
import type { Effect, ScreenState } from './store/screen.ts';
import type { AppState } from './store/state.ts';
import { createStore, type Store } from './store/store.ts';
import { type ScreenUpdate, update } from './store/update.ts';
import { createVerifying, type Verifying } from './verifying.ts';

/** AppOptions are what the user asked for, and where. */
export type AppOptions = Place & { readonly command: readonly string[] | undefined; readonly flags: Flags };

export type SessionOptions = AppOptions & {
  /** screen is there when the session is shown on one. */
  readonly screen?: { readonly initial: ScreenState; readonly update: ScreenUpdate };
  /** watchesOthers says that builds which others run on this GOCACHE are looked for, while none of ours runs. */
  readonly watchesOthers?: boolean;
  /** onEffect does what the state asks for outside of it. */
  readonly onEffect?: (effect: Effect) => void;
};

export type RunChoices = {
  readonly stdin: 'inherit' | 'ignore';
  readonly isOwnGroup: boolean;
  readonly write: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => Promise<void> | undefined;
};

/** Session is one run of the program: its state, and what feeds it. */
export type Session = {
  readonly store: Store<AppState, AppEvent>;
  /** run runs the command to its end. */
  run(choices: RunChoices): Promise<CommandEnd>;
  /** scanAll counts both caches; it resolves when both are done. */
  scanAll(): Promise<void>;
  /** readContents reads what fills GOCACHE, by name. */
  readContents(): Promise<void>;
  /** pruning removes from GOCACHE; undefined where there is none, or go env has not answered. */
  pruning(): Promise<Pruning | undefined>;
  /** redownloading repairs modules; undefined until go env has answered. */
  redownloading(): Promise<Redownloading | undefined>;
  /** modulePruning removes from GOMODCACHE; undefined while go env has not answered. */
  modulePruning(): Promise<ModulePruning | undefined>;
  /** repointing points GOCACHE elsewhere; undefined as for pruning. */
  repointing(): Promise<Repointing | undefined>;
  /** inspecting reads of GOCACHE what open views show; undefined where there is none, or go env has not answered. */
  inspecting(): Promise<Inspecting | undefined>;
  /** verifying verifies modules; undefined where go env has not answered. */
  verifying(): Promise<Verifying | undefined>;
  /** send sends a signal to the command. */
  send(signal: NodeJS.Signals): void;
  closeOutput(stream: 'stdout' | 'stderr'): void;
  /**
   * forwardSignals hands SIGINT, SIGTERM and SIGHUP on to the command until the returned function is called. A SIGINT
   * typed at the terminal has reached the whole group already: then only a second one is handed on.
   */
  forwardSignals(choices: {
    readonly isGroupReached: boolean;
    readonly onSignal?: (signal: NodeJS.Signals) => void;
    /** isIgnored says that a signal is meant for another program on this terminal. */
    readonly isIgnored?: (signal: NodeJS.Signals) => boolean;
  }): () => void;
  /** close ends all that feeds the state, and brings in what is still on its way. */
  close(): Promise<void>;
};

/** openSession reads the settings of the go command and begins to watch; nothing waits for it but the command. */
export function openSession(options: SessionOptions): Session {
  const { command, cwd, environment } = options;
  const goCommand = command === undefined ? undefined : parseGoCommand(command);
  const startedAt = Date.now();
  const stopping = new AbortController();
  const store = createStore<AppState, AppEvent>({
    initial: initialState({ cwd, command, now: Date.now(), screen: options.screen?.initial ?? hiddenScreen }),
    update(state, events) {
      const change = update(state, events, options.screen?.update);
      if (change.effects.length > 0)
        queueMicrotask(() => {
          for (const effect of change.effects) options.onEffect?.(effect);
        });
      return change.state;
    },
    frameMs: (state) =>
      options.flags.isLowBandwidth
        ? 1000
        : state.build !== undefined && state.build.end === undefined
          ? buildFrameMs
          : idleFrameMs,
  });
  const { dispatch } = store;
  const settings = readSettings();
  // Made while go env runs; a command is to write where it would write without us: to a pipe.
  const pipes = command === undefined ? undefined : openPipes(2);
  let feed: BuildCacheFeed | undefined;
  // A build of hits is over before a watch is ready and writes next to nothing: that is counted afterwards instead.
  if (options.screen !== undefined) void openFeed(startedAt);
  const ownWork = new Set<string>();
  let running: RunningCommand | undefined;
  let early: NodeJS.Signals | undefined;
  let others: ElsewhereFeed | undefined;
  let contents: Contents | undefined;
  let pruning: Pruning | undefined;
  let redownloading: Redownloading | undefined;
  let repointing: Repointing | undefined;
  let modulePruning: ModulePruning | undefined;
  let inspecting: Inspecting | undefined;
  let verifying: Verifying | undefined;
  let recount: NodeJS.Timeout | undefined;
  if (command === undefined) void watchOthers();

  /** readSettings asks go env; a problem with it is shown, and the command runs all the same. */
  async function readSettings(): Promise<GoEnv | undefined> {
    const env = await options.goEnv;
    if (isProblem(env)) {
      if (early === undefined) dispatch({ type: 'problem', problem: env });
      return undefined;
    }
    for (const problem of env.problems) dispatch({ type: 'problem', problem });
    dispatch({
      type: 'workspace',
      workspace: { cwd, goVersion: env.goversion, goos: env.goos, goarch: env.goarch },
    });
    void explain(env);
    return env;
  }

  async function explain(env: GoEnv): Promise<void> {
    const files = await readSettingFiles(env);
    for (const problem of files.problems) dispatch({ type: 'problem', problem });
    const explained = explainSettings({
      ...files,
      effective: env.raw,
      environment,
      flags: options.flagSettings,
    });
    const sumdb = parseSumdb(env.gosumdb);
    dispatch({
      type: 'settings',
      settings: explained,
      gocache: env.gocache,
      gomodcache: env.gomodcache,
      chain: parseProxyChain(env.goproxy),
      sumdb: sumdb.kind === 'database' ? sumdb.name : sumdb.kind === 'off' ? 'off' : sumdb.fault,
    });
    await readSurroundings(env.gocache);
  }

  async function readSurroundings(gocache: string): Promise<void> {
    if (!hasCache(gocache)) return;
    const space = await diskSpace(gocache);
    dispatch({ type: 'free', bytes: space?.freeBytes });
    const text = await readFile(join(gocache, 'trim.txt'), 'utf8').catch(() => undefined);
    const last = text === undefined ? undefined : parseTrimTxt(text);
    dispatch({
      type: 'trim',
      last,
      next: last === undefined ? undefined : nextTrim({ lastTrim: last, now: Date.now() }),
    });
  }

  /** lookForFullDisk: a build may have failed for want of room; or it passed, and kept nothing of what it compiled. */
  async function lookForFullDisk({ gocache }: GoEnv): Promise<void> {
    const space = hasCache(gocache) ? await diskSpace(gocache) : undefined;
    const problem = space === undefined ? undefined : fullDisk(gocache, space);
    if (problem !== undefined) dispatch({ type: 'problem', problem });
  }

  /** openFeed watches GOCACHE; what was written since `since` is told as well. */
  async function openFeed(since: number): Promise<void> {
    const env = await settings;
    if (feed !== undefined || env === undefined || !hasCache(env.gocache) || stopping.signal.aborted) return;
    feed = openBuildCacheFeed({
      gocache: env.gocache,
      since,
      emit(events) {
        const isOwn = pruning?.isMoving === true || repointing?.isMoving === true;
        dispatch({ type: 'build-cache', events: isOwn ? events.filter(isNoWrite) : events });
        // Somebody writes: it may be a build whose WORK lies where we do not look by ourselves.
        others?.look();
        // What the watch missed only a look at all of it can tell.
        if (contents?.isWanted === true && events.some(isGap)) void contents.read();
        if (options.watchesOthers === true && events.some(({ type }) => type !== 'refreshed'))
          recountSoon(env.gocache);
      },
    });
    connectContents();
  }

  /** connectContents has the watcher keep the index up to date, once somebody wants to see it. */
  function connectContents(): void {
    if (feed !== undefined && contents !== undefined) feed.tellTouched(contents.touch);
  }

  /** recountSoon counts GOCACHE again once it was left alone, unless a build runs, whose end does it. */
  function recountSoon(gocache: string): void {
    clearTimeout(recount);
    recount = setTimeout(() => {
      const { build, elsewhere } = store.getState();
      const isBuilding = build !== undefined && build.end === undefined;
      if (isBuilding || elsewhere.running.length > 0 || stopping.signal.aborted) return;
      // An index follows by itself.
      if (contents?.isWanted !== true) void scanBuilds(gocache);
      void readSurroundings(gocache);
    }, recountMs);
    recount.unref();
  }

  async function watchOthers(): Promise<void> {
    const env = await settings;
    if (
      env === undefined ||
      options.watchesOthers !== true ||
      stopping.signal.aborted ||
      others !== undefined
    )
      return;
    others = openElsewhereFeed({
      gocache: env.gocache,
      tempFolders: tempFolders(environment, env),
      ownWork: () => ownWork,
      emit(events) {
        dispatch({ type: 'elsewhere', events });
        if (events.some((event) => event.type === 'build-ended')) void scanBuilds(env.gocache);
      },
      now: Date.now,
    });
  }

  async function takePackageSet(): Promise<void> {
    const listed = await options.packageSet;
    if (listed !== undefined && !isProblem(listed)) {
      dispatch({ type: 'build', event: { type: 'package-set', set: listed } });
      return;
    }
    const why = listed?.why ?? 'only of a go command that builds';
    dispatch({ type: 'build', event: { type: 'package-set-unknown', why } });
    // Without a go command that answers, this was said already.
    if (listed !== undefined && !stopping.signal.aborted && !isProblem(await options.goEnv))
      dispatch({ type: 'problem', problem: listed });
  }

  async function run(choices: RunChoices): Promise<CommandEnd> {
    if (command === undefined) throw new Error('run: there is no command');
    const env = await settings;
    const ownPipes = await pipes;
    if (early !== undefined) return endEarly(early);
    if (goCommand !== undefined && env !== undefined) void choices.write('stderr', Buffer.from(env.notes));
    const listing = takePackageSet();
    let ending: AppEvent | undefined;
    const started = startCommand({
      ...choices,
      pipes: ownPipes,
      words: command,
      goCommand,
      cwd,
      environment,
      goflags: env?.goflags,
      temp: env?.gotmpdir || undefined,
      emit(event) {
        // The end is told last: the final word needs the package set.
        if (event.type === 'ended') ending = { type: 'build', event };
        else dispatch({ type: 'build', event });
        if (event.type === 'x') {
          if (event.event.type === 'session') ownWork.add(event.event.work);
          if (event.event.type === 'compile') void openFeed(startedAt);
        }
      },
      failed: (error) => dispatch({ type: 'problem', problem: analysisProblem(error) }),
    });
    running = started;
    const end = await started.ended;
    const endedAt = Date.now();
    await Promise.race([
      Promise.all([listing, feed === undefined ? countWrites(env, startedAt) : feed.drain()]),
      impatience(),
    ]);
    if (ending !== undefined) dispatch(ending);
    const problem = startProblem(command, end);
    // That there is no go was said already, when its settings were asked for.
    if (problem !== undefined && (goCommand === undefined || env !== undefined))
      dispatch({ type: 'problem', problem });
    dispatch({
      type: 'build-ended',
      at: endedAt,
      exitCode: end.exitCode,
      signal: end.signal,
      unrecognized: started.unrecognized,
      neverStarted: end.startError !== undefined,
    });
    store.flush();
    if (env !== undefined) keepRecord(env);
    if (env !== undefined) void readSurroundings(env.gocache);
    if (env !== undefined) await lookForFullDisk(env);
    if (options.watchesOthers === true && env !== undefined) {
      void watchOthers();
      // What the build wrote and downloaded is part of what the caches hold now.
      void scanAll();
    }
    return end;
  }

  /** keepRecord writes down what the build cost, for the price of a removal later on. */
  function keepRecord(env: GoEnv): void {
    if (options.flags.isReadOnly) return;
    const problem = recordFinishedBuild(store.getState(), env, environment);
    if (problem !== undefined) dispatch({ type: 'problem', problem });
  }

  async function countWrites(env: GoEnv | undefined, since: number): Promise<void> {
    if (env === undefined || !hasCache(env.gocache)) return;
    dispatch({ type: 'writes-counted', writes: probeWrites(env.gocache, since) });
  }

  /** send: a signal that comes before the command was started ends the wait for go env, and nothing is started. */
  function send(signal: NodeJS.Signals): void {
    running?.send(signal);
    if (running !== undefined) return;
    early ??= signal;
    options.stopAsking();
  }

  function endEarly(signal: NodeJS.Signals): CommandEnd {
    const exitCode = 128 + constants.signals[signal];
    dispatch({ type: 'build-ended', at: Date.now(), exitCode, signal, unrecognized: 0, neverStarted: true });
    store.flush();
    return { exitCode, signal, startError: undefined };
  }

  async function scanAll(): Promise<void> {
    const env = await settings;
    if (env === undefined) return;
    await Promise.all([
      hasCache(env.gocache) ? scanBuilds(env.gocache) : undefined,
      scanModules(env.gomodcache),
    ]);
  }

  async function scanBuilds(gocache: string): Promise<void> {
    if (contents?.isWanted === true) return contents.read();
    try {
      const totals = await scanBuildCache(gocache, {
        signal: stopping.signal,
        onProgress: (progress) => dispatch({ type: 'build-cache-totals', totals: progress }),
      });
      dispatch({ type: 'build-cache-totals', totals });
    } catch (error) {
      scanFailed(gocache, error);
    }
  }

  /** readContents reads GOCACHE by name, and keeps up with it from then on. */
  async function readContents(): Promise<void> {
    const opened = await openContents();
    if (opened !== undefined && !stopping.signal.aborted) await opened.contents.read();
  }

  async function openContents(): Promise<{ env: GoEnv; contents: Contents } | undefined> {
    const env = await settings;
    if (env === undefined || !hasCache(env.gocache)) return undefined;
    if (contents === undefined) {
      const { isReadOnly } = options.flags;
      contents = createContents({ env, environment, isReadOnly, signal: stopping.signal, dispatch });
      connectContents();
    }
    return { env, contents };
  }

  async function openPruning(): Promise<Pruning | undefined> {
    const opened = await openContents();
    if (opened === undefined) return undefined;
    const { isReadOnly } = options.flags;
    const { env, contents } = opened;
    pruning ??= createPruning({ gocache: env.gocache, cwd, contents, environment, isReadOnly, dispatch });
    return pruning;
  }

  async function openRedownloading(): Promise<Redownloading | undefined> {
    const env = await settings;
    if (env === undefined || env.gomodcache === '') return undefined;
    const { isReadOnly } = options.flags;
    const changed = (): void => void scanModules(env.gomodcache);
    redownloading ??= createRedownloading({ env, environment, isReadOnly, dispatch, changed });
    return redownloading;
  }

  async function openModulePruning(): Promise<ModulePruning | undefined> {
    const env = await settings;
    if (env === undefined) return undefined;
    const { gocache, gomodcache } = env;
    modulePruning ??= createModulePruning({
      gocache,
      gomodcache,
      environment,
      isReadOnly: options.flags.isReadOnly,
      dispatch,
      rescan: () => void scanModules(gomodcache),
    });
    return modulePruning;
  }

  async function openRepointing(): Promise<Repointing | undefined> {
    const env = await settings;
    if (env === undefined || !hasCache(env.gocache)) return undefined;
    const { isReadOnly } = options.flags;
    const { userEnvironment } = options;
    const isPruning = (): boolean => pruning?.isBusy === true;
    repointing ??= createRepointing({ cwd, environment, userEnvironment, isReadOnly, isPruning, dispatch });
    return repointing;
  }

  async function openInspecting(): Promise<Inspecting | undefined> {
    const opened = await openContents();
    if (opened === undefined) return undefined;
    const { env, contents } = opened;
    const { gocache, gomodcache } = env;
    const { signal } = stopping;
    const { getState } = store;
    inspecting ??= createInspecting({
      gocache,
      gomodcache,
      signal,
      search: { cwd, environment },
      contents,
      getState,
      dispatch,
    });
    return inspecting;
  }

  async function openVerifying(): Promise<Verifying | undefined> {
    const env = await settings;
    if (env === undefined) return undefined;
    verifying ??= createVerifying({ env, signal: stopping.signal, dispatch });
    return verifying;
  }

  async function scanModules(gomodcache: string): Promise<void> {
    try {
      const totals = await scanModuleCache(gomodcache, {
        signal: stopping.signal,
        keptIn: indexFolderOf(environment),
        isReadOnly: options.flags.isReadOnly,
        isBackground: options.screen !== undefined,
        onProgress: (progress) => dispatch({ type: 'module-cache-progress', progress }),
        onVersions: (versions) => dispatch({ type: 'module-cache-versions', versions }),
      });
      dispatch({ type: 'module-cache-totals', totals });
      if (options.screen !== undefined) await readNeeds(gomodcache);
      for (const problem of totals.problems) dispatch({ type: 'problem', problem });
    } catch (error) {
      scanFailed(gomodcache, error);
    }
  }

  /** readNeeds works out which main modules need what: those named by --root, and the one here. */
  async function readNeeds(gomodcache: string): Promise<void> {
    const env = await settings;
    if (env === undefined) return;
    const named = [...options.flags.roots, ...mainModuleOf(env)];
    const { roots, problems } = await scanNeeds({ gomodcache, named }, stopping.signal);
    dispatch({ type: 'module-needs', needs: indexNeeds(roots) });
    for (const problem of problems) dispatch({ type: 'problem', problem });
  }

  function scanFailed(where: string, error: unknown): void {
    if (!stopping.signal.aborted)
      dispatch({
        type: 'problem',
        problem: { where, what: 'cannot be counted', why: reasonOf(error), repair: '' },
      });
  }

  return {
    store,
    run,
    scanAll,
    readContents,
    pruning: openPruning,
    redownloading: openRedownloading,
    modulePruning: openModulePruning,
    repointing: openRepointing,
    inspecting: openInspecting,
    verifying: openVerifying,
    send,
    closeOutput: (stream) => running?.closeOutput(stream),
    forwardSignals({ isGroupReached, onSignal, isIgnored }) {
      let typed = 0;
      const handlers = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => {
        const handler = (): void => {
          if (isIgnored?.(signal) === true) return;
          onSignal?.(signal);
          if (signal === 'SIGINT' && isGroupReached && running !== undefined && typed++ === 0)
            running.expectEnd();
          else send(signal);
        };
        process.on(signal, handler);
        return () => process.off(signal, handler);
      });
      return () => {
        for (const remove of handlers) remove();
      };
    },
    async close() {
      stopping.abort();
      options.stopAsking();
      clearTimeout(recount);
      others?.close();
      await feed?.close();
      await contents?.close();
      store.close();
    },
  };
}

// While a build runs, its data comes in four frames a second: each costs 12 ms of a core that the build could have. A key
// is answered at once.
const buildFrameMs = 250;
const idleFrameMs = 100;
// A go command that removes or writes much leaves no pause as long as this.
const recountMs = 1000;
// A go list that outlives its build by this much is not waited for.
const listPatienceMs = 5000;

function impatience(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, listPatienceMs).unref();
  });
}

function analysisProblem(error: unknown): Problem {
  const why = reasonOf(error);
  return {
    where: 'gocachetop',
    what: 'the analysis of this build stopped',
    why,
    repair: 'the build itself goes on; its output comes through',
  };
}

/** hasCache: go env gives `off` where Go could not locate a GOCACHE. */
function hasCache(gocache: string): boolean {
  return gocache !== 'off' && gocache !== '';
}

/** isNoWrite: what undo puts back has the times of a build, and is none. */
function isNoWrite({ type }: BuildCacheEvent): boolean {
  return type !== 'wrote-output' && type !== 'wrote-action';
}

/** isGap: something happened that no event tells of. */
function isGap({ type }: BuildCacheEvent): boolean {
  return type === 'lost' || type === 'missing';
}

/** startProblem is why a command could not be started, in one line; undefined when it was. */
function startProblem(command: readonly string[], end: CommandEnd): Problem | undefined {
  if (end.startError === undefined) return undefined;
  const where = command[0] ?? '';
  if (end.exitCode === 127)
    return { where, what: 'cannot run', why: 'command not found', repair: 'check the name and PATH' };
  const why = end.startError === 'EACCES' ? 'permission denied' : end.startError;
  return { where, what: 'cannot run', why, repair: 'check that it is a program that you may run' };
}

/** tempFolders are where go commands put their WORK folders. */
function tempFolders(
  environment: Readonly<Record<string, string | undefined>>,
  env: GoEnv | undefined,
): readonly string[] {
  return [
    ...new Set([env?.gotmpdir, environment.TMPDIR, tmpdir()].flatMap((folder) => (folder ? [folder] : []))),
  ];
}
