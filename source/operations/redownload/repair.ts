import type { ModuleVersion } from '../../module-cache/paths.ts';
import type { Problem } from '../../platform/problem.ts';
import type { RepairFault } from './appraisal.ts';
import type { SwapPart } from './journal.ts';
import type { LockHolder } from './lock-holder.ts';

/** Done is what was done to a module version. `would` takes its place before it is done. */
export type Done = 'extracted' | 'downloaded' | 'ziphash-written' | 'nothing-wrong' | 'refused' | 'failed';

/** Repair is what became of one module version. */
export type Repair = {
  readonly module: ModuleVersion;
  readonly done: Done;
  readonly faults: readonly RepairFault[];
  /** replaced are the parts that are new; empty when nothing was changed. */
  readonly replaced: readonly SwapPart[];
  /** networkBytes are bodies that came over the network; undefined where they cannot be counted. */
  readonly networkBytes: number | undefined;
  /** quarantine is where the old parts are; undefined when none were taken out. */
  readonly quarantine: string | undefined;
  /** suspicion says why it looks like somebody's change; undefined when it does not. */
  readonly suspicion: string | undefined;
  /** sum is the h1 of the zip that is there now, and checkedBy who vouches for it. */
  readonly sum: string | undefined;
  readonly checkedBy: readonly string[];
  /** notes are remarks that change nothing, each a line. */
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
  readonly wasStopped: boolean;
};

/** RepairStep is how far a repair is. */
export type RepairStep =
  | { readonly type: 'waiting'; readonly holder: LockHolder | undefined }
  | { readonly type: 'looking' }
  | { readonly type: 'asking-go'; readonly isOffline: boolean; readonly bytes: number }
  | { readonly type: 'checking' }
  | { readonly type: 'swapping' };

/** nothingDone is a repair that has changed nothing so far. */
export function nothingDone(module: ModuleVersion, done: Done): Repair {
  return {
    module,
    done,
    faults: [],
    replaced: [],
    networkBytes: 0,
    quarantine: undefined,
    suspicion: undefined,
    sum: undefined,
    checkedBy: [],
    notes: [],
    problems: [],
    wasStopped: false,
  };
}
