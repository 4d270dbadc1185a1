import { type AskContext, ask } from '../../proxy/ask/run.ts';
import { AskSession } from '../../proxy/ask/session.ts';
import type { RoutePlan } from '../../proxy/route/plan.ts';
import { startRoute } from './follow.ts';
import type { Route } from './route.ts';
import type { WalkOptions } from './walk/walker.ts';

/** RouteContext is how requests are made. */
export type RouteContext = Pick<AskContext, 'environment' | 'directory' | 'timeoutMs' | 'signal' | 'session'>;

/**
 * runRoute goes the way of a module with real requests, one after the other as Go makes them, and tells of each. It stops where a
 * private module would be told outside, and asks no version control. It rejects only when the signal ends it.
 */
export async function runRoute(
  plan: RoutePlan,
  context: RouteContext,
  options: Partial<WalkOptions> = {},
  onRoute: (route: Route) => void = () => {},
): Promise<Route> {
  const walk = startRoute(plan, options);
  const session = context.session ?? new AskSession();
  for (let route = walk.route(); ; route = walk.route()) {
    onRoute(route);
    const { next } = route;
    if (next === undefined) return route;
    const { maxBytes, isInsecure } = next;
    walk.answer(await ask(next.url, { ...context, session, maxBytes, isInsecure }));
  }
}
