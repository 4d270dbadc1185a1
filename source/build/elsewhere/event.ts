import type { Problem } from '../../platform/problem.ts';

/** LinkedPackage is one package of a program that was linked, and where its compiled form came from. */
export type LinkedPackage = {
  readonly importPath: string;
  readonly outcome: 'hit' | 'miss';
  /** file is the output in GOCACHE of a hit, the archive under WORK of a miss. */
  readonly file: string;
};

/** CompilingUnit is a compiler that runs now in somebody else's build. */
export type CompilingUnit = {
  /** importPath is the unit as Go names it, variants too: `p`, `p [q.test]`, `p_test [p.test]`, `p.test`. */
  readonly importPath: string;
  readonly buildId: string;
  /** startedAt is in milliseconds since the epoch, to 10 ms. */
  readonly startedAt: number;
  readonly work: string;
};

/** ElsewhereOwner is the go command that a WORK folder belongs to. */
export type ElsewhereOwner = {
  readonly pid: number;
  /** command is its argument list; empty when it could not be read. */
  readonly command: readonly string[];
  /** directory it runs in; undefined when it could not be read. */
  readonly directory: string | undefined;
};

/** ElsewhereEvent is what is seen of builds that others started on the same GOCACHE. `work` is the build's WORK folder. */
export type ElsewhereEvent =
  /** build-began comes with the first proof that the build is on this GOCACHE; `at` is when its WORK was made. */
  | {
      readonly type: 'build-began';
      readonly work: string;
      readonly at: number;
      /** owner is undefined where processes cannot be seen. */
      readonly owner: ElsewhereOwner | undefined;
    }
  /** linked lists every package of a program, exactly; `at` is when its link began. */
  | {
      readonly type: 'linked';
      readonly program: string;
      readonly hits: number;
      readonly misses: number;
      readonly packages: readonly LinkedPackage[];
      readonly work: string;
      readonly at: number;
    }
  /** compiling is the whole present list, when it changed; a sample: short compiles may be missed. */
  | { readonly type: 'compiling'; readonly units: readonly CompilingUnit[] }
  | { readonly type: 'build-ended'; readonly work: string; readonly at: number }
  /** unreadable counts the WORK folders so far that belong to other users; sent when it grows. */
  | { readonly type: 'unreadable'; readonly count: number }
  | { readonly type: 'problem'; readonly problem: Problem };
