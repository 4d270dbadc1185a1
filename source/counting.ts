import { indexFolderOf } from './build-cache/index/index-store.ts';
import { scanBuildCache } from './build-cache/scan.ts';
import { type Contents, createContents } from './contents.ts';
import type { GoEnv } from './go/env.ts';
import { scanModuleCache } from './module-cache/scan.ts';
import { mainModuleOf } from './operations/module-needs/main-module.ts';
import { indexNeeds } from './operations/module-needs/needs.ts';
import { scanNeeds } from './operations/module-needs/scan.ts';
import { reasonOf } from './platform/problem.ts';
import type { SessionOptions } from './session-options.ts';
import type { AppEvent } from './store/event.ts';

export type CountingOptions = {
  /** settings are undefined when go env gave none; all below then does nothing. */
  readonly settings: Promise<GoEnv | undefined>;
  readonly options: SessionOptions;
  readonly signal: AbortSignal;
  readonly dispatch: (event: AppEvent) => void;
  /** onContents is called once, when somebody wants GOCACHE by name. */
  readonly onContents: (contents: Contents) => void;
};

/** Counting counts what both caches hold, and brings it into the state. */
export type Counting = {
  /** scanAll counts both caches; it resolves when both are done. */
  scanAll(): Promise<void>;
  scanBuilds(gocache: string): Promise<void>;
  /** scanModules counts GOMODCACHE; on a screen also who needs what of it. */
  scanModules(gomodcache: string): Promise<void>;
  /** readContents reads GOCACHE by name, and keeps up with it from then on. */
  readContents(): Promise<void>;
  /** openContents is GOCACHE by name, not read yet; undefined where there is none, or go env has not answered. */
  openContents(): Promise<{ readonly env: GoEnv; readonly contents: Contents } | undefined>;
  /** contents are there once somebody opened them. */
  contents(): Contents | undefined;
};

/** createCounting reads nothing yet. */
export function createCounting({
  settings,
  options,
  signal,
  dispatch,
  onContents,
}: CountingOptions): Counting {
  const { environment, flags, screen } = options;
  const isOnScreen = screen !== undefined;
  let contents: Contents | undefined;
  return { scanAll, scanBuilds, scanModules, readContents, openContents, contents: () => contents };

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
        signal,
        onProgress: (progress) => dispatch({ type: 'build-cache-totals', totals: progress }),
      });
      dispatch({ type: 'build-cache-totals', totals });
    } catch (error) {
      scanFailed(gocache, error);
    }
  }

  async function readContents(): Promise<void> {
    const opened = await openContents();
    if (opened !== undefined && !signal.aborted) await opened.contents.read();
  }

  async function openContents(): Promise<{ env: GoEnv; contents: Contents } | undefined> {
    const env = await settings;
    if (env === undefined || !hasCache(env.gocache)) return undefined;
    if (contents === undefined) {
      const { isReadOnly } = flags;
      contents = createContents({ env, environment, isReadOnly, signal, dispatch });
      onContents(contents);
    }
    return { env, contents };
  }

  async function scanModules(gomodcache: string): Promise<void> {
    try {
      const totals = await scanModuleCache(gomodcache, {
        signal,
        keptIn: indexFolderOf(environment),
        isReadOnly: flags.isReadOnly,
        isBackground: isOnScreen,
        onProgress: (progress) => dispatch({ type: 'module-cache-progress', progress }),
        onVersions: (versions) => dispatch({ type: 'module-cache-versions', versions }),
      });
      dispatch({ type: 'module-cache-totals', totals });
      if (isOnScreen) await readNeeds(gomodcache);
      for (const problem of totals.problems) dispatch({ type: 'problem', problem });
    } catch (error) {
      scanFailed(gomodcache, error);
    }
  }

  /** readNeeds works out which main modules need what: those named by --root, and the one here. */
  async function readNeeds(gomodcache: string): Promise<void> {
    const env = await settings;
    if (env === undefined) return;
    const named = [...flags.roots, ...mainModuleOf(env)];
    const { roots, problems } = await scanNeeds({ gomodcache, named }, signal);
    dispatch({ type: 'module-needs', needs: indexNeeds(roots) });
    for (const problem of problems) dispatch({ type: 'problem', problem });
  }

  function scanFailed(where: string, error: unknown): void {
    if (!signal.aborted)
      dispatch({
        type: 'problem',
        problem: { where, what: 'cannot be counted', why: reasonOf(error), repair: '' },
      });
  }
}

/** hasCache: go env gives `off` where Go could not locate a GOCACHE. */
export function hasCache(gocache: string): boolean {
  return gocache !== 'off' && gocache !== '';
}
