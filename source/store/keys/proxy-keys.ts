import { focusedLevel } from '../levels.ts';
import { selectModules } from '../module-rows.ts';
import { cursorIndex } from '../move.ts';
import { openInProxyPane } from '../setting-dialog.ts';
import type { AppState } from '../state.ts';
import { newTextInput } from '../text-input.ts';
import { hasChanges } from '../tried.ts';
import { moduleOfRow } from '../views/downloads.ts';
import { tryToKeepIn } from '../what-if.ts';
import { rowsOf } from '../window.ts';
import { type Binding, changed, defineBinding } from './binding.ts';

/** proxyKeys are about where modules come from. */
export const proxyKeys: readonly Binding[] = [
  defineBinding({
    keys: ['R'],
    shown: 'R',
    title: 'route',
    tooltip: 'where a module would come from, hop by hop: that under the cursor, else one that you type',
    group: 'lists',
    isOffered: (state) => state.screen.focus === 'proxy' || moduleHere(state) !== undefined,
    press(state) {
      const module = moduleHere(state);
      return module === undefined
        ? changed({ ...state.screen, dialog: { id: 'route-module', choice: 0, input: newTextInput('') } })
        : changed(openInProxyPane(state.screen, { view: 'route', subject: module }));
    },
  }),
  defineBinding({
    keys: ['W'],
    shown: 'W',
    title: 'what if',
    tooltip: 'try other settings of GOPROXY and its patterns: routes follow, nothing is changed',
    group: 'lists',
    isOffered: (state) => state.screen.focus === 'proxy' && focusedLevel(state).view !== 'what-if',
    press(state) {
      const level = focusedLevel(state);
      if (level.view === 'what-if') return changed(state.screen);
      const subject = level.view === 'route' ? level.subject : undefined;
      const whatIf = subject === undefined ? state.screen.whatIf : tryToKeepIn(state, subject);
      return changed(openInProxyPane({ ...state.screen, whatIf }, { view: 'what-if', subject }));
    },
  }),
  defineBinding({
    keys: ['A'],
    shown: 'A',
    title: 'apply',
    tooltip: 'write the settings that are tried with go env -w, after a question; z undoes it',
    group: 'cache',
    isOffered: ({ screen }) => screen.focus === 'proxy' && hasChanges(screen),
    unavailable: ({ screen }) =>
      hasChanges(screen) ? undefined : 'nothing is tried: W in the proxy pane tries other settings',
    press: ({ screen }) => changed({ ...screen, dialog: { id: 'apply-settings', choice: 0 } }),
  }),
];

/** moduleHere is the module that the open view, or the row under the cursor, is about; undefined where it is none. */
function moduleHere(state: AppState): string | undefined {
  const level = focusedLevel(state);
  const { view, subject } = level;
  if (view === 'module-version' || view === 'module-files' || view === 'module-zip' || view === 'module-mod')
    return subject;
  const rows = rowsOf(state);
  const index = cursorIndex(level, rows, true);
  const id = index === undefined ? undefined : rows.idAt(index);
  if (id === undefined) return undefined;
  if (view === 'downloads') return moduleOfRow(state, `get:${id}`);
  if (view === 'proxy' || view === 'hop') return moduleOfRow(state, id);
  if (view === 'what-if') return /^module:(.*)$/.exec(id)?.[1];
  if (state.screen.focus !== 'gomodcache' || view === 'gomodcache') return undefined;
  const known = selectModules(state).find(
    ({ path, versions }) => path === id || versions.some((version) => version.id === id),
  );
  return known === undefined ? undefined : id;
}
