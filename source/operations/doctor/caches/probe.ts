import { accessSync, constants, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { readTrim } from '../../../build-cache/trim-file.ts';
import type { GoEnv } from '../../../go/env.ts';
import type { Environment } from '../../../go/settings.ts';
import { diskSpace } from '../../../platform/disk.ts';
import { mountOf } from '../../../platform/mounts.ts';
import { codeOf, reasonOf } from '../../../platform/problem.ts';
import { isRealFolder } from '../../removal/cache-folder.ts';
import { findSurroundings } from '../../repoint/surroundings.ts';
import { sampleTrimpath } from './archives.ts';
import type { CacheFacts, FolderFacts, RemainderFacts, TrimFacts, TrimpathFacts } from './facts.ts';
import { findRemainders } from './remainders.ts';
import { emptySample, readTrimFacts, sampleBuildCache, scanModuleCache } from './scan.ts';

/** probeFolder looks at a folder that go writes to; nothing is written. */
export async function probeFolder(path: string): Promise<FolderFacts> {
  const { state, fault } = lookAt(path);
  const base = state === 'broken' ? undefined : nearestReal(path);
  const [space, mount] = base === undefined ? [undefined, undefined] : [await diskSpace(base), mountOf(base)];
  return {
    path,
    state,
    fault,
    unwritable: base === undefined ? undefined : whyUnwritable(base),
    fileSystem: mount?.type ?? space?.type,
    mountOptions: [...(mount?.options ?? []), ...(mount?.superOptions ?? [])],
    freeBytes: space?.freeBytes,
    totalBytes: space?.totalBytes,
    freeFiles: space?.freeFiles,
    totalFiles: space?.totalFiles,
  };
}

/** probeBuildCache looks at GOCACHE and at some of its files; undefined where it has no folder, as with GOCACHE=off. */
export async function probeBuildCache({
  env,
  environment,
  now,
  mainModule,
}: ProbeOptions & { readonly mainModule: string | undefined }): Promise<BuildCacheFacts | undefined> {
  const path = env.gocache;
  if (!isAbsolute(path)) return undefined;
  const about = await describeCache('GOCACHE', path, env, environment);
  const sample = about.stats === undefined ? emptySample : sampleBuildCache(path, about.stats.uid, now);
  const leftBehind = findLeftBehind(path, environment, now);
  return {
    cache: { ...about.facts, sample, leftBehind },
    trim: readTrimFacts(path),
    trimpath: sampleTrimpath(path, mainModule, now),
  };
}

type BuildCacheFacts = {
  readonly cache: CacheFacts;
  readonly trim: TrimFacts;
  readonly trimpath: TrimpathFacts;
};

/** probeModuleCache looks at GOMODCACHE, at some of its files, and at what was left there by what did not end. */
export async function probeModuleCache({
  env,
  environment,
  now,
}: ProbeOptions): Promise<{ readonly cache: CacheFacts; readonly remainders: RemainderFacts } | undefined> {
  const path = env.gomodcache;
  if (!isAbsolute(path)) return undefined;
  const { facts, stats } = await describeCache('GOMODCACHE', path, env, environment);
  const scan = stats === undefined ? undefined : scanModuleCache(path, stats.uid, now);
  return {
    cache: { ...facts, sample: scan?.sample ?? emptySample, leftBehind: [] },
    remainders: findRemainders(scan),
  };
}

type ProbeOptions = { readonly env: GoEnv; readonly environment: Environment; readonly now: number };

async function describeCache(name: CacheFacts['name'], path: string, env: GoEnv, environment: Environment) {
  const folder = await probeFolder(path);
  const stats = folder.state === 'folder' ? statOf(path) : undefined;
  const facts = {
    ...folder,
    name,
    owner: process.getuid === undefined ? undefined : stats?.uid,
    isEverybodys: ((stats?.mode ?? 0) & 0o002) !== 0,
    within: folder.state === 'broken' ? [] : findSurroundings(nearestReal(path), env, environment),
  };
  return { facts, stats };
}

// Go trims a cache that is in use each day; twice the age at which entries go tells one that is not.
const leftBehindMs = 10 * 86_400_000;

/**
 * findLeftBehind looks at the default place of GOCACHE when it is elsewhere now: nothing trims what was left there. No other place is
 * searched. `os: UserCacheDir; cmd/go/internal/cache: DefaultDir, go1.26`
 */
function findLeftBehind(path: string, environment: Environment, now: number): CacheFacts['leftBehind'] {
  const { XDG_CACHE_HOME: caches = '', HOME: home = '' } = environment;
  const parent = isAbsolute(caches) ? caches : isAbsolute(home) ? join(home, defaultCaches()) : undefined;
  if (parent === undefined) return [];
  const other = join(parent, 'go-build');
  if (!isRealFolder(join(other, '00')) || statOf(other)?.ino === statOf(path)?.ino) return [];
  const { last } = readTrim(other, now);
  const lastUse = last ?? statOf(join(other, '00'))?.mtimeMs ?? now;
  return now - lastUse > leftBehindMs ? [{ path: other, lastTrim: last }] : [];
}

function defaultCaches(): string {
  return process.platform === 'darwin' ? 'Library/Caches' : '.cache';
}

function lookAt(path: string): Pick<FolderFacts, 'state' | 'fault'> {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return { state: 'missing', fault: undefined };
    return stats.isDirectory()
      ? { state: 'folder', fault: undefined }
      : { state: 'broken', fault: 'it is a file' };
  } catch (error) {
    return { state: 'broken', fault: reasonOf(error) };
  }
}

/** nearestReal is the real path of the deepest folder above, or at, a path that exists. */
function nearestReal(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : nearestReal(above);
  }
}

/** whyUnwritable asks for the rights only; it hears of a mount that is read-only, and not of a quota. */
function whyUnwritable(folder: string): string | undefined {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return codeOf(error) === 'EROFS' ? 'the file system is mounted for reading only' : 'permission denied';
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
