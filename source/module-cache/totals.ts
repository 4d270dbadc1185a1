import type { Problem } from '../platform/problem.ts';

/** ModuleVersionSize is what one module version takes up. */
export type ModuleVersionSize = {
  readonly path: string;
  readonly version: string;
  /** zipBytes is undefined where there is no zip: then only its info or go.mod was needed so far. */
  readonly zipBytes: number | undefined;
  /** dirBytes and files are of the extracted folder; undefined where there is none. */
  readonly dirBytes: number | undefined;
  readonly files: number | undefined;
  /** isPartial says that an extraction began and did not end: a go command is at it, or one was killed. */
  readonly isPartial: boolean;
};

/** SizeOf is a number of files and their bytes, by length (not by blocks on disk). */
export type SizeOf = { readonly files: number; readonly bytes: number };

/** ModuleCacheTotals is what fills GOMODCACHE. The parts below do not overlap; together they are `bytes` and `files`. */
export type ModuleCacheTotals = {
  readonly gomodcache: string;
  /** isThere is false where the folder does not exist: nothing was downloaded yet. */
  readonly isThere: boolean;
  readonly bytes: number;
  readonly files: number;

  /** zips and extracted are of modules without toolchains. */
  readonly zips: SizeOf;
  readonly extracted: SizeOf;
  /** metadata are info, go.mod, ziphash, lock and list files of the download cache. */
  readonly metadata: SizeOf;
  /** toolchains are zips and extracted folders of Go itself. */
  readonly toolchains: SizeOf;
  /** sumdb are answers of the checksum database that Go keeps. */
  readonly sumdb: SizeOf;
  /** vcs are clones of repositories, from `direct`. */
  readonly vcs: SizeOf;
  /** other are left-overs (`.tmp`) and files that Go does not put here. */
  readonly other: SizeOf;

  /** modules is the number of module paths, versions of their versions, toolchains included. */
  readonly modules: number;
  readonly versions: number;
  /** downloaded is the number of versions that have a zip or an extracted folder. */
  readonly downloaded: number;
  readonly toolchainVersions: number;
  readonly partial: number;
  /** sizes are all versions, in no order that means anything. */
  readonly sizes: readonly ModuleVersionSize[];

  /** unreadable is the number of folders and files that could not be read; they are in no sum. `problems` are the first of them. */
  readonly unreadable: number;
  readonly problems: readonly Problem[];
  /** vanished is the number of files that were removed while the scan ran. */
  readonly vanished: number;
  readonly durationMs: number;
};

/** ModuleCacheProgress is how far a scan has come. */
export type ModuleCacheProgress = {
  readonly versions: number;
  readonly files: number;
  readonly bytes: number;
};

/** ModuleCacheMessage is what the scan's worker tells. */
export type ModuleCacheMessage =
  | { readonly kind: 'progress'; readonly progress: ModuleCacheProgress }
  | { readonly kind: 'done'; readonly totals: ModuleCacheTotals };
