import type { NeededVersion } from '../offline/needs.ts';

/** Workspace is a folder with a main module, or a go.work, and what it takes of its GOMODCACHE. */
export type Workspace = {
  readonly directory: string;
  readonly mainModules: readonly string[];
  /** patterns name all its packages, wherever go runs. */
  readonly patterns: readonly string[];
  /** gomodcache is its real path: two names for one folder are one cache. */
  readonly gomodcache: string;
  /** modules are those that its packages, tests and tools come from. */
  readonly modules: readonly SizedModule[];
  /** missing are module versions that are needed and not there: their size is not known. */
  readonly missing: number;
};

/** SizedModule is a module version with its bytes on disk: its files in the download cache and the extracted module. */
export type SizedModule = NeededVersion & { readonly bytes: number };

/** SharedCache is one GOMODCACHE and who uses it. */
export type SharedCache = {
  readonly gomodcache: string;
  readonly directories: readonly string[];
  readonly modules: number;
  /** bytes is what they take together, isolatedBytes what they would take with a folder each. */
  readonly bytes: number;
  readonly isolatedBytes: number;
};

/** groupByCache says which workspaces share a GOMODCACHE, and what that saves. */
export function groupByCache(workspaces: readonly Workspace[]): readonly SharedCache[] {
  const groups = new Map<string, Workspace[]>();
  for (const workspace of workspaces)
    groups.set(workspace.gomodcache, [...(groups.get(workspace.gomodcache) ?? []), workspace]);
  return [...groups].map(([gomodcache, members]) => {
    const once = new Map(
      members.flatMap(({ modules }) => modules.map((module) => [nameOf(module), module.bytes] as const)),
    );
    return {
      gomodcache,
      directories: members.map(({ directory }) => directory),
      modules: once.size,
      bytes: sum([...once.values()]),
      isolatedBytes: sum(members.map(bytesOf)),
    };
  });
}

/** bytesOf is what a workspace would take alone. */
export function bytesOf({ modules }: Workspace): number {
  return sum(modules.map(({ bytes }) => bytes));
}

/** commonModules are the module versions that both have. */
export function commonModules(one: Workspace, other: Workspace): readonly NeededVersion[] {
  const names = new Set(other.modules.map(nameOf));
  return one.modules.filter((module) => names.has(nameOf(module)));
}

function nameOf({ path, version }: NeededVersion): string {
  return `${path}@${version}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, each) => all + each, 0);
}
