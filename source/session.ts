import { readFile } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createArriving } from './arriving.ts';
import { type ElsewhereFeed, openElsewhereFeed } from './build/elsewhere/feed.ts';
import { parseGoCommand } from './build/go-command.ts';
import { type CommandEnd, type RunningCommand, startCommand } from './build/run.ts';
import type { BuildCacheEvent } from './build-cache/event.ts';
import { type BuildCacheFeed, openBuildCacheFeed } from './build-cache/feed.ts';
import { probeWrites } from './build-cache/probe.ts';
import { nextTrim, parseTrimTxt } from './build-cache/trim.ts';
import { createCounting, hasCache } from './counting.ts';
import { type GoEnv, isProblem, readGoEnv, readSettingFiles } from './go/env.ts';
import { explainSettings } from './go/settings.ts';
import { createOperations, type Operations } from './operating.ts';
import { diskSpace, fullDisk } from './platform/disk.ts';
import { openPipes } from './platform/pipe.ts';
import { type Problem, reasonOf } from './platform/problem.ts';
import { parseProxyChain } from './proxy/chain.ts';
import { parseSumdb } from './proxy/sumdb.ts';
import { recordFinishedBuild } from './recording.ts';
import { routeBasis } from './route-basis.ts';
import type { SessionOptions } from './session-options.ts';
import type { AppEvent } from './store/event.ts';
import { hiddenScreen } from './store/hidden-screen.ts';
import { initialState } from './store/initial-state.ts';
import type { AppState } from './store/state.ts';
import { createStore, type Store } from './store/store.ts';
import { update } from './store/update.ts';

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
  /** operations are what a user does to the caches on the screen. */
  readonly operations: Operations;
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
  const counting = createCounting({
    settings,
    options,
    signal: stopping.signal,
    dispatch,
    // The watcher keeps the index up to date, once somebody wants to see it.
    onContents: (contents) => feed?.tellTouched(contents.touch),
  });
  const operations = createOperations({
    settings,
    options,
    signal: stopping.signal,
    store,
    counting,
    readSettingsAgain,
  });
  // Made while go env runs; a command is to write where it would write without us: to a pipe.
  const pipes = command === undefined ? undefined : openPipes(2);
  let feed: BuildCacheFeed | undefined;
  // A build of hits is over before a watch is ready and writes next to nothing: that is counted afterwards instead.
  if (options.screen !== undefined) void openFeed(startedAt);
  const arriving = createArriving({ settings, options, since: startedAt, signal: stopping.signal, store });
  options.tellGets((line) => dispatch({ type: 'list-get', line }));
  const ownWork = new Set<string>();
  let running: RunningCommand | undefined;
  let early: NodeJS.Signals | undefined;
  let others: ElsewhereFeed | undefined;
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

  /** explain tells the settings; the caches on screen stay those that it began with, whatever was changed since. */
  async function explain(env: GoEnv, shown: GoEnv = env): Promise<void> {
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
      gocache: shown.gocache,
      gomodcache: shown.gomodcache,
      chain: parseProxyChain(env.goproxy),
      sumdb: sumdb.kind === 'database' ? sumdb.name : sumdb.kind === 'off' ? 'off' : sumdb.fault,
      basis: routeBasis(env, files, explained),
    });
    await readSurroundings(shown.gocache);
  }

  /** readSettingsAgain tells the settings after one was changed; undefined where go env fails, which is told. */
  async function readSettingsAgain(): Promise<GoEnv | undefined> {
    const first = await settings;
    const env = await readGoEnv({
      goCommand: goCommand === undefined ? 'go' : (command?.[0] ?? 'go'),
      cwd: resolve(cwd, goCommand?.directory ?? '.'),
      environment,
      signal: stopping.signal,
    });
    if (!isProblem(env)) {
      await explain(env, first);
      return env;
    }
    dispatch({ type: 'problem', problem: env });
    return undefined;
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
        dispatch({ type: 'build-cache', events: operations.isMoving() ? events.filter(isNoWrite) : events });
        // Somebody writes: it may be a build whose WORK lies where we do not look by ourselves.
        others?.look();
        // What the watch missed only a look at all of it can tell.
        if (counting.contents()?.isWanted === true && events.some(isGap))
          void counting.scanBuilds(env.gocache);
        if (options.watchesOthers === true && events.some(({ type }) => type !== 'refreshed'))
          recountSoon(env.gocache);
      },
    });
    const contents = counting.contents();
    if (contents !== undefined) feed.tellTouched(contents.touch);
  }

  /** recountSoon counts GOCACHE again once it was left alone, unless a build runs, whose end does it. */
  function recountSoon(gocache: string): void {
    clearTimeout(recount);
    recount = setTimeout(() => {
      const { build, elsewhere } = store.getState();
      const isBuilding = build !== undefined && build.end === undefined;
      if (isBuilding || elsewhere.running.length > 0 || stopping.signal.aborted) return;
      // An index follows by itself.
      if (counting.contents()?.isWanted !== true) void counting.scanBuilds(gocache);
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
        if (events.some((event) => event.type === 'build-ended')) void counting.scanBuilds(env.gocache);
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
      Promise.all([
        listing,
        feed === undefined ? countWrites(env, startedAt) : feed.drain(),
        arriving.settle(),
      ]),
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
      void counting.scanAll();
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

  return {
    store,
    run,
    scanAll: counting.scanAll,
    readContents: counting.readContents,
    operations,
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
      arriving.close();
      await feed?.close();
      await counting.contents()?.close();
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
