import { cellWidth, padEnd, wrapText } from '../store/cells.ts';
import { selectDialog } from '../store/dialog.ts';
import { helpHeight, helpLines } from '../store/help.ts';
import type { Area } from '../store/layout.ts';
import { fitLine, type Line, toned } from '../store/line.ts';
import type { AppState } from '../store/state.ts';
import { inputLine } from '../store/text-input.ts';
import type { PaneFrame } from './pane-frame.ts';

/** Overlay lies over the panes: its lines fill all of the room within its border. */
export type Overlay = { readonly area: Area; readonly frame: PaneFrame; readonly lines: readonly Line[] };

/** drawOverlay draws the open question or the help over the panes; undefined when there is none. */
export function drawOverlay(state: AppState): Overlay | undefined {
  return drawDialog(state) ?? drawHelp(state);
}

// A question is read in one go: wider lines are not.
const widestDialog = 64;

function drawDialog(state: AppState): Overlay | undefined {
  const dialog = selectDialog(state);
  if (dialog === undefined) return undefined;
  const { columns, rows } = state.screen.size;
  const width = Math.min(columns, widestDialog);
  const inner = width - 4;
  const choices =
    dialog.typed === undefined
      ? choiceLines(dialog.choices, dialog.choice, inner)
      : [inputLine(dialog.typed, inner)];
  const text = dialog.lines.flatMap((line) => (line === '' ? [''] : wrapText(line, inner)));
  const content: readonly Line[] = [...fitText(text, rows - 3 - choices.length), [], ...choices];
  const height = Math.min(rows, content.length + 2);
  const area = {
    left: Math.floor((columns - width) / 2),
    top: Math.max(0, Math.floor((rows - height) / 2)),
    width,
    height,
  };
  const frame = { title: dialog.title, right: [], bottom: [], isFocused: true, isMarked: true };
  return { area, frame, lines: fillLines(content, width, height) };
}

/** fitText gives up empty lines, then the last ones, where there is no room: the answers must be seen. */
function fitText(text: readonly string[], room: number): readonly Line[] {
  const dense = text.length <= room ? text : text.filter((line) => line !== '');
  return dense.slice(0, Math.max(1, room)).map((line) => [line]);
}

/** choiceLines put the choices in one line, or each in its own; brackets mark the chosen one. */
function choiceLines(
  choices: readonly { readonly title: string }[],
  choice: number,
  width: number,
): readonly Line[] {
  const words = choices.map(({ title }, index) =>
    index === choice ? toned(`[ ${title} ]`, 'cursor') : `  ${title}  `,
  );
  const total = choices.reduce((sum, { title }) => sum + cellWidth(title) + 4, 0);
  return total + 2 * choices.length <= width
    ? [words.flatMap((word) => [word, ' '])]
    : words.map((word) => [word]);
}

function drawHelp({ screen }: AppState): Overlay | undefined {
  const { help, size } = screen;
  if (help === undefined) return undefined;
  const { columns, rows } = size;
  const lines = helpLines(columns - 4);
  const height = helpHeight(rows);
  const seen = lines.slice(help.top, help.top + height);
  const below = lines.length - help.top - height;
  const frame = {
    title: 'help',
    right: [],
    bottom: below > 0 ? [toned(`${below} more`, 'quiet')] : [],
    isFocused: true,
    isMarked: false,
  };
  const area = { left: 0, top: 1, width: columns, height: rows - 2 };
  return { area, frame, lines: fillLines(seen, columns, rows - 2) };
}

/** fillLines makes as many lines as there is room for, each as wide as the room: what lies below must not show. */
function fillLines(content: readonly Line[], width: number, height: number): readonly Line[] {
  return Array.from(
    { length: height - 2 },
    (_, row): Line => [' ', ...fitLine(content[row] ?? [], width - 4), ' '],
  );
}

/** tooSmall says what is missing, in whatever room there is. */
export function tooSmall(
  columns: number,
  rows: number,
  least: { readonly columns: number; readonly rows: number },
): readonly Line[] {
  const words = `terminal too small (${columns}x${rows}), needs ${least.columns}x${least.rows}`;
  return wrapText(words, columns)
    .slice(0, rows)
    .map((line) => [padEnd(line, columns)]);
}
