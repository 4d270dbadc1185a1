import type { OddFile } from './hash-folder.ts';

/** ModuleFacts is what lies in GOMODCACHE of one version, read and hashed, without a word on who is right. */
export type ModuleFacts = {
  readonly path: string;
  readonly version: string;
  readonly zip: ZipFacts;
  readonly ziphash: ZiphashFacts;
  readonly folder: FolderFacts;
  /** goMod is the `.mod` file; goModInZip the h1 of the one in the zip, undefined where there is none. */
  readonly goMod: GoModFacts;
  readonly goModInZip: string | undefined;
  readonly info: InfoFacts;
  /** isPartial says that there is a `.partial`: an extraction began and has not ended. */
  readonly isPartial: boolean;
  /** differences are those of the folder from the zip, as far as the zip can be read. */
  readonly differences: readonly Difference[];
};

export type Absent = { readonly state: 'absent' };
/** Unreadable is for what the system does not let us read; `why` is in its words. */
export type Unreadable = { readonly state: 'unreadable'; readonly why: string };

export type ZipFacts =
  | Absent
  | Unreadable
  | { readonly state: 'hashed'; readonly h1: string }
  /** damaged: Go would not unpack it. `files` are those that it is about, where they can be told. */
  | { readonly state: 'damaged'; readonly why: string; readonly files: readonly string[] };

export type ZiphashFacts =
  | Absent
  | Unreadable
  | { readonly state: 'sum'; readonly h1: string }
  /** malformed: no whole sum, as after a crash; `text` is what is there, cut. */
  | { readonly state: 'malformed'; readonly text: string };

export type FolderFacts =
  | Absent
  | Unreadable
  | {
      readonly state: 'hashed';
      /** h1 is undefined where a file could not be read, or is a link. */
      readonly h1: string | undefined;
      readonly files: number;
      /** goMod is the h1 of its go.mod, undefined where it has none. */
      readonly goMod: string | undefined;
      readonly odd: readonly OddFile[];
    };

export type GoModFacts = Absent | Unreadable | { readonly state: 'hashed'; readonly h1: string };

export type InfoFacts =
  | Absent
  | Unreadable
  | { readonly state: 'malformed'; readonly why: string }
  | { readonly state: 'read'; readonly origin: InfoOrigin | undefined };

/** InfoOrigin is where `direct` took a version from. `cmd/go/internal/modfetch/codehost: Origin, go1.26` */
export type InfoOrigin = {
  readonly vcs: string | undefined;
  readonly url: string | undefined;
  readonly ref: string | undefined;
  readonly hash: string | undefined;
};

/** Difference is a file in which the extracted folder is not what the zip holds. */
export type Difference = {
  readonly name: string;
  readonly kind: 'changed' | 'extra' | 'missing';
  /** diff is from the zip to the folder, as `-` and `+` lines, for the first changed texts. */
  readonly diff: readonly string[] | undefined;
};
