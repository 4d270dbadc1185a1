import { cellWidth, cleanText, cutEnd, padEnd } from './cells.ts';

/**
 * Tone is what a piece of text means, beside its words and marks: colour repeats it, and may be absent. `quiet` is
 * drawn dim, `bad` red, `warning` yellow, `good` green, `strong` bold, `accent` bright, `cursor` inverse.
 */
export type Tone = 'plain' | 'quiet' | 'strong' | 'good' | 'bad' | 'warning' | 'accent' | 'cursor';

/** Span is text in one tone; a plain string is plain. */
export type Span = string | { readonly text: string; readonly tone: Tone };

/** Line is one row of the screen, or a part of one. */
export type Line = readonly Span[];

/** textOf is the text of a line without its tones. */
export function textOf(line: Line): string {
  return line.map((span) => (typeof span === 'string' ? span : span.text)).join('');
}

/** toned gives a text a tone. */
export function toned(text: string, tone: Tone): Span {
  return tone === 'plain' ? text : { text, tone };
}

/** fitLine makes a line exactly `width` cells wide: cut at its end, or filled with spaces. */
export function fitLine(line: Line, width: number): Line {
  const fitted = cutLine(line, width);
  const missing = width - cellWidth(textOf(fitted));
  return missing > 0 ? [...fitted, ' '.repeat(missing)] : fitted;
}

/** cutLine makes a line at most `width` cells wide, and fit to be shown. */
export function cutLine(line: Line, width: number): Line {
  const fitted: Span[] = [];
  let left = width;
  for (const span of line) {
    if (left <= 0) break;
    const text = cleanText(typeof span === 'string' ? span : span.text);
    const piece = cutEnd(text, left);
    left -= cellWidth(piece);
    fitted.push(typeof span === 'string' ? piece : { ...span, text: piece });
  }
  return fitted;
}

/** spread puts one line at the left and one at the right of `width` cells; the right one goes first when there is no room. */
export function spread(left: Line, right: Line, width: number): Line {
  const rightWidth = cellWidth(textOf(right));
  if (rightWidth === 0 || cellWidth(textOf(left)) + rightWidth + 1 > width) return fitLine(left, width);
  return [...fitLine(left, width - rightWidth), ...right];
}

/** beside joins blocks of lines side by side, each with its width, with `gap` spaces between. */
export function beside(
  blocks: readonly { readonly width: number; readonly lines: readonly Line[] }[],
  gap: number,
): readonly Line[] {
  const height = Math.max(0, ...blocks.map(({ lines }) => lines.length));
  return Array.from({ length: height }, (_, row) =>
    blocks.flatMap(({ width, lines }, index): Line => {
      const fitted = fitLine(lines[row] ?? [], width);
      return index === 0 ? fitted : [padEnd('', gap), ...fitted];
    }),
  );
}
