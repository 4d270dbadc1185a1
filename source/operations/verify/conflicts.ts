import { isAbsolute } from 'node:path';
import { replacer } from '../../module-graph/graph.ts';
import type { ModuleName } from '../../module-graph/mod-file.ts';
import type { MainModule } from './main-module.ts';

/** caseCollisions names module paths that differ in their capitals only: most often one module under two names. */
export function caseCollisions(versions: readonly ModuleName[]): string[] {
  const paths = Map.groupBy(new Set(versions.map(({ path }) => path)), (path) => path.toLowerCase());
  return [...paths.values()]
    .filter((same) => same.length > 1)
    .map((same) => `${same.join(' and ')} differ in their capitals only: one module, or two?`);
}

/** replacesIntoCache names replacements by a folder in GOMODCACHE: go compares nothing there, and a clean takes it away. */
export function replacesIntoCache({ files }: MainModule, gomodcache: string): string[] {
  const actualOf = replacer(files);
  const replaced = [...files.mains.flatMap(({ file }) => file.replace), ...files.replace];
  return replaced.flatMap(({ from }) => {
    const { path: folder, version } = actualOf(from);
    const isInCache = version === '' && isAbsolute(folder) && `${folder}/`.startsWith(`${gomodcache}/`);
    return isInCache
      ? [
          `${from.path} is replaced by a folder in GOMODCACHE, ${folder}: go compares it with no sum, and go clean -modcache removes it`,
        ]
      : [];
  });
}

/** staleLines counts the lines of go.sum files about modules that the graph here does not have at all. */
export function staleLines({ sums, graph, needed }: MainModule): string[] {
  // Of a graph with holes one cannot tell.
  if (graph.missing.length > 0) return [];
  const known = new Set([...graph.selected.keys(), ...needed.map(({ path }) => path)]);
  return sums.flatMap(({ file, lines }) => {
    const stale = lines.filter(({ path }) => !known.has(path));
    const names = [...new Set(stale.map(({ path }) => path))];
    if (names.length === 0) return [];
    const few = `${names.slice(0, 3).join(', ')}${names.length > 3 ? ', ...' : ''}`;
    return [
      `${file}: ${stale.length} lines of modules that nothing here asks for (${few}): go mod tidy removes them`,
    ];
  });
}
