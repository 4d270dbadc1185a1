import { execFile } from 'node:child_process';
import { codeOf, reasonOf } from '../platform/problem.ts';
import type { Environment } from './settings.ts';

/** GoPlace is where a go command runs, and under which settings. */
export type GoPlace = {
  readonly cwd: string;
  readonly environment: Environment;
  readonly signal?: AbortSignal | undefined;
};

/** GoRun is how a go command ended. */
export type GoRun = {
  readonly stdout: string;
  readonly stderr: string;
  /** isFine says that it ended with 0. */
  readonly isFine: boolean;
  /** failure is why it could not be run, or how it ended: empty after 0. */
  readonly failure: string;
};

/** runGoCommand runs a go command to its end and keeps all that it wrote. It never rejects. */
export function runGoCommand(
  place: GoPlace,
  args: readonly string[],
  around: readonly string[] = [],
): Promise<GoRun> {
  return runProgram(place, [...around, 'go', ...args]);
}

/** runProgram does the same with any program, as another go command. */
export function runProgram(
  { cwd, environment, signal }: GoPlace,
  [program = '', ...words]: readonly string[],
): Promise<GoRun> {
  return new Promise((resolve) => {
    const options = {
      cwd,
      env: { ...environment },
      encoding: 'utf8',
      // What go list tells of 100,000 packages stays below this.
      maxBuffer: 1 << 30,
      // go ends what it has begun; killed, it would leave its work folder behind.
      killSignal: 'SIGINT',
      ...(signal === undefined ? {} : { signal }),
    } as const;
    const child = execFile(program, words, options, (error, stdout, stderr) => {
      const isFine = error === null;
      // An error with a code of the system means that it did not even start.
      const words = codeOf(error) === undefined ? lastLine(stderr) : '';
      resolve({ stdout, stderr, isFine, failure: isFine ? '' : words || reasonOf(error) });
    });
    child.stdin?.end();
  });
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
