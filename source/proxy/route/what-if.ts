import { planRoute, type RoutePlan, readSettings } from './plan.ts';
import type { RouteQuestion } from './question.ts';
import type { RouteSettings } from './settings.ts';

/** RouteChange is a module before and after a change of settings. */
export type RouteChange = {
  readonly module: string;
  readonly version: string;
  readonly before: ModuleWay;
  readonly after: ModuleWay;
  readonly isChanged: boolean;
};

/** ModuleWay is where Go would go for one module, as far as settings alone tell. */
export type ModuleWay = {
  /** first is the hop that is asked first, as it is shown; `direct`; `off` where nothing may be asked. */
  readonly first: string;
  /** hops are all that may be asked, in their order. */
  readonly hops: readonly string[];
  /** isChecked says whether the checksum database is asked about what is new to go.sum. */
  readonly isChecked: boolean;
  /** leaksTo are those outside that would hear of a module that looks private. */
  readonly leaksTo: readonly string[];
  readonly problem: string | undefined;
};

/** compareRoutes says for each module which way it goes under the settings before and after. Nothing is asked. */
export function compareRoutes(
  modules: readonly { readonly path: string; readonly version: string }[],
  before: RouteSettings,
  after: RouteSettings,
): readonly RouteChange[] {
  const read = { before: readSettings(before), after: readSettings(after) };
  return modules.map(({ path, version }) => {
    const question: RouteQuestion = { module: path, query: version, isToolchain: false };
    const one = wayOf(planRoute(question, before, read.before));
    const other = wayOf(planRoute(question, after, read.after));
    return { module: path, version, before: one, after: other, isChanged: !isSameWay(one, other) };
  });
}

/** wayOf is the short form of a plan. */
function wayOf({ hops, problem, sumdb, leaks }: RoutePlan): ModuleWay {
  const asked = hops.filter(({ isAsked }) => isAsked).map(({ shown }) => shown);
  // GONOPROXY's origin and a `direct` of GOPROXY are one for the reader.
  const unique = asked.filter((shown, at) => asked.indexOf(shown) === at);
  return {
    first: unique[0] ?? 'off',
    hops: unique,
    isChecked: sumdb.use.isChecked,
    leaksTo: leaks.map(({ to }) => to),
    problem,
  };
}

function isSameWay(one: ModuleWay, other: ModuleWay): boolean {
  return (
    one.hops.join('\n') === other.hops.join('\n') &&
    one.isChecked === other.isChecked &&
    one.problem === other.problem
  );
}
