import type { PackageSum } from '../build-cache/index/summary.ts';
import { focusedLevel } from './levels.ts';
import { cursorIndex } from './move.ts';
import type { AppState } from './state.ts';
import { views } from './views/registry.ts';
import { rowsOf } from './window.ts';

/** prunedPackages are those that a prune would take: the marked ones, or else the one under the cursor or on the page. */
export function prunedPackages(state: AppState): readonly PackageSum[] {
  const packages = state.buildCache.contents?.packages ?? [];
  const { ids } = state.screen.marks;
  if (ids.size > 0) return packages.filter(({ importPath }) => ids.has(importPath));
  const level = focusedLevel(state);
  if (level.view === 'cache-package')
    return packages.filter(({ importPath }) => importPath === level.subject);
  const here = new Set(idsUnderCursor(state));
  return here.size === 0 ? [] : packages.filter(({ importPath }) => here.has(importPath));
}

/** idsUnderCursor is what the row under the cursor stands for, where rows can be marked: of a node of the tree all below. */
function idsUnderCursor(state: AppState): readonly string[] {
  const level = focusedLevel(state);
  const view = views[level.view];
  if (view.kind !== 'table' || view.marks === undefined) return [];
  const rows = rowsOf(state);
  const index = cursorIndex(level, rows, true);
  const id = index === undefined ? undefined : rows.idAt(index);
  return id === undefined ? [] : view.marks(state, level, id);
}

/** markedPackages are those that are marked and still there. */
export function markedPackages({ buildCache, screen }: AppState): readonly PackageSum[] {
  if (screen.marks.ids.size === 0) return [];
  return (buildCache.contents?.packages ?? []).filter(({ importPath }) => screen.marks.ids.has(importPath));
}
