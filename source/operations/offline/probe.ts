import { existsSync, readFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type GoSumLine, parseGoSum } from '../../checksums/go-sum.ts';
import type { GoEnv } from '../../go/env.ts';
import type { GoPlace } from '../../go/run.ts';
import type { Environment } from '../../go/settings.ts';
import type { Problem } from '../../platform/problem.ts';
import { cachePath, hasModuleFiles, readCachedRequires } from './cache-files.ts';
import type { Listing } from './collect.ts';
import { listMainModules, listPackages, listTools, readGoMod } from './list.ts';
import type { MainModule, Needs } from './needs.ts';
import { nowhereEnvironment, openNowhere } from './nowhere.ts';
import { formatPlatform, type Platform } from './platform.ts';
import { type Known, sumUpNeeds } from './sum-up.ts';
import { lookForToolchain } from './toolchain.ts';
import { copyWorkspace } from './workspace-copy.ts';

export type NeedsOptions = {
  readonly env: GoEnv;
  readonly cwd: string;
  readonly environment: Environment;
  readonly platforms: readonly Platform[];
  readonly withTests: boolean;
  readonly withTools: boolean;
  /** archive is asked as the only proxy, into another GOMODCACHE: what is missing is missing there. */
  readonly archive?: { readonly directory: string; readonly gomodcache: string };
  readonly signal?: AbortSignal;
  /** onProgress is told what is looked at. */
  onProgress?(what: string): void;
};

/**
 * probeNeeds finds what the main modules need to be built, and what of it is missing, without asking a network: go list runs
 * with an empty folder in the place of every proxy, and what it wants from there is what is missing. go itself may unpack a
 * zip that is there, and leaves its lock files.
 */
export async function probeNeeds(options: NeedsOptions): Promise<Needs> {
  const { env, cwd, signal, archive } = options;
  const nowhere = openNowhere();
  const url = archive === undefined ? nowhere.url : pathToFileURL(archive.directory).href;
  const gomodcache = archive?.gomodcache ?? env.gomodcache;
  // Folders that go makes read-only could not be removed again.
  const goflags = archive === undefined ? env.goflags : `${env.goflags} -modcacherw`;
  try {
    const environment = { ...options.environment, GOMODCACHE: gomodcache };
    const settings = nowhereEnvironment({ ...env, goflags }, environment, url);
    const asking = { cwd, environment: settings, signal };
    const look = await lookForToolchain(asking);
    const place = { ...asking, environment: look.environment };
    const base = {
      gomodcache,
      platforms: options.platforms.map(formatPlatform),
      toolchain: look.toolchain,
      nowhere: url,
    };
    if (look.failure !== undefined) return sumUpNeeds(base, nothingKnown, [goFailed('env', look.failure)]);
    if (env.gowork === '' && (env.gomod === '' || env.gomod === devNull))
      return sumUpNeeds(base, nothingKnown, [noModule(cwd)]);
    if (look.toolchain?.isThere === false) {
      const known = { ...nothingKnown, sums: readSums(env, []) };
      return sumUpNeeds(base, withCache(gomodcache, known), []);
    }
    const found = await listAll(place, nowhere.folder, options);
    return sumUpNeeds(base, withCache(gomodcache, found.known), found.problems);
  } finally {
    nowhere.remove();
  }
}

type Found = Omit<Known, 'hasZip' | 'hasMod' | 'requiresOf'>;

/** listAll lists each platform in turn: go list itself uses all processors. */
async function listAll(
  place: GoPlace,
  folder: string,
  { env, platforms, withTests, withTools, onProgress }: NeedsOptions,
): Promise<{ readonly known: Found; readonly problems: readonly Problem[] }> {
  let inside = place;
  if (env.gowork !== '' && env.gowork !== 'off') {
    const copy = await copyWorkspace(env.gowork, folder, place);
    if (typeof copy === 'string') return { known: nothingFound, problems: [goFailed('work edit', copy)] };
    inside = { ...place, environment: { ...place.environment, GOWORK: copy.gowork } };
  }
  const mainModules = await listMainModules(inside);
  if (typeof mainModules === 'string')
    return { known: nothingFound, problems: [goFailed('list -m', mainModules)] };
  const listings: Listing[] = [];
  for (const platform of platforms) {
    onProgress?.(`${formatPlatform(platform)}: go list`);
    listings.push(await listPackages(inside, platform, mainModules, withTests));
  }
  const goMods = await Promise.all(mainModules.map((module) => readGoMod(inside, module)));
  if (withTools && goMods.some(({ hasTools }) => hasTools)) {
    onProgress?.('tools: go list');
    listings.push(await listTools(inside, hostOf(env)));
  }
  place.signal?.throwIfAborted();
  const requires = goMods.flatMap((goMod) => goMod.requires);
  return { known: { mainModules, listings, requires, sums: readSums(env, mainModules) }, problems: [] };
}

const nothingFound: Found = { mainModules: [], listings: [], requires: [], sums: [] };
const nothingKnown: Known = {
  ...nothingFound,
  hasZip: () => false,
  hasMod: () => false,
  requiresOf: () => undefined,
};

function withCache(gomodcache: string, found: Found): Known {
  return {
    ...found,
    hasZip: (module) => hasModuleFiles(gomodcache, module),
    hasMod: (module) => existsSync(cachePath(gomodcache, module, 'mod')),
    requiresOf: (module) => readCachedRequires(gomodcache, module),
  };
}

/** hostOf is the platform that go itself runs on. */
export function hostOf(env: GoEnv): Platform {
  return { goos: env.raw.GOHOSTOS || env.goos, goarch: env.raw.GOHOSTARCH || env.goarch };
}

/** sumFiles are the go.sum files that count here: one beside each go.mod, and that of the workspace. */
export function sumFiles(
  { gomod, gowork }: Pick<GoEnv, 'gomod' | 'gowork'>,
  modules: readonly MainModule[],
): readonly string[] {
  const goMods = modules.length > 0 ? modules.map(({ goMod }) => goMod) : [gomod];
  const work = gowork === '' || gowork === 'off' ? [] : [join(dirname(gowork), 'go.work.sum')];
  return [...goMods.map((goMod) => goMod.replace(/\.mod$/, '.sum')), ...work].filter((file) =>
    existsSync(file),
  );
}

function readSums(env: GoEnv, modules: readonly MainModule[]): readonly GoSumLine[] {
  return sumFiles(env, modules).flatMap((file) => parseGoSum(readFileSync(file, 'utf8')).lines);
}

function noModule(cwd: string): Problem {
  const repair = 'go to the folder of a go.mod or go.work, or give -C DIR';
  return { where: cwd, what: 'nothing to build', why: 'there is no go.mod here or above', repair };
}

function goFailed(what: string, why: string): Problem {
  return { where: `go ${what}`, what: 'failed', why, repair: 'what go says there comes first' };
}
