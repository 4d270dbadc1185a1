import type { PaneState, ScreenState } from './screen.ts';
import type { AppState } from './state.ts';
import type { Level, Target } from './view.ts';
import { views } from './views/registry.ts';

/** openLevel is a view as it looks when it was just opened. */
export function openLevel({ view, subject }: Target): Level {
  const opened = views[view];
  return {
    view,
    subject,
    cursor: undefined,
    filter: '',
    isFiltering: false,
    sort: opened.kind === 'table' ? opened.sort : { column: '', isReversed: false },
    top: opened.kind === 'text' && opened.opensAt !== 'top' ? 'end' : 0,
    left: 0,
  };
}

/** levelOf is the view on screen in a pane. */
export function levelOf({ levels }: PaneState): Level {
  return levels.at(-1) ?? levels[0];
}

/** focusedLevel is the view that keys act on. */
export function focusedLevel({ screen }: AppState): Level {
  return levelOf(screen.panes[screen.focus]);
}

/** isDrilled says that something was opened in the focused pane. */
export function isDrilled({ panes, focus }: ScreenState): boolean {
  return panes[focus].levels.length > 1;
}

/** changeLevel changes the view that keys act on. */
export function changeLevel(screen: ScreenState, change: Partial<Level>): ScreenState {
  const { levels } = screen.panes[screen.focus];
  const [first, ...rest] = levels;
  const changed = { ...(rest.at(-1) ?? first), ...change };
  return withLevels(screen, rest.length === 0 ? [changed] : [first, ...rest.slice(0, -1), changed]);
}

/** pushLevel opens a view above the one on screen. */
export function pushLevel(screen: ScreenState, level: Level): ScreenState {
  return withLevels(screen, [...screen.panes[screen.focus].levels, level]);
}

/** replaceLevel opens a view in the place of the one on screen. */
export function replaceLevel(screen: ScreenState, level: Level): ScreenState {
  const below = popLevel(screen);
  return below === undefined ? withLevels(screen, [level]) : pushLevel(below, level);
}

/** popLevel goes one level back; undefined when there is none. */
export function popLevel(screen: ScreenState): ScreenState | undefined {
  const [first, ...rest] = screen.panes[screen.focus].levels;
  return rest.length === 0 ? undefined : withLevels(screen, [first, ...rest.slice(0, -1)]);
}

function withLevels(screen: ScreenState, levels: PaneState['levels']): ScreenState {
  return { ...screen, panes: { ...screen.panes, [screen.focus]: { levels } } };
}
