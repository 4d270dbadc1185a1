import type { Arrival } from '../module-cache/arrivals/arrival.ts';
import { parseExtractedDir } from '../module-cache/paths.ts';
import type { ProxyChain, ProxyHop } from '../proxy/chain.ts';
import { matchPrivate } from '../proxy/private.ts';
import { parseXGet, type XGet } from '../proxy/x-get.ts';
import type { AppState, BuildState } from './state.ts';

/** Download is one request for a file of a module, or a file that came without a request that we could see. */
export type Download = {
  /** id is its place among the requests of the build, from 0: a URL may be asked for twice. */
  readonly id: number;
  /** url without passwords; of a file that came without a line, where it would be asked for: `MODULE/@v/VERSION.zip`. */
  readonly url: string;
  /** hop is the entry of GOPROXY that was asked, as it is shown; undefined where none was, or it is not known. */
  readonly hop: string | undefined;
  readonly module: string | undefined;
  readonly version: string | undefined;
  /** what is `.info`, `.mod`, `.zip`, `list`, `latest`, `sumdb`, `go-get`, `other`. */
  readonly what: string;
  /** status as `200 OK`; undefined while it runs, and of a file that came without a line. */
  readonly status: string | undefined;
  readonly durationMs: number | undefined;
  /** bytes of the file in the module cache; undefined until it is there, and of what Go does not keep. */
  readonly bytes: number | undefined;
  /** seenAs is how we know of it: by a `# get` line, or by the file alone, as from a file:// proxy, which prints none. */
  readonly seenAs: 'line' | 'file';
  /** by is who asked: the command, or the go list that we run beside it. What one downloads, the other finds. */
  readonly by: 'command' | 'go list';
};

/** Arrivals are the files that came into the module cache while no build of ours ran, newest first. */
export type Arrivals = {
  /** mode: `off` where nothing watches; in the others what comes is seen. */
  readonly mode: 'off' | 'starting' | 'events' | 'polling' | 'missing';
  readonly recent: readonly Arrival[];
  readonly count: number;
  readonly bytes: number;
};

export const noArrivals: Arrivals = { mode: 'off', recent: [], count: 0, bytes: 0 };

/** takeGetLine puts the answer of a request in the place of its beginning. */
export function takeGetLine(
  { proxy }: AppState,
  { downloads, arrived }: BuildState,
  line: string,
  by: Download['by'],
): readonly Download[] {
  const get = parseXGet(line, proxy.chain ?? { hops: [], problem: undefined });
  if (get === undefined) return downloads;
  const { answer } = get;
  const asked: Download = {
    id: downloads.length,
    url: get.url,
    hop: get.hop?.shown,
    ...requestOf(get),
    status:
      answer === undefined ? undefined : (answer.fault ?? `${answer.status} ${answer.statusText}`.trim()),
    durationMs: answer?.durationMs,
    bytes: undefined,
    seenAs: 'line',
    by,
  };
  // The file may have been seen before the line was read.
  const fresh = isServed(asked) ? { ...asked, bytes: arrived.get(fileKey(asked)) } : asked;
  const begun = downloads.findIndex(
    (known) =>
      known.by === by && known.seenAs === 'line' && known.url === get.url && known.status === undefined,
  );
  if (begun !== -1) return downloads.with(begun, { ...fresh, id: begun });
  const file = downloads.findIndex((known) => known.seenAs === 'file' && fileKey(known) === fileKey(fresh));
  return file === -1 ? [...downloads, fresh] : downloads.with(file, { ...fresh, id: file });
}

/** placeDownloads finds the hops of requests that were seen before GOPROXY was known: a build that fails at once is faster. */
export function placeDownloads(downloads: readonly Download[], chain: ProxyChain): readonly Download[] {
  return downloads.map((download) => {
    if (download.seenAs === 'file' || download.hop !== undefined) return download;
    const get = parseXGet(`# get ${download.url}`, chain);
    return get?.hop === undefined ? download : { ...download, hop: get.hop.shown, ...requestOf(get) };
  });
}

/** takeArrivals gives files that came to the build that runs, or ran then; else to those of others. */
export function takeArrivals(state: AppState, arrivals: readonly Arrival[]): AppState {
  const { build } = state;
  const own = arrivals.filter((arrival) => build !== undefined && isDuring(build, arrival.at));
  const others = arrivals.filter((arrival) => !own.includes(arrival));
  return {
    ...state,
    build: build === undefined || own.length === 0 ? build : own.reduce(takeFile(state), build),
    arrivals: others.length === 0 ? state.arrivals : others.reduce(addArrival, state.arrivals),
  };
}

function isDuring({ startedAt, end }: BuildState, at: number): boolean {
  return at >= startedAt - slackMs && (end === undefined || at <= end.at + slackMs);
}

// The kernel stamps files with a clock that lags by up to one tick.
const slackMs = 20;

/** takeFile gives the size of a file to the requests that it answers, or makes a row for it. */
function takeFile(state: AppState): (build: BuildState, arrival: Arrival) => BuildState {
  return (build, { module, version, kind, bytes }) => {
    const { downloads } = build;
    const file = { module, version, what: kind === 'sumdb' ? 'sumdb' : `.${kind}` };
    const key = fileKey(file);
    const arrived = new Map(build.arrived).set(key, bytes);
    const own = downloads.filter((known) => fileKey(known) === key && !hasFailed(known));
    if (own.length === 0)
      return { ...build, arrived, downloads: [...downloads, fileRow(state, downloads, file, bytes)] };
    // One that waits may still be refused: another hop then gave the file.
    const sized = downloads.map((known) =>
      own.includes(known) && isServed(known) ? { ...known, bytes } : known,
    );
    return { ...build, arrived, downloads: sized };
  };
}

function fileRow(
  state: AppState,
  downloads: readonly Download[],
  file: { readonly module: string; readonly version: string; readonly what: string },
  bytes: number,
): Download {
  const { module, version, what } = file;
  const isSumdb = what === 'sumdb';
  return {
    id: downloads.length,
    ...file,
    url: isSumdb ? `sumdb/lookup/${module}@${version}` : `${module}/@v/${version}${what}`,
    hop: isSumdb ? undefined : hopOfFile(state, downloads, module),
    status: undefined,
    durationMs: undefined,
    bytes,
    seenAs: 'file',
    by: 'command',
  };
}

/**
 * hopOfFile is where a file came from that no line told of: the hop that answered for its module, as an `.info` that was part
 * of another answer; else the one file:// hop of the chain, which prints no lines. Otherwise it is not known.
 */
function hopOfFile({ proxy }: AppState, downloads: readonly Download[], module: string): string | undefined {
  const patterns = new Map(proxy.privatePatterns.map(({ name, patterns }) => [name, patterns]));
  const settings = {
    gonoproxy: patterns.get('GONOPROXY') ?? '',
    gonosumdb: patterns.get('GONOSUMDB') ?? '',
    goprivate: patterns.get('GOPRIVATE') ?? '',
  };
  if (matchPrivate(module, settings).GONOPROXY !== null) return 'direct';
  const answered = downloads.findLast(
    (known) => known.module === module && known.hop !== undefined && isServed(known),
  );
  if (answered !== undefined) return answered.hop;
  const files = (proxy.chain?.hops ?? []).filter(({ kind, reached }) => kind === 'file' && reached);
  return files.length === 1 ? files[0]?.shown : undefined;
}

/** fileKey is the same for requests for one file, whoever is asked. */
function fileKey({ module, version, what }: Pick<Download, 'module' | 'version' | 'what'>): string {
  return `${module}@${version} ${what}`;
}

function addArrival(arrivals: Arrivals, arrival: Arrival): Arrivals {
  const isSame = (known: Arrival): boolean =>
    known.kind === arrival.kind && known.module === arrival.module && known.version === arrival.version;
  const before = arrivals.recent.find(isSame);
  return {
    ...arrivals,
    recent: [arrival, ...arrivals.recent.filter((known) => known !== before)].slice(0, mostArrivals),
    count: arrivals.count + (before === undefined ? 1 : 0),
    bytes: arrivals.bytes + arrival.bytes - (before?.bytes ?? 0),
  };
}

// More than the rows of any pane.
const mostArrivals = 200;

/** isServed: the answer was what was asked for. */
export function isServed({ status, seenAs }: Download): boolean {
  return seenAs === 'file' || (status?.startsWith('2') ?? false);
}

/** isNotFound: after 404 and 410 Go asks the next hop, whatever stands between them. */
function isNotFound({ status }: Download): boolean {
  return /^4(?:04|10)\b/.test(status ?? '');
}

function hasFailed(download: Download): boolean {
  return download.status !== undefined && !isServed(download);
}

/** HopTotals is what one hop was asked, and what came of it. */
export type HopTotals = {
  /** hop as it is shown; undefined for what was asked of no hop: checksum databases and origins. */
  readonly hop: string | undefined;
  /** requests that lines told of; files are those that came without one. */
  readonly requests: number;
  readonly files: number;
  readonly served: number;
  readonly waiting: number;
  /** fallThroughs are the answers after which Go asks the next hop. */
  readonly fallThroughs: number;
  /** failures are the others that were no answer, or none that Go can use. */
  readonly failures: number;
  /** retries are requests for a URL that had failed before. */
  readonly retries: number;
  /** durationMs is the time until the answers began, all together: requests run beside each other. */
  readonly durationMs: number;
  /** bytes of what came into the module cache; undefined when none of it is known. */
  readonly bytes: number | undefined;
};

/** sumByHop adds up the requests of a build, the hops in the order of the chain. */
export function sumByHop(downloads: readonly Download[], hops: readonly ProxyHop[]): readonly HopTotals[] {
  const asked = new Set(downloads.map(({ hop }) => hop));
  const order = [...new Set(hops.map(({ shown }) => shown))].filter((shown) => asked.has(shown));
  const rest = [...asked].filter((hop) => hop !== undefined && !order.includes(hop));
  const names = [...order, ...rest, ...(asked.has(undefined) ? [undefined] : [])];
  return names.map((hop) =>
    sumOf(
      hop,
      downloads,
      hops.find(({ shown }) => shown === hop),
    ),
  );
}

function sumOf(
  hop: string | undefined,
  downloads: readonly Download[],
  entry: ProxyHop | undefined,
): HopTotals {
  const own = downloads.filter((download) => download.hop === hop);
  const lines = own.filter(({ seenAs }) => seenAs === 'line');
  const failed = lines.filter(hasFailed);
  const fallThroughs = failed.filter((download) => fallsThrough(download, entry));
  return {
    hop,
    requests: lines.length,
    files: own.length - lines.length,
    served: own.filter(isServed).length,
    waiting: lines.filter(({ status }) => status === undefined).length,
    fallThroughs: fallThroughs.length,
    failures: failed.length - fallThroughs.length,
    retries: countRetries(lines),
    durationMs: own.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0),
    bytes: sumBytes(own),
  };
}

/** sumBytes adds up the sizes of files, each once however often it was asked for; undefined when none is known. */
export function sumBytes(downloads: readonly Download[]): number | undefined {
  const sizes = new Map(
    downloads.flatMap((download) =>
      download.bytes === undefined ? [] : [[fileKey(download), download.bytes] as const],
    ),
  );
  return sizes.size === 0 ? undefined : [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

/** fallsThrough: an answer that ends nothing. `cmd/go/internal/modfetch: TryProxies, go1.26` */
function fallsThrough(download: Download, entry: ProxyHop | undefined): boolean {
  if (entry === undefined || entry.fallThrough === null) return false;
  return entry.fallThrough === 'any-error' || isNotFound(download);
}

function countRetries(downloads: readonly Download[]): number {
  const failed = new Set<string>();
  let retries = 0;
  for (const download of downloads) {
    if (failed.has(download.url)) retries += 1;
    if (hasFailed(download)) failed.add(download.url);
  }
  return retries;
}

/** ModuleSources is how many modules of a build were downloaded, and how many were there. */
export type ModuleSources = { readonly downloaded: number; readonly fromCache: number };

/**
 * countModules tells where the modules came from whose packages a build needs; undefined where its packages are not known, as
 * of make or go mod download. A module is one whose folder lies in GOMODCACHE: not vendored, not replaced by a folder.
 */
export function countModules({ build, moduleCache }: AppState): ModuleSources | undefined {
  const set = build?.progress.packageSet;
  const { path } = moduleCache;
  if (build === undefined || set === undefined || path === undefined) return undefined;
  const needed = new Set<string>();
  for (const { dir } of set.units.values()) {
    if (dir === undefined || !dir.startsWith(`${path}/`)) continue;
    const relative = dir.slice(path.length + 1).replace(/(@[^/]+)\/.*$/, '$1');
    const module = parseExtractedDir(relative);
    if (module !== undefined) needed.add(`${module.path}@${module.version}`);
  }
  const came = new Set(
    build.downloads
      .filter((download) => download.what === '.zip' && !hasFailed(download))
      .map(({ module, version }) => `${module}@${version}`),
  );
  const downloaded = [...needed].filter((name) => came.has(name)).length;
  return { downloaded, fromCache: needed.size - downloaded };
}

function requestOf({ request }: XGet): Pick<Download, 'module' | 'version' | 'what'> {
  switch (request.kind) {
    case 'info':
    case 'mod':
    case 'zip':
      return { module: request.module, version: request.version, what: `.${request.kind}` };
    case 'list':
    case 'latest':
      return { module: request.module, version: undefined, what: request.kind };
    case 'sumdb':
      return { module: request.module, version: request.version, what: 'sumdb' };
    case 'go-get':
      return { module: request.importPath, version: undefined, what: 'go-get' };
    case 'other':
      return { module: undefined, version: undefined, what: 'other' };
  }
}
