import type { FolderFacts } from '../caches/facts.ts';

/** MachineFacts are what lies around Go on this machine. */
export type MachineFacts = {
  /** user is our own number; undefined where the system has no users. */
  readonly user: number | undefined;
  /** temporary is where go makes its work folder, and the setting that says so. */
  readonly temporary: FolderFacts & { readonly setting: 'GOTMPDIR' | 'TMPDIR' };
  /** binFolder is where go install puts programs. */
  readonly binFolder: {
    readonly path: string;
    readonly setting: 'GOBIN' | 'GOPATH';
    readonly programs: readonly string[];
    readonly isOnPath: boolean;
  };
  /** compiler is CC as cgo runs it; found is where, undefined where PATH has none. */
  readonly compiler: { readonly program: string; readonly found: string | undefined };
  /** cacheProgram is that of GOCACHEPROG; undefined without one. */
  readonly cacheProgram: { readonly program: string; readonly found: string | undefined } | undefined;
  readonly here: HereFacts;
  readonly netrc: NetrcFacts | undefined;
  readonly certificates: CertificateFacts;
  /** fileAheadMs is how far the clock of the file system is ahead of ours; undefined where no file was made. */
  readonly fileAheadMs: number | undefined;
};

/** HereFacts are about the working directory. */
export type HereFacts = {
  /** goMod is the nearest go.mod, in the working directory or above; undefined without one. */
  readonly goMod: string | undefined;
  readonly hasGoFiles: boolean;
  /** importPath is what it was in GOPATH mode; undefined outside of GOPATH/src. */
  readonly importPath: string | undefined;
};

/** NetrcFacts are about the file of passwords. What is in it is not kept. */
export type NetrcFacts = { readonly file: string; readonly mode: number; readonly hasPassword: boolean };

/** CertificateFacts are about the roots that Go trusts here; undefined fields: the system's own store has them, as on macOS. */
export type CertificateFacts = {
  /** file is SSL_CERT_FILE, and what is wrong with it; undefined where it is not set. */
  readonly file: { readonly path: string; readonly fault: string | undefined } | undefined;
  /** directories of SSL_CERT_DIR that cannot be read. */
  readonly unreadable: readonly { readonly path: string; readonly fault: string }[];
  /** hasRoots says whether there is any certificate at all; undefined where that is not known. */
  readonly hasRoots: boolean | undefined;
};
