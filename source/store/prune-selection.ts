import type { PackageSum } from '../build-cache/index/summary.ts';
import { focusedLevel } from './levels.ts';
import { cursorIndex } from './move.ts';
import type { AppState } from './state.ts';
import { rowsOf } from './window.ts';

/** prunedPackages are those that a prune would take: the marked ones, or else the one under the cursor or on the page. */
export function prunedPackages(state: AppState): readonly PackageSum[] {
  const packages = state.buildCache.contents?.packages ?? [];
  const { ids } = state.screen.marks;
  if (ids.size > 0) return packages.filter(({ importPath }) => ids.has(importPath));
  const level = focusedLevel(state);
  if (level.view === 'cache-package')
    return packages.filter(({ importPath }) => importPath === level.subject);
  if (level.view !== 'cache-packages') return [];
  const rows = rowsOf(state);
  const index = cursorIndex(level, rows, true);
  const id = index === undefined ? undefined : rows.idAt(index);
  return packages.filter(({ importPath }) => importPath === id);
}

/** markedPackages are those that are marked and still there. */
export function markedPackages({ buildCache, screen }: AppState): readonly PackageSum[] {
  if (screen.marks.ids.size === 0) return [];
  return (buildCache.contents?.packages ?? []).filter(({ importPath }) => screen.marks.ids.has(importPath));
}
