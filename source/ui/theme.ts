import type { TextProps } from 'ink';
import type { Line, Span, Tone } from '../store/line.ts';

/** Look is how the screen is drawn here: with which characters, and how much may move. */
export type Look = {
  readonly isAscii: boolean;
  /** isQuiet leaves out what changes without telling much: tenths of seconds, rates. */
  readonly isQuiet: boolean;
  /** home is the user's home folder, written `~`; undefined where it is not known. */
  readonly home: string | undefined;
};

/** toneProps is the colour of a tone; a terminal without colours shows the same words and marks. */
export const toneProps: Readonly<Record<Tone, Partial<TextProps>>> = {
  plain: {},
  quiet: { dimColor: true },
  strong: { bold: true },
  good: { color: 'green' },
  bad: { color: 'red' },
  warning: { color: 'yellow' },
  accent: { color: 'cyan' },
  cursor: { inverse: true },
};

/** asciiLine draws a line with ASCII signs in place of ours; each takes one cell, so that nothing moves. */
export function asciiLine(line: Line): Line {
  return line.map(
    (span): Span => (typeof span === 'string' ? asciiText(span) : { ...span, text: asciiText(span.text) }),
  );
}

function asciiText(text: string): string {
  return text.replace(ours, (sign) => asciiSigns[sign] ?? '?');
}

const asciiSigns: Readonly<Record<string, string>> = {
  '…': '~',
  '✗': 'x',
  '·': '.',
  '›': '>',
  '▸': '>',
  '↑': '^',
  '↓': 'v',
  '←': '<',
  '→': '>',
  '─': '-',
  '│': '|',
  '┌': '+',
  '┐': '+',
  '└': '+',
  '┘': '+',
  '├': '+',
  '┤': '+',
  '┬': '+',
  '┴': '+',
  '┼': '+',
  '━': '=',
  '┃': '|',
  '┏': '+',
  '┓': '+',
  '┗': '+',
  '┛': '+',
  '█': '+',
  '▒': '#',
  '▕': '[',
  '▏': ']',
  '▁': '_',
  '▂': '.',
  '▃': '-',
  '▄': '-',
  '▅': '=',
  '▆': '=',
  '▇': '#',
};

const ours = new RegExp(`[${Object.keys(asciiSigns).join('')}]`, 'g');
