import { changeLevel, focusedLevel } from '../levels.ts';
import { cursorIndex } from '../move.ts';
import { type Marks, noMarks, type ScreenChange, type ScreenState } from '../screen.ts';
import type { AppState } from '../state.ts';
import type { Mark } from '../view.ts';
import { views } from '../views/registry.ts';
import { rowsOf } from '../window.ts';
import { type Binding, changed, defineBinding } from './binding.ts';

/** markKeys mark packages and outputs of GOCACHE for an operation. */
export const markKeys: readonly Binding[] = [
  markBinding(
    ' ',
    'space',
    'mark',
    'mark for an operation, or unmark; of a node of the tree all below (~ is some); the cursor moves on',
    toggle,
  ),
  markBinding('v', 'v', 'mark a range', 'mark from the last mark to the cursor', markRange),
  markBinding('a', 'a', 'mark all', 'mark all that are shown', markAll),
  defineBinding({
    keys: ['u'],
    shown: 'u',
    title: 'unmark',
    tooltip: 'unmark all',
    group: 'lists',
    unavailable: ({ screen }) => (marksHere(screen).ids.size === 0 ? 'nothing is marked' : undefined),
    press: ({ screen }) => changed(mark(screen, noMarks)),
  }),
];

function markBinding(
  key: string,
  shown: string,
  title: string,
  tooltip: string,
  press: (state: AppState) => ScreenChange,
): Binding {
  return defineBinding({
    keys: [key],
    shown,
    title,
    tooltip,
    group: 'lists',
    isOffered: (state) => key === ' ' && takesMarks(state),
    unavailable: (state) =>
      takesMarks(state)
        ? undefined
        : 'marks are for the packages of GOCACHE and for modules: press 2 or 3, then enter',
    press,
  });
}

/** takesMarks says that the rows of the open table can be marked. */
function takesMarks(state: AppState): boolean {
  const view = views[focusedLevel(state).view];
  return view.kind === 'table' && view.marks !== undefined;
}

/** markedBy is what a mark on a row stands for: of a node of the tree, all packages below. */
function markedBy(state: AppState, id: string): readonly Mark[] {
  const level = focusedLevel(state);
  const view = views[level.view];
  return view.kind === 'table' ? (view.marks?.(state, level, id) ?? []) : [];
}

/** marksHere are those of the focused cache: each has its own. */
function marksHere({ focus, marks, moduleMarks }: ScreenState): Marks {
  return focus === 'gomodcache' ? moduleMarks : marks;
}

function mark(screen: ScreenState, marks: Marks): ScreenState {
  return screen.focus === 'gomodcache' ? { ...screen, moduleMarks: marks } : { ...screen, marks };
}

function toggle(state: AppState): ScreenChange {
  const { screen } = state;
  const rows = rowsOf(state);
  const index = cursorIndex(focusedLevel(state), rows, true);
  const id = index === undefined ? undefined : rows.idAt(index);
  if (index === undefined || id === undefined) return changed(screen);
  const stands = markedBy(state, id);
  const before = marksHere(screen);
  const isMarked = stands.every((each) => before.ids.has(each.id));
  const marks = isMarked ? without(before, stands) : withMarks(before, stands);
  const next = rows.idAt(Math.min(index + 1, rows.count - 1));
  return changed(changeLevel(mark(screen, { ...marks, last: id }), { cursor: next }));
}

function markRange(state: AppState): ScreenChange {
  const { screen } = state;
  const rows = rowsOf(state);
  const index = cursorIndex(focusedLevel(state), rows, true);
  if (index === undefined) return changed(screen);
  const { last } = marksHere(screen);
  const from = last === undefined ? index : (rows.indexOf(last) ?? index);
  const marks = markRows(state, Math.min(from, index), Math.max(from, index));
  return changed(mark(screen, { ...marks, last: rows.idAt(index) }));
}

function markAll(state: AppState): ScreenChange {
  return changed(mark(state.screen, markRows(state, 0, rowsOf(state).count - 1)));
}

function markRows(state: AppState, from: number, to: number): Marks {
  const rows = rowsOf(state);
  const added: Mark[] = [];
  for (let row = from; row <= to; row++) {
    const id = rows.idAt(row);
    if (id !== undefined) added.push(...markedBy(state, id));
  }
  return withMarks(marksHere(state.screen), added);
}

function withMarks(marks: Marks, added: readonly Mark[]): Marks {
  const outputs = new Map(marks.outputs);
  for (const { id, bytes } of added) if (bytes !== undefined) outputs.set(id, bytes);
  return { ...marks, ids: new Set([...marks.ids, ...added.map(({ id }) => id)]), outputs };
}

function without(marks: Marks, taken: readonly Mark[]): Marks {
  const [ids, outputs] = [new Set(marks.ids), new Map(marks.outputs)];
  for (const { id } of taken) {
    ids.delete(id);
    outputs.delete(id);
  }
  return { ...marks, ids, outputs };
}
