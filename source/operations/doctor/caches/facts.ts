import type { Surrounding } from '../../repoint/facts.ts';

/** FolderFacts are about a folder that go writes to, or would make. */
export type FolderFacts = {
  readonly path: string;
  /** state: `broken` is something that is no folder, or that cannot be looked at; fault says what. */
  readonly state: 'folder' | 'missing' | 'broken';
  readonly fault: string | undefined;
  /** unwritable is why nothing can be written there, or where it would be made; undefined when it can. */
  readonly unwritable: string | undefined;
  /** fileSystem as `ext4`, `nfs4`; undefined where the system does not tell. */
  readonly fileSystem: string | undefined;
  /** mountOptions of the mount and of its file system. */
  readonly mountOptions: readonly string[];
  /** freeBytes for a user without privileges, freeFiles are inodes; undefined where the system does not tell. */
  readonly freeBytes: number | undefined;
  readonly totalBytes: number | undefined;
  readonly freeFiles: number | undefined;
  readonly totalFiles: number | undefined;
};

/** CacheFacts are about GOCACHE or GOMODCACHE. */
export type CacheFacts = FolderFacts & {
  readonly name: 'GOCACHE' | 'GOMODCACHE';
  /** owner is the user that the folder belongs to; undefined where it is missing, or the system has no users. */
  readonly owner: number | undefined;
  /** isEverybodys says that every user may write into it. */
  readonly isEverybodys: boolean;
  readonly sample: SampleFacts;
  /** within are folders with a meaning of their own that it lies in. */
  readonly within: readonly Surrounding[];
  /** leftBehind are other GOCACHEs of this user that nothing trims any more. */
  readonly leftBehind: readonly { readonly path: string; readonly lastTrim: number | undefined }[];
};

/** SampleFacts are what some of the files of a cache tell; isWhole says that these are all. */
export type SampleFacts = {
  readonly looked: number;
  readonly isWhole: boolean;
  /** foreign belong to another user than the folder itself. */
  readonly foreign: Noticed & { readonly owners: readonly number[] };
  /** unreadable cannot be read, unwritable are folders into which go could not write. */
  readonly unreadable: Noticed;
  readonly unwritable: Noticed;
  /** future were written at a time that has not come yet. */
  readonly future: Noticed;
};

/** Noticed is how many files have something in common, and one of them. */
export type Noticed = { readonly count: number; readonly example: string | undefined };

/** TrimFacts are about GOCACHE/trim.txt and the age of what lies beside it. Times are Unix milliseconds. */
export type TrimFacts = {
  readonly file: string;
  /** last is the time in it; undefined where there is none, or it cannot be read. */
  readonly last: number | undefined;
  /** changedAt is when it came here. */
  readonly changedAt: number | undefined;
  /** survivors of the sample would have gone with a trim at `last`. */
  readonly survivors: number;
  readonly looked: number;
};

/** TrimpathFacts are what some archives of the last days tell of -trimpath. */
export type TrimpathFacts = {
  readonly looked: number;
  /** modules is how many modules they are of; mixed are those of which some were compiled with it and some without. */
  readonly modules: number;
  readonly mixed: readonly string[];
};

/** RemainderFacts are about GOMODCACHE/cache/download. */
export type RemainderFacts = {
  /** folders were looked into; isWhole says that these are all. */
  readonly folders: number;
  readonly isWhole: boolean;
  /** partials are versions whose extraction did not end, while nobody is at it, with their mark. */
  readonly partials: readonly {
    readonly path: string;
    readonly version: string;
    readonly file: string;
  }[];
  readonly locks: readonly HeldLock[];
};

/** HeldLock is a lock that a process holds. */
export type HeldLock = {
  readonly file: string;
  readonly pid: number;
  /** command is its argument list; empty when it could not be read. */
  readonly command: readonly string[];
  /** isStopped says that it was stopped by a signal, and does nothing. */
  readonly isStopped: boolean;
  /** runsForMs is how long it runs; undefined when that could not be read. */
  readonly runsForMs: number | undefined;
};
