import { type Applying, createApplying } from './applying.ts';
import type { Counting } from './counting.ts';
import { hasCache } from './counting.ts';
import { createExamining, type Examining } from './examining.ts';
import type { GoEnv } from './go/env.ts';
import { createInspecting, type Inspecting } from './inspecting.ts';
import type { ModuleVersion } from './module-cache/paths.ts';
import { createProbing, type Probing } from './probing.ts';
import { createPruning, type Pruning } from './pruning.ts';
import { createModulePruning, type ModulePruning } from './pruning-modules.ts';
import { createRecovering, type Recovering } from './recovering.ts';
import { createRedownloading, type Redownloading } from './redownloading.ts';
import { createRepointing, type Repointing } from './repointing.ts';
import type { SessionOptions } from './session-options.ts';
import type { AppEvent } from './store/event.ts';
import type { AppState } from './store/state.ts';
import type { Store } from './store/store.ts';
import { createVerifying, type Verifying } from './verifying.ts';

/** Operations are what a user does to the caches on the screen, each made when it is first asked for; undefined until go env has answered. */
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
  let pruning: Pruning | undefined;
  let modulePruning: ModulePruning | undefined;
  let redownloading: Redownloading | undefined;
  let repointing: Repointing | undefined;
  let inspecting: Inspecting | undefined;
  let verifying: Verifying | undefined;
  let recovering: Recovering | undefined;
  let probing: Probing | undefined;
  let applying: Applying | undefined;
  let examining: Examining | undefined;

  return {
    async pruning() {
      const opened = await counting.openContents();
      if (opened === undefined) return undefined;
      const { env, contents } = opened;
      pruning ??= createPruning({ gocache: env.gocache, cwd, contents, environment, isReadOnly, dispatch });
      return pruning;
    },
    async modulePruning() {
      const env = await settings;
      if (env === undefined) return undefined;
      const { gocache, gomodcache } = env;
      const rescan = (): void => void counting.scanModules(gomodcache);
      modulePruning ??= createModulePruning({
        gocache,
        gomodcache,
        environment,
        isReadOnly,
        dispatch,
        rescan,
      });
      return modulePruning;
    },
    async redownloading() {
      const env = await settings;
      if (env === undefined || env.gomodcache === '') return undefined;
      const changed = (modules: readonly ModuleVersion[]): void => {
        void counting.scanModules(env.gomodcache);
        void verifyAgain(modules);
        recovering?.lookAgain();
      };
      redownloading ??= createRedownloading({ env, environment, isReadOnly, dispatch, changed });
      return redownloading;
    },
    async repointing() {
      const env = await settings;
      if (env === undefined || !hasCache(env.gocache)) return undefined;
      const isPruning = (): boolean => pruning?.isBusy === true;
      repointing ??= createRepointing({ cwd, environment, userEnvironment, isReadOnly, isPruning, dispatch });
      return repointing;
    },
    async inspecting() {
      const opened = await counting.openContents();
      if (opened === undefined) return undefined;
      const { gocache, gomodcache } = opened.env;
      const { contents } = opened;
      const search = { cwd, environment };
      inspecting ??= createInspecting({ gocache, gomodcache, signal, search, contents, getState, dispatch });
      return inspecting;
    },
    verifying: openVerifying,
    async recovering() {
      const env = await settings;
      if (env === undefined) return undefined;
      recovering ??= createRecovering({
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
      return recovering;
    },
    async probing() {
      const env = await settings;
      if (env === undefined) return undefined;
      probing ??= createProbing({ env, cwd, userEnvironment, signal, dispatch });
      return probing;
    },
    async applying() {
      const env = await settings;
      if (env === undefined) return undefined;
      applying ??= createApplying({
        cwd,
        userEnvironment,
        file: env.goenv,
        isReadOnly,
        dispatch,
        changed: settingsChanged,
      });
      return applying;
    },
    examining() {
      examining ??= createExamining({ options, signal, getState, dispatch, changed: settingsChanged });
      return examining;
    },
    isMoving: () => pruning?.isMoving === true || repointing?.isMoving === true,
  };

  /** settingsChanged has everybody know of a setting that was changed from here. */
  async function settingsChanged(): Promise<void> {
    const now = await readSettingsAgain();
    if (now !== undefined) probing?.changed(now);
  }

  async function openVerifying(): Promise<Verifying | undefined> {
    const env = await settings;
    if (env === undefined) return undefined;
    verifying ??= createVerifying({ env, signal, dispatch });
    return verifying;
  }

  /** verifyAgain gives versions that were repaired a new verdict, where they had one. */
  async function verifyAgain(modules: readonly ModuleVersion[]): Promise<void> {
    const { verdicts } = getState().verification;
    const judged = modules.map(({ path, version }) => `${path}@${version}`).filter((id) => verdicts.has(id));
    if (judged.length > 0) (await openVerifying())?.again(judged);
  }
}
