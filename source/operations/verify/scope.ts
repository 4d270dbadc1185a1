import { compareVersions } from '../../go/semver.ts';
import type { ModuleVersion } from '../../module-cache/paths.ts';
import type { Problem } from '../../platform/problem.ts';
import type { ListedModule } from './go-list.ts';

/** selectNamed picks the versions that words as `rsc.io/quote` or `rsc.io/quote@v1.5.2` name; one that names none is a problem. */
export function selectNamed(
  versions: readonly ModuleVersion[],
  words: readonly string[],
): { readonly chosen: readonly ModuleVersion[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const chosen = new Set<ModuleVersion>();
  for (const word of words) {
    const found = versions.filter(({ path, version }) => word === path || word === `${path}@${version}`);
    for (const each of found) chosen.add(each);
    if (found.length > 0) continue;
    const others = versions.filter(({ path }) => path === word.split('@')[0]).map(({ version }) => version);
    const why =
      others.length === 0 ? 'GOMODCACHE has nothing of it' : `GOMODCACHE has ${others.join(', ')} of it`;
    problems.push({ where: word, what: 'cannot be verified', why, repair: `go mod download ${word}` });
  }
  return { chosen: versions.filter((each) => chosen.has(each)), problems };
}

/** neededVersions are the module versions that the build here takes from GOMODCACHE, with what replaces them in their place. */
export function neededVersions(modules: readonly ListedModule[]): readonly ModuleVersion[] {
  return modules.flatMap(({ path, version, isMain, replacedBy }) => {
    if (isMain) return [];
    const used = replacedBy ?? { path, version };
    return used.version === '' ? [] : [used];
  });
}

/** nameOf is how Go writes a version: `rsc.io/quote@v1.5.2`. */
export function nameOf({ path, version }: ModuleVersion): string {
  return `${path}@${version}`;
}

/** compareModules orders by path, then by version. */
export function compareModules(one: ModuleVersion, other: ModuleVersion): number {
  if (one.path === other.path) return compareVersions(one.version, other.version);
  return one.path < other.path ? -1 : 1;
}
