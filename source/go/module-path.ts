import { matchGlob } from './path-match.ts';

/**
 * escapePath gives a module path or version as it stands in file names and URLs: each capital as `!` and its small letter.
 * Undefined for what Go does not escape: `!` and characters beyond ASCII.
 * `golang.org/x/mod/module: EscapePath, EscapeVersion`; whether the path is valid at all, `checkModulePath` says.
 */
export function escapePath(path: string): string | undefined {
  return /^[\x00-\x20\x22-\x7f]*$/.test(path)
    ? path.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`)
    : undefined;
}

/** unescapePath gives back a module path or version; undefined when it is no escaped form. `golang.org/x/mod/module: UnescapePath` */
export function unescapePath(escaped: string): string | undefined {
  if (!/^(?:![a-z]|[\x00-\x20\x22-\x40\x5b-\x7f])*$/.test(escaped)) return undefined;
  return escaped.replace(/!([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * matchPrefixPatterns says whether a path prefix of the target matches one of the comma-separated globs: a glob of N
 * elements is held against the first N elements. Empty and malformed globs do not count, nor a slash at their end.
 * `golang.org/x/mod/module: MatchPrefixPatterns`
 */
export function matchPrefixPatterns(globs: string, target: string): boolean {
  return findPrefixPattern(globs, target) !== undefined;
}

/** findPrefixPattern gives the first glob of the list that matches, as `matchPrefixPatterns` does, in the user's spelling. */
export function findPrefixPattern(globs: string, target: string): string | undefined {
  const elements = target.split('/');
  return globs.split(',').find((entry) => {
    const glob = entry.replace(/\/$/, '');
    if (glob === '') return false;
    const count = glob.split('/').length;
    return count <= elements.length && matchGlob(glob, elements.slice(0, count).join('/')) === true;
  });
}

/**
 * checkModulePath gives Go's reason why a module path is malformed, or undefined when it is fine; Go writes
 * `malformed module path "x": missing dot in first path element`. `golang.org/x/mod/module: CheckPath`
 */
export function checkModulePath(path: string): string | undefined {
  if (path === '') return 'empty string';
  if (path.startsWith('-')) return 'leading dash';
  if (path.includes('//')) return 'double slash';
  if (path.endsWith('/')) return 'trailing slash';
  const elements = path.split('/');
  for (const element of elements) {
    const fault = checkElement(element);
    if (fault !== undefined) return fault;
  }
  const [first = ''] = elements;
  if (!first.includes('.')) return 'missing dot in first path element';
  const bad = /[^a-z0-9.-]/u.exec(first)?.[0];
  if (bad !== undefined) return `invalid char '${bad}' in first path element`;
  return splitPathVersion(path) === undefined ? 'invalid version' : undefined;
}

/**
 * splitPathVersion cuts the major version from a module path: `/v2` of `rsc.io/quote/v2`, `.v3` of `gopkg.in/yaml.v3`, else
 * empty. Undefined where its last element breaks the rule (`/v1`, `/v1.2`, `/v01`). `golang.org/x/mod/module: SplitPathVersion`
 */
export function splitPathVersion(
  path: string,
): { readonly prefix: string; readonly major: string } | undefined {
  if (path.startsWith('gopkg.in/')) {
    const match = /^(.+)(\.v(?:0|[1-9]\d*)(?:-unstable)?)$/.exec(path);
    return match === null ? undefined : { prefix: match[1] ?? '', major: match[2] ?? '' };
  }
  const match = /^(.+)(\/v[0-9.]+)$/.exec(path);
  if (match === null) return { prefix: path, major: '' };
  const [, prefix = '', major = ''] = match;
  return /^\/v(?:[2-9]|[1-9]\d+)$/.test(major) ? { prefix, major } : undefined;
}

/** windowsNames are file names that Windows keeps for devices, in any case. */
const windowsNames = /^(?:con|prn|aux|nul|com[1-9]|lpt[1-9])$/i;

function checkElement(element: string): string | undefined {
  if (element === '') return 'empty path element';
  if (/^\.+$/.test(element)) return `invalid path element "${element}"`;
  if (element.startsWith('.')) return 'leading dot in path element';
  if (element.endsWith('.')) return 'trailing dot in path element';
  const bad = /[^\w.~-]/u.exec(element)?.[0];
  if (bad !== undefined) return `invalid char '${bad}'`;
  const short = element.replace(/\..*$/, '');
  if (windowsNames.test(short)) return `"${short}" disallowed as path element component on Windows`;
  return /~\d+$/.test(short) ? 'trailing tilde and digits in path element' : undefined;
}
