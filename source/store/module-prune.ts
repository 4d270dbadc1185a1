import { type ModuleSelection, selectModules } from '../operations/module-prune/select.ts';
import { formatBytes, formatCountOf } from './format.ts';
import { focusedLevel } from './levels.ts';
import { hopsOf, settingOf } from './module-hop.ts';
import { downloadWords } from './module-price.ts';
import { findVersion, needsOf, selectVersions } from './module-rows.ts';
import { cursorIndex } from './move.ts';
import { pruneChoices } from './prune-choices.ts';
import type { Effect } from './screen.ts';
import type { AppState } from './state.ts';
import { views } from './views/registry.ts';
import { rowsOf } from './window.ts';

/** prunedVersions are what a prune of GOMODCACHE would take, by id: the marked ones, or what is under the cursor or on the page. */
function prunedVersions(state: AppState): readonly string[] {
  const { ids } = state.screen.moduleMarks;
  if (ids.size > 0) return [...ids].filter((id) => findVersion(state, id) !== undefined);
  const level = focusedLevel(state);
  if (level.view === 'module-version' && level.subject !== undefined) return [level.subject];
  const view = views[level.view];
  if (view.kind !== 'table' || view.marks === undefined) return [];
  const rows = rowsOf(state);
  const index = cursorIndex(level, rows, true);
  const id = index === undefined ? undefined : rows.idAt(index);
  return id === undefined ? [] : view.marks(state, level, id).map((mark) => mark.id);
}

/** modulePrunable says why there is nothing to prune of GOMODCACHE; undefined when there is. */
export function modulePrunable(state: AppState): string | undefined {
  if (state.moduleCache.totals === undefined) return 'GOMODCACHE is still being counted';
  return prunedVersions(state).length === 0
    ? 'nothing to prune: mark versions with space, or go to one'
    : undefined;
}

/** selectPrunedVersions is what goes of these versions, and what it costs. */
function selectPrunedVersions(state: AppState, names: readonly string[]): ModuleSelection {
  return selectModules(
    selectVersions(state).map(({ version }) => version),
    needsOf(state),
    { names: new Set(names) },
    { now: state.now, goroot: settingOf(state, 'GOROOT'), hopOf: hopsOf(state) },
  );
}

/** modulePruneDialog names what goes and what it costs; the default answer is No. */
export function modulePruneDialog(state: AppState) {
  const names = prunedVersions(state);
  const { targets, bytes, download, needed } = selectPrunedVersions(state, names);
  const { sizes } = state.screen;
  const [first] = targets;
  const what =
    targets.length === 1 && first !== undefined
      ? `${first.version.path}@${first.version.version}`
      : formatCountOf(targets.length, 'version');
  const onlyMods = names.length - targets.length;
  const { roots } = needsOf(state);
  const effect = (isFreed: boolean): Effect => ({
    type: 'prune-modules',
    targets,
    takesTiles: false,
    isFreed,
  });
  const none = targets.length === 0;
  return {
    title: 'prune',
    lines: [
      none
        ? 'Nothing of this goes: go.mod files that a graph needs stay.'
        : `Remove ${what} from GOMODCACHE?`,
      '',
      `  ${formatBytes(bytes, sizes)}   to download again: ${downloadWords(download, sizes)}`,
      ...(onlyMods > 0 && !none
        ? [`  ${formatCountOf(onlyMods, 'go.mod file')} that a graph may need stay`]
        : []),
      ...(roots.length === 0
        ? ['  whether a main module needs them is not known']
        : needed === 0
          ? [`  none of ${formatCountOf(roots.length, 'main module')} here builds with them`]
          : [`  ! ${formatCountOf(needed, 'version')} a main module here builds with`]),
      '  what a running go command needs is kept',
      '  Go made the folders read-only, so that nobody changes what',
      '  go.sum vouches for; they are moved as they are',
      '',
      ...(targets.length === 1 && first !== undefined
        ? [
            `  the same:  gocachetop prune --modules --module ${first.version.path}@${first.version.version}`,
            '',
          ]
        : []),
      '  z puts it back until you quit; freed then',
    ],
    choices: none ? [{ title: 'Stay', effects: [] }] : pruneChoices((isFreed) => [effect(isFreed)]),
  };
}

// The sum is asked for at every frame: it changes with the marks and with what is there.
let marked: { readonly ids: unknown; readonly versions: unknown; readonly words: string } | undefined;

/** markedModuleWords: the marked bytes are always on screen. */
export function markedModuleWords(state: AppState): string {
  const { ids } = state.screen.moduleMarks;
  if (ids.size === 0) return '';
  const { versions } = state.moduleCache;
  if (marked?.ids === ids && marked.versions === versions) return marked.words;
  const rows = [...ids].flatMap((id) => findVersion(state, id) ?? []);
  const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
  const words = rows.length === 0 ? '' : `${rows.length} marked: ${formatBytes(bytes, state.screen.sizes)}`;
  marked = { ids, versions, words };
  return words;
}
