import { isError, type Finding as PlainFinding } from '../finding.ts';

/** Finding is one thing that is wrong with the Go set-up of this machine: with an error go fails, or will; each repair alone is enough. */
export type Finding = PlainFinding & {
  /** fix is what gocachetop can do itself; undefined where only the user can. */
  readonly fix: Fix | undefined;
};

/** Fix is a change of a setting, or a safe change of a file, that does the same as the first repair. */
export type Fix = {
  readonly command: string;
  /** undo is the command that takes it back; undefined where nothing needs to be taken back. */
  readonly undo: string | undefined;
  /** before is what is replaced, as it may be shown; undefined where there was nothing. */
  readonly before: string | undefined;
  readonly action: FixAction;
};

/** FixAction is what carries a fix out. */
type FixAction =
  /** go env -w gives a setting a value, or -u takes it away; `shield` is the value it has for that command alone. */
  | {
      readonly type: 'setting';
      readonly name: string;
      readonly value: string | undefined;
      readonly shield: string | undefined;
    }
  | { readonly type: 'remove'; readonly file: string }
  | { readonly type: 'mode'; readonly file: string; readonly mode: number };

/** Repair is what puts a finding right: the words for it, and what we can do ourselves. */
export type Repair = Pick<Finding, 'repair' | 'fix'>;

/** nameOf tells a finding from others of its code. */
export function nameOf({ code, about }: Finding): string {
  return `${code}:${about}`;
}

/** finder makes findings of one severity about one thing. */
export function finder(severity: Finding['severity'], about: string) {
  return (code: string, what: string, why: string, repair: Repair | readonly string[] = []): Finding => ({
    code,
    severity,
    about,
    what,
    why,
    ...('repair' in repair ? repair : { repair, fix: undefined }),
  });
}

/** byWeight puts errors before warnings, each in the order in which they were found. */
export function byWeight(findings: readonly Finding[]): readonly Finding[] {
  return [...findings.filter(isError), ...findings.filter((each) => !isError(each))];
}
