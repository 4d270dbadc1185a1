import { type GoEnv, isProblem, readGoEnv } from './go/env.ts';
import type { Environment, SettingValues } from './go/settings.ts';
import { createOneAtATime } from './one-at-a-time.ts';
import { probeRecovery } from './operations/recovery/probe.ts';
import { countNotCompared, recognize } from './operations/recovery/recognize.ts';
import { runStep } from './operations/recovery/run.ts';
import type { Step } from './operations/recovery/state.ts';
import { undoCommand, undoSetting } from './operations/setting-change/change.ts';
import type { SettingChange } from './operations/setting-change/record.ts';
import { type Problem, reasonOf } from './platform/problem.ts';
import type { AppEvent } from './store/event.ts';
import type { RecoveryEvent, RecoveryOrder } from './store/recovery.ts';

/** Recovering finds for the screen how GOSUMDB, go.sum and GOMODCACHE fail together, and carries steps out. */
export type Recovering = {
  /** carryOut does what the screen asks for. */
  carryOut(order: RecoveryOrder): Promise<void>;
  /** lookAgain looks once more, where somebody has looked before. */
  lookAgain(): void;
  /** undo gives the setting that was changed last its value from before. */
  undo(): Promise<void>;
  /** undoableAt is when that was, Unix milliseconds; undefined when there is none. */
  readonly undoableAt: number | undefined;
};

/** createRecovering returns one; `signal` ends what is under way. */
export function createRecovering(options: {
  readonly env: GoEnv;
  readonly cwd: string;
  /** environment has our flags in it; userEnvironment is what go sees without us. */
  readonly environment: Environment;
  readonly userEnvironment: Environment;
  readonly flags: SettingValues;
  readonly isReadOnly: boolean;
  readonly signal: AbortSignal;
  readonly dispatch: (event: AppEvent) => void;
  /** changed is called after each step: settings and modules may be others. */
  readonly changed: () => void;
}): Recovering {
  const { env, cwd, environment, userEnvironment, flags, isReadOnly, signal, dispatch } = options;
  const place = { cwd, environment: userEnvironment, signal };
  const done: SettingChange[] = [];
  let isAsked = false;
  let hasLooked = false;
  let stopping = new AbortController();

  const say = (text: string): void => dispatch({ type: 'screen', event: { type: 'said', text } });
  const tell = (event: RecoveryEvent): void => dispatch({ type: 'recovery', event });
  const report = (problems: readonly Problem[]): void => {
    for (const problem of problems) dispatch({ type: 'problem', problem });
  };
  const operations = createOneAtATime({
    isReadOnly,
    say,
    afterwards() {
      options.changed();
      void look();
    },
  });

  /** look asks go env anew: a step may have changed a setting. A later look breaks off an earlier one. */
  async function look(): Promise<void> {
    stopping.abort();
    stopping = new AbortController();
    const mine = stopping;
    hasLooked = true;
    const asksNetwork = isAsked;
    const either = AbortSignal.any([signal, mine.signal]);
    tell({ type: 'doing', words: 'settings, go.sum and GOMODCACHE are being compared' });
    try {
      const now = await readGoEnv({ goCommand: 'go', cwd, environment, signal: either });
      const { facts, problems } = await probeRecovery({
        env: isProblem(now) ? env : now,
        cwd,
        environment,
        flags,
        asksNetwork,
        isPatient: true,
        signal: either,
        onProgress: (what) => tell({ type: 'doing', words: what }),
      });
      if (either.aborted) return;
      report(problems);
      const notCompared = countNotCompared(facts.sums);
      tell({ type: 'looked', states: recognize(facts), notCompared, isAsked: asksNetwork });
    } catch (error) {
      if (!either.aborted) tell({ type: 'failed', why: reasonOf(error) });
    }
  }

  function run(step: Step): Promise<void> {
    return operations.run('recover', async () => {
      tell({ type: 'doing', words: `under way: ${step.what}` });
      const program = [process.execPath, process.argv[1] ?? ''];
      const {
        failure,
        change,
        problems = [],
      } = await runStep(step, {
        place,
        program,
        goenv: env.goenv,
        now: Date.now(),
      });
      if (change !== undefined) done.push(change);
      report(problems);
      tell({ type: 'ran', step, failure });
      if (failure !== '') return `recover: ${step.what}: ${failure}`;
      return change === undefined ? `done: ${step.what}` : `done: ${step.what}; z undoes it`;
    });
  }

  return {
    async carryOut(order) {
      switch (order.type) {
        case 'look':
          isAsked ||= order.asksNetwork;
          return look();
        case 'step':
          return run(order.step);
      }
    },
    lookAgain() {
      if (hasLooked) void look();
    },
    undo: () =>
      operations.run('undo', async () => {
        const change = done.at(-1);
        if (change === undefined) return 'there is nothing to undo';
        const { failure, problems } = await undoSetting(place, change);
        report(problems);
        if (failure !== '') return `undo: ${failure}`;
        done.pop();
        tell({ type: 'undone', what: `put ${change.name} back` });
        return `${change.name} is as it was: ${undoCommand(change)}`;
      }),
    get undoableAt() {
      return done.at(-1)?.at;
    },
  };
}
