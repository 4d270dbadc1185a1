import type { GoSumLine } from '../../checksums/go-sum.ts';
import { keyOf, type ModuleGraph, replacer } from '../../module-graph/graph.ts';
import type { ModFile, ModuleName, Replacement } from '../../module-graph/mod-file.ts';

/** Root is a main module, or a workspace of several, on this machine. */
export type Root = {
  /** file is its go.mod or go.work, absolute. */
  readonly file: string;
  readonly folder: string;
  /** modules are the paths of its main modules. */
  readonly modules: readonly string[];
};

/**
 * NeedKind is what a root needs a version for. `build`: packages of it, so its folder or zip. `graph`: its go.mod alone.
 * `sum`: nothing, go.sum names it all the same. `vendor`: to make the vendor folder again; a build reads that folder alone.
 */
export type NeedKind = 'build' | 'graph' | 'sum' | 'vendor';

/** RootNeed is one version that a root needs; `file` says so, `via` requires it, as `path@version`. */
export type RootNeed = ModuleName & {
  readonly kind: NeedKind;
  readonly file: string;
  readonly via: string | undefined;
};

/** RootNeeds is all that one root needs. */
export type RootNeeds = {
  readonly root: Root;
  readonly needs: readonly RootNeed[];
  /** selected is the version that it uses of each module, before replacement. */
  readonly selected: readonly ModuleName[];
  /** toolchain is the Go that it asks for, `go1.26.8`; undefined where it asks for none. */
  readonly toolchain: string | undefined;
  /** missing are go.mod files that its graph needs and GOMODCACHE has not: what lies behind them is not known. */
  readonly missing: readonly ModuleName[];
};

/** RootFiles is what the files of a root say. */
export type RootFiles = {
  readonly root: Root;
  readonly mains: readonly { readonly folder: string; readonly file: ModFile }[];
  readonly replace: readonly (Replacement & { readonly base: string })[];
  readonly toolchain: string | undefined;
  /** sums are its go.sum files and go.work.sum; none: it has no dependency, or nothing was downloaded for it yet. */
  readonly sums: readonly { readonly file: string; readonly lines: readonly GoSumLine[] }[];
  /** vendored is what vendor/modules.txt names; undefined where there is none. */
  readonly vendored: { readonly file: string; readonly modules: readonly ModuleName[] } | undefined;
};

/**
 * findNeeds says what a root needs. Go reads packages of what it selects, and only of versions whose zip go.sum has a hash of:
 * a `/go.mod` line alone means that the graph needs it. Where go.mod files are missing in GOMODCACHE the graph is not whole;
 * then all that go.sum has a hash of counts as needed.
 */
export function findNeeds(files: RootFiles, graph: ModuleGraph): RootNeeds {
  const { root, sums, vendored } = files;
  const actualOf = replacer(files);
  const needs = new Map<string, RootNeed>();
  const via = requirers(graph);
  const hashed = new Map<string, { readonly name: ModuleName; readonly file: string }>();
  for (const { file, lines } of sums)
    for (const { path, version, isGoMod } of lines)
      if (!isGoMod) hashed.set(keyOf({ path, version }), { name: { path, version }, file });
  const add = (name: ModuleName, need: Omit<RootNeed, keyof ModuleName>): void => {
    if (name.version === '' || needs.has(keyOf(name))) return; // a folder on this machine
    needs.set(keyOf(name), { path: name.path, version: name.version, ...need });
  };
  const hasSums = sums.some(({ lines }) => lines.length > 0);
  for (const name of vendored?.modules ?? [])
    add(name, { kind: 'vendor', file: vendored?.file ?? '', via: via.get(keyOf(name)) });
  if (vendored === undefined) {
    for (const [path, version] of graph.selected) {
      const name = { path, version };
      const actual = actualOf(name);
      if (!hasSums || hashed.has(keyOf(actual)))
        add(actual, { kind: 'build', file: root.file, via: via.get(keyOf(name)) });
    }
  }
  const isWhole = graph.missing.length === 0;
  for (const { name, file } of hashed.values())
    if (!isWhole && vendored === undefined) add(name, { kind: 'build', file, via: undefined });
  const original = new Map<string, string>();
  for (const key of graph.requirements.keys()) {
    const at = key.lastIndexOf('@');
    const name = { path: key.slice(0, at), version: key.slice(at + 1) };
    original.set(keyOf(actualOf(name)), key);
  }
  for (const name of graph.loaded)
    add(name, { kind: 'graph', file: root.file, via: via.get(original.get(keyOf(name)) ?? keyOf(name)) });
  for (const { name, file } of hashed.values()) add(name, { kind: 'sum', file, via: undefined });
  return {
    root,
    needs: [...needs.values()],
    selected: Array.from(graph.selected, ([path, version]) => ({ path, version })),
    toolchain: files.toolchain,
    missing: graph.missing,
  };
}

/** requirers gives for each version one that requires it, nearest to a main module. */
function requirers(graph: ModuleGraph): ReadonlyMap<string, string> {
  const via = new Map<string, string>();
  let front: readonly string[] = graph.mains.map((path) => keyOf({ path, version: '' }));
  const seen = new Set(front);
  while (front.length > 0) {
    const next: string[] = [];
    for (const key of front) {
      for (const required of graph.requirements.get(key) ?? []) {
        const requiredKey = keyOf(required);
        if (seen.has(requiredKey)) continue;
        seen.add(requiredKey);
        via.set(requiredKey, key);
        next.push(requiredKey);
      }
    }
    front = next;
  }
  return via;
}
