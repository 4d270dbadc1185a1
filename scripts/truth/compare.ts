import type { GraphAction, TruthRun } from './once.ts';

export type Comparison = {
  readonly units: number;
  readonly unknown: number;
  readonly counts: Readonly<Record<'hit' | 'miss' | 'failed' | 'not-reached', number>>;
  /** wrong are the packages whose verdicts differ from the graph's, in words. */
  readonly wrong: readonly string[];
};

type Verdict = 'ran' | 'cached' | 'not-reached';

/**
 * compareVerdicts holds our verdicts against the action graph. Variants carry the plain path there, so that for each
 * path the numbers of verdicts are compared. A build action with commands ran the compiler; without, it was cached;
 * without an action ID it was never reached.
 */
export function compareVerdicts({ report, graph, isVet, stderr }: TruthRun): Comparison {
  const ours = new Map<string, Verdict[]>();
  const counts = { hit: 0, miss: 0, failed: 0, 'not-reached': 0 };
  let unknown = 0;
  for (const { importPath, outcome } of report.packages) {
    if (outcome === 'unknown') unknown += 1;
    if (outcome === 'hit' || outcome === 'miss' || outcome === 'failed' || outcome === 'not-reached') {
      counts[outcome] += 1;
      add(
        ours,
        plain(importPath),
        outcome === 'hit' ? 'cached' : outcome === 'not-reached' ? outcome : 'ran',
      );
    }
  }
  const { isBlocked, hasFailed } = createBlocked(graph, stderr);
  const theirs = new Map<string, Verdict[]>();
  for (const action of graph) {
    const path = action.Package;
    if (action.Mode === 'build' && path !== undefined)
      add(theirs, path, verdictOf(action, isBlocked, hasFailed));
  }
  const wrong: string[] = [];
  for (const path of new Set([...ours.keys(), ...theirs.keys()])) {
    const said = (ours.get(path) ?? []).toSorted();
    const truth = (theirs.get(path) ?? []).toSorted();
    if ((isVet && isVettedOnly(said, truth)) || said.join() === truth.join()) continue;
    wrong.push(`${path}: we say ${said.join(', ') || 'nothing'}, go says ${truth.join(', ') || 'nothing'}`);
  }
  return { units: report.packages.length, unknown, counts, wrong };
}

/** verdictOf: the compiler ran, or a tool before it failed. Cover and cgo alone run for vet as well, beside a cached compile. */
function verdictOf(
  action: GraphAction,
  isBlocked: (action: GraphAction) => boolean,
  hasFailed: (action: GraphAction) => boolean,
): Verdict {
  if ((action.Cmd ?? []).some((command) => command.includes('/compile ')) || hasFailed(action)) return 'ran';
  if (action.ActionID === undefined || action.ActionID === '') return 'not-reached';
  return isBlocked(action) ? 'not-reached' : 'cached';
}

/**
 * createBlocked tells which actions wait for one that failed: since go1.26 an action ID is worked out before that is
 * known (`build check cache`). What failed go says itself, as `# p` on stderr.
 */
function createBlocked(graph: readonly GraphAction[], stderr: string) {
  const headers = new Set([...stderr.matchAll(/^# (\S+)/gm)].map((match) => match[1]));
  const byId = new Map(graph.map((action) => [action.ID, action]));
  const known = new Map<number, boolean>();
  const hasFailed = (action: GraphAction): boolean =>
    action.Mode === 'build' && (action.Cmd?.length ?? 0) > 0 && headers.has(action.Package);
  function isBlocked(action: GraphAction): boolean {
    const before = known.get(action.ID);
    if (before !== undefined) return before;
    known.set(action.ID, false);
    const blocked = (action.Deps ?? []).some((id) => {
      const dependency = byId.get(id);
      return dependency !== undefined && (hasFailed(dependency) || isBlocked(dependency));
    });
    known.set(action.ID, blocked);
    return blocked;
  }
  return { isBlocked, hasFailed };
}

/**
 * isVettedOnly: what is only vetted has a build action too, which does nothing (needVet without needBuild). We have no
 * row for it, or one row less.
 */
function isVettedOnly(said: readonly Verdict[], truth: readonly Verdict[]): boolean {
  if (truth.length !== said.length + 1) return false;
  const left = [...truth];
  for (const verdict of said) {
    const at = left.indexOf(verdict);
    if (at === -1) return false;
    left.splice(at, 1);
  }
  return left.length === 1 && left[0] !== 'ran';
}

function plain(importPath: string): string {
  const space = importPath.indexOf(' [');
  return space === -1 ? importPath : importPath.slice(0, space);
}

function add(map: Map<string, Verdict[]>, path: string, verdict: Verdict): void {
  const there = map.get(path);
  if (there === undefined) map.set(path, [verdict]);
  else there.push(verdict);
}
