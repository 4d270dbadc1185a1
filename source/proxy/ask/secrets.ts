import { redactUrl } from '../../go/redact.ts';

/** shownSecret stands where a secret was: Go's own word for it. */
const shownSecret = 'xxxxx';

// Shorter ones are no secrets, and would tear holes into every text.
const shortest = 3;

/** Secrets are what one request must not tell: everything that it sends to prove who it is. */
export class Secrets {
  readonly #values = new Set<string>();

  /** add takes a secret, in all forms that a server could give it back. */
  add(value: string): void {
    for (const form of formsOf(value)) if (form.length >= shortest) this.#values.add(form);
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
    // The longest first: one can be a part of another.
    const values = [...this.#values].sort((a, b) => b.length - a.length);
    return values.reduce((hidden, value) => hidden.replaceAll(value, shownSecret), text);
  }
}

function formsOf(value: string): readonly string[] {
  const bytes = Buffer.from(value).toString('latin1');
  const escaped = encodeURIComponent(value);
  return [
    value,
    bytes,
    escaped,
    escaped.replace(/%[\dA-F]{2}/g, (found) => found.toLowerCase()),
    JSON.stringify(value).slice(1, -1),
    value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    Buffer.from(value).toString('base64'),
    Buffer.from(value).toString('base64url'),
  ];
}

/** decode undoes the escapes of a URL; what is no escape stays. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
