import { cellWidth, cleanText } from './cells.ts';
import { type Line, toned } from './line.ts';
import type { KeyPress } from './screen.ts';

/** TextInput is one line of text that is being typed; cursor counts the characters before it. */
export type TextInput = { readonly text: string; readonly cursor: number };

/** newTextInput is a text with the cursor at its end. */
export function newTextInput(text: string): TextInput {
  return { text, cursor: charactersOf(text).length };
}

/** typeText answers a key as a line of text does; undefined for a key that means nothing in one, as enter or up. */
export function typeText({ text, cursor }: TextInput, key: KeyPress): TextInput | undefined {
  const characters = charactersOf(text);
  const [before, behind] = [characters.slice(0, cursor), characters.slice(cursor)];
  const join = (kept: readonly string[]): TextInput => ({
    text: [...kept, ...behind].join(''),
    cursor: kept.length,
  });
  switch (key) {
    case 'left':
      return { text, cursor: Math.max(0, cursor - 1) };
    case 'right':
      return { text, cursor: Math.min(characters.length, cursor + 1) };
    case 'home':
    case 'ctrl+a':
      return { text, cursor: 0 };
    case 'end':
    case 'ctrl+e':
      return newTextInput(text);
    case 'backspace':
      return join(before.slice(0, -1));
    case 'ctrl+u':
      return join([]);
    case 'ctrl+w':
      return join(charactersOf(before.join('').replace(/[^/\s]*[/\s]*$/, '')));
    default:
      return isNamed(key) ? undefined : join([...before, key]);
  }
}

/** isNamed says that a key has a name and types nothing: names have several letters, what is typed is one character. */
export function isNamed(key: KeyPress): boolean {
  return /^[a-z][a-z+]+$/.test(key);
}

/** inputLine draws the text within `width` cells, scrolled so that the cursor, drawn inverse, is seen. */
export function inputLine({ text, cursor }: TextInput, width: number): Line {
  const characters = charactersOf(text).map(cleanText);
  const under = characters[cursor] ?? ' ';
  let from = cursor;
  // A third of the room stays for what follows the cursor.
  let room = width - cellWidth(under) - (cursor < characters.length ? Math.floor(width / 3) : 0);
  while (from > 0 && room >= cellWidth(characters[from - 1] ?? '')) {
    from -= 1;
    room -= cellWidth(characters[from] ?? '');
  }
  const before = characters.slice(from, cursor).join('');
  return [before, toned(under, 'cursor'), characters.slice(cursor + 1).join('')];
}

function charactersOf(text: string): readonly string[] {
  return [...graphemes.segment(text)].map(({ segment }) => segment);
}

// As keys are taken apart: what the user sees as one character is one.
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
