import { cellWidth, cutPath, cutStart, padEnd, wrapText } from './cells.ts';
import { type Line, toned } from './line.ts';
import type { PageItem } from './view.ts';

/** PageLine is one line of a page; with an id it is a row for the cursor. */
export type PageLine = {
  readonly line: Line;
  readonly id: string | undefined;
  /** hasOwnCursor: it is being typed, and shows where. */
  readonly hasOwnCursor?: boolean;
};

/** layoutPage writes the items of a page for a width: long values take several lines. */
export function layoutPage(items: readonly PageItem[], width: number): readonly PageLine[] {
  return items.flatMap((item) => layoutItem(item, width));
}

// factWidth holds the longest name of a fact, GONOSUMDB, and a space.
const factWidth = 11;

function layoutItem(item: PageItem, width: number): readonly PageLine[] {
  switch (item.kind) {
    case 'gap':
      return [plain([])];
    case 'text':
      return textLines(item, width);
    case 'line':
      return [{ line: item.line, id: item.id, hasOwnCursor: true }];
    case 'heading':
      return [plain(headingLine(item.text, item.right ?? '', width))];
    case 'fact':
      return factLines(item, width);
    case 'row':
      return [{ id: item.id, line: rowLine(item, width) }];
  }
}

function textLines(
  { text, tone = 'plain', indent = 0 }: Extract<PageItem, { kind: 'text' }>,
  width: number,
): readonly PageLine[] {
  // Where there is little room, none is given away.
  const left = Math.min(indent, Math.floor(width / 10));
  return wrapText(text, width - left).map((line) => plain([toned(' '.repeat(left) + line, tone)]));
}

function plain(line: Line): PageLine {
  return { line, id: undefined };
}

function headingLine(text: string, right: string, width: number): Line {
  const gap = width - cellWidth(text) - cellWidth(right);
  return gap < 1 ? [toned(text, 'quiet')] : [toned(`${text}${' '.repeat(gap)}${right}`, 'quiet')];
}

function factLines(fact: Extract<PageItem, { kind: 'fact' }>, width: number): readonly PageLine[] {
  const valueWidth = Math.max(8, width - factWidth);
  const texts = fact.cut === 'left' ? [cutPath(fact.value, valueWidth)] : wrapText(fact.value, valueWidth);
  return texts.map((text, index) =>
    plain([
      toned(padEnd(index === 0 ? fact.name : '', factWidth), 'quiet'),
      toned(text, fact.tone ?? 'plain'),
    ]),
  );
}

function rowLine(row: Extract<PageItem, { kind: 'row' }>, width: number): Line {
  const tone = row.tone ?? 'plain';
  const right = row.right === '' ? '' : ` ${row.right}`;
  const room = Math.max(0, width - 2 - cellWidth(right));
  const text = cutName(row.text, room);
  return [row.mark, ' ', toned(padEnd(text, room), tone), toned(right, tone)];
}

/** cutName cuts a path at a slash; of a URL it gives up the usual scheme and the user first. */
function cutName(name: string, width: number): string {
  if (cellWidth(name) <= width) return name;
  const text = name.replace(/^(\d+ )?https:\/\/(?:[^/@]*@)?/, '$1').replace(/(\/\/)[^/@]*@/, '$1');
  return text.includes('/') ? cutPath(text, width) : cutStart(text, width);
}
