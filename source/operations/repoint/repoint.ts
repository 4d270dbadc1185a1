import type { Problem } from '../../platform/problem.ts';
import { disagreement, type GoPlace, readEffective, writeSetting } from './effective.ts';
import type { Amount } from './facts.ts';
import { type MoveOptions, moveCache } from './move.ts';
import type { RepointPlan } from './plan.ts';
import { logRepoint, newRecord, type RepointRecord } from './record.ts';

/** RepointResult is what a re-point has done. */
export type RepointResult = {
  /** record is what an undo needs; undefined when nothing was changed. */
  readonly record: RepointRecord | undefined;
  readonly moved: Amount;
  /** effective is what go env says now; undefined when it was not asked, or does not answer. */
  readonly effective: string | undefined;
  readonly problems: readonly Problem[];
  readonly wasStopped: boolean;
};

/**
 * repoint carries out a plan: it fills the new folder, runs go env -w, and asks go env whether that counts. Until go env
 * -w has passed, all of it is taken back when something fails or `signal` fires.
 */
export async function repoint(
  plan: RepointPlan,
  place: GoPlace,
  options: MoveOptions & { readonly now: () => number },
): Promise<RepointResult> {
  const { from, to, setting } = plan.facts;
  const moved = await moveCache(plan, options);
  if (moved.type === 'stopped') return { ...untouched, problems: moved.left, wasStopped: true };
  if (moved.type === 'failed') return { ...untouched, problems: [moved.problem, ...moved.left] };
  if (options.signal?.aborted === true)
    return { ...untouched, problems: await moved.takeBack(), wasStopped: true };
  const refused = await writeSetting(place, to);
  if (refused !== undefined) return { ...untouched, problems: [refused, ...(await moved.takeBack())] };
  const record = newRecord({
    at: options.now(),
    from: from.path,
    to,
    start: plan.start,
    file: setting.file,
    before: setting.before,
  });
  const unlogged = logRepoint(place.environment, record, moved.taken);
  const effective = await readEffective(place);
  const answer = typeof effective === 'string' ? effective : undefined;
  const proof =
    typeof effective !== 'string' ? [effective] : effective === to ? [] : [disagreement(to, effective)];
  return {
    record,
    moved: moved.taken,
    effective: answer,
    problems: [...moved.failed, ...proof, ...(unlogged === undefined ? [] : [unlogged])],
    wasStopped: false,
  };
}

const untouched: RepointResult = {
  record: undefined,
  moved: { entries: 0, bytes: 0 },
  effective: undefined,
  problems: [],
  wasStopped: false,
};
