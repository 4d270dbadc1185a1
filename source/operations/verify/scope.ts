import { compareVersions } from '../../go/semver.ts';
import { keyOf } from '../../module-graph/graph.ts';
import type { ModuleName } from '../../module-graph/mod-file.ts';
import type { Problem } from '../../platform/problem.ts';
import type { MainModule } from './main-module.ts';

/** selectNamed picks the versions that words as `rsc.io/quote` or `rsc.io/quote@v1.5.2` name; one that names none is a problem. */
export function selectNamed(
  versions: readonly ModuleName[],
  words: readonly string[],
): { readonly chosen: readonly ModuleName[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const chosen = new Set<ModuleName>();
  for (const word of words) {
    const found = versions.filter((each) => word === each.path || word === keyOf(each));
    for (const each of found) chosen.add(each);
    if (found.length > 0) continue;
    const others = versions.filter(({ path }) => path === word.split('@')[0]).map(({ version }) => version);
    const why =
      others.length === 0 ? 'GOMODCACHE has nothing of it' : `GOMODCACHE has ${others.join(', ')} of it`;
    problems.push({ where: word, what: 'cannot be verified', why, repair: `go mod download ${word}` });
  }
  return { chosen: versions.filter((each) => chosen.has(each)), problems };
}

/** selectNeeded picks the versions that the main module here needs, and those that its go.sum names. */
export function selectNeeded(
  versions: readonly ModuleName[],
  { needed, recorded }: MainModule,
): readonly ModuleName[] {
  const names = new Set(needed.map(keyOf));
  return versions.filter((each) => names.has(keyOf(each)) || recorded.has(keyOf(each)));
}

/** compareModules orders by path, then by version. */
export function compareModules(one: ModuleName, other: ModuleName): number {
  if (one.path === other.path) return compareVersions(one.version, other.version);
  return one.path < other.path ? -1 : 1;
}
