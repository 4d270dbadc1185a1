import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';

// What is cut ends or begins with this; it takes one cell.
const ellipsis = '…';

/** cellWidth is how many cells a text takes in a terminal: two for CJK and emoji. */
export function cellWidth(text: string): number {
  return isSimple.test(text) ? text.length : stringWidth(text);
}

/** cleanText makes a text fit for one row: no escape sequences, no control characters, tabs as spaces. */
export function cleanText(text: string): string {
  if (isPrintable.test(text)) return text;
  return stripVTControlCharacters(text)
    .replace(/\r+$/, '')
    .replace(/^.*\r/s, '')
    .replaceAll('\t', '    ')
    .replace(/[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, '�');
}

/** cutEnd shortens a text to at most `width` cells, from its end. */
export function cutEnd(text: string, width: number): string {
  if (cellWidth(text) <= width) return text;
  if (width <= 0) return '';
  return takeCells(text, width - 1) + ellipsis;
}

/** cutStart shortens a text to at most `width` cells, from its start. */
export function cutStart(text: string, width: number): string {
  if (cellWidth(text) <= width) return text;
  if (width <= 0) return '';
  return ellipsis + takeCellsFromEnd(text, width - 1);
}

/**
 * cutPath shortens an import path or a file path from its start, at a slash where one is left, so that the telling end
 * stays: `…/x/text/unicode/norm`.
 */
export function cutPath(path: string, width: number): string {
  if (cellWidth(path) <= width) return path;
  for (let slash = path.indexOf('/', 1); slash !== -1; slash = path.indexOf('/', slash + 1)) {
    const rest = ellipsis + path.slice(slash);
    if (cellWidth(rest) <= width && slash < path.length - 1) return rest;
  }
  return cutStart(path, width);
}

/** padEnd fills a text with spaces to `width` cells. */
export function padEnd(text: string, width: number): string {
  const missing = width - cellWidth(text);
  return missing > 0 ? text + ' '.repeat(missing) : text;
}

/** padStart puts spaces in front of a text up to `width` cells. */
export function padStart(text: string, width: number): string {
  const missing = width - cellWidth(text);
  return missing > 0 ? ' '.repeat(missing) + text : text;
}

/** wrapText breaks a text into lines of at most `width` cells, at spaces where it can. */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let rest = text.trim();
  while (cellWidth(rest) > width && width > 0) {
    const taken = takeCells(rest, width) || [...rest].slice(0, 1).join('');
    const space = taken.lastIndexOf(' ');
    // A word that fills more than half of the line is broken rather than moved.
    const end = rest[taken.length] === ' ' || space < width / 2 ? taken.length : space;
    lines.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  lines.push(rest);
  return lines;
}

function takeCells(text: string, width: number): string {
  if (isSimple.test(text)) return text.slice(0, Math.max(0, width));
  let taken = '';
  let left = width;
  for (const { segment } of graphemes.segment(text)) {
    left -= stringWidth(segment);
    if (left < 0) break;
    taken += segment;
  }
  return taken;
}

function takeCellsFromEnd(text: string, width: number): string {
  if (isSimple.test(text)) return width <= 0 ? '' : text.slice(-width);
  const segments = [...graphemes.segment(text)].map(({ segment }) => segment);
  let start = segments.length;
  let left = width - stringWidth(segments[start - 1] ?? '');
  while (start > 0 && left >= 0) {
    start -= 1;
    left -= stringWidth(segments[start - 1] ?? '');
  }
  return segments.slice(start).join('');
}

const isPrintable = /^[\x20-\x7e]*$/;

// Our own signs take one cell each: to look them up one by one would be most of the cost of a frame.
const isSimple = /^[\x20-\x7e…✗·›▸↑↓←→█▒▁-▇▏▕─]*$/;

// A character that the user sees may be several code points: it is cut as a whole.
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
