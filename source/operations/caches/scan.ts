import { execFile } from 'node:child_process';
import { lstat, readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findVariable, parseArguments } from '../../build/elsewhere/process.ts';
import { readTrim } from '../../build-cache/trim-file.ts';
import { type Place, placesToLook } from './places.ts';

/** FoundCache is a GOCACHE on this machine. Times are Unix milliseconds. */
export type FoundCache = {
  readonly path: string;
  readonly isPresent: boolean;
  /** foundBy are the words for why we looked there: `process`, `temporary`, `worktree`, ... */
  readonly foundBy: string;
  /** pids have it as GOCACHE in their environment. */
  readonly pids: readonly number[];
  /** owner is a user's name, or a number where it has none. */
  readonly owner: string;
  /** writtenAt is the last time that an entry came or went. */
  readonly writtenAt: number;
  readonly lastTrim: number | undefined;
};

/** CacheSearch is what a search has found; `isCut` when there were more folders than it looks into. */
export type CacheSearch = {
  readonly caches: readonly FoundCache[];
  readonly folders: number;
  readonly isCut: boolean;
};

export type SearchOptions = {
  /** present is the GOCACHE that is looked at. */
  readonly present: string;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly temporary: string;
  readonly signal?: AbortSignal;
};

// A second or two of looking; a temporary folder with more is one that nobody has cleaned for long.
const mostFolders = 20_000;

/**
 * findCaches looks for GOCACHEs where they usually are: temporary and cache folders, worktrees of this repository, folders of version
 * managers, environments of running processes. It looks some levels deep and never through a whole disk.
 */
export async function findCaches(options: SearchOptions): Promise<CacheSearch> {
  const { present, signal } = options;
  const found = new Map<string, { foundBy: string; pids: number[] }>();
  let folders = 0;

  async function add(path: string, foundBy: string, pid?: number): Promise<void> {
    const real = await realpath(path).catch(() => undefined);
    if (real === undefined) return;
    const known = found.get(real) ?? { foundBy, pids: [] };
    found.set(real, known);
    if (pid !== undefined && !known.pids.includes(pid)) known.pids.push(pid);
  }

  async function walk(folder: string, place: Place, depth: number): Promise<void> {
    if (folders >= mostFolders || signal?.aborted === true) return;
    folders += 1;
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    const names = new Set(entries.map(({ name }) => name));
    if (hasLayout(names) && (await isCache(folder))) return add(folder, place.name);
    if (depth === 0) return;
    for (const entry of entries)
      if (entry.isDirectory() && place.isWanted(entry.name, depth))
        await walk(join(folder, entry.name), place, depth - 1);
  }

  await add(present, 'this one');
  for (const { pid, path } of await processCaches()) if (await isCache(path)) await add(path, 'process', pid);
  for (const place of placesToLook({ ...options, worktrees: await listWorktrees(options.cwd) }))
    await walk(place.folder, place, place.depth);
  const presentPath = await realpath(present).catch(() => present);
  const caches = await Promise.all(
    [...found].map(async ([path, { foundBy, pids }]) => describe(path, foundBy, pids, path === presentPath)),
  );
  return { caches: caches.filter((each) => each !== undefined), folders, isCut: folders >= mostFolders };
}

/** hasLayout: Go makes the 256 folders when it opens a cache. cmd/go/internal/cache: Open, go1.26 */
function hasLayout(names: ReadonlySet<string>): boolean {
  return (
    names.has('00') && names.has('7f') && names.has('ff') && (names.has('README') || names.has('trim.txt'))
  );
}

// cmd/go/internal/cache: cacheREADME, go1.26
const readme = 'This directory holds cached build artifacts from the Go build system.';

async function isCache(folder: string): Promise<boolean> {
  const names = new Set(await readdir(folder).catch(() => []));
  if (!hasLayout(names)) return false;
  const text = await readFile(join(folder, 'README'), 'utf8').catch(() => undefined);
  // One whose README was not restored is told by its trim.txt.
  return text === undefined ? names.has('trim.txt') : text.startsWith(readme);
}

/** processCaches are the GOCACHEs in the environments of processes that we may read. */
async function processCaches(): Promise<readonly { readonly pid: number; readonly path: string }[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const text = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      const path = findVariable(parseArguments(text), 'GOCACHE');
      return path?.startsWith('/') === true ? [{ pid: Number(pid), path }] : [];
    }),
  );
  return found.flat().filter(({ pid }) => pid !== process.pid);
}

async function listWorktrees(cwd: string): Promise<readonly string[]> {
  try {
    const { stdout } = await promisify(execFile)('git', ['worktree', 'list', '--porcelain'], {
      cwd,
      timeout: 5000,
    });
    return [...stdout.matchAll(/^worktree (.*)$/gm)].flatMap(([, path]) => path ?? []);
  } catch {
    return []; // no git, or no repository here
  }
}

async function describe(
  path: string,
  foundBy: string,
  pids: readonly number[],
  isPresent: boolean,
): Promise<FoundCache | undefined> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats === undefined) return undefined;
  const folders = Array.from({ length: 256 }, (_, each) => each.toString(16).padStart(2, '0'));
  const times = await Promise.all(
    folders.map((name) =>
      lstat(join(path, name)).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    ),
  );
  return {
    path,
    isPresent,
    foundBy,
    pids,
    owner: await userName(stats.uid),
    writtenAt: Math.max(...times),
    lastTrim: readTrim(path, 0).last,
  };
}

async function userName(uid: number): Promise<string> {
  const users = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const line = users.split('\n').find((each) => each.split(':')[2] === String(uid));
  return line?.split(':')[0] ?? String(uid);
}
