import { redactUrl } from '../../../go/redact.ts';
import type { Answer, Fault } from '../../../proxy/ask/answer.ts';
import { checkContent } from '../../../proxy/fault/content.ts';
import type { Leak, PlannedHop, RoutePlan } from '../../../proxy/route/plan.ts';
import type { RequestPurpose, RouteRequest } from '../../../proxy/route/request.ts';
import type { RouteStep } from '../route.ts';
import { type Attempt, bodyOf, type Failure, failure, isFailure } from './failure.ts';
import type { GoMod, Info, Page, Repo, SumdbBase } from './repo.ts';

/** Walk is a part of the way: it yields each request, and is given the answer. So the way reads as Go's own code does. */
export type Walk<T> = Generator<RouteRequest, T, Answer>;

/** Sums are the lines of go.sum: the h1 of a module's zip and of its go.mod; undefined where there is none. */
export type RecordedSums = (module: string, version: string, of: 'zip' | 'mod') => string | undefined;

/** WalkOptions are what the way depends on beside the plan. */
export type WalkOptions = {
  readonly recorded: RecordedSums;
  /** sendsPrivate: the user insists that a module which looks private is asked for outside. */
  readonly sendsPrivate: boolean;
};

/** Walker is one way through the hops: what was asked, and what Go keeps between requests. */
export type Walker = {
  readonly plan: RoutePlan;
  readonly options: WalkOptions;
  readonly steps: RouteStep[];
  readonly kept: Kept;
  readonly found: Found;
};

/**
 * Kept is what Go remembers in a run, failures too: the same is not asked twice. Keys begin with the place of the hop, but for
 * what counts whatever hop it came from. `cmd/go/internal/modfetch: cachingRepo, go1.26`
 */
export type Kept = {
  readonly repos: Map<number, Attempt<Repo>>;
  readonly lists: Map<string, Attempt<readonly string[]>>;
  readonly infos: Map<string, Attempt<Info>>;
  readonly goMods: Map<string, Attempt<GoMod>>;
  readonly pages: Map<string, Attempt<Page>>;
  /** files are what the download cache would hold by then. */
  readonly infoFiles: Map<string, Info>;
  readonly goModFiles: Map<string, GoMod>;
  readonly bases: Map<'sumdb', Attempt<SumdbBase>>;
  readonly records: Map<string, Attempt<string>>;
};

/** Found is what is known of the answer. */
export type Found = {
  version: string | undefined;
  /** zip is its beginning; undefined from an origin that was not asked. */
  zip: Buffer | undefined;
  /** isOriginTold: the step that names the repository is there. */
  isOriginTold: boolean;
};

/** openWalker is a walker at the beginning of its way. */
export function openWalker(plan: RoutePlan, options: WalkOptions): Walker {
  return {
    plan,
    options,
    steps: [],
    kept: {
      repos: new Map(),
      lists: new Map(),
      infos: new Map(),
      goMods: new Map(),
      pages: new Map(),
      infoFiles: new Map(),
      goModFiles: new Map(),
      bases: new Map(),
      records: new Map(),
    },
    found: { version: undefined, zip: undefined, isOriginTold: false },
  };
}

/** StoppedBeforeLeak ends a walk before a request that would tell somebody outside of a private module. */
export class StoppedBeforeLeak extends Error {
  readonly leak: Leak;
  constructor(leak: Leak) {
    super(leak.why);
    this.leak = leak;
  }
}

/** StoppedAtOrigin ends a walk where only version control can say how it goes on. */
export class StoppedAtOrigin extends Error {}

/** Target is whom a request goes to. */
export type Target = {
  readonly hop: number | undefined;
  readonly entry: string;
  readonly isInsecure?: boolean;
};

/** Wanted is what a request is for. */
export type Wanted = {
  readonly purpose: RequestPurpose;
  readonly url: string;
  /** names is false for a URL that does not name the module. */
  readonly names?: boolean;
  /** version is what the answer must name; undefined where it need not. */
  readonly version?: string | undefined;
};

/** get makes a request and gives the body of a good answer. */
export function* get(walker: Walker, target: Target, wanted: Wanted): Walk<Attempt<Buffer>> {
  if (!/^(?:https?:\/\/[^/?#]|file:)/i.test(wanted.url)) return noHost(walker, target, wanted);
  const { answer, request } = yield* send(walker, target, wanted);
  const body = bodyOf(request, answer);
  addStep(walker, request, answer, isFailure(body) ? body : contentFault(answer, wanted));
  return body;
}

/** noHost is a request that Go does not even send: `https:/a.example` has no host. `net/http: (*Transport).roundTrip, go1.26` */
function noHost({ steps }: Walker, { hop, entry }: Target, { purpose, url }: Wanted): Failure {
  const shown = redactUrl(url);
  const goSays = 'http: no Host in request URL';
  const fault: Fault = { code: 'other', detail: 'the URL names no host', goSays, repair: [] };
  steps.push({
    hop,
    entry,
    purpose,
    request: shown,
    outcome: 'failed',
    result: fault.detail,
    status: undefined,
    durationMs: undefined,
    fault,
    next: '',
  });
  return failure(`Get "${shown}": ${goSays}`, { fault });
}

/** contentFault says what is wrong with an answer of status 200, also where Go does not notice. */
function contentFault(answer: Answer, { purpose, version }: Wanted): Fault | undefined {
  switch (purpose) {
    case 'list':
    case 'latest':
    case 'info':
    case 'mod':
    case 'zip':
      return checkContent(answer, { kind: purpose, ...(version === undefined ? {} : { version }) });
    case 'supported':
    case 'lookup':
    case 'go-get':
      return undefined;
  }
}

/** send makes a request and gives the answer as it is, without a step. */
export function* send(
  walker: Walker,
  { hop, entry, isInsecure = false }: Target,
  { purpose, url, names = true }: Wanted,
): Walk<{ readonly request: RouteRequest; readonly answer: Answer }> {
  const maxBytes = purpose === 'zip' ? zipBytes : answerBytes;
  const request = { purpose, url, shown: redactUrl(url), hop, entry, isInsecure, maxBytes };
  if (names) refuseLeak(walker, request);
  const answer = yield request;
  return { request, answer };
}

// The signature of a zip is at its beginning: that much tells a zip from a page that says something else.
const zipBytes = 512;
// A list of versions takes 10 bytes a version, a go.mod some ten KB; what is larger is no answer of a proxy.
const answerBytes = 16 << 20;

function refuseLeak({ plan, options, steps }: Walker, request: RouteRequest): void {
  if (options.sendsPrivate) return;
  const index = request.hop === undefined ? undefined : plan.hops[request.hop]?.index;
  const isDatabase = request.hop === undefined;
  const leak = plan.leaks.find((each) => (isDatabase ? each.index === undefined : each.index === index));
  if (leak === undefined || (!isDatabase && index === undefined)) return;
  steps.push({
    hop: request.hop,
    entry: request.entry,
    purpose: request.purpose,
    request: request.shown,
    outcome: 'not-asked',
    result: `not asked: ${leak.why}, and ${leak.to} is outside`,
    status: undefined,
    durationMs: undefined,
    fault: undefined,
    next: 'what follows is not known',
  });
  throw new StoppedBeforeLeak(leak);
}

/** addStep writes a request down. */
export function addStep(
  walker: Walker,
  { hop, entry, purpose, shown }: RouteRequest,
  answer: Answer,
  why: Failure | Fault | undefined,
): void {
  const status = answer.kind === 'answered' ? answer.status : undefined;
  const words =
    answer.kind === 'answered' ? `${answer.status} ${answer.statusText}`.trim() : answer.fault.detail;
  const isFailed = why !== undefined && isFailure(why);
  walker.steps.push({
    hop,
    entry,
    purpose,
    request: shown,
    outcome: !isFailed ? 'found' : why.isNotFound ? 'not-found' : 'failed',
    result: words,
    status,
    durationMs: answer.durationMs,
    fault: isFailed ? why.fault : why,
    next: '',
  });
}

/** lastFault is what is wrong with the last answer. */
export function lastFault({ steps }: Walker): Fault | undefined {
  return steps.at(-1)?.fault;
}

/** failLastStep makes the last request one that failed although it was answered well: its content is wrong. */
export function failLastStep(walker: Walker, why: Failure): Failure {
  const last = walker.steps.pop();
  if (last === undefined) return why;
  const fault = last.fault ?? why.fault;
  const result = `${last.result}, but ${fault?.detail ?? why.text}`;
  walker.steps.push({ ...last, outcome: 'failed', result, fault });
  return { ...why, fault };
}

/** sayNext says what Go does after the last request. */
export function sayNext({ steps }: Walker, next: string): void {
  const last = steps.pop();
  if (last !== undefined) steps.push(last.next === '' ? { ...last, next } : last);
}

/** once does a part of the way only the first time, as Go's caches do. */
export function* once<K, T>(kept: Map<K, T>, key: K, part: () => Walk<T>): Walk<T> {
  const before = kept.get(key);
  if (before !== undefined) return before;
  const value = yield* part();
  kept.set(key, value);
  return value;
}

/** askNobody is a part of the way that needs no request. */
export function* askNobody<T>(part: () => T): Walk<T> {
  yield* [];
  return part();
}

/**
 * tryHops does a part of the way at one hop after the other, and gives what the first gives that does not fail, or the error that
 * Go finds most helpful: that of the origin, then one that is not "not found". `cmd/go/internal/modfetch: TryProxies, go1.26`
 */
export function* tryHops<T>(
  walker: Walker,
  part: (hop: PlannedHop, index: number) => Walk<Attempt<T>>,
): Walk<Attempt<T>> {
  let best: Failure = failure('no hop', { isNotFound: true });
  let rank = -1;
  const hops = [...walker.plan.hops.entries()].filter(([, hop]) => hop.isAsked);
  for (const [at, [index, hop]] of hops.entries()) {
    const steps = walker.steps.length;
    const attempt = yield* part(hop, index);
    if (!isFailure(attempt)) return attempt;
    if (hop.kind === 'direct') {
      best = attempt;
      rank = directRank;
    } else if (rank <= proxyRank && !attempt.isNotFound) {
      best = attempt;
      rank = proxyRank;
    } else if (rank <= notFoundRank) {
      best = attempt;
      rank = notFoundRank;
    }
    const next = hops[at + 1]?.[1];
    const stops = hop.fallThrough !== 'any-error' && !attempt.isNotFound;
    if (walker.steps.length > steps) sayNext(walker, nextOf(hop, attempt, stops, next));
    if (stops) break;
  }
  return best;
}

const notFoundRank = 0;
const proxyRank = 1;
const directRank = 2;

function nextOf(hop: PlannedHop, why: Failure, stops: boolean, next: PlannedHop | undefined): string {
  if (next === undefined)
    return hop.kind === 'off' ? 'stops: nothing may be asked' : 'stops: it was the last';
  if (stops) return `stops: after a comma only 404 and 410 go on to ${next.shown}`;
  if (why.isNotFound) return `goes on to ${next.shown}: it has not got it`;
  return `goes on to ${next.shown}: a bar goes on after any failure`;
}
