import { statSync } from 'node:fs';
import { filesOf } from '../../checksums/module-files.ts';
import type { GoEnv } from '../../go/env.ts';
import { isSemver } from '../../go/semver.ts';
import { isToolchain } from '../../module-cache/paths.ts';
import type { ModuleName } from '../../module-graph/mod-file.ts';
import { isPrivateName } from '../sumdb-check/private-name.ts';
import { listVersions } from '../verify/list.ts';
import type { MainModule } from '../verify/main-module.ts';

/**
 * findCandidates are versions to test a proxy with, the best first: what the main module needs, then what is in GOMODCACHE;
 * in each, public modules before private ones, and small zips before large ones.
 */
export function findCandidates(env: GoEnv, main: MainModule | undefined): readonly ModuleName[] {
  const isUsable = (name: ModuleName): boolean => isSemver(name.version) && !isToolchain(name);
  const inCache = listVersions(env.gomodcache).versions.filter(isUsable);
  const needed = main?.needed.filter(isUsable) ?? [];
  const order = (names: readonly ModuleName[]): readonly ModuleName[] =>
    names
      .map((name) => ({ name, rank: rankOf(name, env) }))
      .sort((one, other) => one.rank - other.rank)
      .map(({ name }) => name);
  const all = [...order(needed), ...order(inCache)];
  return [...new Map(all.map((name) => [`${name.path}@${name.version}`, name])).values()];
}

/** rankOf: the size of the zip in bytes; what has none here comes behind those, and what is private last. */
function rankOf(name: ModuleName, env: GoEnv): number {
  const isPrivate = isPrivateName(name.path, env) ? 2 * unknownBytes : 0;
  const zip = filesOf(env.gomodcache, name.path, name.version)?.zip;
  try {
    return isPrivate + (zip === undefined ? unknownBytes : statSync(zip).size);
  } catch {
    return isPrivate + unknownBytes;
  }
}

/** unknownBytes is more than any module zip has: 500 MiB is the most. */
const unknownBytes = 2 ** 30;
