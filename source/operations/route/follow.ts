import type { Answer } from '../../proxy/ask/answer.ts';
import type { RoutePlan } from '../../proxy/route/plan.ts';
import type { RouteRequest } from '../../proxy/route/request.ts';
import type { Route, RouteEnd } from './route.ts';
import { download } from './walk/download.ts';
import { openWalker, StoppedAtOrigin, StoppedBeforeLeak, type WalkOptions } from './walk/walker.ts';

/** RouteWalk is a route under way: what is known so far, and a way to go on with the answer to its `next`. */
export type RouteWalk = { readonly route: () => Route; readonly answer: (answer: Answer) => void };

/** startRoute begins a route; nothing is asked here: its `next` says what to ask. */
export function startRoute(plan: RoutePlan, options: Partial<WalkOptions> = {}): RouteWalk {
  const walker = openWalker(plan, { recorded: () => undefined, sendsPrivate: false, ...options });
  const way = download(walker);
  let next: RouteRequest | undefined;
  let end: RouteEnd | undefined;
  const step = (go: () => IteratorResult<RouteRequest, RouteEnd>): void => {
    try {
      const { done, value } = go();
      next = done === true ? undefined : value;
      end = done === true ? value : undefined;
    } catch (error) {
      next = undefined;
      if (error instanceof StoppedBeforeLeak) end = { type: 'not-sent', leak: error.leak };
      else if (error instanceof StoppedAtOrigin) end = { type: 'origin' };
      else throw error;
    }
  };
  step(() => way.next());
  return {
    route() {
      return { plan, version: walker.found.version, steps: [...walker.steps], next, end };
    },
    answer(answer) {
      if (next !== undefined) step(() => way.next(answer));
    },
  };
}

/** advanceRoute gives a route from its beginning with the answers so far, in the order of the requests. */
export function advanceRoute(
  plan: RoutePlan,
  answers: readonly Answer[],
  options: Partial<WalkOptions> = {},
): Route {
  const walk = startRoute(plan, options);
  for (const answer of answers) walk.answer(answer);
  return walk.route();
}
