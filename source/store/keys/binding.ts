import type { KeyPress, ScreenChange } from '../screen.ts';
import type { AppState } from '../state.ts';

/** Binding is a key as data: the keys that do it, what they do in a word and in a sentence, and doing it. */
export type Binding = {
  readonly keys: readonly KeyPress[];
  /** shown is how the keys are written: `j k`. */
  readonly shown: string;
  /** title is the word in the line of keys; tooltip the sentence in help and README. */
  readonly title: string;
  readonly tooltip: string;
  readonly group: 'move' | 'panes' | 'lists' | 'cache' | 'operations' | 'program';
  /** isOffered says whether the key stands in the line of keys now. */
  isOffered(state: AppState): boolean;
  /** unavailable says why the key cannot do it now; undefined when it can. */
  unavailable(state: AppState): string | undefined;
  press(state: AppState, key: KeyPress): ScreenChange;
};

/** defineBinding fills in what most bindings share: they are always available and not in the line of keys. */
export function defineBinding(
  binding: Omit<Binding, 'isOffered' | 'unavailable'> & Partial<Pick<Binding, 'isOffered' | 'unavailable'>>,
): Binding {
  return { isOffered: () => false, unavailable: () => undefined, ...binding };
}

/** noticed is a change that only says something. */
export function noticed(state: AppState, notice: string): ScreenChange {
  return { screen: { ...state.screen, notice }, effects: [] };
}

/** changed is a change of the screen without an effect. */
export function changed(screen: ScreenChange['screen']): ScreenChange {
  return { screen, effects: [] };
}
