import type { ModuleVersion } from '../module-cache/module-version.ts';
import { focusedLevel } from './levels.ts';
import { cursorIndex } from './move.ts';
import type { AppState } from './state.ts';
import { rowsOf } from './window.ts';

/**
 * redownloadedVersions are the module versions that `d` is about: the marked ones, or else what is under the cursor or on
 * the page. A module path stands for all its versions.
 */
export function redownloadedVersions(state: AppState): readonly ModuleVersion[] {
  const { screen, moduleCache } = state;
  const { versions = [] } = moduleCache;
  const named = (ids: ReadonlySet<string>): readonly ModuleVersion[] =>
    versions.filter(({ path, version }) => ids.has(`${path}@${version}`) || ids.has(path));
  const marked = screen.marks.ids.size === 0 ? [] : named(screen.marks.ids);
  if (marked.length > 0) return marked;
  const level = focusedLevel(state);
  const rows = rowsOf(state);
  const index = cursorIndex(level, rows, true);
  const id = index === undefined ? undefined : rows.idAt(index);
  const here = id === undefined ? [] : named(new Set([id]));
  if (here.length > 0 || level.subject === undefined) return here;
  return named(new Set([level.subject]));
}
