import { redactUrl } from '../../go/redact.ts';

/** shownSecret stands where a secret was: Go's own word for it. */
const shownSecret = 'xxxxx';

// Shorter ones are no secrets, and would tear holes into every text.
const shortest = 3;

/** Secrets are what one request must not tell: everything that it sends to prove who it is. */
export class Secrets {
  readonly #values = new Set<string>();
  #pattern: RegExp | undefined;

  /** add takes a secret; it is found in all forms in which a server could give it back. */
  add(value: string): void {
    for (const form of [value, base64(value, 'base64'), base64(value, 'base64url')])
      if (form.length >= shortest) this.#values.add(form);
    this.#pattern = undefined;
  }

  /** addHeader takes the value of a header such as `Basic dXNlcjpzZWNyZXQ=`. */
  addHeader(value: string): void {
    this.add(value);
    const [, scheme = '', token = ''] = /^(\S+)\s+(\S.*)$/s.exec(value) ?? [];
    this.add(token);
    if (scheme.toLowerCase() !== 'basic') return;
    const login = Buffer.from(token, 'base64').toString('utf8');
    this.add(login);
    this.add(login.slice(login.indexOf(':') + 1));
  }

  /** addUrl takes the user and the password of a URL. */
  addUrl({ username, password }: URL): void {
    this.add(decode(password));
    // A name alone is how tokens are given.
    if (password === '') this.add(decode(username));
  }

  /** hide gives a text that is fit to be shown. */
  hide(text: string): string {
    return redactUrl(this.#hideValues(text));
  }

  /** hideBytes does the same to a body; one without a secret in it stays as it is, to the byte. A cut one can end within a secret. */
  hideBytes(body: Buffer, isCut = false): Buffer {
    const text = body.toString('latin1');
    const hidden = this.#hideValues(text);
    const whole = isCut ? this.#hideEnd(hidden) : hidden;
    return whole === text ? body : Buffer.from(whole, 'latin1');
  }

  #hideEnd(text: string): string {
    const lengths = [...this.#values].map((value) => {
      let length = Math.min(value.length - 1, text.length);
      while (length > 0 && !text.endsWith(value.slice(0, length))) length -= 1;
      return length;
    });
    const longest = Math.max(0, ...lengths);
    return longest < shortest ? text : `${text.slice(0, -longest)}${shownSecret}`;
  }

  #hideValues(text: string): string {
    if (this.#values.size === 0) return text;
    // The longest first: one can be a part of another.
    this.#pattern ??= new RegExp(
      [...this.#values]
        .sort((a, b) => b.length - a.length)
        .map((value) => [...value].map((character, index) => anyForm(character, index === 0)).join(''))
        .join('|'),
      'g',
    );
    return text.replace(this.#pattern, shownSecret);
  }
}

function base64(value: string, encoding: 'base64' | 'base64url'): string {
  return Buffer.from(value).toString(encoding).replace(/=+$/, '');
}

/** entities are the names that HTML has for signs. */
const entities: ReadonlyMap<string, string> = new Map([
  ['&', 'amp'],
  ['<', 'lt'],
  ['>', 'gt'],
  ['"', 'quot'],
  ["'", 'apos'],
]);

// As often as redirects can escape it; without a bound a server could make this take forever.
const again = '{0,12}';

/**
 * anyForm is a pattern for one character of a secret: as it is, as the bytes of UTF-8, or escaped for a URL (again and again, as by
 * redirects), for JSON or for HTML. Letters and digits are escaped by nobody. Backslashes before
 * the first are left out: a long row of them would be tried from each of them on.
 */
function anyForm(character: string, isFirst: boolean): string {
  if (/^[A-Za-z\d]$/.test(character)) return character;
  const bytes = Buffer.from(character);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0'));
  const code = character.codePointAt(0) ?? 0;
  const entity = entities.get(character);
  const plain = [character, bytes.toString('latin1')].map((each) =>
    each.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'),
  );
  return `(?:${[
    ...plain.map((each) => `${isFirst ? '' : `\\\\${again}`}${each}`),
    hex.map((each) => `%(?:25)${again}${anyCase(each)}`).join(''),
    `\\\\${isFirst ? '' : again}u${anyCase(code.toString(16).padStart(4, '0'))}`,
    `&(?:amp;)${again}(?:#0?${code}|#[xX]0?${anyCase(code.toString(16))}${entity === undefined ? '' : `|${entity}`});`,
    ...(character === ' ' ? ['\\+'] : []),
  ].join('|')})`;
}

function anyCase(hex: string): string {
  return hex.replace(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

/** decode undoes the escapes of a URL; what is no escape stays. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
