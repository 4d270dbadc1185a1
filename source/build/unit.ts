/**
 * Outcome is the word for one package in one build. `waiting` and `compiling` are words of a running build only;
 * the others are final and stand in reports as they are here.
 */
export type Outcome = 'waiting' | 'compiling' | 'hit' | 'miss' | 'failed' | 'not-reached' | 'unknown';

/**
 * PackageUnit is one unit that the go command compiles, as `go list -deps` names it: `p`, `p [q.test]`,
 * `p_test [p.test]`, `p.test`.
 */
export type PackageUnit = {
  /** name in Go's form; the key of the unit in one build. */
  readonly name: string;
  /** importPath without the ` [q.test]` of a variant. */
  readonly importPath: string;
  /** forTest is q of `p [q.test]`; undefined for a plain package. */
  readonly forTest: string | undefined;
  /** dir is the folder of its sources; undefined when only a compile line named the unit. */
  readonly dir: string | undefined;
  /** isMain says that it is compiled with `-p main`. */
  readonly isMain: boolean;
  /** hasTestFiles says that `_test.go` files are among its files, as of `p [p.test]` and `p_test [p.test]`. */
  readonly hasTestFiles: boolean;
  /** isStandard says that it is part of the standard library. */
  readonly isStandard: boolean;
  /** imports are names of units; undefined when the package set is not known. */
  readonly imports: readonly string[] | undefined;
  /** waitsFor are units that are no imports and are compiled before it all the same. */
  readonly waitsFor: readonly string[];
};

/** UnitRecord is what is known of one unit in this build; it is replaced, not changed, at each step. */
export type UnitRecord = {
  /** key is the unit's name; a script that compiles it in two ways has a second record, with a key of its own. */
  readonly key: string;
  readonly unit: PackageUnit;
  readonly outcome: Outcome;
  /** evidence is the line or the file that the outcome rests on. */
  readonly evidence: string;
  /** startedAt is when its first tool ran, Unix milliseconds; undefined when none ran. */
  readonly startedAt: number | undefined;
  /** durationMs is from its first tool to the stored output. */
  readonly durationMs: number | undefined;
  /** buildId is the first part of `-buildid`: the start of the action ID, in base64url. */
  readonly buildId: string | undefined;
  /** actionId and outputId in hex, once known. */
  readonly actionId: string | undefined;
  readonly outputId: string | undefined;
  /** outputBytes is the size of the compiled form in GOCACHE. */
  readonly outputBytes: number | undefined;
  /** cause is the first line of the compiler's words about a failed unit, or the failed dependency. */
  readonly cause: string | undefined;
};

/** TestOutcome and LinkOutcome are the words of the report for tests and links. */
export type TestOutcome = 'cached' | 'ran' | 'failed' | 'no-test-files';
export type LinkOutcome = 'ran' | 'skipped';
