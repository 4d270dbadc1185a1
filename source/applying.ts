import type { Environment } from './go/settings.ts';
import { createOneAtATime } from './one-at-a-time.ts';
import { applySettings, undoSettings } from './operations/setting-change/apply.ts';
import type { SettingChange } from './operations/setting-change/record.ts';
import type { SettingValue } from './operations/setting-change/values.ts';
import { formatProblem, type Problem } from './platform/problem.ts';
import type { AppEvent } from './store/event.ts';

/** Applying writes settings with go env -w for the screen, and takes them back. */
export type Applying = {
  apply(values: readonly SettingValue[]): Promise<void>;
  /** undo takes the last change of this run back. */
  undo(): Promise<void>;
  /** undoableAt is when that was, Unix milliseconds; undefined when there is none. */
  readonly undoableAt: number | undefined;
  /** finish waits for what is under way, and says in a line what was written; empty when nothing stays. */
  finish(): Promise<string>;
};

/** createApplying returns one for a file of go env -w; `changed` has the settings read again. */
export function createApplying(options: {
  readonly cwd: string;
  readonly userEnvironment: Environment;
  readonly file: string;
  readonly isReadOnly: boolean;
  readonly dispatch: (event: AppEvent) => void;
  readonly changed: () => Promise<void>;
}): Applying {
  const { cwd, userEnvironment, file, isReadOnly, dispatch, changed } = options;
  const place = { cwd, environment: userEnvironment, file };
  /** done are the changes of this run, those that were made together in one. */
  const done: (readonly SettingChange[])[] = [];
  const say = (text: string): void => dispatch({ type: 'screen', event: { type: 'said', text } });
  const tell = (problems: readonly Problem[]): void => {
    for (const problem of problems) dispatch({ type: 'problem', problem });
  };
  const operations = createOneAtATime({ isReadOnly, say, afterwards: () => undefined });

  return {
    apply: (values) =>
      operations.run('go env -w', async () => {
        const { changes, problems } = await applySettings(values, place, Date.now());
        tell(problems);
        const [problem] = problems;
        if (changes.length === 0)
          return problem === undefined ? 'nothing was written' : formatProblem(problem);
        done.push(changes);
        dispatch({ type: 'settings-applied' });
        await changed();
        const words = problem === undefined ? `${namesOf(changes)} written` : formatProblem(problem);
        return `${words}: z undoes it`;
      }),
    undo: () =>
      operations.run('undo', async () => {
        const last = done.at(-1);
        if (last === undefined) return 'there is nothing to undo';
        const problems = await undoSettings(last, place);
        tell(problems);
        const [problem] = problems;
        if (problem !== undefined) return `undo: ${formatProblem(problem)}`;
        done.pop();
        await changed();
        return `${namesOf(last)} as before`;
      }),
    get undoableAt() {
      return done.at(-1)?.at(-1)?.at;
    },
    async finish() {
      await operations.settled();
      return done.length === 0
        ? ''
        : `gocachetop: wrote ${namesOf(done.flat())} with go env -w: gocachetop undo puts it back\n`;
    },
  };
}

function namesOf(changes: readonly SettingChange[]): string {
  return [...new Set(changes.map(({ name }) => name))].join(', ');
}
