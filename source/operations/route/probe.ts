import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Answer, Fault } from '../../proxy/ask/answer.ts';
import { publicRoots } from '../../proxy/ask/roots/public.ts';
import { ask } from '../../proxy/ask/run.ts';
import { AskSession } from '../../proxy/ask/session.ts';
import { type ProxyHop, parseProxyChain } from '../../proxy/chain.ts';
import { explainDates, measureClock } from '../../proxy/fault/clock.ts';
import { checkContent } from '../../proxy/fault/content.ts';
import { findInterception, type Interception } from '../../proxy/fault/interception.ts';
import { statusFault } from '../../proxy/fault/status.ts';
import { joinSumdbUrl } from '../../proxy/route/hop-url.ts';
import { planRoute } from '../../proxy/route/plan.ts';
import type { RouteSettings } from '../../proxy/route/settings.ts';
import { parseSumdb, type SumdbSetting } from '../../proxy/sumdb.ts';
import type { RouteContext } from './run.ts';
import { findDatabase } from './walk/checksum.ts';
import { isFailure } from './walk/failure.ts';
import { openWalker } from './walk/walker.ts';

/** HopProbe is what a hop answered to a request that names no module. */
export type HopProbe = {
  readonly hop: ProxyHop;
  /** request is its URL as it is shown; undefined for what was not asked: `direct`, `off`, and what stands behind them. */
  readonly request: string | undefined;
  /** isReachable says whether there was any answer over HTTP, or the folder is there; undefined when it was not asked. */
  readonly isReachable: boolean | undefined;
  readonly status: number | undefined;
  readonly latencyMs: number | undefined;
  readonly fault: Fault | undefined;
  readonly certificates: Answer['certificates'];
};

/** SumdbProbe is where the checksum database would be asked, and whether it answers. */
export type SumdbProbe = {
  readonly setting: SumdbSetting;
  /** mode: `url` is what GOSUMDB names, `proxy` a hop that passes on to it, `direct` its own name. */
  readonly mode: 'off' | 'invalid' | 'url' | 'proxy' | 'direct' | 'unknown';
  /** via is the hop that passes on to it. */
  readonly via: string | undefined;
  readonly url: string | undefined;
  readonly isReachable: boolean | undefined;
  readonly fault: Fault | undefined;
};

/** ChainProbe is the whole chain. */
export type ChainProbe = {
  readonly hops: readonly HopProbe[];
  readonly sumdb: SumdbProbe;
  /** interception is somebody in between who answers for the hops, as their certificates tell. */
  readonly interception: Interception | undefined;
};

/**
 * probeChain asks all hops at once whether they pass on to the checksum database: that request Go itself makes, it names no module,
 * and any hop can answer it. So it takes as long as the slowest, or one timeout. `onHop` tells of each as it comes.
 */
export async function probeChain(
  settings: RouteSettings,
  given: RouteContext,
  onHop: (index: number, probe: HopProbe) => void = () => {},
): Promise<ChainProbe> {
  const started = performance.now();
  const context = { ...given, session: given.session ?? new AskSession() };
  const setting = parseSumdb(settings.gosumdb);
  const name = setting.kind === 'database' ? setting.name : defaultDatabase;
  const answers = new Map<string, Answer>();
  const probeOne = async (hop: ProxyHop, index: number): Promise<HopProbe> => {
    const probe = await probeHop(hop, name, context, answers);
    onHop(index, probe);
    return probe;
  };
  const { hops } = parseProxyChain(settings.goproxy);
  const early = setting.kind === 'database' && setting.url !== undefined ? setting.url : undefined;
  const [probes, latest] = await Promise.all([
    Promise.all(hops.map(probeOne)),
    early === undefined ? undefined : askLatest(early, context),
  ]);
  const left = Math.max(Math.ceil(context.timeoutMs - (performance.now() - started)), leastMs);
  const sumdb = await probeDatabase(setting, settings, answers, latest, { ...context, timeoutMs: left });
  const offset = measureClock([...answers.values()], new Date());
  const explained = probes.map((probe) => explainClock(probe, offset));
  const chains = probes.flatMap(({ hop, certificates }) =>
    certificates === undefined ? [] : [{ host: new URL(hop.entry).hostname, certificates }],
  );
  return { hops: explained, sumdb, interception: findInterception(chains, publicRoots()) };
}

/** explainClock says of a fault of dates whether the clock of this machine is to blame. */
function explainClock(probe: HopProbe, offsetMs: number | undefined): HopProbe {
  const { fault, certificates } = probe;
  if (fault === undefined) return probe;
  return { ...probe, fault: explainDates(fault, certificates, offsetMs, new Date()) };
}

/** planProbe is a chain of which nobody was asked. */
export function planProbe({ goproxy, gosumdb }: RouteSettings): ChainProbe {
  const setting = parseSumdb(gosumdb);
  const mode = setting.kind === 'database' ? 'unknown' : setting.kind;
  const sumdb = {
    setting,
    mode,
    via: undefined,
    url: undefined,
    isReachable: undefined,
    fault: undefined,
  } as const;
  return { hops: parseProxyChain(goproxy).hops.map(notAsked), sumdb, interception: undefined };
}

function notAsked(hop: ProxyHop): HopProbe {
  return {
    hop,
    request: undefined,
    isReachable: undefined,
    status: undefined,
    latencyMs: undefined,
    fault: undefined,
    certificates: undefined,
  };
}

/** defaultDatabase is Go's: with GOSUMDB=off hops are still asked by it, since it is what they know. `cmd/go/internal/cfg: GOSUMDB, go1.26` */
const defaultDatabase = 'sum.golang.org';

// Where hops took all the time, the database still gets a moment.
const leastMs = 1000;

// What is looked at is a status, and whether a page came instead of an answer.
const maxBytes = 4096;

async function probeHop(
  hop: ProxyHop,
  name: string,
  context: RouteContext,
  answers: Map<string, Answer>,
): Promise<HopProbe> {
  const nothing = notAsked(hop);
  if (!hop.reached) return nothing;
  if (hop.kind === 'file') return { ...nothing, ...(await probeFolder(hop)) };
  if (hop.kind !== 'proxy' || !/^https?:\/\/[^/?#]/i.test(hop.entry)) return nothing;
  const url = joinSumdbUrl(hop.entry, `sumdb/${name}/supported`);
  const answer = await ask(url, { ...context, maxBytes });
  answers.set(url, answer);
  return {
    hop,
    request: answer.shownUrl,
    isReachable: answer.kind === 'answered',
    status: answer.kind === 'answered' ? answer.status : undefined,
    latencyMs: answer.durationMs,
    fault: faultOf(answer),
    certificates: answer.certificates,
  };
}

/** faultOf leaves 404 and 410 alone, since a proxy need not pass on to a checksum database; a web page is no module proxy. */
function faultOf(answer: Answer): Fault | undefined {
  if (answer.kind === 'answered' && (answer.status === 404 || answer.status === 410)) return undefined;
  return checkContent(answer, { kind: 'list' });
}

async function probeFolder(hop: ProxyHop): Promise<Partial<HopProbe>> {
  const started = performance.now();
  const isFolder = await stat(fileURLToPath(hop.entry)).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const fault: Fault = {
    code: 'http-404',
    detail: 'there is no such folder: Go takes every module for not found there',
    goSays: 'no such file or directory',
    repair: [],
  };
  return {
    request: hop.shown,
    isReachable: isFolder,
    status: isFolder ? 200 : 404,
    latencyMs: performance.now() - started,
    fault: isFolder ? undefined : fault,
  };
}

/** probeDatabase finds the place by Go's own rule from what the hops answered, and asks the database itself where it would be. */
async function probeDatabase(
  setting: SumdbSetting,
  settings: RouteSettings,
  answers: ReadonlyMap<string, Answer>,
  early: Answer | undefined,
  context: RouteContext,
): Promise<SumdbProbe> {
  const nothing = { setting, via: undefined, url: undefined, isReachable: undefined, fault: undefined };
  if (setting.kind !== 'database') return { ...nothing, mode: setting.kind };
  // Any module will do: where the database is does not depend on it.
  const question = { module: 'golang.org/x/mod', query: 'latest', isToolchain: false };
  const plan = planRoute(question, { ...settings, gonoproxy: '', goprivate: '', gonosumdb: '' });
  const walk = findDatabase(openWalker(plan, { recorded: () => undefined, sendsPrivate: false }), setting);
  let turn = plan.problem === undefined ? walk.next() : undefined;
  while (turn !== undefined && turn.done !== true) {
    const { url } = turn.value;
    turn = walk.next(answers.get(url) ?? (await ask(url, { ...context, maxBytes })));
  }
  if (turn?.value === undefined) return { ...nothing, mode: 'unknown' };
  const base = turn.value;
  if (isFailure(base)) return { ...nothing, mode: 'unknown', isReachable: false, fault: base.fault };
  const via = base.target.hop === undefined ? undefined : base.target.entry;
  const url =
    setting.shownUrl ?? (via === undefined ? base.url : `${via.replace(/\/$/, '')}/sumdb/${setting.name}`);
  if (via !== undefined) return { ...nothing, mode: 'proxy', via, url, isReachable: true };
  const answer = early ?? (await askLatest(base.url, context));
  return {
    ...nothing,
    mode: setting.url === undefined ? 'direct' : 'url',
    url,
    isReachable: answer.kind === 'answered',
    fault: statusFault(answer),
  };
}

/** askLatest asks for the head of the log, which names no module. */
async function askLatest(base: string, context: RouteContext): Promise<Answer> {
  return await ask(joinSumdbUrl(base, 'latest'), { ...context, maxBytes });
}
