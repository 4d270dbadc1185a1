import { focusedLevel, openLevel, pushLevel } from '../levels.ts';
import { selectModules } from '../module-rows.ts';
import { cursorIndex } from '../move.ts';
import type { AppState } from '../state.ts';
import { rowsOf } from '../window.ts';
import { type Binding, defineBinding } from './binding.ts';

/** verifyKey verifies modules in the background; the pane shows how far it is, and the verdicts. */
export const verifyKey: Binding = defineBinding({
  keys: ['V'],
  shown: 'V',
  title: 'verify',
  tooltip:
    'verify the marked modules, else the one under the cursor, else all: zip, folder, go.sum, checksum database; V again stops it',
  group: 'cache',
  isOffered: ({ screen }) => screen.focus === 'gomodcache',
  unavailable: ({ moduleCache }) =>
    moduleCache.totals?.isThere === false
      ? 'nothing was downloaded yet: there is nothing to verify'
      : undefined,
  press(state) {
    const { verification } = state;
    const focused = { ...state.screen, focus: 'gomodcache' as const };
    const isOpen = focusedLevel({ ...state, screen: focused }).view === 'module-verify';
    const screen = isOpen
      ? focused
      : pushLevel(focused, openLevel({ view: 'module-verify', subject: undefined }));
    return {
      screen,
      effects: [
        verification.isRunning
          ? { type: 'verify', isStart: false }
          : { type: 'verify', isStart: true, words: wordsHere({ ...state, screen: focused }) },
      ],
    };
  },
});

/** wordsHere are the versions or modules that are meant; none: all. */
function wordsHere(state: AppState): readonly string[] {
  const marked = [...state.screen.moduleMarks.ids];
  if (marked.length > 0) return marked;
  const level = focusedLevel(state);
  if (level.view === 'module-version' || level.view === 'module-files' || level.view === 'module-zip')
    return level.subject === undefined ? [] : [level.subject];
  if (level.view === 'gomodcache') return [];
  const rows = rowsOf(state);
  const index = cursorIndex(level, rows, true);
  const id = index === undefined ? undefined : rows.idAt(index);
  const isKnown = selectModules(state).some(
    ({ path, versions }) => path === id || versions.some((version) => version.id === id),
  );
  return id === undefined || !isKnown ? [] : [id];
}
