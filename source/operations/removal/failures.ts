import { explain, type Problem } from '../../platform/problem.ts';

/** Failures collects what could not be done, entry by entry, without growing with the cache. */
export type Failures = {
  add(where: string, what: string, error: unknown): void;
  /** list gives at most 100 problems; the last one's why says how many more there were. */
  list(): readonly Problem[];
};

export function createFailures(): Failures {
  const problems: Problem[] = [];
  let more = 0;
  return { add, list };

  function add(where: string, what: string, error: unknown): void {
    if (problems.length < mostProblems) problems.push(explain(where, what, error));
    else more += 1;
  }

  function list(): readonly Problem[] {
    const last = problems.at(-1);
    if (more === 0 || last === undefined) return [...problems];
    return [...problems.slice(0, -1), { ...last, why: `${last.why}; and ${more} more failed` }];
  }
}

// More lines of one kind tell no more than their number.
const mostProblems = 100;
