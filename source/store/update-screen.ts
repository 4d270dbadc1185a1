import { operations } from '../operations/registry.ts';
import { pressDialog } from './dialog.ts';
import { pressHelp } from './help.ts';
import { noticed } from './keys/binding.ts';
import { bindingOf } from './keys/registry.ts';
import { changeLevel, focusedLevel } from './levels.ts';
import { typeSetting } from './probing-keys.ts';
import type { KeyPress, ScreenChange, ScreenEvent } from './screen.ts';
import type { AppState } from './state.ts';
import { isNamed } from './text-input.ts';

/** updateScreen answers what the terminal tells: the next screen, and what is to be done outside. */
export function updateScreen(state: AppState, event: ScreenEvent): ScreenChange {
  const { screen } = state;
  switch (event.type) {
    case 'resized': {
      const { columns, rows } = event;
      const isSame = screen.size.columns === columns && screen.size.rows === rows;
      return { screen: isSame ? screen : { ...screen, size: { columns, rows } }, effects: [] };
    }
    case 'sizes':
      return { screen: { ...screen, sizes: event.sizes }, effects: [] };
    case 'said':
      return { screen: { ...screen, notice: event.text }, effects: [] };
    case 'key':
      return pressKey(
        screen.notice === undefined ? state : { ...state, screen: { ...screen, notice: undefined } },
        event.key,
      );
  }
}

function pressKey(state: AppState, key: KeyPress): ScreenChange {
  const { dialog, help } = state.screen;
  if (dialog !== undefined) return pressDialog(state, key);
  if (help !== undefined && !isForProgram(key)) return pressHelp(state, key);
  if (focusedLevel(state).isFiltering && !isForProgram(key)) {
    const change = typeFilter(state, key);
    if (change !== undefined) return change;
  }
  const typed = isForProgram(key) ? undefined : typeSetting(state, key);
  if (typed !== undefined) return typed;
  const operation = operations.find((each) => each.key === key);
  const reason = operation?.unavailableReason(state);
  if (operation !== undefined && reason !== undefined) return noticed(state, `${operation.title}: ${reason}`);
  const binding = bindingOf(key);
  if (binding === undefined) return noticed(state, `${key} does nothing here: ? shows the keys`);
  const unavailable = binding.unavailable(state);
  return unavailable === undefined ? binding.press(state, key) : noticed(state, unavailable);
}

/** isForProgram says that a key is never text and never closes something. */
function isForProgram(key: KeyPress): boolean {
  return key === 'ctrl+c' || key === 'ctrl+z';
}

/** typeFilter answers a key while a filter is typed; undefined for keys that keep their meaning, as the arrows. */
function typeFilter(state: AppState, key: KeyPress): ScreenChange | undefined {
  const { screen } = state;
  const { filter } = focusedLevel(state);
  const typed = (text: string): ScreenChange => ({
    screen: changeLevel(screen, { filter: text, cursor: undefined, top: 0 }),
    effects: [],
  });
  if (key === 'enter') return { screen: changeLevel(screen, { isFiltering: false }), effects: [] };
  if (key === 'escape') {
    return {
      screen: changeLevel(screen, { isFiltering: false, filter: '', cursor: undefined, top: 0 }),
      effects: [],
    };
  }
  if (key === 'backspace') return typed([...filter].slice(0, -1).join(''));
  return isNamed(key) ? undefined : typed(filter + key);
}
