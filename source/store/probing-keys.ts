import { focusedLevel } from './levels.ts';
import type { KeyPress, ScreenChange } from './screen.ts';
import type { AppState } from './state.ts';
import { isNamed, typeText } from './text-input.ts';
import { askRoute, probeOf } from './views/route.ts';
import { trySetting } from './what-if.ts';

/** probeHere is what `r` does in the proxy pane: ask the hops about the open route, or all of the chain; undefined elsewhere. */
export function probeHere(state: AppState): ScreenChange | undefined {
  const { screen, proxy } = state;
  if (screen.focus !== 'proxy') return undefined;
  const { view, subject } = focusedLevel(state);
  if ((view === 'route' || view === 'what-if') && subject !== undefined) return askRoute(state, subject);
  const { basis } = proxy;
  if (basis === undefined)
    return { screen: { ...screen, notice: 'go env has not answered yet' }, effects: [] };
  return {
    screen: { ...screen, notice: 'asking every hop: esc stops it' },
    effects: [{ type: 'probe', order: { type: 'chain', settings: basis.settings } }],
  };
}

/** stopProbe is what esc does while hops are asked that are on screen; undefined when none are. */
export function stopProbe(state: AppState): ScreenChange | undefined {
  const { screen, probe } = state;
  if (screen.focus !== 'proxy') return undefined;
  const { view, subject } = focusedLevel(state);
  const isRoute = view === 'route' && subject !== undefined && probeOf(state, subject)?.isRunning === true;
  const isChain = (view === 'proxy' || view === 'hop') && probe.isRunning;
  if (!isRoute && !isChain) return undefined;
  return {
    screen: { ...screen, notice: 'stopped asking' },
    effects: [{ type: 'probe', order: { type: 'stop' } }],
  };
}

/** isTypingSetting says that keys are the value of a setting. */
export function isTypingSetting(state: AppState): boolean {
  const { focus, whatIf } = state.screen;
  return whatIf.editing !== undefined && focus === 'proxy' && focusedLevel(state).view === 'what-if';
}

/** typeSetting answers a key while a setting is typed in the what-if view; undefined when none is. */
export function typeSetting(state: AppState, key: KeyPress): ScreenChange | undefined {
  const { screen } = state;
  const { editing } = screen.whatIf;
  if (editing === undefined || !isTypingSetting(state)) return undefined;
  const { name, input, before } = editing;
  const done = (whatIf: typeof screen.whatIf): ScreenChange => ({
    screen: { ...screen, whatIf: { ...whatIf, editing: undefined } },
    effects: [],
  });
  if (key === 'enter') return done(screen.whatIf);
  if (key === 'escape') {
    const { [name]: _, ...others } = screen.whatIf.values;
    return done({ ...screen.whatIf, values: before === undefined ? others : { ...others, [name]: before } });
  }
  const typed = typeText(input, key);
  if (typed === undefined) {
    const notice = isNamed(key) ? 'type the value; enter keeps it, esc takes it back' : undefined;
    return { screen: { ...screen, notice }, effects: [] };
  }
  const whatIf = trySetting(state, name, typed.text);
  return {
    screen: { ...screen, whatIf: { ...whatIf, editing: { name, input: typed, before } } },
    effects: [],
  };
}
