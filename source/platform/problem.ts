/**
 * Problem is something outside of us that went wrong: no permission, a full disk, no go, no network.
 * It is shown as one line, `where: what: why (repair)`, on the screen, in reports and in JSON; it is never thrown away.
 */
export type Problem = {
  /** where it happened: a path, a setting, a command. */
  readonly where: string;
  /** what did not work, in a few words. */
  readonly what: string;
  /** why, in the words of the system or of Go. */
  readonly why: string;
  /** repair says what the user can do; empty when nothing can be done. */
  readonly repair: string;
};

/** formatProblem writes a problem on one line, without a line end. */
export function formatProblem(problem: Problem): string {
  const repair = problem.repair === '' ? '' : ` (${problem.repair})`;
  return oneLine(`${problem.where}: ${problem.what}: ${problem.why}${repair}`);
}

/** reasonOf gives the words of a caught error: the system's code and message, never a stack. */
export function reasonOf(error: unknown): string {
  return oneLine(error instanceof Error ? error.message : String(error));
}

/** codeOf gives the system's error code, as `ENOENT`, where there is one. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** explain makes a problem of an error of the file system. */
export function explain(where: string, what: string, error: unknown): Problem {
  return { where, what, why: reasonOf(error), repair: repairs.get(codeOf(error) ?? '') ?? '' };
}

const notYours = 'do it as the user that owns the folder, or change its mode';
const full = 'free some room on the file system';
const repairs: ReadonlyMap<string, string> = new Map([
  ['EACCES', notYours],
  ['EPERM', notYours],
  ['EROFS', 'the file system is mounted for reading only'],
  ['ENOSPC', full],
  ['EDQUOT', full],
]);

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').trim();
}
