import type { Problem } from '../platform/problem.ts';

/** BuildCacheTotals is what fills GOCACHE. Bytes are integers, times Unix milliseconds. */
export type BuildCacheTotals = {
  readonly entries: { readonly action: number; readonly output: number };
  /** bytes of all entries, action and output, as their sizes say. */
  readonly bytes: number;
  /** diskBytes is what they take on the disk. */
  readonly diskBytes: number;
  /** oldest and newest mtime of an entry, which tells its last use to an hour; undefined when there is none. */
  readonly oldest: number | undefined;
  readonly newest: number | undefined;
  /** foreign counts files in the 256 folders that are not Go's: Go never removes them, but `go clean -cache` does. */
  readonly foreign: { readonly files: number; readonly bytes: number };
  /** fuzzBytes are those of fuzz/, which a trim leaves alone and which are not in bytes. */
  readonly fuzzBytes: number;
  /** folders that were read so far, of the 256. */
  readonly folders: number;
  readonly isComplete: boolean;
  readonly durationMs: number;
  /** problems are folders and files that could not be read, at most a few; `unreadable` counts them all. */
  readonly problems: readonly Problem[];
  readonly unreadable: number;
};
