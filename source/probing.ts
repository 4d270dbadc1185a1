import type { GoEnv } from './go/env.ts';
import type { Environment } from './go/settings.ts';
import { startRoute } from './operations/route/follow.ts';
import { listSums } from './operations/route/list.ts';
import { type HopProbe, probeChain } from './operations/route/probe.ts';
import type { Route } from './operations/route/route.ts';
import type { RouteContext } from './operations/route/run.ts';
import { reasonOf } from './platform/problem.ts';
import type { Answer } from './proxy/ask/answer.ts';
import { ask } from './proxy/ask/run.ts';
import { AskSession } from './proxy/ask/session.ts';
import { parseProxyChain } from './proxy/chain.ts';
import { statusFault } from './proxy/fault/status.ts';
import type { RoutePlan } from './proxy/route/plan.ts';
import type { RouteSettings } from './proxy/route/settings.ts';
import type { AppEvent } from './store/event.ts';
import { formatCountOf } from './store/format.ts';
import { type ProbeAnswer, type ProbeEvent, type ProbeOrder, routeKey } from './store/probe.ts';

/** Probing asks hops for the screen, only when it is told to, and only one thing at a time. */
export type Probing = {
  carryOut(order: ProbeOrder): void;
  /** changed takes the settings of the go command after they were changed. */
  changed(env: GoEnv): void;
};

/** createProbing returns one; `signal` ends what is under way. */
export function createProbing(options: {
  readonly env: GoEnv;
  readonly cwd: string;
  /** userEnvironment is what go sees without us. */
  readonly userEnvironment: Environment;
  readonly signal: AbortSignal;
  readonly dispatch: (event: AppEvent) => void;
}): Probing {
  const { cwd, userEnvironment, signal, dispatch } = options;
  let { env } = options;
  let stopping = new AbortController();

  const tell = (event: ProbeEvent): void => dispatch({ type: 'probe', event });

  const say = (text: string): void => dispatch({ type: 'screen', event: { type: 'said', text } });

  function begin(): AbortSignal {
    stopping.abort();
    stopping = new AbortController();
    return AbortSignal.any([signal, stopping.signal]);
  }

  const contextOf = (until: AbortSignal, timeoutMs: number): RouteContext => ({
    // go env also knows what was written with go env -w.
    environment: { ...userEnvironment, GOAUTH: env.goauth },
    directory: cwd,
    timeoutMs,
    signal: until,
    // One for each look: the roots are read once, not for each request.
    session: new AskSession(),
  });

  /** failed: what the user stopped is no problem; anything else is one of ours. */
  function failed(until: AbortSignal, where: string, error: unknown): void {
    if (until.aborted) return;
    const problem = { where, what: 'could not be asked', why: reasonOf(error), repair: 'report it' };
    dispatch({ type: 'problem', problem });
  }

  /** askChain asks all hops beside each other, so that those that never answer cost one timeout together. */
  async function askChain(settings: RouteSettings): Promise<void> {
    const until = begin();
    const places = [...parseProxyChain(settings.goproxy).hops.entries()].flatMap(
      ([place, { kind, reached }]) => (reached && (kind === 'proxy' || kind === 'file') ? [place] : []),
    );
    tell({ type: 'chain', hops: places });
    try {
      const tellHop = (hop: number, probe: HopProbe): void => {
        if (!until.aborted && places.includes(hop)) tell({ type: 'hop', hop, answer: ofHop(probe) });
      };
      const { hops, sumdb, interception } = await probeChain(settings, contextOf(until, chainMs), tellHop);
      // Whether the clock of this machine is to blame only all answers together tell.
      for (const [hop, probe] of hops.entries()) tellHop(hop, probe);
      tell({ type: 'chain-ended', wasStopped: false, sumdb, interception });
      say(`${formatCountOf(places.length, 'hop')} asked: enter on one shows its answer`);
    } catch (error) {
      failed(until, 'the hops', error);
      tell({ type: 'chain-ended', wasStopped: true, sumdb: undefined, interception: undefined });
    }
  }

  /** askRoute asks as Go would, one request after the other. */
  async function askRoute(plan: RoutePlan): Promise<void> {
    const until = begin();
    const key = routeKey(plan);
    const { recorded } = await listSums(env);
    const context = contextOf(until, routeMs);
    const walk = startRoute(plan, { recorded });
    let answer: readonly [string, ProbeAnswer] | undefined;
    try {
      for (let route = walk.route(); ; route = walk.route()) {
        tell({ type: 'route', key, route, answer });
        const { next } = route;
        if (next === undefined) {
          say(endWords(route));
          break;
        }
        const { maxBytes, isInsecure } = next;
        const given = await ask(next.url, { ...context, maxBytes, isInsecure });
        answer = [next.shown, toProbeAnswer(given, statusFault(given))];
        walk.answer(given);
      }
    } catch (error) {
      failed(until, 'the route', error);
    }
    tell({ type: 'route-ended', key, wasStopped: until.aborted });
  }

  return {
    carryOut(order) {
      switch (order.type) {
        case 'chain':
          void askChain(order.settings);
          return;
        case 'route':
          void askRoute(order.plan);
          return;
        case 'stop':
          stopping.abort();
      }
    },
    changed(next) {
      env = next;
    },
  };
}

/** endWords are the end of a route in a line. */
function endWords({ plan, end }: Route): string {
  const name = `${plan.question.module}@${plan.question.query}`;
  switch (end?.type) {
    case 'served':
      return `${name}: served by ${end.servedBy}`;
    case 'failed':
      return `${name}: Go fails: ${end.fault?.detail ?? end.goSays}`;
    case 'not-sent':
      return `${name}: not sent to ${end.leak.to}, ${end.leak.why}`;
    default:
      return `${name}: its origin is next, which was not asked`;
  }
}

// What has not begun to answer by then hangs a build too.
const chainMs = 5000;
// A proxy that must fetch a module itself first may take that long for an answer.
const routeMs = 30_000;

function ofHop({ status, latencyMs = 0, fault, certificates }: HopProbe): ProbeAnswer {
  return { status, statusText: '', durationMs: latencyMs, fault, certificates };
}

function toProbeAnswer(answer: Answer, fault: ProbeAnswer['fault']): ProbeAnswer {
  const { durationMs, certificates } = answer;
  const isAnswered = answer.kind === 'answered';
  return {
    status: isAnswered ? answer.status : undefined,
    statusText: isAnswered ? answer.statusText : '',
    durationMs,
    fault,
    certificates,
  };
}
