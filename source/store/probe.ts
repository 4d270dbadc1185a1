import type { SumdbProbe } from '../operations/route/probe.ts';
import type { Route } from '../operations/route/route.ts';
import type { Fault, ServerCertificate } from '../proxy/ask/answer.ts';
import type { Interception } from '../proxy/fault/interception.ts';
import type { RoutePlan } from '../proxy/route/plan.ts';
import type { RouteSettings } from '../proxy/route/settings.ts';

/** ProbeAnswer is what came of one request, less its content. */
export type ProbeAnswer = {
  readonly status: number | undefined;
  readonly statusText: string;
  readonly durationMs: number;
  /** fault is undefined where an answer came that a module proxy may give. */
  readonly fault: Fault | undefined;
  /** certificates are the chain that was seen, the leaf first; undefined without TLS. */
  readonly certificates: readonly ServerCertificate[] | undefined;
};

/** RouteProbe is a route that was asked for, as far as it is. */
export type RouteProbe = {
  readonly isRunning: boolean;
  readonly wasStopped: boolean;
  readonly route: Route | undefined;
  /** answers are by the request, as it is shown. */
  readonly answers: ReadonlyMap<string, ProbeAnswer>;
};

/** ProbeState is what hops answered when they were asked: nothing is asked before the user says so. */
export type ProbeState = {
  /** isRunning says that the hops of the chain are being asked. */
  readonly isRunning: boolean;
  readonly wasStopped: boolean;
  /** hops are answers by the place of the hop in GOPROXY; undefined while it has not answered. */
  readonly hops: ReadonlyMap<number, ProbeAnswer | undefined>;
  /** sumdb is where the checksum database is asked, and whether it answers; undefined before the hops were asked. */
  readonly sumdb: SumdbProbe | undefined;
  /** interception is somebody in between who answers for the hops. */
  readonly interception: Interception | undefined;
  /** routes are by `routeKey`. */
  readonly routes: ReadonlyMap<string, RouteProbe>;
};

/** ProbeOrder is what the screen asks for: all hops of the chain, the route of a module, an end of both. */
export type ProbeOrder =
  | { readonly type: 'chain'; readonly settings: RouteSettings }
  | { readonly type: 'route'; readonly plan: RoutePlan }
  | { readonly type: 'stop' };

/** ProbeEvent is what a probe tells. */
export type ProbeEvent =
  /** chain begins a probe of these hops. */
  | { readonly type: 'chain'; readonly hops: readonly number[] }
  | { readonly type: 'hop'; readonly hop: number; readonly answer: ProbeAnswer }
  | {
      readonly type: 'chain-ended';
      readonly wasStopped: boolean;
      readonly sumdb: SumdbProbe | undefined;
      readonly interception: Interception | undefined;
    }
  /** route is one under way, with the answer to its last request. */
  | {
      readonly type: 'route';
      readonly key: string;
      readonly route: Route;
      readonly answer: readonly [request: string, answer: ProbeAnswer] | undefined;
    }
  | { readonly type: 'route-ended'; readonly key: string; readonly wasStopped: boolean };

export const noProbe: ProbeState = {
  isRunning: false,
  wasStopped: false,
  hops: new Map(),
  sumdb: undefined,
  interception: undefined,
  routes: new Map(),
};

/** routeKey names a route: the module under the settings that it was asked with. It holds passwords, and is never shown. */
export function routeKey({ question, settings }: RoutePlan): string {
  return `${question.module}@${question.query} ${JSON.stringify(settings)}`;
}

/** applyProbe takes what happened. */
export function applyProbe(state: ProbeState, event: ProbeEvent): ProbeState {
  switch (event.type) {
    case 'chain':
      return {
        ...state,
        isRunning: true,
        wasStopped: false,
        sumdb: undefined,
        interception: undefined,
        hops: new Map(event.hops.map((hop) => [hop, undefined])),
      };
    case 'hop':
      return { ...state, hops: new Map(state.hops).set(event.hop, event.answer) };
    case 'chain-ended': {
      const { wasStopped, sumdb, interception } = event;
      return { ...state, isRunning: false, wasStopped, sumdb, interception };
    }
    case 'route': {
      const before = state.routes.get(event.key);
      // Asked again, it begins anew.
      const answers = event.answer === undefined ? [] : [...(before?.answers ?? []), event.answer];
      const probe = { isRunning: true, wasStopped: false, route: event.route, answers: new Map(answers) };
      return withRoute(state, event.key, probe);
    }
    case 'route-ended': {
      const probe = state.routes.get(event.key);
      return probe === undefined
        ? state
        : withRoute(state, event.key, { ...probe, isRunning: false, wasStopped: event.wasStopped });
    }
  }
}

function withRoute(state: ProbeState, key: string, probe: RouteProbe): ProbeState {
  const others = [...state.routes].filter(([known]) => known !== key).slice(1 - mostRoutes);
  return { ...state, routes: new Map([...others, [key, probe]]) };
}

// Nobody looks at more at once; what was asked under settings that were tried is soon of no use.
const mostRoutes = 50;
