import type { Line, Span, Tone } from './line.ts';
import type { Dialog, ScreenChange } from './screen.ts';
import type { AppState } from './state.ts';

/** ViewId names what a pane can show: its first view, and what is opened from there. */
export type ViewId =
  | 'build'
  | 'packages'
  | 'package'
  | 'output'
  | 'elsewhere'
  | 'gocache'
  | 'writes'
  | 'cache-largest'
  | 'cache-entries'
  | 'cache-entry'
  | 'cache-content'
  | 'cache-symbols'
  | 'cache-trim'
  | 'cache-fuzz'
  | 'cache-fuzz-test'
  | 'cache-fuzz-file'
  | 'other-caches'
  | 'other-cache'
  | 'cache-damage'
  | 'cache-damaged'
  | 'cache-packages'
  | 'cache-package'
  | 'cache-variants'
  | 'cache-kinds'
  | 'cache-ages'
  | 'cache-diagnosis'
  | 'gomodcache'
  | 'modules'
  | 'module'
  | 'module-versions'
  | 'module-unneeded'
  | 'module-superseded'
  | 'module-toolchains'
  | 'module-roots'
  | 'module-root'
  | 'module-version'
  | 'module-files'
  | 'module-zip'
  | 'module-mod'
  | 'module-verify'
  | 'module-recovery'
  | 'proxy'
  | 'hop'
  | 'route'
  | 'what-if'
  | 'certificate'
  | 'downloads'
  | 'doctor'
  | 'doctor-finding'
  | 'settings'
  | 'problems';

/** Target is a view to open, and what it is about: a unit's key, a module path, the number of a hop. */
export type Target = { readonly view: ViewId; readonly subject: string | undefined };

/** Level is one view that is open in a pane, with what keys changed there. */
export type Level = Target & {
  /** cursor is the id of the row under the cursor, so that live data does not move it; undefined before it was moved. */
  readonly cursor: string | undefined;
  readonly filter: string;
  /** isFiltering is true while the filter is being typed. */
  readonly isFiltering: boolean;
  readonly sort: Sort;
  /** top is the first row on screen; `end` follows a text that grows. The row of the cursor is shown in any case. */
  readonly top: number | 'end';
  /** left is how many cells of long lines are scrolled away. */
  readonly left: number;
};

export type Sort = { readonly column: string; readonly isReversed: boolean };

/** View is what a pane shows at one level: selectors over the state, no drawing. */
export type View = BoardView | PageView | TableView | TextView;

type ViewBase = {
  readonly id: ViewId;
  /** crumb is its piece of the pane's title; empty for the pane's first view. */
  crumb(state: AppState, level: Level): string;
  /** list is the table that Enter, `/` and `s` open from here; undefined where there is none. */
  list?(state: AppState): ViewId | undefined;
  /** command is the shell command that shows the same. */
  command(state: AppState, level: Level): string | undefined;
  /** enter is what Enter opens at a row; undefined where nothing is below. */
  enter?(state: AppState, level: Level, id: string): Target | undefined;
  /** ask is the question that Enter opens at a row, where it opens no view. */
  ask?(state: AppState, level: Level, id: string): Dialog | undefined;
  /** press is what Enter does at a row that opens nothing. */
  press?(state: AppState, level: Level, id: string): ScreenChange | undefined;
};

/** BoardView is drawn to fit, has no rows, and does not scroll. */
export type BoardView = ViewBase & { readonly kind: 'board' };

/** PageView is facts and rows one under the other, drawn for a width. */
export type PageView = ViewBase & {
  readonly kind: 'page';
  items(state: AppState, level: Level, width: number): readonly PageItem[];
};

export type PageItem =
  | {
      readonly kind: 'fact';
      readonly name: string;
      readonly value: string;
      readonly tone?: Tone;
      readonly cut?: 'left';
    }
  | { readonly kind: 'heading'; readonly text: string; readonly right?: string }
  | { readonly kind: 'text'; readonly text: string; readonly tone?: Tone; readonly indent?: number }
  /** line is a row that is being typed: it shows its own cursor. */
  | { readonly kind: 'line'; readonly id: string; readonly line: Line }
  | {
      readonly kind: 'row';
      readonly id: string;
      readonly mark: Span;
      /** text is cut on the left, at a slash. */
      readonly text: string;
      readonly right: string;
      readonly tone?: Tone;
    }
  | { readonly kind: 'gap' };

/** TableView is rows of one kind in columns, filtered and sorted. */
export type TableView = ViewBase & {
  readonly kind: 'table';
  readonly columns: readonly ColumnHead[];
  readonly sort: Sort;
  rows(state: AppState, level: Level): TableRows;
  /** empty says why there are no rows. */
  empty(state: AppState, level: Level): string;
  /** note is a word on the whole list, at its foot. */
  note?(state: AppState, level: Level): string;
  /** marks are what a mark on a row stands for; undefined where a table takes no marks. */
  marks?(state: AppState, level: Level, id: string): readonly Mark[];
};

/** Mark is what is marked: a package by its import path, or an output by its ID and then with its bytes. */
export type Mark = { readonly id: string; readonly bytes?: number };

/** ColumnHead is a column of a table. A column without a width takes what the others leave; `drop` 1 is left out first. */
export type ColumnHead = {
  readonly id: string;
  readonly title: string;
  readonly width: number | undefined;
  readonly align: 'left' | 'right';
  readonly drop?: number;
};

/** TableRows gives the rows one by one: of ten thousand only those on screen are made. */
export type TableRows = {
  readonly count: number;
  /** total counts the rows before the filter. */
  readonly total: number;
  idAt(index: number): string | undefined;
  indexOf(id: string): number | undefined;
  rowAt(index: number): TableRow | undefined;
};

export type TableRow = { readonly mark: Span; readonly tone: Tone; readonly cells: readonly string[] };

/** TextView is lines to scroll, as the output of the build. */
export type TextView = ViewBase & {
  readonly kind: 'text';
  /** opensAt its top; without it at its end, which is followed. */
  readonly opensAt?: 'top';
  lines(state: AppState, level: Level): readonly Line[];
};
