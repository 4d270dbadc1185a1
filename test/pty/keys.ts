/** Key is the name of a key: one of the table, a letter with Ctrl (`ctrl+c`), or any key with Alt (`alt+x`). */
export type Key = keyof typeof sequences | `ctrl+${string}` | `alt+${string}`;

/**
 * keySequence gives the characters that a terminal of type xterm sends for a key. `applicationCursor` is the mode in
 * which arrows, Home and End send `ESC O` in place of `ESC [`.
 */
export function keySequence(key: Key, applicationCursor = false): string {
  if (isNamedKey(key)) {
    const sequence = sequences[key];
    return applicationCursor ? sequence.replace(/^\x1b\[([ABCDHF])$/, '\x1bO$1') : sequence;
  }
  const [modifier, rest = ''] = key.split(/\+(.*)/s);
  if (modifier === 'alt') return `\x1b${isNamedKey(rest) ? sequences[rest] : rest}`;
  if (/^[a-z@[\\\]^_]$/.test(rest)) return String.fromCharCode(rest.toUpperCase().charCodeAt(0) & 0x1f);
  throw new Error(`no terminal can send the key ${key}`);
}

/** isKey tells whether a word is the name of a key. */
export function isKey(word: string): word is Key {
  return isNamedKey(word) || /^ctrl\+[a-z@[\\\]^_]$/.test(word) || /^alt\+./.test(word);
}

function isNamedKey(word: string): word is keyof typeof sequences {
  return Object.hasOwn(sequences, word);
}

const sequences = {
  up: '\x1b[A',
  down: '\x1b[B',
  right: '\x1b[C',
  left: '\x1b[D',
  home: '\x1b[H',
  end: '\x1b[F',
  pageup: '\x1b[5~',
  pagedown: '\x1b[6~',
  insert: '\x1b[2~',
  delete: '\x1b[3~',
  enter: '\r',
  tab: '\t',
  'shift+tab': '\x1b[Z',
  escape: '\x1b',
  backspace: '\x7f',
  space: ' ',
  'shift+up': '\x1b[1;2A',
  'shift+down': '\x1b[1;2B',
  f1: '\x1bOP',
} as const;
