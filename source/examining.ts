import { readGoEnv } from './go/env.ts';
import type { Fix } from './operations/doctor/finding.ts';
import { reasonOf } from './platform/problem.ts';
import type { SessionOptions } from './session-options.ts';
import type { DoctorReport } from './store/doctor.ts';
import type { AppEvent } from './store/event.ts';
import { type Looked, lookKey, wantedLooks } from './store/explorer.ts';
import { formatBytes } from './store/format.ts';
import type { AppState } from './store/state.ts';

/** Examining looks at the Go set-up of this machine for the screen, and puts single findings right. */
export type Examining = {
  /** look begins when a view of it is open; to be called when the state has changed. */
  look(): void;
  /** forget has it looked at again. */
  forget(): void;
  /** fix carries one fix out, and looks again. */
  fix(fix: Fix): Promise<void>;
};

/** createExamining returns one. It needs no GOCACHE and no go env that answers: that is when it is wanted most. */
export function createExamining({
  options,
  signal,
  getState,
  dispatch,
  changed,
}: {
  readonly options: SessionOptions;
  readonly signal: AbortSignal;
  readonly getState: () => AppState;
  readonly dispatch: (event: AppEvent) => void;
  /** changed is called when a setting was changed. */
  readonly changed: () => void;
}): Examining {
  const { cwd, environment, userEnvironment, flags } = options;
  const key = lookKey({ reading: 'doctor', subject: undefined });
  const say = (text: string): void => dispatch({ type: 'screen', event: { type: 'said', text } });
  /** begun counts the looks: what a look before a fix has found does not count any more. */
  let begun = 0;
  let isWanted = false;

  function look(): void {
    const wasWanted = isWanted;
    isWanted = wantedLooks(getState()).has(key);
    if (isWanted && !wasWanted) void examineNow();
  }

  async function examineNow(): Promise<void> {
    begun += 1;
    const own = begun;
    const looked = await read();
    if (own === begun && !signal.aborted) dispatch({ type: 'looked', key, looked });
  }

  async function read(): Promise<Looked> {
    try {
      return { type: 'doctor', report: await examine() };
    } catch (error) {
      return { type: 'failed', why: reasonOf(error) };
    }
  }

  async function examine(): Promise<DoctorReport> {
    // Few open it, and the first frame should not wait for it.
    const [{ probeDoctor }, { examine: findFaults }, { looksOf }] = await Promise.all([
      import('./operations/doctor/probe.ts'),
      import('./operations/doctor/checks.ts'),
      import('./operations/doctor/looks.ts'),
    ]);
    const asked = { goCommand: 'go', cwd, environment: { ...environment, GOTOOLCHAIN: 'local' }, signal };
    const facts = await probeDoctor({
      ...options,
      goEnv: readGoEnv(asked),
      isReadOnly: flags.isReadOnly,
      asksNetwork: false,
      now: Date.now(),
      signal,
    });
    const hasGo = !('failure' in facts);
    return {
      findings: findFaults(facts),
      looks: hasGo ? looksOf(facts, (bytes) => formatBytes(bytes, getState().screen.sizes)) : [],
      goenv: hasGo ? facts.env.goenv : '',
    };
  }

  return {
    look,
    forget: () => void (isWanted && examineNow()),
    async fix(fix) {
      if (flags.isReadOnly) return say('nothing is changed: --read-only');
      const looked = getState().explorer.looks.get(key);
      if (looked?.type !== 'doctor') return;
      const { runFix } = await import('./operations/doctor/run.ts');
      const place = { cwd, environment: userEnvironment, signal };
      const { failure, problems } = await runFix(fix, {
        place,
        goenv: looked.report.goenv,
        now: Date.now(),
      });
      for (const problem of problems) dispatch({ type: 'problem', problem });
      say(
        failure === ''
          ? `done: ${fix.command}; undo: ${fix.undo ?? 'nothing to undo'}`
          : `it failed: ${failure}`,
      );
      if (failure === '' && fix.action.type === 'setting') changed();
      await examineNow();
    },
  };
}
