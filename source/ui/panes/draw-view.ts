import { cellWidth, cutPath, padEnd, padStart } from '../../store/cells.ts';
import { fitLine, type Line, toned } from '../../store/line.ts';
import { cursorIndex } from '../../store/move.ts';
import type { PaneId } from '../../store/pane-id.ts';
import type { AppState } from '../../store/state.ts';
import type { ColumnHead, Level, TableRow, TableView, View } from '../../store/view.ts';
import { pageLines, type Rows, rowsOf, windowStart } from '../../store/window.ts';

/** drawList draws the part of a table, page or text that is on screen; `hasCursor` says that keys act on it. */
export function drawList(
  state: AppState,
  pane: PaneId,
  level: Level,
  view: Exclude<View, { kind: 'board' }>,
  width: number,
  hasCursor: boolean,
): readonly Line[] {
  const rows = rowsOf(state, pane);
  const cursor = cursorIndex(level, rows, view.kind === 'table');
  const start = windowStart(level.top, cursor, rows);
  const indexes = Array.from(
    { length: Math.max(0, Math.min(rows.height, rows.count - start)) },
    (_, row) => start + row,
  );
  const isUnderCursor = (index: number): boolean => hasCursor && index === cursor;
  switch (view.kind) {
    case 'table':
      return drawTable(state, level, view, width, indexes, isUnderCursor);
    case 'page': {
      const lines = pageLines(state, level, view, width);
      return indexes.map((index) => {
        const { line = [], hasOwnCursor = false } = lines[index] ?? {};
        return withCursor(line, isUnderCursor(index) && !hasOwnCursor, width);
      });
    }
    case 'text': {
      const lines = view.lines(state, level);
      if (lines.length === 0) return [[toned('nothing yet', 'quiet')]];
      return indexes.map((index) => scrolled(lines[index] ?? [], level.left));
    }
  }
}

/** positionWords say where in a list one is: how many rows, how many the filter left, what is out of sight. */
export function positionWords(state: AppState, pane: PaneId, level: Level, view: View): string {
  if (view.kind === 'board') return '';
  const rows = rowsOf(state, pane);
  const below = hiddenBelow(level, rows, view.kind === 'table');
  const more = below > 0 ? `${below} more` : '';
  if (view.kind !== 'table') return more;
  const { count, total } = view.rows(state, level);
  if (level.isFiltering || level.filter !== '') {
    return `/${level.filter}${level.isFiltering ? '_' : ''}   ${count} of ${total}`;
  }
  return [view.note?.(state, level) ?? '', more].filter((words) => words !== '').join('   ');
}

function hiddenBelow(level: Level, rows: Rows, isTable: boolean): number {
  const start = windowStart(level.top, cursorIndex(level, rows, isTable), rows);
  return Math.max(0, rows.count - start - rows.height);
}

function drawTable(
  state: AppState,
  level: Level,
  view: TableView,
  width: number,
  indexes: readonly number[],
  isUnderCursor: (index: number) => boolean,
): readonly Line[] {
  const rows = view.rows(state, level);
  const shown = fitColumns(view.columns, width - markWidth);
  const head = shown
    .map(({ column, width: cells }) => aligned(headTitle(column, level), column, cells))
    .join(gap);
  const heading: Line = [toned(`  ${head}`, 'quiet')];
  if (rows.count === 0) {
    const why = level.filter === '' ? view.empty(state, level) : `nothing matches ${level.filter}`;
    return [heading, [toned(`  ${why}`, 'quiet')]];
  }
  return [
    heading,
    ...indexes.map((index) => {
      const row = rows.rowAt(index);
      return row === undefined
        ? []
        : withCursor(tableLine(row, view.columns, shown), isUnderCursor(index), width);
    }),
  ];
}

// A mark and a space stand before each row; columns stand two cells apart.
const markWidth = 2;
const gap = '  ';

/** headTitle shows by an arrow which column sorts. */
function headTitle({ id, title }: ColumnHead, { sort }: Level): string {
  if (sort.column !== id) return title;
  return `${title} ${sort.isReversed ? '↑' : '↓'}`;
}

type ShownColumn = { readonly column: ColumnHead; readonly width: number };

/** fitColumns gives each column its width, and leaves out those that can be spared while the widest has too little. */
function fitColumns(columns: readonly ColumnHead[], width: number): readonly ShownColumn[] {
  let shown = columns;
  while (restWidth(shown, width) < leastName) {
    const spare = shown
      .filter(({ drop }) => drop !== undefined)
      .sort((one, other) => (one.drop ?? 0) - (other.drop ?? 0))[0];
    if (spare === undefined) break;
    shown = shown.filter((column) => column !== spare);
  }
  const rest = Math.max(1, restWidth(shown, width));
  return shown.map((column) => ({ column, width: column.width ?? rest }));
}

// Below this a name is cut more often than not.
const leastName = 24;

function restWidth(columns: readonly ColumnHead[], width: number): number {
  const taken = columns.reduce((sum, column) => sum + (column.width ?? 0), 0);
  return width - taken - gap.length * (columns.length - 1);
}

function tableLine(row: TableRow, columns: readonly ColumnHead[], shown: readonly ShownColumn[]): Line {
  const cells = shown.map(({ column, width }) =>
    aligned(row.cells[columns.indexOf(column)] ?? '', column, width),
  );
  return [row.mark, ' ', toned(cells.join(gap), row.tone)];
}

function aligned(text: string, { align }: ColumnHead, width: number): string {
  const cut = cellWidth(text) <= width ? text : cutPath(text, width);
  return align === 'right' ? padStart(cut, width) : padEnd(cut, width);
}

/** withCursor shows the cursor by a sign in the place of the space behind the mark, and by inverse colours. */
function withCursor(line: Line, isUnderCursor: boolean, width: number): Line {
  if (!isUnderCursor) return line;
  const fitted = fitLine(line, width);
  const text = fitted.map((span) => (typeof span === 'string' ? span : span.text)).join('');
  return [toned(text.replace(/^(.) /u, '$1▸'), 'cursor')];
}

function scrolled(line: Line, left: number): Line {
  if (left === 0) return line;
  let skip = left;
  return line.map((span) => {
    const text = typeof span === 'string' ? span : span.text;
    const rest = text.slice(skip);
    skip = Math.max(0, skip - text.length);
    return typeof span === 'string' ? rest : { ...span, text: rest };
  });
}
