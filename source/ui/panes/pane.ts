import type { Line } from '../../store/line.ts';
import type { PaneId } from '../../store/pane-id.ts';
import type { AppState } from '../../store/state.ts';
import type { Look } from '../theme.ts';

/** Pane is one part of the screen. What it lists is in `store/views`; here is how it looks open, in a line, in a word. */
export type Pane = {
  readonly id: PaneId;
  readonly number: number;
  readonly title: string;
  /** inputs are what its first view is drawn from: while they are the same it is not drawn again. */
  inputs(state: AppState, look: Look): readonly unknown[];
  /** right stands in the upper border of the open pane, as far as there is room. */
  right(state: AppState, width: number, look: Look): Line;
  /** summary is the closed pane in one line, without its number and title. */
  summary(state: AppState): Line;
  /** brief is the closed pane in a few cells: `cache 1.2 GiB`. */
  brief(state: AppState): string;
  /** board draws the first view where that is no list. */
  readonly board?: (state: AppState, width: number, height: number, look: Look) => readonly Line[];
};
