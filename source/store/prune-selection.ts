import type { RebuildPrice } from '../build-cache/index/price.ts';
import type { PackageSum } from '../build-cache/index/summary.ts';
import { lookAt } from './explorer.ts';
import { focusedLevel } from './levels.ts';
import { cursorIndex } from './move.ts';
import type { AppState } from './state.ts';
import type { Mark } from './view.ts';
import { views } from './views/registry.ts';
import { rowsOf } from './window.ts';

/** OutputMark is a single output that is to go. Its price is not known: records of builds are summed up by package. */
export type OutputMark = { readonly id: string; readonly bytes: number; readonly rebuild: RebuildPrice };

const unknownPrice: RebuildPrice = { ms: 0, known: 0, unknown: 1 };

/** prunedPackages are those that a prune would take: the marked ones, or else the one under the cursor or on the page. */
export function prunedPackages(state: AppState): readonly PackageSum[] {
  const packages = state.buildCache.contents?.packages ?? [];
  const { ids } = state.screen.marks;
  if (ids.size > 0) return packages.filter(({ importPath }) => ids.has(importPath));
  const level = focusedLevel(state);
  if (level.view === 'cache-package')
    return packages.filter(({ importPath }) => importPath === level.subject);
  const here = new Set(underCursor(state).map(({ id }) => id));
  return here.size === 0 ? [] : packages.filter(({ importPath }) => here.has(importPath));
}

/** prunedOutputs are single outputs that a prune would take: the marked ones, or else the one under the cursor or on the page. */
export function prunedOutputs(state: AppState): readonly OutputMark[] {
  if (state.screen.marks.ids.size > 0) return markedOutputs(state);
  const level = focusedLevel(state);
  if (level.view === 'cache-entry') {
    const looked = lookAt(state, level);
    return looked?.type === 'entry' ? [outputMark(looked.facts.id, looked.facts.bytes)] : [];
  }
  if (level.view === 'cache-damaged') {
    const damage = state.explorer.check?.found.find(({ id }) => id === level.subject);
    return damage === undefined || damage.isGone || damage.isUnreadable
      ? []
      : [outputMark(damage.id, damage.bytes)];
  }
  return underCursor(state).flatMap(({ id, bytes }) => (bytes === undefined ? [] : [outputMark(id, bytes)]));
}

/** underCursor is what the row under the cursor stands for, where rows can be marked: of a node of the tree all below. */
function underCursor(state: AppState): readonly Mark[] {
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
  if (screen.marks.ids.size === screen.marks.outputs.size) return [];
  return (buildCache.contents?.packages ?? []).filter(({ importPath }) => screen.marks.ids.has(importPath));
}

/** markedOutputs are the single outputs that are marked. */
export function markedOutputs({ screen }: AppState): readonly OutputMark[] {
  return [...screen.marks.outputs].map(([id, bytes]) => outputMark(id, bytes));
}

function outputMark(id: string, bytes: number): OutputMark {
  return { id, bytes, rebuild: unknownPrice };
}
