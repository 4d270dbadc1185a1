import { describe, expect, test } from 'vitest';
import { cellWidth } from '../../source/store/cells.ts';
import type { Area } from '../../source/store/layout.ts';
import { textOf } from '../../source/store/line.ts';
import { paneIds } from '../../source/store/pane-id.ts';
import type { AppState } from '../../source/store/state.ts';
import { currentLayout } from '../../source/store/window.ts';
import { drawKeys, drawNotice, drawTop } from '../../source/ui/edges.ts';
import { drawOverlay } from '../../source/ui/overlays.ts';
import { placeWords } from '../../source/ui/pane-frame.ts';
import { type DrawnPane, drawBriefs, drawPane, drawSummary } from '../../source/ui/panes/draw-pane.ts';
import { press } from '../store/state.ts';
import { busyBuild } from './builds.ts';

const look = { isAscii: false, isQuiet: false, home: '/home/gopher' };

const widths = [40, 41, 47, 59, 60, 61, 79, 80, 99, 100, 101, 119, 120, 133, 200];
const heights = [12, 13, 15, 16, 17, 23, 24, 29, 30, 31, 40, 55];

const ways: readonly (readonly [string, readonly string[]])[] = [
  ['the first view', []],
  ['the list of packages', ['enter']],
  ['a package', ['enter', 'enter']],
  ['the list while it is filtered', ['/', 'n', 'o', 'n', 'e']],
  ['the output', ['t']],
  ['the settings', ['2', 'e']],
  ['GOMODCACHE', ['3']],
  ['a hop of the chain', ['4', 'down', 'enter']],
  ['help', ['?']],
  ['the question whether to quit', ['q']],
  ['the folder of a re-point', ['o', 'right', '/', '日']],
];

describe('every line has exactly its cells', () => {
  test.each(ways)('%s, at every size', (_, keys) => {
    const wrong: string[] = [];
    for (const columns of widths) {
      for (const rows of heights) {
        const { state } = press(busyBuild({ columns, rows }), ...keys);
        for (const fault of faultsOf(state)) wrong.push(`${columns}x${rows}: ${fault}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

function faultsOf(state: AppState): readonly string[] {
  const { columns, rows } = state.screen.size;
  const layout = currentLayout(state);
  const faults: string[] = [];
  const covered = new Array<number>(rows).fill(0);
  const check = (
    what: string,
    lines: readonly string[],
    width: number,
    height: number,
    top: number,
  ): void => {
    if (lines.length !== height) faults.push(`${what} has ${lines.length} lines, not ${height}`);
    for (const line of lines) {
      if (cellWidth(line) !== width)
        faults.push(`${what} has ${cellWidth(line)} cells, not ${width}: ${line}`);
    }
    for (let row = top; row < top + height; row += 1) covered[row] = (covered[row] ?? 0) + width;
  };
  /** checkBox: lines and words stay within the border; those of a box over the panes fill it. */
  const checkBox = (what: string, area: Area, { frame, lines }: DrawnPane, isFull: boolean): void => {
    const { left, top, width, height } = area;
    if (left < 0 || top < 0 || left + width > columns || top + height > rows)
      faults.push(`${what} is off the screen`);
    if (lines.length > height - 2 || (isFull && lines.length < height - 2))
      faults.push(`${what} has ${lines.length} lines for ${height - 2}`);
    for (const line of lines) {
      const cells = cellWidth(textOf(line));
      if (cells > width - 2 || (isFull && cells < width - 2))
        faults.push(`${what} has ${cells} cells for ${width - 2}: ${textOf(line)}`);
    }
    for (const words of placeWords(frame, width, height)) {
      const end = words.left + cellWidth(textOf(words.line));
      if (words.left < 1 || end > width - 1 || (words.top !== 0 && words.top !== height - 1))
        faults.push(`${what} has words beside its border: ${textOf(words.line)}`);
    }
    if (!isFull) for (let row = top; row < top + height; row += 1) covered[row] = (covered[row] ?? 0) + width;
  };
  check('the top line', [textOf(drawTop(state, columns, look))], columns, 1, 0);
  for (const id of paneIds) {
    const area = layout.open[id];
    if (area !== undefined) {
      checkBox(`pane ${id}`, area, drawPane(state, id, area, layout.form === 'wide', look), false);
    }
    const row = layout.closed[id];
    if (row !== undefined && layout.form !== 'compact')
      check(`the summary of ${id}`, [textOf(drawSummary(state, id, columns))], columns, 1, row);
  }
  if (layout.form === 'compact')
    check('the briefs', [textOf(drawBriefs(state, columns))], columns, 1, layout.keysRow - 1);
  if (layout.noticeRow !== undefined)
    check('the notice', [textOf(drawNotice(state, columns))], columns, 1, layout.noticeRow);
  check(
    'the keys',
    [textOf(drawKeys(state, columns))].map((line) => line.padEnd(columns)),
    columns,
    1,
    layout.keysRow,
  );
  covered.forEach((cells, row) => {
    if (cells !== columns) faults.push(`row ${row} has ${cells} cells of ${columns}`);
  });
  const overlay = drawOverlay(state);
  if (overlay !== undefined) checkBox('the box', overlay.area, overlay, true);
  return faults;
}
