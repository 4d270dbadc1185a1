/** RepointStart is what GOCACHE begins with in its new folder; what lies there already is used in any case. */
export type RepointStart = 'empty' | 'copy' | 'link' | 'rename';

/** repointStarts are all of them, the one that touches nothing first. */
export const repointStarts: readonly RepointStart[] = ['empty', 'copy', 'link', 'rename'];

/** Amount is a number of entries, action and output, and their bytes. */
export type Amount = { readonly entries: number; readonly bytes: number };

/** RepointFacts are all that a plan goes by, as they were at one moment. Paths are absolute. */
export type RepointFacts = {
  /** asked is the folder as it was given, `to` the same as it is written into the go env file. */
  readonly asked: string;
  readonly to: string;
  readonly from: SourceFacts;
  readonly target: TargetFacts;
  readonly setting: SettingFacts;
};

/** SourceFacts are about the present GOCACHE. */
export type SourceFacts = Amount & {
  readonly path: string;
  /** diskBytes is what its entries and fuzz/ take on the disk; a copy takes as much. */
  readonly diskBytes: number;
  readonly isThere: boolean;
  /** isLink: the path itself is a symbolic link, so that a rename would leave it pointing at nothing. */
  readonly isLink: boolean;
  /** isMountPoint: a whole file system is mounted on it, which cannot be renamed. */
  readonly isMountPoint: boolean;
  /** foreignFiles in the 256 folders are not Go's. */
  readonly foreignFiles: number;
  /** users are the go commands that run on it; undefined where processes cannot be seen. */
  readonly users: readonly { readonly pid: number; readonly command: readonly string[] }[] | undefined;
  /** heldBatches are removals that a running gocachetop can still undo, from a trash inside of it. */
  readonly heldBatches: number;
};

/** TargetFacts are about the folder that GOCACHE is to be. */
export type TargetFacts = Amount & {
  /** state: `broken` is something that is no folder, or that cannot be looked at; fault says what. */
  readonly state: 'missing' | 'empty' | 'cache' | 'foreign' | 'broken';
  readonly fault: string | undefined;
  /** foreignNames are what lies there in a folder that is no GOCACHE, a few. */
  readonly foreignNames: readonly string[];
  /** unwritable is why nothing can be written there, in the words of the system; undefined when a file was made. */
  readonly unwritable: string | undefined;
  readonly isSameFolder: boolean;
  /** isSameFileSystem as the present GOCACHE: only there hard links and a rename are possible. */
  readonly isSameFileSystem: boolean;
  /** fileSystem as `ext4`, `nfs4`; undefined where the system does not tell. */
  readonly fileSystem: string | undefined;
  /** freeBytes for a user without privileges; undefined where the system does not tell. */
  readonly freeBytes: number | undefined;
  /** within are folders with a meaning of their own that it lies in. */
  readonly within: readonly Surrounding[];
  /** owner: another user owns it, or everybody may write into it. */
  readonly owner: 'other' | 'everybody' | undefined;
};

/** Surrounding is a folder that is no place for a GOCACHE, or a doubtful one. */
export type Surrounding = {
  readonly what: 'GOCACHE' | 'GOMODCACHE' | 'GOROOT' | 'GOPATH' | 'main module' | 'module' | 'temporary';
  readonly folder: string;
};

/** SettingFacts are about what go env goes by. */
export type SettingFacts = {
  /** file of go env -w; empty with GOENV=off. */
  readonly file: string;
  /** before is the value that it gives GOCACHE now; undefined for none. */
  readonly before: string | undefined;
  /** unwritable is why the file cannot be written. */
  readonly unwritable: string | undefined;
  readonly shadow: Shadow | undefined;
  /** gocacheprog is a program that keeps the cache in the place of a folder; empty without one. */
  readonly gocacheprog: string;
};

/** Shadow is the environment variable that hides what go env -w writes. */
export type Shadow = {
  readonly value: string;
  /** places are lines of start-up files that set it, as `~/.bashrc:12`. */
  readonly places: readonly { readonly at: string; readonly text: string }[];
  /** lines for the user's shell: to unset it, or to set it to the new folder. */
  readonly lines: readonly string[];
};
