import type { CompilingUnit } from '../build/elsewhere/event.ts';
import type { BuildProgress } from '../build/progress.ts';
import type { IndexSummary } from '../build-cache/index/summary.ts';
import type { BuildCacheTotals } from '../build-cache/totals.ts';
import type { Setting } from '../go/settings.ts';
import type { ModuleVersion } from '../module-cache/module-version.ts';
import type { ModuleCacheProgress, ModuleCacheTotals } from '../module-cache/totals.ts';
import type { Finding } from '../operations/diagnosis/finding.ts';
import type { ModuleNeeds } from '../operations/module-needs/needs.ts';
import type { Problem } from '../platform/problem.ts';
import type { ProxyChain } from '../proxy/chain.ts';
import type { CapMeasured } from './cap.ts';
import type { Arrivals, Download } from './downloads.ts';
import type { Explorer } from './explorer.ts';
import type { ProbeState } from './probe.ts';
import type { RecoveryLook } from './recovery.ts';
import type { RedownloadState } from './redownload.ts';
import type { RepointState } from './repoint.ts';
import type { ScreenState } from './screen.ts';
import type { VerificationState } from './verification.ts';
import type { RouteBasis } from './what-if.ts';
import type { WriteFeed } from './write-feed.ts';

/** AppState is all that the screen and the reports show. */
export type AppState = {
  /** now is the clock of the last frame, Unix milliseconds; it advances only while something is running. */
  readonly now: number;
  /** workspace is where we run and which go it is. */
  readonly workspace: Workspace;
  /** build is the wrapped command; undefined when none was given. */
  readonly build: BuildState | undefined;
  /** elsewhere are builds of others on this GOCACHE, as seen from what they write and link. */
  readonly elsewhere: Elsewhere;
  /** arrivals are the modules that others download into this GOMODCACHE. */
  readonly arrivals: Arrivals;
  readonly buildCache: BuildCacheState;
  /** explorer is what was read of GOCACHE for the views that are open. */
  readonly explorer: Explorer;
  readonly moduleCache: ModuleCacheState;
  /** verification is what is known of the checksums of modules. */
  readonly verification: VerificationState;
  readonly proxy: ProxyState;
  /** probe is what hops answered when the user had them asked. */
  readonly probe: ProbeState;
  /** redownload is a repair of module versions, as far as it is. */
  readonly redownload: RedownloadState;
  /** recovery is how GOSUMDB, go.sum and GOMODCACHE fail together, as far as somebody wanted to know. */
  readonly recovery: RecoveryLook;
  /** repoint is a re-point of GOCACHE, as far as it is. */
  readonly repoint: RepointState;
  /** settings of the go command, each with where it comes from. */
  readonly settings: readonly Setting[];
  /** problems outside of us, oldest first; each is shown as one line. */
  readonly problems: readonly Problem[];
  /** screen is focus, cursor, filter, sort, dialog: what keys change. */
  readonly screen: ScreenState;
};

export type Workspace = {
  readonly cwd: string;
  /** goVersion as `go1.26.8`, goos, goarch; undefined until go env answered. */
  readonly goVersion: string | undefined;
  readonly goos: string | undefined;
  readonly goarch: string | undefined;
};

/** BuildState is the wrapped command from its start to its end. */
export type BuildState = {
  readonly command: readonly string[];
  readonly startedAt: number;
  /** end is undefined while the command runs. */
  readonly end:
    | {
        readonly at: number;
        readonly exitCode: number;
        readonly signal: string | undefined;
        /** neverStarted: it could not be started, or was stopped before. */
        readonly neverStarted: boolean;
      }
    | undefined;
  /** progress is a mutable index with one writer; `revision` says when it changed. */
  readonly progress: BuildProgress;
  readonly revision: number;
  /** output is the tail of the build's own stdout and stderr, as lines. */
  readonly output: OutputTail;
  /** downloads are requests for modules, oldest first. */
  readonly downloads: readonly Download[];
  /** arrived are the sizes of files that came into the module cache meanwhile. */
  readonly arrived: ReadonlyMap<string, number>;
  /** unrecognized counts lines of -x that we did not know and passed on. */
  readonly unrecognized: number;
};

export type OutputTail = {
  readonly lines: readonly OutputLine[];
  /** dropped counts the lines that are no longer kept. */
  readonly dropped: number;
};
export type OutputLine = {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
  readonly isComplete: boolean;
};

/** Elsewhere is what is known of builds that were not started by us. */
export type Elsewhere = {
  /** running are the go commands that build on this GOCACHE now. */
  readonly running: readonly RunningElsewhere[];
  /** compiling is what they compile now, as far as it was seen: short compiles may be missed. */
  readonly compiling: readonly CompilingUnit[];
  /** compiled are the packages whose archives appeared, newest first. */
  readonly compiled: readonly { readonly importPath: string; readonly bytes: number; readonly at: number }[];
  readonly compiledCount: number;
  /** links are programs whose importcfg.link was seen: exact hits and misses. */
  readonly links: readonly {
    readonly program: string;
    readonly hits: number;
    readonly misses: number;
    readonly at: number;
  }[];
  /** unreadable is the number of WORK folders that belong to other users. */
  readonly unreadable: number;
};

export type RunningElsewhere = {
  readonly work: string;
  /** command and directory of the go command; empty and undefined where processes cannot be seen. */
  readonly command: readonly string[];
  readonly directory: string | undefined;
  readonly at: number;
};

export type BuildCacheState = {
  /** path of GOCACHE; undefined until go env answered. */
  readonly path: string | undefined;
  /** totals of the background scan so far; its own isComplete tells when it is done. */
  readonly totals: BuildCacheTotals | undefined;
  /** lastTrim and nextTrim, Unix milliseconds; undefined when trim.txt is missing or not read yet. */
  readonly lastTrim: number | undefined;
  readonly nextTrim: number | undefined;
  /** contents is what fills it, by name; undefined until it was read, which is done when somebody wants to see it. */
  readonly contents: IndexSummary | undefined;
  /** diagnosis is why it is large and of little use; it comes with the contents. */
  readonly diagnosis: readonly Finding[] | undefined;
  /** capMeasured is what the cap that is being chosen would take. */
  readonly capMeasured: CapMeasured | undefined;
  /** reading says how far that is while it is under way. */
  readonly reading: ContentsProgress | undefined;
  /** freeBytes of its file system. */
  readonly freeBytes: number | undefined;
  /** writes is what the watcher saw since we started. */
  readonly writes: WriteFeed;
};

/** ContentsProgress is how far the reading of GOCACHE is: folders of 256, then entries whose content is still to come. */
export type ContentsProgress = { readonly folders: number; readonly toRead: number; readonly toName: number };

export type ModuleCacheState = {
  readonly path: string | undefined;
  /** totals of the background scan when it is complete; until then progress tells how far it is. */
  readonly totals: ModuleCacheTotals | undefined;
  readonly progress: ModuleCacheProgress | undefined;
  /** versions are all versions; until the scan is complete the sizes of some folders are not known. */
  readonly versions: readonly ModuleVersion[] | undefined;
  /** needs is who needs what of them; undefined until it was worked out. */
  readonly needs: ModuleNeeds | undefined;
};

export type ProxyState = {
  readonly chain: ProxyChain | undefined;
  readonly sumdb: string | undefined;
  /** privatePatterns are GOPRIVATE, GONOPROXY, GONOSUMDB where they are set. */
  readonly privatePatterns: readonly { readonly name: string; readonly patterns: string }[];
  /** basis is what routes are worked out from; undefined until go env answered. */
  readonly basis: RouteBasis | undefined;
};
