import { quote } from '../../go/shell-word.ts';
import type { Leak, RoutePlan } from '../../proxy/route/plan.ts';
import type { Route } from './route.ts';

/** adviseRoute gives the commands that would put a route right, the best first; none where nothing is wrong or nothing is known. */
export function adviseRoute(route: Route): readonly string[] {
  const { end, plan, steps } = route;
  switch (end?.type) {
    case undefined:
    case 'served':
    case 'origin':
      return adviseLeak(plan);
    case 'not-sent':
      return adviseLeak(plan);
    case 'failed': {
      const last = steps.at(-1);
      const lookup = last?.purpose === 'lookup' && last.outcome === 'not-found';
      const own = lookup ? [goEnvAdd(plan, plan.question.module.split('/').slice(0, 2).join('/'))] : [];
      return [...adviseLeak(plan), ...own, ...(end.fault?.repair ?? [])];
    }
  }
}

function adviseLeak(plan: RoutePlan): readonly string[] {
  const [leak]: readonly (Leak | undefined)[] = plan.leaks;
  return leak === undefined ? [] : [goEnvAdd(plan, leak.pattern)];
}

/** goEnvAdd is the command that adds a pattern to GOPRIVATE. */
function goEnvAdd({ settings }: RoutePlan, pattern: string): string {
  const patterns = settings.goprivate.split(',').filter((each) => each.trim() !== '');
  return `go env -w ${quote(`GOPRIVATE=${[...patterns, pattern].join(',')}`)}`;
}
