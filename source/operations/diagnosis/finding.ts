import type { RebuildPrice } from '../../build-cache/index/price.ts';
import type { Sum } from '../../build-cache/index/summary.ts';
import type { BuildRecord, MeasuredBytes } from '../../record/build-record.ts';
import type { PackageShare } from '../prune/select.ts';

/** Finding is one reason why a GOCACHE is large and of little use. */
export type Finding =
  /** never-reused: made, and not used again after that day. `olderBytes` are those of all outputs whose first day is over. */
  | (Amount & { readonly code: 'never-reused'; readonly olderBytes: number })
  /** superseded: another archive of the same package and variant was used since. */
  | (Amount & { readonly code: 'superseded' })
  /** stale-variant: nobody used anything of a variant for a week. */
  | (Amount & { readonly code: 'stale-variant'; readonly variant: string; readonly unusedForMs: number })
  /** several-roots: what is there beyond one copy of a package and variant that was compiled from several folders. */
  | (Amount & { readonly code: 'several-roots'; readonly roots: readonly Root[] })
  /** churn: what recorded builds wrote, against what they took from GOCACHE. */
  | Churn;

type Amount = {
  readonly sum: Sum;
  /** packages behind it, the largest first; what belongs to none is in the sum alone. */
  readonly packages: readonly PackageShare[];
  /** cures are commands, the best first. */
  readonly cures: readonly Cure[];
};

/** Cure is a command, and what it would do. */
export type Cure =
  | {
      readonly type: 'prune';
      /** args are those of `gocachetop prune`. */
      readonly args: readonly string[];
      readonly frees: Sum;
      readonly rebuild: RebuildPrice;
    }
  /** trimpath: -trimpath in GOFLAGS, which saves at most the bytes of the finding. */
  | { readonly type: 'trimpath'; readonly goflags: string };

/** Root is a folder of sources, as the root of a module or worktree, with all that was compiled from it. */
export type Root = Sum & { readonly folder: string; readonly lastUsed: number };

/** Churn is about recorded builds alone; without one all is unknown. */
export type Churn = {
  readonly code: 'churn';
  readonly builds: readonly BuildRecord[];
  readonly hits: number;
  readonly misses: number;
  readonly hit: MeasuredBytes;
  readonly written: MeasuredBytes;
};
