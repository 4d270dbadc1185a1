import { isProblem, readGoEnv } from '../go/env.ts';
import { probeRecovery } from '../operations/recovery/probe.ts';
import { countNotCompared, recognize } from '../operations/recovery/recognize.ts';
import { runStep } from '../operations/recovery/run.ts';
import { isRunnable, type RecoveryState } from '../operations/recovery/state.ts';
import type { Problem } from '../platform/problem.ts';
import { type RanStep, recoverJson, recoverText, stepLines } from '../report/recover.ts';
import type { CommandContext } from './context.ts';

/** runRecover says in which ways GOSUMDB, go.sum and GOMODCACHE fail together, and carries the way out out, when asked. */
export async function runRecover(context: CommandContext): Promise<number> {
  const { flags, say, signal } = context;
  const isRunning = flags.modules.isRunning && !flags.isDryRun;
  if (isRunning && flags.isReadOnly) {
    say('recover --run is refused: --read-only');
    return 2;
  }
  try {
    const found = await look(context);
    const ran = isRunning ? await carryOut(context, found.states) : [];
    if (typeof ran === 'number') return ran;
    const left = ran.length > 0 ? await look(context) : found;
    context.progress('');
    const { notCompared, problems } = left;
    const view = { states: found.states, ran, left: left.states, notCompared, problems };
    await context.print(recoverJson(view), recoverText(view));
    if (flags.isJson) context.tell(problems);
    return left.states.length > 0 || problems.length > 0 ? 1 : 0;
  } catch (error) {
    context.progress('');
    if (signal.aborted) return 130;
    throw error;
  }
}

/** look asks go env anew: a step may have changed a setting. */
async function look({ env, flags, place, signal, progress }: CommandContext): Promise<{
  readonly states: readonly RecoveryState[];
  readonly notCompared: number;
  readonly problems: readonly Problem[];
}> {
  const { cwd, environment } = place;
  const now = await readGoEnv({ goCommand: 'go', cwd, environment, signal });
  const { facts, problems } = await probeRecovery({
    env: isProblem(now) ? env : now,
    cwd,
    environment,
    flags: place.flagSettings,
    asksNetwork: flags.asksNetwork,
    isPatient: false,
    signal,
    onProgress: progress,
  });
  return { states: recognize(facts), notCompared: countNotCompared(facts.sums), problems };
}

/** carryOut does each step after its question; a number is the exit code when nothing may be asked. */
async function carryOut(
  context: CommandContext,
  states: readonly RecoveryState[],
): Promise<readonly RanStep[] | number> {
  const { flags, place, signal } = context;
  const ran: RanStep[] = [];
  for (const state of states) {
    for (const step of state.steps) {
      if (signal.aborted) return ran;
      context.progress('');
      if (!flags.isJson)
        process.stderr.write(`${state.about}: ${state.what}\n${stepLines(step).join('\n')}\n`);
      if (!isRunnable(step)) continue;
      const agreed = await context.agree('Do it?');
      if (agreed === 2) return 2;
      if (agreed !== true) continue;
      const { failure, problems = [] } = await runStep(step, {
        place: { cwd: place.cwd, environment: place.userEnvironment, signal },
        goenv: context.env.goenv,
        now: Date.now(),
        program: [process.execPath, process.argv[1] ?? ''],
      });
      context.tell(problems);
      ran.push({ step, failure });
      // What follows builds on it.
      if (failure !== '') break;
    }
  }
  return ran;
}
