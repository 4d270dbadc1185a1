import { isIPv6 } from 'node:net';

/**
 * checkProxyUrl gives Go's error about an entry of GOPROXY that is no proxy URL; undefined when it is one. The words hold the
 * entry as it is: hide its password before they are shown. `cmd/go/internal/modfetch: newProxyRepo, go1.26`
 */
export function checkProxyUrl(entry: string): string | undefined {
  const url = parseGoUrl(entry);
  if (typeof url === 'string') return `parse ${JSON.stringify(entry).replace(/\\u00/g, '\\x')}: ${url}`;
  switch (url.scheme) {
    case 'http':
    case 'https':
      return undefined;
    case 'file':
      return url.isPathOnly ? undefined : `invalid file:// proxy URL with non-path elements: ${entry}`;
    case '':
      return `invalid proxy URL missing scheme: ${escapePath(entry)}`;
    default:
      return `invalid proxy URL scheme (must be https, http, file): ${entry}`;
  }
}

/** escapePath writes a path as Go shows it: as it is, unless something in it must be escaped. `net/url: (*URL).EscapedPath, go1.26` */
function escapePath(path: string): string {
  if (/^(?:[\w.~!$&'()*+,;=:@[\]/-]|%[\dA-Fa-f]{2})*$/.test(path)) return path;
  return path.replace(/[^\w.~$&+,/:;=@%-]/gu, encodeURIComponent);
}

type GoUrl = {
  /** scheme in small letters. */
  readonly scheme: string;
  /** isPathOnly says that there is nothing but scheme and path: `file:///srv/proxy`. */
  readonly isPathOnly: boolean;
};

/**
 * parseGoUrl reads a URL by Go's rules, which are not those of `new URL`; a string is Go's reason why it is none.
 * `net/url: Parse, go1.26`
 */
function parseGoUrl(text: string): GoUrl | string {
  const hash = text.indexOf('#');
  const raw = hash < 0 ? text : text.slice(0, hash);
  const fragment = hash < 0 ? '' : text.slice(hash + 1);
  if (/[\x00-\x1f\x7f]/.test(raw)) return 'net/url: invalid control character in URL';

  if (raw.startsWith(':')) return 'missing protocol scheme';
  const scheme = /^([A-Za-z][A-Za-z\d+.-]*):/.exec(raw)?.[1]?.toLowerCase() ?? '';
  const afterScheme = scheme === '' ? raw : raw.slice(scheme.length + 1);
  const query = afterScheme.indexOf('?');
  const rest = query < 0 ? afterScheme : afterScheme.slice(0, query);
  if (!rest.startsWith('/')) {
    if (scheme !== '') return { scheme, isPathOnly: false };
    if (/^[^/]*:/.test(rest)) return 'first path segment in URL cannot contain colon';
  }

  const [, authority, path = rest] =
    /^\/\/([^/]*)(.*)$/s.exec(scheme === '' && rest.startsWith('///') ? '' : rest) ?? [];
  const fault =
    (authority === undefined ? undefined : checkAuthority(authority)) ??
    checkEscapes(path) ??
    checkEscapes(fragment);
  return fault ?? { scheme, isPathOnly: authority === '' && query < 0 && fragment === '' };
}

/** checkAuthority: `net/url: parseAuthority, parseHost, go1.26` */
function checkAuthority(authority: string): string | undefined {
  const at = authority.lastIndexOf('@');
  const host = authority.slice(at + 1);
  const fault = checkHost(host);
  if (fault !== undefined || at < 0) return fault;
  const userinfo = authority.slice(0, at);
  if (!/^[A-Za-z0-9._:~!$&'()*+,;=%@-]*$/.test(userinfo)) return 'net/url: invalid userinfo';
  return checkEscapes(userinfo);
}

function checkHost(host: string): string | undefined {
  const bracket = host.lastIndexOf('[');
  if (bracket > 0) return 'invalid IP-literal';
  if (bracket === 0) {
    const close = host.lastIndexOf(']');
    if (close < 0) return "missing ']' in host";
    const address = host.slice(1, close);
    return (
      checkPort(host.slice(close + 1)) ??
      (isIPv6(address.replace('%25', '%')) ? undefined : 'invalid IP-literal')
    );
  }
  const colon = host.indexOf(':');
  const port = colon < 0 ? undefined : checkPort(host.slice(colon));
  return port ?? checkHostCharacters(host);
}

function checkPort(port: string): string | undefined {
  return /^(?::\d*)?$/.test(port) ? undefined : `invalid port ${JSON.stringify(port)} after host`;
}

/** checkHostCharacters: a host may be escaped only beyond ASCII. `net/url: unescape, shouldEscape, go1.26` */
function checkHostCharacters(host: string): string | undefined {
  const escapes = checkEscapes(host);
  if (escapes !== undefined) return escapes;
  const ascii = /%(?!25)[0-7][0-9A-Fa-f]/.exec(host)?.[0];
  if (ascii !== undefined) return `invalid URL escape "${ascii}"`;
  const bad = /[^A-Za-z0-9._~!$&'()*+,;=:[\]<>"%\u0080-\u{10ffff}-]/u.exec(host)?.[0];
  return bad === undefined ? undefined : `invalid character ${JSON.stringify(bad)} in host name`;
}

function checkEscapes(text: string): string | undefined {
  const bad = /%(?![0-9A-Fa-f]{2})(.{0,2})/s.exec(text);
  return bad === null ? undefined : `invalid URL escape "%${bad[1] ?? ''}"`;
}
