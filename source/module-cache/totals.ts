import type { Problem } from '../platform/problem.ts';
import type { ModuleVersion } from './module-version.ts';

/** SizeOf is a number of files and their bytes, by length (not by blocks on disk). */
export type SizeOf = { readonly files: number; readonly bytes: number };

/** ModuleCacheTotals is what fills GOMODCACHE. The parts below do not overlap; together they are `bytes` and `files`. */
export type ModuleCacheTotals = {
  readonly gomodcache: string;
  /** isThere is false where the folder does not exist: nothing was downloaded yet. */
  readonly isThere: boolean;
  readonly bytes: number;
  readonly files: number;
  /** diskBytes are the blocks of all files and folders, as `du -s` counts them; a file with two names counts once. */
  readonly diskBytes: number;

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
  /** trash is what gocachetop moved aside: by a prune that can be undone, or by a repair. */
  readonly trash: SizeOf;
  /** leftovers are what a go command that was ended left: `.tmp` files and folders. */
  readonly leftovers: SizeOf;
  /** other are files that Go does not put here. */
  readonly other: SizeOf;

  /** modules is the number of module paths, versions of their versions, toolchains included. */
  readonly modules: number;
  readonly versions: number;
  /** downloaded is the number of versions that have a zip or an extracted folder. */
  readonly downloaded: number;
  readonly toolchainVersions: number;
  readonly partial: number;
  /** sizes are all versions, in no order that means anything. */
  readonly sizes: readonly ModuleVersion[];

  /** unreadable is the number of folders and files that could not be read; they are in no sum. `problems` are the first of them. */
  readonly unreadable: number;
  readonly problems: readonly Problem[];
  /** vanished is the number of files that were removed while the scan ran. */
  readonly vanished: number;
  /** remembered is the number of folders whose sizes are those of the last run, as their times and inode are the same. */
  readonly remembered: number;
  readonly durationMs: number;
};

/** ModuleCacheProgress is how far a scan has come. */
export type ModuleCacheProgress = {
  readonly versions: number;
  readonly files: number;
  readonly bytes: number;
};

/** FolderSize is an extracted folder that was measured: the index of its version, and its sizes. */
export type FolderSize = readonly [index: number, files: number, bytes: number, diskBytes: number];

/** ModuleCacheMessage is what the scan's worker tells: names first, in pieces, then sizes as they come. */
export type ModuleCacheMessage =
  | { readonly kind: 'versions'; readonly versions: readonly ModuleVersion[]; readonly isLast: boolean }
  | { readonly kind: 'sizes'; readonly sizes: readonly FolderSize[]; readonly progress: ModuleCacheProgress }
  | { readonly kind: 'done'; readonly totals: Omit<ModuleCacheTotals, 'sizes'> };
