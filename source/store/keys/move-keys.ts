import { changeLevel, focusedLevel, openLevel, popLevel, pushLevel } from '../levels.ts';
import { cursorIndex, type Move, moveLevel, scrollText } from '../move.ts';
import { stopProbe } from '../probing-keys.ts';
import type { Dialog, ScreenChange } from '../screen.ts';
import type { AppState } from '../state.ts';
import type { Level, Target } from '../view.ts';
import { views } from '../views/registry.ts';
import { rowsOf } from '../window.ts';
import { type Binding, changed, defineBinding, noticed } from './binding.ts';

/** moveKeys go through rows, into what is there, and back. */
export const moveKeys: readonly Binding[] = [
  moveBinding('up', ['up', 'k'], '↑ k', 'up', 'one row up'),
  moveBinding('down', ['down', 'j'], '↓ j', 'down', 'one row down'),
  moveBinding('pageUp', ['pageup', 'ctrl+b'], 'PgUp', 'page up', 'one screenful up'),
  moveBinding('pageDown', ['pagedown', 'ctrl+f'], 'PgDn', 'page down', 'one screenful down'),
  moveBinding('first', ['g', 'home'], 'g', 'first', 'to the first row'),
  moveBinding(
    'last',
    ['G', 'end'],
    'G',
    'last',
    'to the last row; the output of the build is followed from there',
  ),
  defineBinding({
    keys: ['left', 'h'],
    shown: '← h',
    title: 'back',
    tooltip: 'one level back; in the output of the build: scroll to the left',
    group: 'move',
    press: (state) => sideways(state, -1),
  }),
  defineBinding({
    keys: ['right', 'l'],
    shown: '→ l',
    title: 'open',
    tooltip: 'open the row; in the output of the build: scroll to the right',
    group: 'move',
    press: (state) => sideways(state, 1),
  }),
  defineBinding({
    keys: ['enter'],
    shown: 'enter',
    title: 'open',
    tooltip: 'open the row under the cursor, or the list of the pane; keeps a filter that is being typed',
    group: 'move',
    isOffered: (state) => [questionHere, pressHere, enterTarget].some((what) => what(state) !== undefined),
    press: enter,
  }),
  defineBinding({
    keys: ['escape'],
    shown: 'esc',
    title: 'back',
    tooltip: 'close the filter, stop what asks the hops, then go one level back; never quits',
    group: 'move',
    isOffered: ({ screen }) => screen.panes[screen.focus].levels.length > 1,
    press: goBack,
  }),
];

function moveBinding(
  move: Move,
  keys: readonly string[],
  shown: string,
  title: string,
  tooltip: string,
): Binding {
  return defineBinding({
    keys,
    shown,
    title,
    tooltip,
    group: 'move',
    press: (state) => pressMove(state, move),
  });
}

function pressMove(state: AppState, move: Move): ScreenChange {
  const level = focusedLevel(state);
  const { kind } = views[level.view];
  if (kind === 'board') return noticed(state, 'nothing to move over here: enter opens the list');
  const rows = rowsOf(state);
  const change =
    kind === 'text' ? scrollText(level, rows, move) : moveLevel(level, rows, move, kind === 'table');
  return changed(changeLevel(state.screen, change));
}

// sideStep is how far long lines are scrolled at once.
const sideStep = 16;

function sideways(state: AppState, direction: 1 | -1): ScreenChange {
  const { view, left } = focusedLevel(state);
  if (views[view].kind === 'text' && (direction === 1 || left > 0)) {
    return changed(changeLevel(state.screen, { left: Math.max(0, left + direction * sideStep) }));
  }
  return direction === 1 ? enter(state) : back(state);
}

function enter(state: AppState): ScreenChange {
  const dialog = questionHere(state);
  if (dialog !== undefined) return changed({ ...state.screen, dialog });
  const pressed = pressHere(state);
  if (pressed !== undefined) return pressed;
  const target = enterTarget(state);
  if (target === undefined) return noticed(state, 'nothing to open here');
  return changed(pushLevel(state.screen, openLevel(target)));
}

/** questionHere is what Enter asks at the row under the cursor. */
function questionHere(state: AppState): Dialog | undefined {
  const level = focusedLevel(state);
  const id = cursorId(state, level);
  return id === undefined ? undefined : views[level.view].ask?.(state, level, id);
}

/** pressHere is what Enter does at a row that opens nothing. */
function pressHere(state: AppState): ScreenChange | undefined {
  const level = focusedLevel(state);
  const id = rowMeant(state, level);
  return id === undefined ? undefined : views[level.view].press?.(state, level, id);
}

/** enterTarget is what Enter opens: the row under the cursor, or else the pane's list. */
function enterTarget(state: AppState): Target | undefined {
  const level = focusedLevel(state);
  const view = views[level.view];
  const id = rowMeant(state, level);
  const target = id === undefined ? undefined : view.enter?.(state, level, id);
  if (target !== undefined) return target;
  const list = view.list?.(state);
  return list === undefined ? undefined : { view: list, subject: level.subject };
}

/** rowMeant is the row under the cursor; before it was moved, on a page without a list, the first one. */
function rowMeant(state: AppState, level: Level): string | undefined {
  const id = cursorId(state, level);
  if (id !== undefined || level.cursor !== undefined) return id;
  const view = views[level.view];
  if (view.kind !== 'page' || view.list?.(state) !== undefined) return undefined;
  const rows = rowsOf(state);
  for (let index = 0; index < rows.count; index++)
    if (rows.idAt(index) !== undefined) return rows.idAt(index);
  return undefined;
}

function cursorId(state: AppState, level: Level): string | undefined {
  const { kind } = views[level.view];
  const rows = rowsOf(state);
  const index = cursorIndex(level, rows, kind === 'table');
  return index === undefined ? undefined : rows.idAt(index);
}

function goBack(state: AppState): ScreenChange {
  const stopped = stopProbe(state);
  if (stopped !== undefined) return stopped;
  const { filter } = focusedLevel(state);
  if (filter !== '') return changed(changeLevel(state.screen, { filter: '', cursor: undefined, top: 0 }));
  return back(state);
}

function back(state: AppState): ScreenChange {
  const screen = popLevel(state.screen);
  return screen === undefined ? noticed(state, 'this is the first level: q quits') : changed(screen);
}
