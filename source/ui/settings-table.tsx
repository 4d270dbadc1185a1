import { Box } from 'ink';
import { useMemo } from 'react';
import { cellWidth, cleanText, cutEnd, cutPath, padEnd } from '../store/cells.ts';
import type { Area } from '../store/layout.ts';
import { levelOf } from '../store/levels.ts';
import { cursorIndex } from '../store/move.ts';
import type { PaneId } from '../store/pane-id.ts';
import type { AppState } from '../store/state.ts';
import { views } from '../store/views/registry.ts';
import { rowsOf, windowStart } from '../store/window.ts';
import { loadTable, type TableProps } from './ink-table.ts';
import { useLook } from './look-context.ts';
import { Row } from './row.tsx';
import { remember, useStore } from './use-store.ts';

/** SettingsTable is the settings of the go command, ruled: the rows on screen only, each value cut to its column. */
export function SettingsTable({ pane, area }: { readonly pane: PaneId; readonly area: Area }) {
  const { width } = area;
  const select = useMemo(
    () =>
      remember(
        (state) => [state.settings, state.screen],
        (state: AppState) => selectTable(state, pane, width - 4),
      ),
    [pane, width],
  );
  const table = useStore(select);
  const { isAscii } = useLook();
  // ink-table draws its rules with its own characters and measures by UTF-16 units.
  const isOurs =
    isAscii || table.data.some((row) => Object.values(row).some((text) => cellWidth(text) !== text.length));
  const Table = isOurs ? RuledRows : loadTable();
  return (
    <Box
      position="absolute"
      left={area.left + 2}
      top={area.top + 1}
      width={width - 4}
      height={area.height - 2}
      overflow="hidden"
    >
      {table.data.length === 0 ? null : <Table data={table.data} columns={table.columns} />}
    </Box>
  );
}

/** RuledRows draws the same table by cells, line by line. */
function RuledRows({ data, columns }: TableProps) {
  return (
    <Box flexDirection="column">
      {ruledLines(data, columns).map((text, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line of the table is its place.
        <Row key={index} line={[text]} />
      ))}
    </Box>
  );
}

/** ruledLines are the lines of a table with rules, of the same height as those of ink-table. */
function ruledLines(data: TableProps['data'], columns: TableProps['columns']): readonly string[] {
  const widths = columns.map((head) =>
    Math.max(cellWidth(head), ...data.map((row) => cellWidth(row[head] ?? ''))),
  );
  const rule = ([left, cross, right]: readonly [string, string, string]): string =>
    `${left}${widths.map((width) => '─'.repeat(width + 2)).join(cross)}${right}`;
  const line = (texts: readonly string[]): string =>
    `│${texts.map((text, index) => ` ${padEnd(text, widths[index] ?? 0)} `).join('│')}│`;
  return [
    rule(['┌', '┬', '┐']),
    line(columns),
    ...data.flatMap((row) => [rule(['├', '┼', '┤']), line(columns.map((head) => row[head] ?? ''))]),
    rule(['└', '┴', '┘']),
  ];
}

/** selectTable is the part of the settings that is on screen, with columns that together are as wide as the pane. */
function selectTable(state: AppState, pane: PaneId, width: number): TableProps {
  const level = levelOf(state.screen.panes[pane]);
  const view = views[level.view];
  if (view.kind !== 'table') return { data: [], columns: [] };
  const rows = rowsOf(state, pane);
  const cursor = cursorIndex(level, rows, true);
  const start = windowStart(level.top, cursor, rows);
  const made = view.rows(state, level);
  const cells = Array.from(
    { length: Math.max(0, Math.min(rows.height, rows.count - start)) },
    (_, row) => made.rowAt(start + row)?.cells ?? [],
  );
  const widths = tableWidths(cells, width);
  const heads = ['name', 'value', 'origin', 'hides'].slice(0, widths.length);
  const data = cells.map((texts, row) =>
    Object.fromEntries(
      heads.map((head, index) => {
        const mark = index === 0 ? (start + row === cursor ? '▸ ' : '  ') : '';
        return [head, exactly(mark + cleanText(texts[index] ?? ''), widths[index] ?? 0)];
      }),
    ),
  );
  return { data, columns: heads };
}

// ink-table draws a rule and two spaces for each column, and one rule at the end.
const columnCost = 3;
const nameWidth = 15;

/** tableWidths gives what is hidden a column where there is any and room for it. */
function tableWidths(cells: readonly (readonly string[])[], width: number): readonly number[] {
  const hasShadows = cells.some((texts) => (texts[3] ?? '') !== '');
  const columns = hasShadows && width >= 90 ? 4 : 3;
  const room = width - columns * columnCost - 1 - nameWidth;
  const origin = Math.min(24, Math.floor(room * 0.4));
  const hides = columns === 4 ? Math.floor((room - origin) / 2) : 0;
  const value = room - origin - hides;
  return columns === 4 ? [nameWidth, value, origin, hides] : [nameWidth, value, origin];
}

/** exactly makes a text exactly so wide: ink-table measures by letters, so that wide ones would shift its rules. */
function exactly(text: string, width: number): string {
  const cut = text.startsWith('/') ? cutPath(text, width) : cutEnd(text, width);
  const missing = cellWidth(cut) - cut.length;
  return padEnd(cut, width).slice(0, Math.max(0, width - missing));
}
