import type { Key } from 'ink';
import type { KeyPress } from '../../store/screen.ts';

/** readKeys takes apart what Ink tells at once: `jjj` typed quickly is three keys. */
export function readKeys(input: string, key: Key): readonly KeyPress[] {
  const name = nameOf(key);
  // Esc and a key that follows it at once reach us as the key with Alt: both count.
  const before: readonly KeyPress[] = key.meta && name !== 'escape' ? ['escape'] : [];
  if (name !== undefined) return [...before, name];
  // Ink names Ctrl with a letter by the letter.
  if (key.ctrl) return input === '' ? [] : [`ctrl+${input}`];
  const typed = [...characters.segment(input)]
    .map(({ segment }) => controlKeys[segment] ?? segment)
    .filter(isKey);
  return [...before, ...typed];
}

function nameOf(key: Key): KeyPress | undefined {
  if (key.upArrow) return 'up';
  if (key.downArrow) return 'down';
  if (key.leftArrow) return 'left';
  if (key.rightArrow) return 'right';
  if (key.pageUp) return 'pageup';
  if (key.pageDown) return 'pagedown';
  if (key.home) return 'home';
  if (key.end) return 'end';
  if (key.return) return 'enter';
  if (key.escape) return 'escape';
  if (key.tab) return key.shift ? 'shift+tab' : 'tab';
  if (key.backspace || key.delete) return 'backspace';
  return undefined;
}

// What comes within a longer piece of input has no name of Ink's.
const controlKeys: Readonly<Record<string, KeyPress>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\r\n': 'enter',
  '\t': 'tab',
  '\x1b': 'escape',
  '\x7f': 'backspace',
  '\b': 'backspace',
  '\x01': 'ctrl+a',
  '\x03': 'ctrl+c',
  '\x05': 'ctrl+e',
  '\x15': 'ctrl+u',
  '\x17': 'ctrl+w',
  '\x1a': 'ctrl+z',
};

/** isKey leaves out control characters that are no keys of ours. */
function isKey(key: KeyPress): boolean {
  return !/^[\x00-\x1f\x7f]/.test(key);
}

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });
