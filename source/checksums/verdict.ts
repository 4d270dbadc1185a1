/** FaultCode names what is wrong with one part of a version. */
export type FaultCode =
  | 'zip-mismatch'
  | 'zip-unreadable'
  | 'ziphash-mismatch'
  | 'ziphash-missing'
  | 'dir-modified'
  | 'dir-extra-file'
  | 'dir-missing-file'
  | 'dir-missing'
  | 'mod-mismatch'
  | 'gosum-mismatch'
  | 'gosum-missing'
  | 'info-unreadable'
  | 'partial';

/** Fault is one thing that is wrong; expected and actual are h1 sums, undefined where there are none to compare. */
export type Fault = {
  readonly code: FaultCode;
  readonly expected: string | undefined;
  readonly actual: string | undefined;
  readonly detail: string;
  /** files are names in the module, or a go.sum with its line, `/home/u/shop/go.sum:12`. */
  readonly files: readonly string[];
};

/** ModuleVerdict is what came of one version. */
export type ModuleVerdict = {
  readonly path: string;
  readonly version: string;
  /** database is how far the checksum database was heard: undefined where it said nothing that counts. */
  readonly database: DatabaseWord['standing'] | undefined;
  /** not-checked: nothing of it could be compared; `notes` say why. */
  readonly verdict: 'ok' | 'faulty' | 'not-checked';
  /** sentence says who is right and what to do, in one sentence; empty where all is fine. */
  readonly sentence: string;
  readonly faults: readonly Fault[];
  /** unread is what could not be read, with the system's reason: nothing is known of it. */
  readonly unread: readonly string[];
  /** notes are no faults, and worth a word. */
  readonly notes: readonly string[];
  /** repair are shell commands. */
  readonly repair: readonly string[];
  readonly diffs: readonly { readonly file: string; readonly lines: readonly string[] }[];
};

/** Claim is a sum that somebody recorded of a version, and where: `/home/u/shop/go.sum:12`. */
export type Claim = { readonly where: string; readonly sum: string };

/** Claims is what is recorded of one version outside of GOMODCACHE's module files. */
export type Claims = {
  readonly zip: readonly Claim[];
  readonly goMod: readonly Claim[];
  /** database is its word; a text is why an answer of it is not believed. */
  readonly database: DatabaseWord | string | undefined;
  /** missing is Go's word that go.sum lacks a line that the build needs. */
  readonly missing: string | undefined;
  /** busy is who is at this version right now. */
  readonly busy: string | undefined;
};

/** DatabaseWord is what the checksum database says of a version. */
export type DatabaseWord = {
  readonly name: string;
  readonly zip: string | undefined;
  readonly goMod: string | undefined;
  /** proven: the signature holds and the record is in the signed tree. kept: the signature holds, and tiles are missing. */
  readonly standing: 'proven' | 'kept';
};
