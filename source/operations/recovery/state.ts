import type { NeededVersion } from '../offline/needs.ts';

/** StepAction is what carries a step out. */
export type StepAction =
  /** go runs with these words, in the folder of the main module. */
  | {
      readonly type: 'go';
      readonly words: readonly string[];
      /** settings count for this command alone. */
      readonly settings?: Readonly<Record<string, string>>;
    }
  /** go env -w gives a setting a value, or -u takes it away. */
  | { readonly type: 'setting'; readonly name: string; readonly value: string | undefined }
  /** Lines are taken out of a go.sum file, where they still are what they were. */
  | { readonly type: 'remove lines'; readonly file: string; readonly lines: readonly string[] }
  /** gocachetop redownload puts the version right. */
  | { readonly type: 'redownload'; readonly module: NeededVersion }
  /** The checksum database is asked, and all is compared again. */
  | { readonly type: 'ask database' }
  /** Only the user can do it, as in the shell that set a variable. */
  | { readonly type: 'user' };

/** Step is one thing to do. It says what and why before it is done, and how it is undone. */
export type Step = {
  readonly what: string;
  readonly why: string;
  /** command does the same in a shell. */
  readonly command: string;
  /** undo is the command that takes it back; undefined where there is nothing to take back. */
  readonly undo: string | undefined;
  /** before is the value that is replaced, as it may be shown; undefined where there was none. */
  readonly before: string | undefined;
  readonly action: StepAction;
};

/** isRunnable says that a step is carried out from the command line; asking the database is another look there. */
export function isRunnable({ action }: Step): boolean {
  return action.type !== 'user' && action.type !== 'ask database';
}

/** StateCode names a way in which GOSUMDB, go.sum and GOMODCACHE fail together. */
export type StateCode =
  | 'gosumdb-off'
  | 'insecure-flag'
  | 'nosumdb-wide'
  | 'sumdb-unreachable'
  | 'gosum-wrong'
  | 'module-wrong'
  | 'sums-disagree';

/** RecoveryState is one of these, found here, and the way out. */
export type RecoveryState = {
  readonly code: StateCode;
  /** severity: with an error go refuses to build, or will; a warning leaves modules unchecked. */
  readonly severity: 'error' | 'warning';
  /** about is a setting with its value, or a module version. */
  readonly about: string;
  readonly what: string;
  readonly why: string;
  readonly steps: readonly Step[];
};
