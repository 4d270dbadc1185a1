import { ansiColors, type Cell } from './cells.ts';
import { drawGlyph, n } from './glyphs.ts';
import type { Terminal } from './terminal.ts';

/**
 * drawSvg draws the screen as it is, cell by cell: colours, bold, dim, inverse, underline, wide characters. `title` is
 * read to those who do not see it.
 */
export function drawSvg(terminal: Terminal, title = 'A terminal'): string {
  const width = terminal.cols() * cellWidth + 2 * margin;
  const height = terminal.rows() * cellHeight + 2 * margin;
  const rows = Array.from({ length: terminal.rows() }, (_, y) => drawRow(runsOf(terminal, y), y));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${n(width)}" height="${n(height)}" viewBox="0 0 ${n(width)} ${n(height)}">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="100%" height="100%" rx="6" fill="${theme.background}"/>`,
    `<g font-family="${fonts}" font-size="${fontSize}">`,
    ...rows.filter((row) => row !== ''),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

/** fontSize in pixels; a monospaced letter is 0.6 of it wide in nearly every font, and `textLength` makes it so. */
const fontSize = 14;
const cellWidth = fontSize * 0.6;
const cellHeight = 18;
const baseline = 13;
const margin = 10;
const fonts =
  "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', monospace";

const theme = { foreground: '#d4d7dd', background: '#16181d' };

/** palette holds the 16 colours of `ansiColors`, readable on the background of the theme. */
const palette: readonly string[] = [
  '#2b2f38',
  '#f0717b',
  '#98c379',
  '#e5c07b',
  '#6cb0f5',
  '#c792ea',
  '#5cc4d0',
  '#c8ccd4',
  '#717886',
  '#ff8b94',
  '#b5e08f',
  '#ffd98f',
  '#8cc8ff',
  '#dcb0ff',
  '#7fe0ea',
  '#ffffff',
];

/** Run is neighbouring cells that look alike, the last drawn as one text. */
type Run = { readonly x: number; readonly cells: Cell[] };

/** runsOf cuts a row where the look changes; a wide character stands alone, for a font may give it another width. */
function runsOf(terminal: Terminal, y: number): Run[] {
  const runs: Run[] = [];
  for (let x = 0; x < terminal.cols(); x += 1) {
    const cell = terminal.cell(x, y);
    if (cell.width === 0) continue;
    const run = runs.at(-1);
    const last = run?.cells.at(-1);
    if (run === undefined || last === undefined || !isSameRun(last, cell)) runs.push({ x, cells: [cell] });
    else run.cells.push(cell);
  }
  return runs;
}

function isSameRun(last: Cell, cell: Cell): boolean {
  return last.width === 1 && cell.width === 1 && lookOf(last) === lookOf(cell);
}

function lookOf({ bold, dim, italic, underline, inverse, color, background }: Cell): string {
  return [bold, dim, italic, underline, inverse, color, background].join();
}

function drawRow(runs: readonly Run[], y: number): string {
  return runs.map((run) => drawRun(run, y * cellHeight + margin)).join('');
}

function drawRun({ x, cells }: Run, top: number): string {
  const [first] = cells;
  if (first === undefined) return '';
  const left = x * cellWidth + margin;
  const columns = cells.reduce((sum, cell) => sum + cell.width, 0);
  const [ink, paper] = colorsOf(first);
  const back =
    paper === theme.background
      ? ''
      : `<rect x="${n(left)}" y="${n(top)}" width="${n(columns * cellWidth)}" height="${cellHeight}" fill="${paper}"/>`;
  return back + drawCells(cells, left, top, ink);
}

/** colorsOf gives ink and paper. */
function colorsOf(cell: Cell): [string, string] {
  const ink = rgb(cell.color) ?? theme.foreground;
  const paper = rgb(cell.background) ?? theme.background;
  return cell.inverse ? [paper, ink] : [ink, paper];
}

function rgb(color: string | undefined): string | undefined {
  return color === undefined ? undefined : (palette[ansiColors.indexOf(color)] ?? color);
}

/** drawCells draws shapes for lines and blocks, and words for the rest, each word at its own place. */
function drawCells(cells: readonly Cell[], left: number, top: number, ink: string): string {
  const parts: string[] = [];
  let word = '';
  let wordLeft = left;
  let x = left;
  const [first] = cells;
  const endWord = () => {
    if (word !== '' && first !== undefined)
      parts.push(drawWord(word, first, wordLeft, x - wordLeft, top, ink));
    word = '';
  };
  for (const cell of cells) {
    const box = { x, y: top, width: cell.width * cellWidth, height: cellHeight };
    const shape = drawGlyph(cell.char, box, ink);
    if (shape !== undefined || (cell.char === ' ' && !cell.underline)) {
      endWord();
      if (shape !== undefined) parts.push(cell.dim ? `<g opacity="${dimness}">${shape}</g>` : shape);
    } else {
      if (word === '') wordLeft = x;
      word += cell.char === ' ' ? '\u00a0' : cell.char;
    }
    x += box.width;
  }
  endWord();
  return parts.join('');
}

/** dimness is how much of the ink is left of a dim letter. */
const dimness = 0.6;

function drawWord(word: string, cell: Cell, left: number, width: number, top: number, ink: string): string {
  const look = [
    cell.bold ? ' font-weight="bold"' : '',
    cell.italic ? ' font-style="italic"' : '',
    cell.underline ? ' text-decoration="underline"' : '',
    cell.dim ? ` opacity="${dimness}"` : '',
  ].join('');
  const place = `x="${n(left)}" y="${n(top + baseline)}" textLength="${n(width)}" lengthAdjust="spacingAndGlyphs"`;
  return `<text ${place} fill="${ink}"${look}>${escapeXml(word)}</text>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
