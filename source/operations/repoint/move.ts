import { renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { explain, type Problem, reasonOf } from '../../platform/problem.ts';
import { findGuard } from '../removal/guard.ts';
import { copyCache } from './copy.ts';
import type { Amount } from './facts.ts';
import { createMade } from './made.ts';
import type { RepointPlan } from './plan.ts';

export type MoveOptions = {
  readonly signal?: AbortSignal;
  onProgress?(done: Amount): void;
};

/** Moved is the new folder as it is now, before go knows of it. */
export type Moved =
  | {
      readonly type: 'done';
      readonly taken: Amount;
      readonly failed: readonly Problem[];
      /** takeBack leaves everything as it was before; what it gives could not be taken back. */
      takeBack(): Promise<readonly Problem[]>;
    }
  /** stopped and failed: what was made is gone again, but for `left`. */
  | { readonly type: 'stopped'; readonly left: readonly Problem[] }
  | { readonly type: 'failed'; readonly problem: Problem; readonly left: readonly Problem[] };

/** moveCache makes the new folder and brings into it what the plan says. The present GOCACHE loses nothing by a copy or links. */
export async function moveCache(plan: RepointPlan, options: MoveOptions = {}): Promise<Moved> {
  switch (plan.start) {
    case 'empty':
      return makeFolder(plan.facts.to);
    case 'copy':
    case 'link':
      return copy(plan, options);
    case 'rename':
      return rename(plan);
  }
}

const nothing: Amount = { entries: 0, bytes: 0 };

async function makeFolder(to: string): Promise<Moved> {
  const made = createMade();
  try {
    made.folder(to);
    return { type: 'done', taken: nothing, failed: [], takeBack: made.takeBack };
  } catch (error) {
    return { type: 'failed', problem: explain(to, 'cannot be made', error), left: await made.takeBack() };
  }
}

async function copy({ facts, start }: RepointPlan, options: MoveOptions): Promise<Moved> {
  const { from, to, target } = facts;
  const made = createMade();
  // A build that runs there may have looked up what we brought; in a folder of our own there is none.
  const takeBack = async (): Promise<readonly Problem[]> =>
    target.state === 'cache' && findGuard(to, Date.now()).guardMs > 0 ? [] : made.takeBack();
  try {
    const { taken, failed, wasStopped } = await copyCache({
      ...options,
      from: from.path,
      to,
      isLink: start === 'link',
      made,
    });
    if (wasStopped) return { type: 'stopped', left: await takeBack() };
    return { type: 'done', taken, failed, takeBack };
  } catch (error) {
    const what = start === 'link' ? 'linking stopped' : 'copying stopped';
    const problem = { ...explain(to, what, error), why: `${reasonOf(error)}; nothing was changed` };
    return { type: 'failed', problem, left: await takeBack() };
  }
}

/** rename moves the whole folder in one step of the system: there is no half of it. */
async function rename({ facts, taken }: RepointPlan): Promise<Moved> {
  const { from, to } = facts;
  const made = createMade();
  const { processes } = findGuard(from.path, Date.now());
  if (processes.length > 0) return { type: 'failed', problem: inUse(from.path), left: [] };
  try {
    made.folder(dirname(to));
    renameSync(from.path, to);
  } catch (error) {
    const problem = explain(from.path, `cannot be renamed to ${to}`, error);
    return { type: 'failed', problem, left: await made.takeBack() };
  }
  return {
    type: 'done',
    taken,
    failed: [],
    async takeBack() {
      try {
        renameSync(to, from.path);
        return made.takeBack();
      } catch (error) {
        return [explain(to, `cannot be renamed back to ${from.path}`, error)];
      }
    },
  };
}

/** inUse: a go command began between the question and the answer. */
export function inUse(folder: string): Problem {
  const why = 'a go command runs on it and would fail';
  return { where: folder, what: 'cannot be renamed now', why, repair: 'wait for its end' };
}
