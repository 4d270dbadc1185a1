import type { Setting } from '../../go/settings.ts';
import type { NeededVersion } from '../offline/needs.ts';

/** SumFile is which of a version's two sums it is about. */
export type SumFile = 'zip' | 'go.mod';

/** GoSumPlace is a line of a go.sum file. */
export type GoSumPlace = { readonly file: string; readonly line: number; readonly sum: string };

/** SumFact is what is known of one sum of a module version. */
export type SumFact = {
  readonly module: NeededVersion;
  readonly file: SumFile;
  readonly goSum: readonly GoSumPlace[];
  /** cached is the h1 of the file in the download cache; a text that is no h1 says why it has none. Undefined: not there. */
  readonly cached: string | undefined;
  /** database is what the checksum database says: what go kept of it, or said just now; undefined where neither is known. */
  readonly database: { readonly sum: string; readonly isAsked: boolean } | undefined;
};

/** RecoveryFacts are all that the states are recognized from. */
export type RecoveryFacts = {
  /** settings by name: GOSUMDB, GONOSUMDB, GOPRIVATE, GOINSECURE, GOFLAGS. */
  readonly settings: ReadonlyMap<string, Setting>;
  /** needed are the modules of go.sum. */
  readonly needed: readonly NeededVersion[];
  readonly sums: readonly SumFact[];
  /** databaseFailure are go's words when it asked the database in vain; undefined when it was not asked, or answered. */
  readonly databaseFailure: string | undefined;
};
