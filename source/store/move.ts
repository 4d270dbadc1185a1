import type { Level } from './view.ts';
import { type Rows, windowStart } from './window.ts';

/** Move is a way to go through rows. */
export type Move = 'up' | 'down' | 'pageUp' | 'pageDown' | 'first' | 'last';

/** moveLevel moves the cursor, or scrolls where no row takes it. `isTable` says that every row takes the cursor. */
export function moveLevel(level: Level, rows: Rows, move: Move, isTable: boolean): Partial<Level> {
  const cursor = cursorIndex(level, rows, isTable);
  const start = windowStart(level.top, cursor, rows);
  const last = Math.max(0, rows.count - rows.height);
  const target = isTable
    ? clamp((cursor ?? 0) + stepOf(move, rows), 0, rows.count - 1)
    : nextRow(rows, cursor ?? (move === 'up' || move === 'pageUp' ? start : start - 1), move);
  if (target === undefined) {
    const top = clamp(start + stepOf(move, rows), 0, last);
    // Above the first row stand facts: going up there leaves the rows.
    return top === 0 && isUpward(move)
      ? { top, cursor: undefined }
      : { top: level.top === 'end' && top === last ? 'end' : top };
  }
  const id = rows.idAt(target);
  const isLast = !isTable && nextRow(rows, target, 'down') === undefined;
  return { cursor: id, top: windowStart(isLast ? last : start, target, rows) };
}

/** scrollText scrolls a text; at its end it follows what is added. */
export function scrollText(level: Level, rows: Rows, move: Move): Partial<Level> {
  const last = Math.max(0, rows.count - rows.height);
  const top = clamp(windowStart(level.top, undefined, rows) + stepOf(move, rows), 0, last);
  return { top: top === last ? 'end' : top };
}

/** cursorIndex is the row of the cursor; in a table it is on the first row before it was moved, and when its row is gone. */
export function cursorIndex(level: Level, rows: Rows, isTable: boolean): number | undefined {
  const index = level.cursor === undefined ? undefined : rows.indexOf(level.cursor);
  return index ?? (isTable && rows.count > 0 ? 0 : undefined);
}

function stepOf(move: Move, { count, height }: Rows): number {
  switch (move) {
    case 'up':
      return -1;
    case 'down':
      return 1;
    case 'pageUp':
      return 1 - Math.max(2, height);
    case 'pageDown':
      return Math.max(2, height) - 1;
    case 'first':
      return -count;
    case 'last':
      return count;
  }
}

function isUpward(move: Move): boolean {
  return move === 'up' || move === 'pageUp' || move === 'first';
}

/** nextRow is the row that takes the cursor, nearest to where a move wants to go; undefined when none lies that way. */
function nextRow(rows: Rows, from: number, move: Move): number | undefined {
  const wanted = clamp(from + stepOf(move, rows), -1, rows.count);
  const [step, end] = isUpward(move) ? [-1, from] : [1, from];
  for (let index = wanted; index >= 0 && index < rows.count; index += step) {
    if (rows.idAt(index) !== undefined) return index;
  }
  // Nothing beyond: the farthest before it.
  for (let index = wanted - step; step > 0 ? index > end : index < end; index -= step) {
    if (rows.idAt(index) !== undefined) return index;
  }
  return undefined;
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
