import { focusedLevel, openLevel, pushLevel, replaceLevel } from '../levels.ts';
import { type PaneId, paneIds } from '../pane-id.ts';
import type { ScreenChange } from '../screen.ts';
import type { AppState } from '../state.ts';
import type { ViewId } from '../view.ts';
import { ringOf } from '../views/rings.ts';
import { type Binding, changed, defineBinding } from './binding.ts';

/** paneKeys choose a pane, and open what belongs to no row. */
export const paneKeys: readonly Binding[] = [
  defineBinding({
    keys: ['t'],
    shown: 't',
    title: 'output',
    tooltip: 'the text that the build wrote, in full',
    group: 'panes',
    isOffered: ({ build, screen }) => build !== undefined && screen.focus === 'build',
    unavailable: ({ build }) =>
      build === undefined ? 'no build was started here, so there is no output of one' : undefined,
    press: (state) => open({ ...state, screen: { ...state.screen, focus: 'build' } }, 'output'),
  }),
  defineBinding({
    keys: ['e'],
    shown: 'e',
    title: 'settings',
    tooltip: 'the settings of the go command, where each comes from and what it hides',
    group: 'panes',
    isOffered: (state) => state.screen.focus !== 'build' && focusedLevel(state).view !== 'settings',
    press: (state) => open(state, 'settings'),
  }),
  defineBinding({
    keys: ['!'],
    shown: '!',
    title: 'problems',
    tooltip: 'everything outside of gocachetop that went wrong',
    group: 'panes',
    isOffered: ({ problems }) => problems.length > 0,
    press: (state) => open(state, 'problems'),
  }),
  defineBinding({
    keys: [']', '['],
    shown: '] [',
    title: 'view',
    tooltip:
      'look at it another way: GOCACHE by packages, variants, kinds, ages, diagnosis, next trim, largest outputs, fuzz corpus, newest writes; GOMODCACHE by modules, versions, needed by nobody, superseded, toolchains, main modules, recover',
    group: 'panes',
    isOffered: (state) => ringOf(focusedLevel(state).view) !== undefined,
    unavailable: (state) =>
      ringOf(focusedLevel(state).view) !== undefined
        ? undefined
        : 'this has one view: enter on GOCACHE or GOMODCACHE opens one that has several',
    press: (state, key) => {
      const ring = ringOf(focusedLevel(state).view) ?? [];
      const at = ring.indexOf(focusedLevel(state).view) + (key === ']' ? 1 : -1);
      const view = ring[(at + ring.length) % ring.length] ?? focusedLevel(state).view;
      return changed(replaceLevel(state.screen, openLevel({ view, subject: undefined })));
    },
  }),
  defineBinding({
    keys: ['tab'],
    shown: 'tab',
    title: 'pane',
    tooltip: 'focus the next pane; shift-tab the one before',
    group: 'panes',
    isOffered: () => true,
    press: (state) => focusBeside(state, 1),
  }),
  defineBinding({
    keys: ['shift+tab'],
    shown: 'shift-tab',
    title: 'pane before',
    tooltip: 'focus the pane before',
    group: 'panes',
    press: (state) => focusBeside(state, -1),
  }),
  defineBinding({
    keys: ['1', '2', '3', '4'],
    shown: '1..4',
    title: 'pane',
    tooltip: 'focus the pane with this number',
    group: 'panes',
    press: (state, key) => focus(state, paneIds[Number(key) - 1] ?? state.screen.focus),
  }),
];

function open(state: AppState, view: ViewId): ScreenChange {
  if (focusedLevel(state).view === view) return changed(state.screen);
  return changed(pushLevel(state.screen, openLevel({ view, subject: undefined })));
}

function focusBeside(state: AppState, step: 1 | -1): ScreenChange {
  const index = paneIds.indexOf(state.screen.focus);
  return focus(state, paneIds[(index + step + paneIds.length) % paneIds.length] ?? state.screen.focus);
}

function focus(state: AppState, pane: PaneId): ScreenChange {
  return changed({ ...state.screen, focus: pane });
}
