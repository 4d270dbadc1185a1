import { isRunnable, type RecoveryState, type Step } from '../operations/recovery/state.ts';
import { formatProblem, type Problem } from '../platform/problem.ts';
import { formatCountOf } from '../store/format.ts';
import { problemJson } from './offline.ts';

/** RanStep is a step that was carried out; failure is empty when it did what it says. */
export type RanStep = { readonly step: Step; readonly failure: string };

/** RecoverView is what was wrong, what was done, and what is still wrong. */
export type RecoverView = {
  readonly states: readonly RecoveryState[];
  readonly ran: readonly RanStep[];
  readonly left: readonly RecoveryState[];
  /** notCompared are sums of go.sum for which there was nothing to hold them against. */
  readonly notCompared: number;
  readonly problems: readonly Problem[];
};

/** recoverJson is the object of `recover --json`, `gocachetop.recover/1`. */
export function recoverJson({
  states,
  ran,
  left,
  notCompared,
  problems,
}: RecoverView): Readonly<Record<string, unknown>> {
  return {
    schema: 'gocachetop.recover/1',
    states: states.map(({ steps, ...state }) => ({ ...state, steps: steps.map(stepJson) })),
    ran: ran.map(({ step, failure }) => ({
      ...stepJson(step),
      done: failure === '',
      failure: failure === '' ? null : failure,
    })),
    left: left.map(({ code, about }) => ({ code, about })),
    notCompared,
    problems: problems.map(problemJson),
  };
}

function stepJson(step: Step): Readonly<Record<string, unknown>> {
  const { what, why, command, undo, before } = step;
  return { what, why, command, undo: undo ?? null, before: before ?? null, runnable: isRunnable(step) };
}

/** recoverText explains each state and its steps, or what became of them. */
export function recoverText({ states, ran, left, notCompared, problems }: RecoverView): string {
  const shown = ran.length > 0 ? [] : states;
  return lines([
    ...(states.length === 0 ? ['nothing is wrong between GOSUMDB, go.sum and GOMODCACHE'] : []),
    ...(notCompared === 0
      ? []
      : [
          `${formatCountOf(notCompared, 'sum')} of go.sum had nothing to be held against: --network asks the checksum database`,
        ]),
    ...shown.flatMap(stateLines),
    ...ran.map(ranLine),
    ...(ran.length > 0
      ? [
          left.length === 0
            ? 'all sums were compared again: nothing is wrong any more'
            : `all was compared again: ${formatCountOf(left.length, 'state')} left`,
          ...left.map(({ about, what }) => `  ${about}: ${what}`),
        ]
      : []),
    ...(shown.length > 0 ? ['carry the steps out: gocachetop recover --run'] : []),
    ...problems.map((problem) => `! ${formatProblem(problem)}`),
  ]);
}

function stateLines({ about, what, why, steps }: RecoveryState): readonly string[] {
  return [`${about}: ${what}`, `  ${why}`, ...steps.flatMap(stepLines), ''];
}

/** stepLines say what a step does, why, and how it is undone. */
export function stepLines({ what, why, command, undo, action }: Step): readonly string[] {
  return [
    `  - ${what}${action.type === 'user' ? ' (only you can)' : ''}: ${why}`,
    `      ${command}`,
    ...(undo === undefined ? [] : [`      undo: ${undo}`]),
  ];
}

function ranLine({ step, failure }: RanStep): string {
  return failure === ''
    ? `done: ${step.what}   undo: ${step.undo === undefined ? 'nothing to undo' : `${step.undo}${step.action.type === 'setting' ? ', or gocachetop undo' : ''}`}`
    : `failed: ${step.what}: ${failure}`;
}

function lines(texts: readonly string[]): string {
  return `${texts.join('\n')}\n`;
}
