import type { ModuleVersion } from '../module-cache/paths.ts';
import { focusedLevel } from './levels.ts';
import { cursorIndex } from './move.ts';
import type { AppState } from './state.ts';
import { rowsOf } from './window.ts';

/**
 * redownloadedVersions are the module versions that `d` is about: the marked ones, or else what is under the cursor or on
 * the page, or else all that a verification found faulty. A module path stands for all its versions.
 */
export function redownloadedVersions(state: AppState): readonly ModuleVersion[] {
  const { versions = [] } = state.moduleCache;
  const named = (ids: ReadonlySet<string>): readonly ModuleVersion[] =>
    versions.filter(({ path, version }) => ids.has(`${path}@${version}`) || ids.has(path));
  const { ids } = state.screen.moduleMarks;
  const marked = ids.size === 0 ? [] : named(ids);
  if (marked.length > 0) return marked;
  const level = focusedLevel(state);
  const rows = rowsOf(state);
  const index = cursorIndex(level, rows, true);
  const id = index === undefined ? undefined : rows.idAt(index);
  const here = id === undefined ? [] : named(new Set([id]));
  if (here.length > 0) return here;
  const subject = level.subject === undefined ? [] : named(new Set([level.subject]));
  return subject.length > 0 ? subject : faultyVersions(state);
}

/** faultyVersions are all that a verification found faulty. */
export function faultyVersions({ verification }: AppState): readonly ModuleVersion[] {
  return [...verification.verdicts.values()].filter(({ verdict }) => verdict === 'faulty');
}
