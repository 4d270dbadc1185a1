// Go quotes the whole of it; more than this says nothing to anybody.
const longest = 120;

/** goQuote writes bytes as Go's %q does, as far as they are worth reading: then without the closing quote. `strconv: Quote, go1.26` */
export function goQuote(bytes: Buffer): string {
  const shown = bytes.subarray(0, longest);
  let quoted = '"';
  let index = 0;
  while (index < shown.length) {
    const [character, length] = characterAt(shown, index);
    quoted += character === undefined ? escapeByte(shown[index] ?? 0) : quoteCharacter(character);
    index += length;
  }
  return bytes.length > longest ? quoted : `${quoted}"`;
}

/** characterAt is one character of UTF-8 and how many bytes it takes; undefined for a byte that is none. */
function characterAt(bytes: Buffer, index: number): readonly [string | undefined, number] {
  const first = bytes[index] ?? 0;
  const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const text = bytes.toString('utf8', index, index + length);
  return text.includes('\ufffd') || [...text].length !== 1 ? [undefined, 1] : [text, length];
}

const named: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\x07', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
]);

function quoteCharacter(character: string): string {
  const name = named.get(character);
  if (name !== undefined) return name;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x7f) return escapeByte(code);
  if (/[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(character)) return character;
  return code > 0xffff
    ? `\\U${code.toString(16).padStart(8, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`;
}

function escapeByte(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}
