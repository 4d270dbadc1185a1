import type { ModuleVersion } from '../../module-cache/paths.ts';
import type { ListedModule } from './go-list.ts';
import type { SumFile } from './main-module.ts';

/** caseCollisions names module paths that differ in their capitals only: most often one module under two names. */
export function caseCollisions(versions: readonly ModuleVersion[]): string[] {
  const paths = Map.groupBy(new Set(versions.map(({ path }) => path)), (path) => path.toLowerCase());
  return [...paths.values()]
    .filter((same) => same.length > 1)
    .map((same) => `${same.join(' and ')} differ in their capitals only: one module, or two?`);
}

/** replacesIntoCache names replacements by a folder in GOMODCACHE: go verifies nothing there, and a clean takes it away. */
export function replacesIntoCache(modules: readonly ListedModule[], gomodcache: string): string[] {
  return modules.flatMap(({ path, replacedBy }) =>
    replacedBy?.version === '' && `${replacedBy.path}/`.startsWith(`${gomodcache}/`)
      ? [
          `${path} is replaced by a folder in GOMODCACHE, ${replacedBy.path}: go compares it with no sum, and go clean -modcache removes it`,
        ]
      : [],
  );
}

/** staleLines counts the lines of go.sum files about modules that the build here does not have at all. */
export function staleLines(files: readonly SumFile[], modules: readonly ListedModule[]): string[] {
  const paths = new Set(modules.flatMap(({ path, replacedBy }) => [path, replacedBy?.path ?? path]));
  return files.flatMap(({ file, lines }) => {
    const stale = lines.filter(({ path }) => !paths.has(path));
    const names = [...new Set(stale.map(({ path }) => path))];
    if (names.length === 0) return [];
    const few = names.slice(0, 3).join(', ');
    const more = names.length > 3 ? ', ...' : '';
    return [
      `${file}: ${stale.length} lines of modules that nothing here asks for (${few}${more}): go mod tidy removes them`,
    ];
  });
}
