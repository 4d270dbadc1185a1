import { compareSemver } from '../../go/semver.ts';
import { keyOf, type ModuleGraph } from '../../module-graph/graph.ts';
import type { ModuleName } from '../../module-graph/mod-file.ts';

/** Trace tells how a version came into the build here. */
export type Trace = {
  /** chain leads from a main module to the version, each asking for the next. */
  readonly chain: readonly string[];
  /** asked are all that ask for a version of the module, the highest first: minimal version selection takes that. */
  readonly asked: readonly { readonly by: string; readonly version: string }[];
};

/** traceOf finds who asked for a version, on the shortest way; undefined when nobody does. */
export function traceOf(graph: ModuleGraph, { path, version }: ModuleName): Trace | undefined {
  const wanted = keyOf({ path, version });
  const from = new Map<string, string>();
  const queue = graph.mains.map((main) => keyOf({ path: main, version: '' }));
  const asked: { by: string; version: string }[] = [];
  for (const key of queue) {
    for (const required of graph.requirements.get(key) ?? []) {
      const name = keyOf(required);
      if (required.path === path) asked.push({ by: shown(key), version: required.version });
      if (from.has(name)) continue;
      from.set(name, key);
      queue.push(name);
    }
  }
  if (!from.has(wanted)) return undefined;
  const chain = [wanted];
  for (let key = from.get(wanted); key !== undefined; key = from.get(key)) chain.unshift(key);
  return {
    chain: chain.map(shown),
    asked: asked.sort((one, other) => compareSemver(other.version, one.version)),
  };
}

/** shown writes a main module, which has no version, by its path. */
function shown(key: string): string {
  return key.replace(/@$/, '');
}
