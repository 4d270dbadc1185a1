import { compareSemver } from '../../go/semver.ts';
import { keyOf } from '../../module-graph/graph.ts';
import type { ModuleName } from '../../module-graph/mod-file.ts';
import type { NeedKind, Root, RootNeeds } from './root-needs.ts';

/** Need is one root that needs a version, and what for. */
export type Need = {
  readonly root: Root;
  readonly kind: NeedKind;
  readonly file: string;
  readonly via: string | undefined;
};

/** Standing is how needed a version is: `unknown` where no root is known, `nobody` where none of them needs it. */
export type Standing = 'build' | 'vendor' | 'graph' | 'nobody' | 'unknown';

/** ModuleNeeds answers who needs what, of the roots that were looked at and no others. */
export type ModuleNeeds = {
  readonly roots: readonly RootNeeds[];
  /** of gives the roots that need a version, or name it. */
  of(name: ModuleName): readonly Need[];
  standing(name: ModuleName): Standing;
  /** supersededBy is the oldest version above it that a root uses, when every root that uses its module uses a newer one. */
  supersededBy(name: ModuleName): string | undefined;
  /** pathTo is the chain of requirements from a main module to the version, both included. */
  pathTo(need: Need, name: ModuleName): readonly string[];
};

/** indexNeeds puts the needs of all roots together. */
export function indexNeeds(roots: readonly RootNeeds[]): ModuleNeeds {
  const needs = new Map<string, Need[]>();
  const toolchains = new Map<string, Need[]>();
  const oldest = new Map<string, { oldest: string; versions: Set<string> }>();
  const vias = new Map<RootNeeds['root'], ReadonlyMap<string, string | undefined>>();
  for (const { root, needs: each, selected, toolchain } of roots) {
    vias.set(root, new Map(each.map((need) => [keyOf(need), need.via])));
    for (const { kind, file, via, ...name } of each) push(needs, keyOf(name), { root, kind, file, via });
    if (toolchain !== undefined)
      push(toolchains, toolchain, { root, kind: 'build', file: root.file, via: undefined });
    for (const { path, version } of selected) {
      const known = oldest.get(path);
      if (known === undefined) oldest.set(path, { oldest: version, versions: new Set([version]) });
      else {
        known.versions.add(version);
        if (compareSemver(version, known.oldest) < 0) known.oldest = version;
      }
    }
  }

  function of(name: ModuleName): readonly Need[] {
    const toolchain = toolchainOf(name);
    return (toolchain === undefined ? needs.get(keyOf(name)) : toolchains.get(toolchain)) ?? none;
  }

  return {
    roots,
    of,
    standing(name) {
      if (roots.length === 0) return 'unknown';
      const kinds = of(name).map(({ kind }) => kind);
      return standings.find((kind) => kinds.includes(kind)) ?? 'nobody';
    },
    supersededBy(name) {
      const used = oldest.get(name.path);
      if (used === undefined || of(name).some(({ kind }) => kind === 'build')) return undefined;
      return compareSemver(name.version, used.oldest) < 0 ? used.oldest : undefined;
    },
    pathTo(need, name) {
      const via = vias.get(need.root);
      const path = [keyOf(name)];
      for (let at = need.via; at !== undefined && path.length < longestPath; at = via?.get(at))
        path.unshift(at);
      return path.map((key) => key.replace(/@$/, ''));
    },
  };
}

const none: readonly Need[] = [];

/** standings are the needs that count, the strongest first. */
const standings = ['build', 'vendor', 'graph'] as const;

// A chain of requirements is as long as the graph is deep: some ten.
const longestPath = 100;

/** toolchainOf is the Go of a toolchain module: `go1.27.0` of `v0.0.1-go1.27.0.linux-amd64`. `cmd/go/internal/toolchain: Exec, go1.26` */
function toolchainOf({ path, version }: ModuleName): string | undefined {
  if (path !== 'golang.org/toolchain') return undefined;
  return /^v0\.0\.1-(go.+)\.[a-z0-9]+-[a-z0-9]+$/.exec(version)?.[1];
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}
