import type { ElsewhereEvent } from '../build/elsewhere/event.ts';
import type { BuildEvent } from '../build/progress.ts';
import type { BuildCacheEvent } from '../build-cache/event.ts';
import type { IndexSummary } from '../build-cache/index/summary.ts';
import type { WrittenSince } from '../build-cache/probe.ts';
import type { BuildCacheTotals } from '../build-cache/totals.ts';
import type { Setting } from '../go/settings.ts';
import type { ArrivalEvent } from '../module-cache/arrivals/feed.ts';
import type { ModuleVersion } from '../module-cache/module-version.ts';
import type { ModuleCacheProgress, ModuleCacheTotals } from '../module-cache/totals.ts';
import type { Finding } from '../operations/diagnosis/finding.ts';
import type { ModuleNeeds } from '../operations/module-needs/needs.ts';
import type { Problem } from '../platform/problem.ts';
import type { ProxyChain } from '../proxy/chain.ts';
import type { CapMeasured } from './cap.ts';
import type { CheckState, Looked } from './explorer.ts';
import type { ProbeEvent } from './probe.ts';
import type { RecoveryEvent } from './recovery.ts';
import type { RedownloadEvent } from './redownload.ts';
import type { RepointEvent } from './repoint.ts';
import type { ScreenEvent } from './screen.ts';
import type { ContentsProgress, Workspace } from './state.ts';
import type { VerifyEvent } from './verification.ts';
import type { RouteBasis } from './what-if.ts';

/** AppEvent is everything that can happen. Times are Unix milliseconds. */
export type AppEvent =
  /** clock says what time it is; it comes while something runs whose age is shown. */
  | { readonly type: 'clock'; readonly now: number }
  | { readonly type: 'workspace'; readonly workspace: Workspace }
  | {
      readonly type: 'settings';
      readonly settings: readonly Setting[];
      readonly gocache: string;
      readonly gomodcache: string;
      readonly chain: ProxyChain;
      readonly sumdb: string | undefined;
      readonly basis?: RouteBasis;
    }
  | { readonly type: 'build'; readonly event: BuildEvent }
  | {
      readonly type: 'build-ended';
      readonly at: number;
      readonly exitCode: number;
      readonly signal: string | undefined;
      readonly unrecognized: number;
      readonly neverStarted?: boolean;
    }
  | { readonly type: 'output'; readonly stream: 'stdout' | 'stderr'; readonly text: string }
  | { readonly type: 'build-cache'; readonly events: readonly BuildCacheEvent[] }
  /** writes-counted is the number of new entries where no watch ran; undefined when it could not be told. */
  | { readonly type: 'writes-counted'; readonly writes: WrittenSince }
  | { readonly type: 'build-cache-totals'; readonly totals: BuildCacheTotals }
  /** build-cache-contents: what fills GOCACHE by name, or how far the reading of that is. */
  | { readonly type: 'build-cache-contents'; readonly summary: IndexSummary }
  /** build-cache-diagnosis follows the contents that it is about. */
  | { readonly type: 'build-cache-diagnosis'; readonly findings: readonly Finding[] }
  /** cap-measured is the answer to a measure. */
  | { readonly type: 'cap-measured'; readonly measured: CapMeasured }
  /** looked is what was read of GOCACHE for an open view. */
  | { readonly type: 'looked'; readonly key: string; readonly looked: Looked }
  /** checking is how far a check of all outputs is. */
  | { readonly type: 'checking'; readonly check: CheckState }
  | { readonly type: 'build-cache-reading'; readonly progress: ContentsProgress | undefined }
  | { readonly type: 'module-cache-progress'; readonly progress: ModuleCacheProgress }
  /** module-cache-versions are all versions by name, while their sizes still come in. */
  | { readonly type: 'module-cache-versions'; readonly versions: readonly ModuleVersion[] }
  | { readonly type: 'module-needs'; readonly needs: ModuleNeeds }
  | { readonly type: 'module-cache-totals'; readonly totals: ModuleCacheTotals }
  | { readonly type: 'trim'; readonly last: number | undefined; readonly next: number | undefined }
  | { readonly type: 'free'; readonly bytes: number | undefined }
  /** list-get is a `# get` line of the go list that runs beside the command. */
  | { readonly type: 'list-get'; readonly line: string }
  /** arrivals are files that go commands put into the module cache. */
  | { readonly type: 'arrivals'; readonly event: ArrivalEvent }
  | { readonly type: 'elsewhere'; readonly events: readonly ElsewhereEvent[] }
  | { readonly type: 'repoint'; readonly event: RepointEvent }
  | { readonly type: 'redownload'; readonly event: RedownloadEvent }
  | { readonly type: 'recovery'; readonly event: RecoveryEvent }
  | { readonly type: 'probe'; readonly event: ProbeEvent }
  /** settings-applied: what was tried is real now. */
  | { readonly type: 'settings-applied' }
  | { readonly type: 'verify'; readonly event: VerifyEvent }
  | { readonly type: 'problem'; readonly problem: Problem }
  | { readonly type: 'screen'; readonly event: ScreenEvent };
