import type { Span, Tone } from './line.ts';
import type { AppState } from './state.ts';
import type { ColumnHead, Level, Sort, TableRows, TableView } from './view.ts';

/** Column is a column of a table of `Item`. */
export type Column<Item> = ColumnHead & {
  text(item: Item, state: AppState): string;
  /** compare puts first what is looked for first: the largest, the longest, a name by its letters. */
  compare(one: Item, other: Item): number;
};

/** TableSpec is a table of `Item`: what its rows are and how they read. */
export type TableSpec<Item> = Omit<TableView, 'kind' | 'columns' | 'rows'> & {
  items(state: AppState, level: Level): readonly Item[];
  /** inputs are what `items` depends on: while they are the same, rows are not filtered and sorted again. */
  inputs(state: AppState): readonly unknown[];
  idOf(item: Item): string;
  /** nameOf is what the filter looks at. */
  nameOf(item: Item): string;
  mark?(item: Item, state: AppState): Span;
  tone?(item: Item): Tone;
  readonly columns: readonly Column<Item>[];
};

/** defineTable makes a view of a table. It remembers the last rows it made, no more. */
export function defineTable<Item>(spec: TableSpec<Item>): TableView {
  const remembered: { inputs: readonly unknown[]; rows: SortedItems<Item> | undefined } = {
    inputs: [],
    rows: undefined,
  };

  function sortedItems(state: AppState, level: Level): SortedItems<Item> {
    const { filter, sort, subject } = level;
    const inputs = [...spec.inputs(state), filter, sort.column, sort.isReversed, subject];
    if (remembered.rows === undefined || !isSame(inputs, remembered.inputs)) {
      remembered.inputs = inputs;
      remembered.rows = sortItems(spec, spec.items(state, level), filter, sort);
    }
    return remembered.rows;
  }

  const { id, crumb, list, command, enter, marks, note, sort, empty, columns } = spec;
  return {
    kind: 'table',
    id,
    crumb,
    command,
    sort,
    empty,
    columns,
    ...(list === undefined ? {} : { list }),
    ...(enter === undefined ? {} : { enter }),
    ...(note === undefined ? {} : { note }),
    ...(marks === undefined ? {} : { marks }),
    rows: (state, level) => tableRows(spec, sortedItems(state, level), state),
  };
}

type SortedItems<Item> = {
  readonly items: readonly Item[];
  readonly total: number;
  /** places is the index of each id, made when first asked for. */
  places: ReadonlyMap<string, number> | undefined;
};

function sortItems<Item>(
  spec: TableSpec<Item>,
  items: readonly Item[],
  filter: string,
  sort: Sort,
): SortedItems<Item> {
  const wanted = filter.toLowerCase();
  const left =
    wanted === '' ? [...items] : items.filter((item) => spec.nameOf(item).toLowerCase().includes(wanted));
  const compare = spec.columns.find((column) => column.id === sort.column)?.compare;
  if (compare !== undefined) {
    // Rows that are equal in their column stand by their name, so that they keep their places.
    left.sort((one, other) => compare(one, other) || compareText(spec.nameOf(one), spec.nameOf(other)));
  }
  if (sort.isReversed) left.reverse();
  return { items: left, total: items.length, places: undefined };
}

function tableRows<Item>(spec: TableSpec<Item>, sorted: SortedItems<Item>, state: AppState): TableRows {
  const { items, total } = sorted;
  return {
    count: items.length,
    total,
    idAt(index) {
      const item = items[index];
      return item === undefined ? undefined : spec.idOf(item);
    },
    indexOf(id) {
      sorted.places ??= new Map(items.map((item, index) => [spec.idOf(item), index]));
      return sorted.places.get(id);
    },
    rowAt(index) {
      const item = items[index];
      if (item === undefined) return undefined;
      return {
        mark: spec.mark?.(item, state) ?? ' ',
        tone: spec.tone?.(item) ?? 'plain',
        cells: spec.columns.map((column) => column.text(item, state)),
      };
    },
  };
}

function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((value, index) => Object.is(value, other[index]));
}

/** compareText orders texts by their code units, as Go sorts import paths. */
export function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** compareLargest puts the larger number first, and what is not known last. */
export function compareLargest(one: number | undefined, other: number | undefined): number {
  return (other ?? -1) - (one ?? -1);
}
