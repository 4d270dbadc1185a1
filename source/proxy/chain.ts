import { redactUrl } from '../go/redact.ts';
import { checkProxyUrl } from './proxy-url.ts';

/** ProxyHopKind: `direct` is the origin's own version control, `off` forbids, the others are module proxies. */
export type ProxyHopKind = 'proxy' | 'file' | 'direct' | 'off';

/**
 * FallThrough is when Go goes on to the next entry: `not-found` (a comma) after 404 and 410 only, `any-error` (a bar) after
 * any failure; null where nothing follows.
 */
export type FallThrough = 'not-found' | 'any-error' | null;

/** ProxyHop is one entry of GOPROXY. */
export type ProxyHop = {
  /** entry is the URL as Go uses it, `https://` added where it lacks a scheme. It may hold a password: show `shown`. */
  readonly entry: string;
  readonly shown: string;
  readonly kind: ProxyHopKind;
  readonly fallThrough: FallThrough;
  /** reached is false for what stands behind `direct` or `off`: Go never asks it. */
  readonly reached: boolean;
};

/** ProxyChain is GOPROXY as Go reads it. */
export type ProxyChain = {
  readonly hops: readonly ProxyHop[];
  /** problem is Go's error about the list, passwords hidden; with one, every lookup of a module fails. */
  readonly problem: string | undefined;
};

/**
 * parseProxyChain reads a GOPROXY value: `https://a.example,https://b.example|direct`. Spaces around entries and empty
 * entries do not count. `cmd/go/internal/modfetch: proxyList, go1.26`
 */
export function parseProxyChain(goproxy: string): ProxyChain {
  const hops: ProxyHop[] = [];
  let problem: string | undefined;
  let reached = true;
  const entries = splitEntries(goproxy);
  for (const [index, { text, separator }] of entries.entries()) {
    const entry = completeEntry(text);
    const kind = kindOf(entry);
    const isEnd = kind === 'direct' || kind === 'off';
    if (reached && !isEnd) problem ??= checkProxyUrl(entry);
    const isLast = index === entries.length - 1;
    const fallThrough = isEnd || isLast || !reached ? null : separator === '|' ? 'any-error' : 'not-found';
    hops.push({ entry, shown: redactUrl(entry), kind, fallThrough, reached });
    reached &&= !isEnd;
  }
  if (hops.length === 0) problem = 'GOPROXY list is not the empty string, but contains no entries';
  return { hops, problem: problem === undefined ? undefined : redactUrl(problem) };
}

/** HopReference names a hop of a chain without its password. */
export type HopReference = {
  /** index is the hop's place in the chain, from 0. */
  readonly index: number;
  readonly shown: string;
};

/** findHop finds the hop that a request went to; undefined for a request to no proxy of the chain. Its URL is redacted or not. */
export function findHop(chain: ProxyChain, url: string): HopReference | undefined {
  const asked = normalize(url);
  let found: HopReference | undefined;
  for (const [index, hop] of chain.hops.entries()) {
    if (!hop.reached || (hop.kind !== 'proxy' && hop.kind !== 'file')) continue;
    // Of two entries on one host the longer path is the one meant; of two equal ones Go asks the first.
    const isLonger = found === undefined || normalize(hop.shown).length > normalize(found.shown).length;
    if (isLonger && asked.startsWith(`${normalize(hop.shown)}/`)) found = { index, shown: hop.shown };
  }
  return found;
}

type Entry = { readonly text: string; readonly separator: string };

function splitEntries(goproxy: string): readonly Entry[] {
  const entries: Entry[] = [];
  for (const [, raw = '', separator = ''] of goproxy.matchAll(/([^,|]*)([,|]|$)/g)) {
    const text = trimSpace(raw);
    if (text !== '') entries.push({ text, separator });
  }
  return entries;
}

/** trimSpace: Go's spaces hold U+0085 and not U+FEFF, other than those of JavaScript. `strings: TrimSpace` */
function trimSpace(text: string): string {
  return text.replace(/^[\s\u0085]+|[\s\u0085]+$/g, (spaces) => spaces.replace(/[^\ufeff]/g, ''));
}

/** completeEntry adds https:// as Go does: single words are kept for Go's own use, URLs and absolute paths are complete. */
function completeEntry(text: string): string {
  const isHost = /[.:/]/.test(text) && !text.includes(':/') && !text.startsWith('/');
  return isHost ? `https://${text}` : text;
}

function kindOf(entry: string): ProxyHopKind {
  if (entry === 'direct' || entry === 'off') return entry;
  return /^file:/i.test(entry) ? 'file' : 'proxy';
}

/** normalize gives the form in which an entry and a URL of `-x` can be compared. */
function normalize(url: string): string {
  return redactUrl(url)
    .replace(/^[A-Za-z][A-Za-z\d+.-]*:/, (scheme) => scheme.toLowerCase())
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '');
}
