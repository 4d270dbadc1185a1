import { createContext, useContext, useSyncExternalStore } from 'react';
import type { AppEvent } from '../store/event.ts';
import type { AppState } from '../store/state.ts';
import type { Store } from '../store/store.ts';

/** ScreenStore is the store as the screen needs it. */
export type ScreenStore = Pick<Store<AppState, AppEvent>, 'getState' | 'subscribe' | 'dispatch' | 'flush'>;

export const StoreContext = createContext<ScreenStore | undefined>(undefined);

/** useStore reads something of the state; the selector gives the same object while it says the same. */
export function useStore<Selected>(select: (state: AppState) => Selected): Selected {
  const store = useContext(StoreContext);
  if (store === undefined) throw new Error('useStore: no store around');
  return useSyncExternalStore(store.subscribe, () => select(store.getState()));
}

/** remember makes a selector that gives its last answer again while its inputs are the same. */
export function remember<Selected>(
  inputs: (state: AppState) => readonly unknown[],
  select: (state: AppState) => Selected,
): (state: AppState) => Selected {
  let last: { readonly inputs: readonly unknown[]; readonly selected: Selected } | undefined;
  return (state) => {
    const now = inputs(state);
    if (last === undefined || now.some((value, index) => !Object.is(value, last?.inputs[index]))) {
      last = { inputs: now, selected: select(state) };
    }
    return last.selected;
  };
}
