import { cellWidth, cutEnd } from '../store/cells.ts';
import { type Line, textOf, toned } from '../store/line.ts';

/** PaneFrame is the border of an open pane: its title, what stands at the right of it, and what stands below. */
export type PaneFrame = {
  readonly title: string;
  readonly right: Line;
  readonly bottom: Line;
  /** bottomRight stands there where there is room. */
  readonly bottomRight?: Line;
  readonly isFocused: boolean;
  /** isMarked draws a heavy border round the focused one of several open panes: colour alone would not tell. */
  readonly isMarked: boolean;
};

/** PlacedWords are words in a border, `left` and `top` cells from the corner of the pane. */
export type PlacedWords = { readonly left: number; readonly top: number; readonly line: Line };

/** placeWords puts the words of a frame into its border; those at the right are left out where there is no room. */
export function placeWords(frame: PaneFrame, width: number, height: number): readonly PlacedWords[] {
  const room = width - 2;
  const title = wordsIn([toned(frame.title, frame.isFocused ? 'strong' : 'plain')], room);
  const right = wordsIn(frame.right, room);
  const bottom = wordsIn(frame.bottom, room);
  const other = wordsIn(frame.bottomRight ?? [], room);
  const otherWidth = cellWidth(textOf(other));
  const titleWidth = cellWidth(textOf(title));
  const rightWidth = cellWidth(textOf(right));
  return [
    { left: 1, top: 0, line: title },
    ...(rightWidth > 0 && titleWidth + rightWidth < room
      ? [{ left: width - 1 - rightWidth, top: 0, line: right }]
      : []),
    ...(bottom.length > 0 ? [{ left: 1, top: height - 1, line: bottom }] : []),
    ...(otherWidth > 0 && cellWidth(textOf(bottom)) + otherWidth < room
      ? [{ left: width - 1 - otherWidth, top: height - 1, line: other }]
      : []),
  ];
}

function wordsIn(words: Line, room: number): Line {
  const width = cellWidth(textOf(words));
  if (width === 0) return [];
  return width + 2 <= room ? [' ', ...words, ' '] : [cutEnd(` ${textOf(words)}`, room - 1), ' '];
}
