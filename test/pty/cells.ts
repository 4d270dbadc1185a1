import type { IBuffer, IBufferCell } from '@xterm/headless';

/** Cell is one place of the screen. A wide character has width 2, and the cell after it width 0 and no char. */
export type Cell = {
  readonly char: string;
  readonly width: number;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
  /** color is a name of `ansiColors`, `#rrggbb`, or undefined for the terminal's own. */
  readonly color: string | undefined;
  readonly background: string | undefined;
};

/** Position is a place on the screen, in cells from 0, 0 at the top left. */
export type Position = { readonly x: number; readonly y: number };

/** ansiColors are the first 16 colours, by the names of their SGR codes 30-37 and 90-97. */
export const ansiColors: readonly string[] = [
  'black',
  'red',
  'green',
  'yellow',
  'blue',
  'magenta',
  'cyan',
  'white',
  'bright black',
  'bright red',
  'bright green',
  'bright yellow',
  'bright blue',
  'bright magenta',
  'bright cyan',
  'bright white',
];

/** readCell gives the cell of a line of the buffer; outside of it, an empty one. */
export function readCell(buffer: IBuffer, x: number, line: number): Cell {
  const cell = buffer.getLine(line)?.getCell(x);
  if (cell === undefined) return emptyCell;
  return {
    char: cell.getWidth() === 0 ? '' : cell.getChars() || ' ',
    width: cell.getWidth(),
    bold: cell.isBold() !== 0,
    dim: cell.isDim() !== 0,
    italic: cell.isItalic() !== 0,
    underline: cell.isUnderline() !== 0,
    inverse: cell.isInverse() !== 0,
    color: foreground(cell),
    background: background(cell),
  };
}

/** readLines gives lines of the buffer from `first` on, without the spaces at their ends. */
export function readLines(buffer: IBuffer, first: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    (buffer.getLine(first + index)?.translateToString(true) ?? '').trimEnd(),
  );
}

/** findInLine gives the cell in which `text` begins; a wide character before it counts two. */
export function findInLine(buffer: IBuffer, line: number, text: string): number | undefined {
  const content = buffer.getLine(line);
  if (content === undefined) return undefined;
  const index = content.translateToString(true).indexOf(text);
  if (index < 0) return undefined;
  let x = 0;
  for (let length = 0; length < index; x += 1) {
    const cell = content.getCell(x);
    if (cell === undefined) return undefined;
    if (cell.getWidth() > 0) length += cell.getChars().length || 1;
  }
  while (content.getCell(x)?.getWidth() === 0) x += 1;
  return x;
}

const emptyCell: Cell = {
  char: ' ',
  width: 1,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  inverse: false,
  color: undefined,
  background: undefined,
};

function foreground(cell: IBufferCell): string | undefined {
  if (cell.isFgRGB()) return hex(cell.getFgColor());
  return cell.isFgPalette() ? paletteColor(cell.getFgColor()) : undefined;
}

function background(cell: IBufferCell): string | undefined {
  if (cell.isBgRGB()) return hex(cell.getBgColor());
  return cell.isBgPalette() ? paletteColor(cell.getBgColor()) : undefined;
}

/** paletteColor names one of the 256 colours: 16 names, a cube of 6 x 6 x 6, and 24 greys, as xterm has them. */
function paletteColor(index: number): string {
  const name = ansiColors[index];
  if (name !== undefined) return name;
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return hex((grey << 16) | (grey << 8) | grey);
  }
  const cube = index - 16;
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  return hex((level(Math.floor(cube / 36)) << 16) | (level(Math.floor(cube / 6) % 6) << 8) | level(cube % 6));
}

function hex(rgb: number): string {
  return `#${rgb.toString(16).padStart(6, '0')}`;
}
