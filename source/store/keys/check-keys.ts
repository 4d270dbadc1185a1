import { focusedLevel, openLevel, pushLevel } from '../levels.ts';
import { type Binding, defineBinding } from './binding.ts';

/** checkKeys look for damage. */
export const checkKeys: readonly Binding[] = [
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
];
