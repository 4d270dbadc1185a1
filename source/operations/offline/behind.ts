import type { GoModRequires } from '../../go/go-mod.ts';
import { compareVersions } from '../../go/semver.ts';
import type { NeededVersion } from './needs.ts';

/** KnownModules is what go.sum, go.mod and the cache tell of modules, without asking go. */
export type KnownModules = {
  /** summed are the versions whose zip has a line in go.sum: `go mod tidy` keeps those that some build needs. */
  readonly summed: readonly NeededVersion[];
  /** summedMods are those whose go.mod has a line. */
  readonly summedMods: readonly NeededVersion[];
  /** hasZip says that go finds the module's files without a network. */
  hasZip(module: NeededVersion): boolean;
  hasMod(module: NeededVersion): boolean;
  /** requiresOf reads a go.mod of the cache; undefined where it is not there. */
  requiresOf(module: NeededVersion): GoModRequires | undefined;
};

/** Behind is what may be needed as well, but only shows once something that is missing is there. */
export type Behind = {
  readonly zips: readonly NeededVersion[];
  readonly mods: readonly NeededVersion[];
};

/**
 * findBehind gives what may stand behind missing modules: their packages can import from what their go.mod requires, and no
 * more. Where that is not known, or the module graph itself has a hole (`isAnything`), it is all that go.sum knows.
 */
export function findBehind(
  fronts: readonly NeededVersion[],
  known: KnownModules,
  isAnything: boolean,
): Behind {
  const reached = isAnything ? undefined : reach(fronts, known);
  const missingZips = latest(known.summed).filter((module) => !known.hasZip(module));
  if (reached !== undefined) return { zips: missingZips.filter(({ path }) => reached.has(path)), mods: [] };
  return { zips: missingZips, mods: known.summedMods.filter((module) => !known.hasMod(module)) };
}

/** reach follows the require lines from these modules on; undefined when one of them is not known. */
function reach(fronts: readonly NeededVersion[], known: KnownModules): ReadonlySet<string> | undefined {
  const versions = new Map(latest(known.summed).map((module) => [module.path, module.version]));
  const reached = new Set<string>();
  const open = [...fronts];
  for (let module = open.pop(); module !== undefined; module = open.pop()) {
    const goMod = known.requiresOf(module);
    if (goMod === undefined) return undefined;
    for (const { path, version } of goMod.requires) {
      if (reached.has(path)) continue;
      reached.add(path);
      // At go 1.17 and above it lists what stands behind these, too.
      if (!goMod.isPruned) open.push({ path, version: versions.get(path) ?? version });
    }
  }
  return reached;
}

/** latest keeps one version of each module: a build has the highest that is asked for. */
function latest(modules: readonly NeededVersion[]): readonly NeededVersion[] {
  const found = new Map<string, NeededVersion>();
  for (const module of modules) {
    const other = found.get(module.path);
    if (other === undefined || compareVersions(module.version, other.version) > 0)
      found.set(module.path, module);
  }
  return [...found.values()];
}
