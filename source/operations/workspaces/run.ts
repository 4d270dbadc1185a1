import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { GoEnv } from '../../go/env.ts';
import { type GoPlace, type GoRun, runGoCommand } from '../../go/run.ts';
import type { Environment } from '../../go/settings.ts';
import { diskSpace } from '../../platform/disk.ts';
import { chooseTarget, type PoisonTarget, poisonScript } from './poison.ts';
import { bytesOf, commonModules, type Workspace } from './survey.ts';
import { diskBytesOf } from './tree-bytes.ts';
import { makeView, removeViews, type View, viewEnvironment } from './view.ts';
import { type Way, type WayMeasured, ways } from './ways.ts';

export type MeasureOptions = {
  readonly env: GoEnv;
  readonly environment: Environment;
  /** pair are the two workspaces; the same one twice where there is no other. */
  readonly pair: readonly [Workspace, Workspace];
  readonly signal?: AbortSignal;
  onProgress?(what: string): void;
};

/**
 * measureWays sets each way up below the temporary folder and lets go use it, with real downloads through the user's GOPROXY:
 * own folders and a shared one begin empty; the others begin with the folder that the shared way has filled. The user's own
 * caches are not touched. A text is why nothing was measured.
 */
export async function measureWays(options: MeasureOptions): Promise<readonly WayMeasured[] | string> {
  const { env, pair, signal } = options;
  const root = mkdtempSync(join(env.gotmpdir || tmpdir(), 'gocachetop-workspaces-'));
  try {
    const needed = roomFactor * (bytesOf(pair[0]) + bytesOf(pair[1]));
    const free = (await diskSpace(root))?.freeBytes;
    if (free !== undefined && free < needed)
      return `${root}: ${free} bytes are free, and it may take ${needed}`;
    const lab = openLab(root, options);
    await lab.go(0, sharedView(root, env.goproxy), ['list', 'std']); // go's index of the standard library
    const measured = new Map<Way, WayMeasured>();
    // The shared way first, since others start from it; its folder is cleaned last of all.
    for (const way of ['shared', 'own', 'symlink', 'overlayfs', 'file proxy'] as const) {
      signal?.throwIfAborted();
      options.onProgress?.(way);
      measured.set(way, await lab.measure(way));
    }
    const cleaned = await lab.cleanShared();
    const shared = measured.get('shared');
    if (shared !== undefined) measured.set('shared', { ...shared, cleanReaches: cleaned });
    return ways.flatMap((way) => measured.get(way) ?? []);
  } finally {
    removeViews(root);
  }
}

// Own folders, the shared one, a file proxy's extracted modules: all at once, and room to spare.
const roomFactor = 3;

function sharedView(root: string, goproxy: string): View {
  return makeView('shared', root, join(root, 'shared-mod'), 0, goproxy);
}

function openLab(root: string, { env, environment, pair, signal }: MeasureOptions) {
  const shared = join(root, 'shared-mod');
  mkdirSync(shared);
  const base = {
    ...environment,
    GOCACHE: join(root, 'gocache'),
    GOFLAGS: `${env.goflags} -modcacherw`.trim(),
  };
  let target: PoisonTarget | undefined;

  function placeOf(index: 0 | 1, view: View): GoPlace {
    return { cwd: pair[index].directory, environment: viewEnvironment(base, view), signal };
  }

  const go = (index: 0 | 1, view: View, words: readonly string[]): Promise<GoRun> =>
    runGoCommand(placeOf(index, view), words, view.around);

  async function measure(way: Way): Promise<WayMeasured> {
    const views = [0, 1].map((index) => makeView(way, root, shared, index, env.goproxy));
    const [first, second] = views;
    const startsFrom = way === 'own' || way === 'shared' ? 'empty' : 'shared folder';
    const base = { way, startsFrom, poisonReaches: undefined, cleanReaches: undefined } as const;
    const failed = (why: string): WayMeasured => ({
      ...base,
      notMeasured: why,
      diskBytes: undefined,
      durationsMs: [],
    });
    if (first === undefined || second === undefined) return failed('no workspaces');
    const durationsMs: number[] = [];
    for (const [index, view] of [
      [0, first],
      [1, second],
    ] as const) {
      const startedAt = performance.now();
      const ran = await go(index, view, listWords(pair[index]));
      if (!ran.isFine) return failed(ran.failure);
      durationsMs.push(performance.now() - startedAt);
    }
    const own = views.flatMap((view) => view.own);
    const diskBytes = diskBytesOf(way === 'own' ? own : [shared, ...own]);
    if (way === 'shared')
      target = await chooseTarget(
        placeOf(0, first),
        pair[0].patterns,
        shared,
        commonModules(pair[0], pair[1]),
      );
    const poisonReaches = target === undefined ? undefined : await poison(first, second, target);
    // The shared folder is still needed.
    const cleanReaches = way === 'shared' ? undefined : await clean(first, second);
    return { ...base, notMeasured: undefined, diskBytes, durationsMs, poisonReaches, cleanReaches };
  }

  /** poison changes a file in the first view and compiles its package in the second; then the file is as before. */
  async function poison(
    first: View,
    second: View,
    { importPath, file }: PoisonTarget,
  ): Promise<boolean | undefined> {
    const before = await go(1, second, ['build', importPath]);
    if (!before.isFine) return undefined;
    const path = join(first.gomodcache, file);
    await run(first.around, ['cp', '-p', path, `${path}.before`]);
    const isPoisoned = await run(first.around, ['sh', '-c', poisonScript, 'sh', path]);
    const after = await go(1, second, ['build', importPath]);
    await run(first.around, ['mv', '-f', `${path}.before`, path]);
    if (!isPoisoned) return undefined;
    return !after.isFine && after.stderr.includes(basename(file));
  }

  /** clean runs go clean -modcache in the first view, and asks without a proxy whether the second still has its modules. */
  async function clean(first: View, second: View): Promise<boolean> {
    await go(0, first, ['clean', '-modcache']);
    const still = await go(1, { ...second, goproxy: 'off' }, listWords(pair[1]));
    return !still.isFine;
  }

  async function cleanShared(): Promise<boolean> {
    const [first, second] = [0, 1].map((index) => makeView('shared', root, shared, index, env.goproxy));
    return first !== undefined && second !== undefined && existsSync(shared) ? clean(first, second) : true;
  }

  return { go, measure, cleanShared };
}

function listWords({ patterns }: Workspace): readonly string[] {
  return ['list', '-deps', '-test', '--', ...patterns];
}

function run(around: readonly string[], words: readonly string[]): Promise<boolean> {
  const [program = '', ...args] = [...around, ...words];
  return new Promise((resolve) => {
    execFile(program, args, (error) => resolve(error === null));
  });
}
