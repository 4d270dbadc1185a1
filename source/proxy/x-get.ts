import { unescapePath } from '../go/module-path.ts';
import { redactUrl } from '../go/redact.ts';
import { findHop, type HopReference, type ProxyChain } from './chain.ts';

/** GetRequest is what a URL asks for. */
export type GetRequest =
  /** A version's info, go.mod or zip. */
  | { readonly kind: 'info' | 'mod' | 'zip'; readonly module: string; readonly version: string }
  | { readonly kind: 'list' | 'latest'; readonly module: string }
  /** The checksum database, behind a proxy or not; `path` is `supported`, `latest`, `tile/...` or `lookup/...`. */
  | {
      readonly kind: 'sumdb';
      readonly database: string | undefined;
      readonly path: string;
      readonly module: string | undefined;
      readonly version: string | undefined;
    }
  /** The `?go-get=1` page of an import path, on the way to the origin. */
  | { readonly kind: 'go-get'; readonly importPath: string }
  | { readonly kind: 'other' };

/** GetAnswer is how a request ended. */
export type GetAnswer =
  /** The answer's header came after durationMs: what follows of a zip is not in that time. */
  | {
      readonly status: number;
      readonly statusText: string;
      readonly durationMs: number;
      readonly fault: undefined;
    }
  /** There was no answer: Go's words, passwords hidden. */
  | {
      readonly status: undefined;
      readonly statusText: undefined;
      readonly durationMs: undefined;
      readonly fault: string;
    };

/** XGet is one `# get` line: a request that began, or with an answer one that ended. */
export type XGet = {
  /** url as Go prints it, passwords and tokens hidden; the same for a request's two lines. */
  readonly url: string;
  /** hop is the entry of GOPROXY that was asked; undefined for an origin or a checksum database asked directly. */
  readonly hop: HopReference | undefined;
  readonly request: GetRequest;
  readonly answer: GetAnswer | undefined;
};

/**
 * parseXGet reads a line that `-x` prints about a request; undefined for other lines:
 *
 *     # get https://a.example/github.com/%21azure/x/@v/v1.0.0.zip
 *     # get https://a.example/github.com/%21azure/x/@v/v1.0.0.zip: 200 OK (0.039s)
 *     # get http://127.0.0.1:1/x.example/@v/list: Get "http://127.0.0.1:1/x.example/@v/list": dial tcp 127.0.0.1:1: connect: connection refused
 *     # get http://user:xxxxx@a.example/x.example/@v/list: insecure credentials
 *
 * Redirects print nothing: URL and time are of the whole, the status of its end. A file:// proxy prints no lines at all.
 * `insecure credentials`, `insecure` and `unsupported` come without a first line. `cmd/go/internal/web: get, go1.26`
 */
export function parseXGet(line: string, chain: ProxyChain): XGet | undefined {
  const match = /^# get (\S+?)(?:: (.*?))?\r?$/.exec(line);
  const raw = match?.[1];
  if (match === null || raw === undefined || !raw.includes('://')) return undefined;
  const url = redactUrl(raw);
  const hop = findHop(chain, url);
  return {
    url,
    hop,
    request: parseRequest(url, hop),
    answer: match[2] === undefined ? undefined : parseAnswer(match[2]),
  };
}

function parseAnswer(text: string): GetAnswer {
  const match = /^(\d{3})(?: (.*))? \((\d+\.\d+)s\)$/.exec(text);
  if (match === null)
    return { status: undefined, statusText: undefined, durationMs: undefined, fault: redactUrl(text) };
  const [, status, statusText = '', seconds] = match;
  return {
    status: Number(status),
    statusText,
    durationMs: Math.round(Number(seconds) * 1000),
    fault: undefined,
  };
}

/** parseRequest takes the module from the path behind the hop: a proxy may itself lie under a path, an origin does not. */
function parseRequest(url: string, hop: HopReference | undefined): GetRequest {
  const prefix = hop === undefined ? /^[^:]+:\/\/[^/]*/.exec(url)?.[0] : hop.shown.replace(/\/+$/, '');
  const [pathAndQuery = ''] = url.slice(prefix?.length ?? 0).split('#');
  const [escaped = '', query = ''] = pathAndQuery.split('?');
  const path = unescapeUrl(escaped).replace(/^\/+/, '');
  if (hop === undefined && /(^|&)go-get=1(&|$)/.test(query)) {
    const host = url.replace(/^[^:]+:\/\/([^/?]*@)?/, '').replace(/[/?].*$/s, '');
    return { kind: 'go-get', importPath: path === '' ? host : `${host}/${path}` };
  }
  return parseSumdbRequest(path, hop) ?? parseModuleRequest(path) ?? { kind: 'other' };
}

function parseSumdbRequest(path: string, hop: HopReference | undefined): GetRequest | undefined {
  const behindProxy = /^sumdb\/(.+?)\/((?:supported|latest)$|(?:tile|lookup)\/.*)/.exec(path);
  const direct = hop === undefined ? /^(?:.*\/)?(latest$|tile\/8\/.*|lookup\/.+@.+)/.exec(path) : null;
  const sumdbPath = behindProxy?.[2] ?? direct?.[1];
  if (sumdbPath === undefined) return undefined;
  const lookup = /^lookup\/(.+)@(.+)$/.exec(sumdbPath);
  return {
    kind: 'sumdb',
    database: behindProxy?.[1],
    path: sumdbPath,
    module: lookup?.[1] === undefined ? undefined : unescapePath(lookup[1]),
    version: lookup?.[2] === undefined ? undefined : unescapePath(lookup[2]),
  };
}

/** parseModuleRequest reads `MODULE/@v/list`, `MODULE/@v/VERSION.zip`, `MODULE/@latest`. `cmd/go/internal/modfetch: proxyRepo, go1.26` */
function parseModuleRequest(path: string): GetRequest | undefined {
  const match = /^(.+)\/@(?:latest|v\/(?:list|(.+)\.(info|mod|zip)))$/.exec(path);
  const module = match?.[1] === undefined ? undefined : unescapePath(match[1]);
  if (match === null || module === undefined) return undefined;
  const version = match[2] === undefined ? undefined : unescapePath(match[2]);
  const extension = match[3];
  if (extension === undefined) return { kind: path.endsWith('/@latest') ? 'latest' : 'list', module };
  if (version === undefined) return undefined;
  return { kind: extension === 'zip' ? 'zip' : extension === 'mod' ? 'mod' : 'info', module, version };
}

function unescapeUrl(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
