import { compareSemver } from '../go/semver.ts';
import type { ModFile, ModuleName, Replacement } from './mod-file.ts';

/** ModuleGraph is the requirements that a go command loads for a main module or a workspace. */
export type ModuleGraph = {
  /** mains are the paths of the main modules. */
  readonly mains: readonly string[];
  /** selected is the build list: the version of each module, without the main modules. */
  readonly selected: ReadonlyMap<string, string>;
  /** requirements of what was loaded, by `path@version`; of a main module by its path and `@`. */
  readonly requirements: ReadonlyMap<string, readonly ModuleName[]>;
  /** loaded are the go.mod files that were read from the module cache: after replacement. */
  readonly loaded: readonly ModuleName[];
  /** missing are go.mod files that should have been read and are not in the module cache: the graph is then incomplete. */
  readonly missing: readonly ModuleName[];
};

export type GraphInput = {
  /** mains are the main modules; several only in a workspace. `folder` is absolute. */
  readonly mains: readonly { readonly folder: string; readonly file: ModFile }[];
  readonly isWorkspace: boolean;
  /** replace are those of go.work, which count before those of its modules. */
  readonly replace: readonly FolderReplacement[];
  /** readMod reads a go.mod file: of a version from the module cache or, without a version, of a folder. */
  readMod(name: ModuleName): ModFile | undefined;
};

/** FolderReplacement is a replacement with the folder that a relative path in it starts from. */
export type FolderReplacement = Replacement & { readonly base: string };

/**
 * loadGraph loads the module graph as go list -m all does, with minimal version selection. A module whose go line is 1.17 or
 * later names all that its packages import, so that what lies behind its requirements is pruned; behind others, and in all of
 * an older main module, everything is loaded. `cmd/go/internal/modload: readModGraph; mvs: (*Graph).Require, go1.26`
 */
export function loadGraph(input: GraphInput): ModuleGraph {
  const { mains, isWorkspace } = input;
  const replacements = replacer(input);
  const excluded = new Set(mains.flatMap(({ file }) => file.exclude.map(keyOf)));
  const mainPaths = new Set(mains.map(({ file }) => file.module));
  const requirements = new Map<string, readonly ModuleName[]>();
  const summaries = new Map<string, Summary>();
  const selected = new Map<string, string>();
  const loaded = new Map<string, ModuleName>();
  const missing = new Map<string, ModuleName>();
  const loading = new Set<string>();
  const queue: [name: ModuleName, pruning: Pruning][] = [];

  for (const { file } of mains)
    summaries.set(mainKey(file.module), { pruning: pruningOf(file.go), require: allowed(file) });
  if (isWorkspace) for (const { file } of mains) enqueue({ path: file.module, version: '' }, 'workspace');
  else
    for (const { file } of mains) {
      const require = allowed(file);
      addRequirements(mainKey(file.module), require);
      for (const name of require) enqueue(name, pruningOf(file.go));
    }
  drain();
  if (isWorkspace) loadSelected();
  for (const path of mainPaths) selected.delete(path);
  return {
    mains: [...mainPaths],
    selected,
    requirements,
    loaded: [...loaded.values()],
    missing: [...missing.values()],
  };

  function enqueue(name: ModuleName, pruning: Pruning): void {
    const key = `${keyOf(name)} ${pruning}`;
    if (loading.has(key)) return;
    loading.add(key);
    queue.push([name, pruning]);
  }

  function drain(): void {
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const [name, pruning] = next;
      const summary = load(name);
      if (summary === undefined) continue;
      if (pruning === 'pruned' && summary.pruning === 'pruned') continue;
      const behind = pruning === 'unpruned' ? 'unpruned' : summary.pruning;
      for (const each of summary.require) enqueue(each, behind);
    }
  }

  /** load reads the requirements of one module; undefined when its go.mod is not there. */
  function load(name: ModuleName): Summary | undefined {
    const key = keyOf(name);
    const known = summaries.get(key);
    if (known !== undefined) {
      if (!requirements.has(key)) addRequirements(key, known.require);
      return known;
    }
    const actual = replacements(name);
    const file = input.readMod(actual);
    if (file === undefined) {
      missing.set(keyOf(actual), actual);
      return undefined;
    }
    if (actual.version !== '') loaded.set(keyOf(actual), actual);
    const summary = { pruning: pruningOf(file.go), require: allowed(file) };
    summaries.set(key, summary);
    addRequirements(key, summary.require);
    return summary;
  }

  function addRequirements(key: string, require: readonly ModuleName[]): void {
    requirements.set(key, require);
    for (const { path, version } of require) {
      const before = selected.get(path);
      if (before === undefined || compareSemver(before, version) < 0) selected.set(path, version);
    }
  }

  /** allowed drops the requirements that a main module excludes. */
  function allowed({ require }: ModFile): readonly ModuleName[] {
    return require.filter((name) => !excluded.has(keyOf(name)));
  }

  /** loadSelected: in a workspace a module may be selected above what its own requirers say, and is then loaded too. */
  function loadSelected(): void {
    const inAll = new Set(mainPaths);
    const seen = new Set<string>();
    for (;;) {
      const more = new Map<string, ModuleName>();
      for (const path of inAll) {
        const name = selectedOf(path);
        if (!seen.has(keyOf(name))) {
          more.set(keyOf(name), name);
          continue;
        }
        for (const required of requirements.get(keyOf(name)) ?? []) {
          const chosen = selectedOf(required.path);
          if (compareSemver(chosen.version, required.version) > 0 && !seen.has(keyOf(chosen)))
            more.set(keyOf(chosen), chosen);
        }
      }
      if (more.size === 0) return;
      for (const [key, name] of more) {
        enqueue(name, 'workspace');
        seen.add(key);
        inAll.add(name.path);
      }
      drain();
    }
  }

  function selectedOf(path: string): ModuleName {
    return { path, version: mainPaths.has(path) ? '' : (selected.get(path) ?? '') };
  }
}

/** keyOf names a version as `path@version`. */
export function keyOf({ path, version }: ModuleName): string {
  return `${path}@${version}`;
}

/** replacer gives where a module really comes from. `cmd/go/internal/modload: replacementFrom, go1.26` */
export function replacer({
  mains,
  replace,
}: Pick<GraphInput, 'mains' | 'replace'>): (name: ModuleName) => ModuleName {
  const exact = new Map<string, ModuleName>();
  const all = mains.flatMap(({ folder, file }) => file.replace.map((each) => ({ ...each, base: folder })));
  // Those of go.work come last: they count before those of its modules.
  for (const { from, to, base } of [...all, ...replace])
    exact.set(keyOf(from), to.version === '' ? { path: below(base, to.path), version: '' } : to);
  return (name) => exact.get(keyOf(name)) ?? exact.get(keyOf({ path: name.path, version: '' })) ?? name;
}

function below(base: string, path: string): string {
  return path.startsWith('/') ? path : `${base}/${path}`;
}

type Pruning = 'pruned' | 'unpruned' | 'workspace';

type Summary = { readonly pruning: 'pruned' | 'unpruned'; readonly require: readonly ModuleName[] };

function mainKey(path: string): string {
  return keyOf({ path, version: '' });
}

/** pruningOf: a file without a go line is of go 1.16. `cmd/go/internal/modload: pruningForGoVersion, go1.26` */
function pruningOf(go: string | undefined): 'pruned' | 'unpruned' {
  const [major = 1, minor = 16] = (go ?? '1.16').split('.').map((part) => Number.parseInt(part, 10));
  return major > 1 || minor >= firstPruned ? 'pruned' : 'unpruned';
}

// cmd/go/internal/gover: ExplicitIndirectVersion, go1.26
const firstPruned = 17;
