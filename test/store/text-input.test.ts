import { describe, expect, test } from 'vitest';
import { cellWidth } from '../../source/store/cells.ts';
import { textOf } from '../../source/store/line.ts';
import { inputLine, newTextInput, type TextInput, typeText } from '../../source/store/text-input.ts';

/** typed presses keys and shows the cursor as `|`. */
function typed(text: string, ...keys: readonly string[]): string {
  const input = keys.reduce<TextInput>((each, key) => typeText(each, key) ?? each, newTextInput(text));
  const characters = [...new Intl.Segmenter().segment(input.text)].map(({ segment }) => segment);
  return characters.toSpliced(input.cursor, 0, '|').join('');
}

test.each([
  ['', ['/', 'b', 'i', 'g'], '/big|'],
  ['/big', ['left', 'left', 'x'], '/bx|ig'],
  ['/big', ['home', 'left', '~'], '~|/big'],
  ['/big', ['home', 'end', 'right', 's'], '/bigs|'],
  ['/big', ['backspace', 'backspace'], '/b|'],
  ['/big', ['home', 'backspace'], '|/big'],
  ['/big/go', ['left', 'left', 'ctrl+u'], '|go'],
  ['/big/go cache', ['ctrl+w'], '/big/go |'],
  ['/big/go', ['ctrl+w'], '/big/|'],
  ['/big/', ['ctrl+w'], '/|'],
  ['日', ['😀', 'e\u0301', 'backspace'], '日😀|'], // what is seen as one is one
  ['/big', ['ctrl+a', ' ', 'q', '?'], ' q?|/big'], // keys that mean something elsewhere
])('%j, %j: %s', (text, keys, expected) => {
  expect(typed(text, ...keys)).toBe(expected);
});

test.each(['enter', 'escape', 'up', 'down', 'tab', 'shift+tab', 'pageup', 'ctrl+c', 'ctrl+z'])(
  '%s is not for the text',
  (key) => {
    expect(typeText(newTextInput('a'), key)).toBeUndefined();
  },
);

describe('drawn', () => {
  test.each([10, 20, 38])('within %i cells the cursor is always seen', (width) => {
    for (const text of ['', '/a', '/a/folder/with/a/name/that/is/long', '/日本語/日本語/日本語/日本語']) {
      const end = newTextInput(text);
      for (let cursor = 0; cursor <= end.cursor; cursor++) {
        const line = inputLine({ text, cursor }, width);
        const upTo = textOf(line.slice(0, 2));
        expect(cellWidth(upTo)).toBeLessThanOrEqual(width);
        expect(line[1]).toMatchObject({ tone: 'cursor' });
      }
    }
  });

  test('the end of a long path is seen while it is typed', () => {
    expect(textOf(inputLine(newTextInput('/a/folder/that/is/long'), 12))).toBe('hat/is/long ');
  });
});
