import { findPrefixPattern } from '../../go/module-path.ts';
import type { RouteSettings } from './settings.ts';

/** PrivateLook is why a module looks private although no pattern keeps it so, and the pattern that would. */
export type PrivateLook = {
  /** why is a clause: `the host git.corp.internal is not public`. */
  readonly why: string;
  /** pattern is what GOPRIVATE would need. */
  readonly pattern: string;
};

/**
 * looksPrivate says whether a module path looks like one that nobody outside may hear of: its host is not public, or a pattern
 * of the user's misses it by little. undefined for a path that looks public.
 */
export function looksPrivate(module: string, settings: RouteSettings): PrivateLook | undefined {
  const host = module.split('/')[0] ?? '';
  if (!isPublicHost(host)) return { why: `the host ${host} is not public`, pattern: host };
  for (const name of ['GOPRIVATE', 'GONOPROXY', 'GONOSUMDB'] as const) {
    for (const pattern of settings[lowerName[name]].split(',')) {
      const miss = nearMiss(pattern, module);
      if (miss !== undefined)
        return { why: `${name} has ${JSON.stringify(pattern)}, ${miss.why}`, pattern: miss.pattern };
    }
  }
  return undefined;
}

/**
 * isPublicHost says whether a host (a port may follow) can be one that everybody can reach: not one word, no name that is kept
 * for inner networks or for examples (RFC 2606, 6761, 6762, 8375, ICANN's .internal), no private address.
 */
export function isPublicHost(hostAndPort: string): boolean {
  const host = hostAndPort
    .toLowerCase()
    .replace(/:\d*$/, '')
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
  if (host.includes(':')) return !/^(?:::1?$|f[cd]|fe[89ab]|::ffff:(?:127|10)\.)/.test(host);
  if (!host.includes('.')) return false;
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return !innerAddress.test(host);
  return !innerName.test(host);
}

/** innerAddress are those of RFC 1918, 3927, 6598 and this machine. */
const innerAddress =
  /^(?:0|10|127)\.|^169\.254\.|^192\.168\.|^172\.(?:1[6-9]|2\d|3[01])\.|^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./;

const innerName =
  /\.(?:corp|internal|intern|intranet|private|lan|home|local|localdomain|localhost|home\.arpa|test|example|invalid)$/;

const lowerName = { GOPRIVATE: 'goprivate', GONOPROXY: 'gonoproxy', GONOSUMDB: 'gonosumdb' } as const;

/** publicHosts are where everybody's modules lie: one letter more or less there is somebody else, not a slip. */
const publicHosts: ReadonlySet<string> = new Set([
  'github.com',
  'gitlab.com',
  'bitbucket.org',
  'gitea.com',
  'codeberg.org',
  'golang.org',
  'google.golang.org',
  'cloud.google.com',
  'gopkg.in',
  'go.uber.org',
  'k8s.io',
  'sigs.k8s.io',
]);

type Miss = { readonly why: string; readonly pattern: string };

/** nearMiss says how a pattern that does not match was perhaps meant to. */
function nearMiss(pattern: string, module: string): Miss | undefined {
  const matches = (glob: string) => findPrefixPattern(glob, module) !== undefined;
  if (pattern.trim() === '' || pattern === 'none' || matches(pattern)) return undefined;
  const bare = pattern
    .trim()
    .replace(/^[a-z+]+:\/\//i, '')
    .replace(/^([^/]*):\d+(?=\/|$)/, '$1');
  const open = bare.replace(/(?:\/\.\.\.|\/)$/, '');
  if (matches(open)) return { why: slipOf(pattern, bare), pattern: open };
  const lower = open.toLowerCase();
  if (findPrefixPattern(lower, module.toLowerCase()) !== undefined)
    return { why: 'which differs in capital letters: they count', pattern: inModulesLetters(open, module) };
  if (open.endsWith('/*') && matches(open.slice(0, -2)))
    return { why: 'which needs one more element than the module has', pattern: open.slice(0, -2) };
  return missedHost(open, module);
}

function slipOf(pattern: string, bare: string): string {
  if (pattern !== pattern.trim()) return 'in which the space counts';
  if (pattern !== bare) return 'but a pattern has no scheme and no port';
  return 'but ... means nothing in a pattern';
}

/** inModulesLetters writes a pattern as the module is written, as far as both go. */
function inModulesLetters(pattern: string, module: string): string {
  const elements = module.split('/');
  return pattern
    .split('/')
    .map((element, at) => (element.toLowerCase() === elements[at]?.toLowerCase() ? elements[at] : element))
    .join('/');
}

function missedHost(pattern: string, module: string): Miss | undefined {
  const [host = '', ...rest] = pattern.split('/');
  const [moduleHost = ''] = module.split('/');
  if (publicHosts.has(moduleHost) || publicHosts.has(host.replace(/^\*\./, ''))) return undefined;
  const withHost = (right: string) => [right, ...rest].join('/');
  const fits = (right: string) => findPrefixPattern(withHost(right), module) !== undefined;
  if (!fits(moduleHost)) return undefined;
  if (/^[\w.-]+\.[\w-]+$/.test(host) && moduleHost.endsWith(`.${host}`))
    return { why: 'which does not hold for hosts below it', pattern: withHost(`*.${host}`) };
  if (host === `*.${moduleHost}`)
    return { why: 'which holds only for hosts below it', pattern: withHost(moduleHost) };
  if (isOneSlip(host, moduleHost))
    return { why: `one letter away from ${moduleHost}`, pattern: withHost(moduleHost) };
  return undefined;
}

/** isOneSlip: one letter missing, too many, wrong, or two swapped. */
function isOneSlip(one: string, other: string): boolean {
  if (one === other || Math.abs(one.length - other.length) > 1) return false;
  let start = 0;
  while (start < one.length && one[start] === other[start]) start++;
  const a = one.slice(start);
  const b = other.slice(start);
  return (
    a.slice(1) === b.slice(1) ||
    a.slice(1) === b ||
    a === b.slice(1) ||
    (a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2))
  );
}
