import type { Applying } from './applying.ts';
import type { Counting } from './counting.ts';
import { hasCache } from './counting.ts';
import { createExamining, type Examining } from './examining.ts';
import type { GoEnv } from './go/env.ts';
import type { Inspecting } from './inspecting.ts';
import type { ModuleVersion } from './module-cache/paths.ts';
import type { Probing } from './probing.ts';
import type { Pruning } from './pruning.ts';
import type { ModulePruning } from './pruning-modules.ts';
import type { Recovering } from './recovering.ts';
import type { Redownloading } from './redownloading.ts';
import type { Repointing } from './repointing.ts';
import type { SessionOptions } from './session-options.ts';
import type { AppEvent } from './store/event.ts';
import type { AppState } from './store/state.ts';
import type { Store } from './store/store.ts';
import type { Verifying } from './verifying.ts';

/**
 * Operations are what a user does to the caches on the screen, each loaded and made when it is first asked for, so that the first
 * frame waits for none of them; undefined until go env has answered.
 */
export type Operations = {
  /** pruning removes from GOCACHE; undefined where there is none. */
  pruning(): Promise<Pruning | undefined>;
  /** modulePruning removes from GOMODCACHE. */
  modulePruning(): Promise<ModulePruning | undefined>;
  /** redownloading repairs modules. */
  redownloading(): Promise<Redownloading | undefined>;
  /** repointing points GOCACHE elsewhere; undefined where there is none. */
  repointing(): Promise<Repointing | undefined>;
  /** inspecting reads of GOCACHE what open views show; undefined where there is none. */
  inspecting(): Promise<Inspecting | undefined>;
  /** verifying verifies modules. */
  verifying(): Promise<Verifying | undefined>;
  /** recovering finds how GOSUMDB, go.sum and GOMODCACHE fail together. */
  recovering(): Promise<Recovering | undefined>;
  /** probing asks hops. */
  probing(): Promise<Probing | undefined>;
  /** applying writes settings with go env -w. */
  applying(): Promise<Applying | undefined>;
  /** examining looks at the Go set-up of this machine. */
  examining(): Examining;
  /** undo takes back what was done last in this run. */
  undo(): Promise<void>;
  /** finish ends all that was begun, and gives a line for each that has something to say. */
  finish(isSi: boolean): Promise<readonly string[]>;
  /** isMoving says that files of GOCACHE come and go by our own hand: that is no build. */
  isMoving(): boolean;
};

export type OperationsOptions = {
  readonly settings: Promise<GoEnv | undefined>;
  readonly options: SessionOptions;
  readonly signal: AbortSignal;
  readonly store: Store<AppState, AppEvent>;
  readonly counting: Counting;
  /** readSettingsAgain tells the settings after one was changed. */
  readonly readSettingsAgain: () => Promise<GoEnv | undefined>;
};

/** createOperations starts nothing. */
export function createOperations({
  settings,
  options,
  signal,
  store,
  counting,
  readSettingsAgain,
}: OperationsOptions): Operations {
  const { cwd, environment, userEnvironment } = options;
  const { isReadOnly } = options.flags;
  const { dispatch, getState } = store;
  const pruning = onceWanted<Pruning>(async () => {
    const opened = await counting.openContents();
    if (opened === undefined) return undefined;
    const { env, contents } = opened;
    const { createPruning } = await import('./pruning.ts');
    return createPruning({ gocache: env.gocache, cwd, contents, environment, isReadOnly, dispatch });
  });
  const modulePruning = onceWanted<ModulePruning>(async () => {
    const env = await settings;
    if (env === undefined) return undefined;
    const { gocache, gomodcache } = env;
    const rescan = (): void => void counting.scanModules(gomodcache);
    const { createModulePruning } = await import('./pruning-modules.ts');
    return createModulePruning({ gocache, gomodcache, environment, isReadOnly, dispatch, rescan });
  });
  const redownloading = onceWanted<Redownloading>(async () => {
    const env = await settings;
    if (env === undefined || env.gomodcache === '') return undefined;
    const changed = (modules: readonly ModuleVersion[]): void => {
      void counting.scanModules(env.gomodcache);
      void verifyAgain(modules);
      recovering.made()?.lookAgain();
    };
    const { createRedownloading } = await import('./redownloading.ts');
    return createRedownloading({ env, environment, isReadOnly, dispatch, changed });
  });
  const repointing = onceWanted<Repointing>(async () => {
    const env = await settings;
    if (env === undefined || !hasCache(env.gocache)) return undefined;
    const isPruning = (): boolean => pruning.made()?.isBusy === true;
    const { createRepointing } = await import('./repointing.ts');
    return createRepointing({ cwd, environment, userEnvironment, isReadOnly, isPruning, dispatch });
  });
  const inspecting = onceWanted<Inspecting>(async () => {
    const opened = await counting.openContents();
    if (opened === undefined) return undefined;
    const { gocache, gomodcache } = opened.env;
    const { contents } = opened;
    const search = { cwd, environment };
    const { createInspecting } = await import('./inspecting.ts');
    return createInspecting({ gocache, gomodcache, signal, search, contents, getState, dispatch });
  });
  const verifying = onceWanted<Verifying>(async () => {
    const env = await settings;
    if (env === undefined) return undefined;
    const { createVerifying } = await import('./verifying.ts');
    return createVerifying({ env, signal, dispatch });
  });
  const recovering = onceWanted<Recovering>(async () => {
    const env = await settings;
    if (env === undefined) return undefined;
    const { createRecovering } = await import('./recovering.ts');
    return createRecovering({
      env,
      cwd,
      environment,
      userEnvironment,
      flags: options.flagSettings,
      isReadOnly,
      signal,
      dispatch,
      changed() {
        void settingsChanged();
        void counting.scanModules(env.gomodcache);
      },
    });
  });
  const probing = onceWanted<Probing>(async () => {
    const env = await settings;
    if (env === undefined) return undefined;
    const { createProbing } = await import('./probing.ts');
    return createProbing({ env, cwd, userEnvironment, signal, dispatch });
  });
  const applying = onceWanted<Applying>(async () => {
    const env = await settings;
    if (env === undefined) return undefined;
    const { createApplying } = await import('./applying.ts');
    const file = env.goenv;
    return createApplying({ cwd, userEnvironment, file, isReadOnly, dispatch, changed: settingsChanged });
  });
  let examining: Examining | undefined;

  return {
    pruning: pruning.open,
    modulePruning: modulePruning.open,
    redownloading: redownloading.open,
    repointing: repointing.open,
    inspecting: inspecting.open,
    verifying: verifying.open,
    recovering: recovering.open,
    probing: probing.open,
    applying: applying.open,
    examining() {
      examining ??= createExamining({ options, signal, getState, dispatch, changed: settingsChanged });
      return examining;
    },
    async undo() {
      // One of these says it where nothing can be undone.
      await Promise.all([pruning.open(), modulePruning.open()]);
      const all = [pruning, repointing, modulePruning, recovering, applying].map((each) => each.wanted());
      const there = (await Promise.all(all)).filter((each) => each !== undefined);
      const [last] = there.toSorted((one, other) => (other.undoableAt ?? 0) - (one.undoableAt ?? 0));
      await last?.undo();
    },
    async finish(isSi) {
      await (await redownloading.wanted())?.finish();
      const repointed = await (await repointing.wanted())?.finish();
      const applied = await (await applying.wanted())?.finish();
      const freed = await (await pruning.wanted())?.finish(isSi);
      const freedModules = await (await modulePruning.wanted())?.finish(isSi);
      return [freed, freedModules, repointed, applied].flatMap((line) => line || []);
    },
    isMoving: () => pruning.made()?.isMoving === true || repointing.made()?.isMoving === true,
  };

  /** settingsChanged has everybody know of a setting that was changed from here. */
  async function settingsChanged(): Promise<void> {
    const now = await readSettingsAgain();
    if (now !== undefined) probing.made()?.changed(now);
  }

  /** verifyAgain gives versions that were repaired a new verdict, where they had one. */
  async function verifyAgain(modules: readonly ModuleVersion[]): Promise<void> {
    const { verdicts } = getState().verification;
    const judged = modules.map(({ path, version }) => `${path}@${version}`).filter((id) => verdicts.has(id));
    if (judged.length > 0) (await verifying.open())?.again(judged);
  }
}

/** OnceWanted is something that is made when it is first asked for. */
type OnceWanted<T> = {
  open(): Promise<T | undefined>;
  /** wanted resolves at once with undefined where nobody ever asked for it. */
  wanted(): Promise<T | undefined>;
  /** made is what is there now. */
  made(): T | undefined;
};

function onceWanted<T>(make: () => Promise<T | undefined>): OnceWanted<T> {
  let opening: Promise<T | undefined> | undefined;
  let made: T | undefined;
  return {
    open() {
      opening ??= make().then((it) => {
        made = it;
        return it;
      });
      return opening;
    },
    wanted: () => opening ?? Promise.resolve(undefined),
    made: () => made,
  };
}
