import type { CredentialHeaders } from './store.ts';

/** Given is what a helper said: headers by the prefix that they are for. */
export type Given = readonly (readonly [prefix: string, headers: CredentialHeaders])[];

/**
 * parseCommandOutput reads what a GOAUTH command prints: URLs, an empty line, headers, an empty line, and so on. A string is Go's
 * reason why it cannot be read, without what stands there. `cmd/go/internal/auth: parseUserAuth, go1.26`
 */
export function parseCommandOutput(output: string): Given | string {
  const given: (readonly [string, CredentialHeaders])[] = [];
  const lines = output.split('\n');
  // Every line ends with a line end, or it does not count.
  const rest = lines.pop();
  while (lines.length > 0) {
    const urls = takeBlock(lines);
    if (urls === undefined) return 'invalid format: missing empty line after URLs';
    if (urls.some((url) => !/^[a-z][a-z\d+.-]*:|^\//i.test(url))) return 'could not parse URL';
    const headers = takeBlock(lines)?.map((line) => /^([!#$%&'*+.^_`|~\w-]+): (.*)$/.exec(line));
    if (headers === undefined) return 'invalid format: missing empty line after headers';
    const pairs: (readonly [string, string])[] = [];
    for (const header of headers) {
      const value = header?.[2]?.trim() ?? '';
      if (header === null || /[\x00-\x08\x0a-\x1f\x7f]/.test(value))
        return 'invalid format: invalid header line';
      pairs.push([header?.[1] ?? '', value]);
    }
    for (const url of urls) given.push([url, pairs]);
  }
  return rest === '' ? given : 'invalid format: missing empty line after URLs';
}

function takeBlock(lines: string[]): readonly string[] | undefined {
  const end = lines.indexOf('');
  if (end < 0) return undefined;
  return lines.splice(0, end + 1).slice(0, end);
}

/** GitCredential is what `git credential fill` knows. */
export type GitCredential = { readonly prefix: string; readonly login: string; readonly password: string };

/** parseGitOutput reads `protocol=https`, `host=...` and so on; the prefix is empty without them. `cmd/go/internal/auth: parseGitAuth, go1.26` */
export function parseGitOutput(output: string): GitCredential {
  const values = new Map<string, string>();
  for (const line of output.split('\n')) {
    const [, key, value] = /^\s*([^=]*)=(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) values.set(key, value);
  }
  const host = values.get('host') ?? '';
  const path = values.get('path') ?? '';
  const prefix =
    values.get('url') ??
    (host === '' ? '' : `${values.get('protocol') ?? ''}://${host}${path === '' ? '' : `/${path}`}`);
  return { prefix, login: values.get('username') ?? '', password: values.get('password') ?? '' };
}

/**
 * splitCommand parts a GOAUTH command into words; quotes around a whole word hold it together. A string is Go's reason.
 * `cmd/internal/quoted: Split, go1.26`
 */
export function splitCommand(command: string): readonly string[] | string {
  const words: string[] = [];
  let rest = command.replace(/^[ \t\n\r]+/, '');
  while (rest !== '') {
    const [quote = ''] = rest;
    const isQuoted = quote === '"' || quote === "'";
    const end = isQuoted ? rest.indexOf(quote, 1) : rest.search(/[ \t\n\r]|$/);
    if (end < 0) return `unterminated ${quote} string`;
    words.push(isQuoted ? rest.slice(1, end) : rest.slice(0, end));
    rest = rest.slice(isQuoted ? end + 1 : end).replace(/^[ \t\n\r]+/, '');
  }
  return words;
}
