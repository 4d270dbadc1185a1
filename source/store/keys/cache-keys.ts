import { openCap } from '../cap-dialog.ts';
import { openModuleCap } from '../module-cap-dialog.ts';
import { modulePrunable } from '../module-prune.ts';
import { prunedOutputs, prunedPackages } from '../prune-selection.ts';
import type { AppState } from '../state.ts';
import { type Binding, changed, defineBinding } from './binding.ts';

/** cacheKeys are the operations on GOCACHE. */
export const cacheKeys: readonly Binding[] = [
  defineBinding({
    keys: ['p'],
    shown: 'p',
    title: 'prune',
    tooltip:
      'remove what is marked from GOCACHE or GOMODCACHE, or what is under the cursor, after a question',
    group: 'cache',
    isOffered: (state) => prunable(state) === undefined,
    unavailable: prunable,
    press: ({ screen }) =>
      changed({
        ...screen,
        dialog: { id: screen.focus === 'gomodcache' ? 'prune-modules' : 'prune', choice: 0 },
      }),
  }),
  defineBinding({
    keys: ['P'],
    shown: 'P',
    title: 'prune by choice',
    tooltip:
      'choose how much GOCACHE may keep, or for how long unused; of GOMODCACHE which versions and which part; and see what that takes',
    group: 'cache',
    isOffered: (state) => isCapReady(state) && ['gocache', 'gomodcache'].includes(state.screen.focus),
    unavailable: (state) =>
      isCapReady(state)
        ? undefined
        : state.screen.focus === 'gomodcache'
          ? 'GOMODCACHE is still being counted'
          : 'GOCACHE has not been read by name: press 2, then enter',
    press(state) {
      if (state.screen.focus === 'gomodcache')
        return changed({ ...state.screen, dialog: openModuleCap(state) });
      const { dialog, effects } = openCap(state);
      return { screen: { ...state.screen, dialog }, effects };
    },
  }),
  defineBinding({
    keys: ['c'],
    shown: 'c',
    title: 'clean',
    tooltip: 'remove all of GOCACHE through go clean -cache, after a question',
    group: 'cache',
    unavailable({ buildCache: { path, totals } }) {
      if (path === undefined || path === 'off') return 'there is no GOCACHE to clean';
      return totals?.isComplete === true ? undefined : 'GOCACHE is still being counted';
    },
    press: ({ screen }) => changed({ ...screen, dialog: { id: 'clean', choice: 0 } }),
  }),
  defineBinding({
    keys: ['z'],
    shown: 'z',
    title: 'undo',
    tooltip: 'undo the last prune, re-point or change of a setting of this run',
    group: 'cache',
    press: ({ screen }) => ({ screen, effects: [{ type: 'undo' }] }),
  }),
];

function isCapReady({ screen, buildCache, moduleCache }: AppState): boolean {
  return screen.focus === 'gomodcache' ? moduleCache.totals !== undefined : buildCache.contents !== undefined;
}

function prunable(state: AppState): string | undefined {
  if (state.screen.focus === 'gomodcache') return modulePrunable(state);
  if (state.buildCache.contents === undefined)
    return 'prune works on the packages of GOCACHE: press 2, then enter';
  return prunedPackages(state).length === 0 && prunedOutputs(state).length === 0
    ? 'nothing to prune: mark packages with space, or go to one'
    : undefined;
}
