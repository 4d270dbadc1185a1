import { focusedLevel } from '../levels.ts';
import { openRepoint } from '../repoint-dialog.ts';
import { type Binding, changed, defineBinding } from './binding.ts';

/** repointKey points GOCACHE to another folder. */
export const repointKey: Binding = defineBinding({
  keys: ['o'],
  shown: 'o',
  title: 're-point',
  tooltip: 'point GOCACHE to another folder, which is checked first, after a question',
  group: 'cache',
  isOffered: (state) => focusedLevel(state).view === 'gocache',
  unavailable({ buildCache: { path } }) {
    if (path === undefined) return 'go env has not answered yet';
    return path === 'off' ? 'there is no GOCACHE to re-point' : undefined;
  },
  press: (state) => changed({ ...state.screen, dialog: openRepoint(state) }),
});
