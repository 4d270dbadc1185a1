import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionId, OutputId } from '../../go/ids.ts';
import type { Problem } from '../../platform/problem.ts';
import { openCacheFolder } from './cache-folder.ts';
import { createPasses } from './passes.ts';
import { createSlices } from './slices.ts';

export { RemovalRefused } from './cache-folder.ts';

/**
 * RemovalPlan says exactly what goes. Outputs go after all their action entries, so that `actions` holds every entry
 * that points to one of `outputs`; it may hold others too, whose outputs stay.
 */
export type RemovalPlan = {
  readonly gocache: string;
  readonly actions: readonly ActionId[];
  readonly outputs: readonly OutputId[];
  /** known is what an action entry said when it was read; it says so still where its mtime is the same. */
  known?(id: ActionId): KnownAction | undefined;
};

/** KnownAction is an action entry as it was read once; mtime is Unix ms. */
export type KnownAction = { readonly mtime: number; readonly outputId: OutputId };

export type RemovalMode =
  | { readonly type: 'delete' }
  /** trash: moved by rename; expiresAt Unix ms, or undefined = until the process that owns it quits. */
  | { readonly type: 'trash'; readonly expiresAt: number | undefined };

/** RemovalProgress counts the entries of the plan that were dealt with; bytes are those removed so far. */
export type RemovalProgress = { readonly done: number; readonly total: number; readonly bytes: number };

export type RemovalOptions = {
  /** now gives the time that mtimes are compared with, Unix ms. */
  now(): number;
  readonly signal?: AbortSignal;
  /** onProgress is called after each slice of the work, and at the end of both passes. */
  onProgress?(progress: RemovalProgress): void;
  /** pauseMs between the last action entry and the first output; 300 without it. */
  readonly pauseMs?: number;
  /** about is kept with a trash batch: what was asked for, in the words that undo shows. */
  readonly about?: string;
};

export type RemovalResult = {
  /** removed counts action entries and outputs; bytes are the sizes of both. */
  readonly removed: { readonly entries: number; readonly bytes: number };
  /**
   * kept: `in use` (younger than the guard), `used again` (an action entry that names it came back), `changed` (not
   * what Go would write there), `still named` (an action entry of it could not be removed).
   */
  readonly kept: readonly { readonly reason: string; readonly entries: number }[];
  /** batch is the id of the trash batch, undefined when nothing was moved. */
  readonly batch: string | undefined;
  /** fellBack says why entries were deleted, or tried to be, though a trash was asked for. */
  readonly fellBack: Problem | undefined;
  /** failed holds at most 100; the last one's why counts the rest. An entry that was gone already is none. */
  readonly failed: readonly Problem[];
  readonly wasStopped: boolean;
};

/**
 * removeEntries takes entries out of a GOCACHE while builds may run on it. Go takes no lock and opens an output by its
 * name long after it looked it up, so what a running go command may have looked up stays (`findGuard`), and outputs go
 * after their action entries: then nobody new can find them (raced against real builds: 12 of 12 passed, against 1 of 4
 * with any output removed). It stops between entries when `signal` fires; what was done stays done. It throws
 * RemovalRefused when the folder is no GOCACHE; all else that fails is in the result.
 */
export async function removeEntries(
  plan: RemovalPlan,
  mode: RemovalMode,
  options: RemovalOptions,
): Promise<RemovalResult> {
  const { signal, pauseMs = defaultPauseMs } = options;
  const passes = createPasses({ ...plan, gocache: openCacheFolder(plan.gocache) }, mode, options);
  const slices = createSlices();
  const total = plan.actions.length + plan.outputs.length;
  let done = 0;
  const isDone =
    (await goThrough(plan.actions, passes.removeAction)) &&
    (plan.outputs.length === 0 ||
      ((await pause(pauseMs, signal)) && (await goThrough(plan.outputs, passes.removeOutput))));
  return passes.finish(!isDone);

  /** goThrough gives false when it was stopped before the last entry. */
  async function goThrough<Id>(ids: readonly Id[], remove: (id: Id) => void): Promise<boolean> {
    passes.lookAround();
    for (const id of ids) {
      if (signal?.aborted === true) return false;
      remove(id);
      done += 1;
      if (!slices.isFull()) continue;
      tell();
      await slices.rest();
    }
    tell();
    return true;
  }

  function tell(): void {
    options.onProgress?.({ done, total, bytes: passes.removedBytes() });
  }
}

// The pause of the measured race. Between finding an action entry and refreshing its output Go needs far less.
const defaultPauseMs = 300;

/** pause gives false when it was broken off. */
async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await sleep(milliseconds, undefined, signal === undefined ? {} : { signal });
    return true;
  } catch (error) {
    if (signal?.aborted === true) return false;
    throw error;
  }
}
