import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { type GoPlace, runGoCommand } from '../../go/run.ts';
import { type Problem, reasonOf } from '../../platform/problem.ts';
import { changeSetting } from '../setting-change/change.ts';
import type { SettingChange } from '../setting-change/record.ts';
import type { Step } from './state.ts';

/** StepResult is how a step ended; failure is empty when it did what it says. */
export type StepResult = {
  readonly failure: string;
  /** change is what an undo needs, of a setting. */
  readonly change?: SettingChange | undefined;
  readonly problems?: readonly Problem[];
};

export type StepOptions = {
  readonly place: GoPlace;
  /** goenv is the file of go env -w; empty with GOENV=off. */
  readonly goenv: string;
  readonly now: number;
  /** program is how gocachetop itself is run: the interpreter and the script. */
  readonly program: readonly string[];
};

/** runStep carries one step out. What only the user can do is not done here, nor what is asked of the database. */
export async function runStep(
  { action }: Step,
  { place, program, goenv, now }: StepOptions,
): Promise<StepResult> {
  switch (action.type) {
    case 'go': {
      const environment = { ...place.environment, ...action.settings };
      const ran = await runGoCommand({ ...place, environment }, action.words);
      return { failure: ran.isFine ? '' : ran.stderr.trim() || ran.failure };
    }
    case 'setting':
      return changeSetting(place, { file: goenv, name: action.name, value: action.value }, now);
    case 'remove lines':
      return { failure: removeLines(action.file, action.lines) };
    case 'redownload': {
      const { path, version } = action.module;
      return runProgram([...program, 'redownload', `${path}@${version}`, '--yes'], place);
    }
    case 'ask database':
    case 'user':
      return { failure: 'only you can do this' };
  }
}

/** removeLines writes the file anew without these lines, unless one of them is no longer there. */
function removeLines(file: string, lines: readonly string[]): string {
  try {
    const present = readFileSync(file, 'utf8').split('\n');
    const gone = lines.find((line) => !present.includes(line));
    if (gone !== undefined) return `${file} has changed meanwhile: it has no line "${gone}"`;
    writeFileSync(file, present.filter((line) => !lines.includes(line)).join('\n'));
    return '';
  } catch (error) {
    return reasonOf(error);
  }
}

function runProgram([program = '', ...args]: readonly string[], place: GoPlace): Promise<StepResult> {
  const { cwd, environment, signal } = place;
  return new Promise((resolve) => {
    const options = { cwd, env: { ...environment }, ...(signal === undefined ? {} : { signal }) };
    execFile(program, args, options, (error, _, stderr) => {
      resolve({ failure: error === null ? '' : stderr.trim() || reasonOf(error) });
    });
  });
}
