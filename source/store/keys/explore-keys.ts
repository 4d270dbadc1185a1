import { focusedLevel, openLevel, pushLevel } from '../levels.ts';
import { type Binding, changed, defineBinding } from './binding.ts';

/** exploreKeys look for what no list shows by itself. */
export const exploreKeys: readonly Binding[] = [
  defineBinding({
    keys: ['K'],
    shown: 'K',
    title: 'check',
    tooltip:
      'compare every output of GOCACHE with its name, which Go does not: finds wrong bytes; K again stops it',
    group: 'cache',
    isOffered: (state) => focusedLevel(state).view === 'cache-damage',
    unavailable: ({ buildCache: { path } }) =>
      path === 'off' ? 'GOCACHE is off: there is nothing to check' : undefined,
    press(state) {
      const isRunning = state.explorer.check?.isRunning === true;
      const focused = { ...state.screen, focus: 'gocache' as const };
      const isOpen = focusedLevel({ ...state, screen: focused }).view === 'cache-damage';
      const screen = isOpen
        ? focused
        : pushLevel(focused, openLevel({ view: 'cache-damage', subject: undefined }));
      return { screen, effects: [{ type: 'check', isStart: !isRunning }] };
    },
  }),
  defineBinding({
    keys: ['O'],
    shown: 'O',
    title: 'others',
    tooltip:
      'look for other GOCACHEs on this machine: in temporary and cache folders, worktrees, running builds',
    group: 'cache',
    press(state) {
      const focused = { ...state.screen, focus: 'gocache' as const };
      if (focusedLevel({ ...state, screen: focused }).view === 'other-caches') return changed(focused);
      return changed(pushLevel(focused, openLevel({ view: 'other-caches', subject: undefined })));
    },
  }),
];
