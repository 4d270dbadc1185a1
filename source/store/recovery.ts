import type { RecoveryState, Step } from '../operations/recovery/state.ts';
import type { AppState } from './state.ts';

/** RecoveryLook is in which ways GOSUMDB, go.sum and GOMODCACHE fail together, as far as it was looked at. */
export type RecoveryLook = {
  /** doing is how far it is, in words; undefined when nothing goes on. */
  readonly doing: string | undefined;
  /** states are what the last look found; undefined before the first one was done. */
  readonly states: readonly RecoveryState[] | undefined;
  /** begun are states of whose steps some were carried out: the others are left, also when nothing is wrong any more. */
  readonly begun: readonly RecoveryState[];
  /** notCompared are sums of go.sum for which there was nothing to hold them against. */
  readonly notCompared: number;
  /** isAsked: the checksum database was asked in the last look. */
  readonly isAsked: boolean;
  /** failure is why it could not be looked at; undefined when it could. */
  readonly failure: string | undefined;
  /** ran are the steps of this run, the newest last. */
  readonly ran: readonly RanStep[];
};

/** RanStep is a step that was carried out; failure is empty when it did what it says. */
export type RanStep = { readonly what: string; readonly failure: string };

export type RecoveryEvent =
  | { readonly type: 'doing'; readonly words: string | undefined }
  | {
      readonly type: 'looked';
      readonly states: readonly RecoveryState[];
      readonly notCompared: number;
      readonly isAsked: boolean;
    }
  | { readonly type: 'failed'; readonly why: string }
  | { readonly type: 'ran'; readonly step: Step; readonly failure: string }
  | { readonly type: 'undone'; readonly what: string };

/** RecoveryOrder is what the screen asks for. */
export type RecoveryOrder =
  | { readonly type: 'look'; readonly asksNetwork: boolean }
  | { readonly type: 'step'; readonly step: Step };

/** noRecovery is the state before anything was looked at. */
export const noRecovery: RecoveryLook = {
  doing: undefined,
  states: undefined,
  begun: [],
  notCompared: 0,
  isAsked: false,
  failure: undefined,
  ran: [],
};

/** applyRecovery applies one event. */
export function applyRecovery(look: RecoveryLook, event: RecoveryEvent): RecoveryLook {
  switch (event.type) {
    case 'doing':
      return { ...look, doing: event.words };
    case 'looked': {
      const { states, notCompared, isAsked } = event;
      return { ...look, doing: undefined, failure: undefined, states, notCompared, isAsked };
    }
    case 'failed':
      return { ...look, doing: undefined, failure: event.why };
    case 'ran': {
      const { step, failure } = event;
      const ran = [...look.ran, { what: step.what, failure }];
      return failure === '' ? { ...look, ran, begun: restAfter(look, step) } : { ...look, ran };
    }
    case 'undone':
      return { ...look, ran: [...look.ran, { what: event.what, failure: '' }] };
  }
}

/** restAfter keeps the steps that follow one that was carried out. */
function restAfter(look: RecoveryLook, step: Step): readonly RecoveryState[] {
  const state = shownStates(look).find(({ steps }) => steps.includes(step));
  if (state === undefined) return look.begun;
  const others = look.begun.filter((each) => !isSame(each, state));
  const steps = state.steps.slice(state.steps.indexOf(step) + 1);
  if (steps.length === 0) return others;
  return [
    ...others,
    { ...state, what: 'its cure has begun', why: 'go may need the steps that are left', steps },
  ];
}

/** shownStates are those that were found, and those that were begun and are not found any more. */
export function shownStates({ states = [], begun }: RecoveryLook): readonly RecoveryState[] {
  return [...states, ...begun.filter((each) => !states.some((state) => isSame(state, each)))];
}

function isSame(one: RecoveryState, other: RecoveryState): boolean {
  return one.code === other.code && one.about === other.about;
}

/** needsRecovery says that somebody looks at it and nothing was looked at yet. */
export function needsRecovery({ screen, recovery }: AppState): boolean {
  const { doing, states, failure } = recovery;
  return (
    doing === undefined &&
    states === undefined &&
    failure === undefined &&
    screen.panes.gomodcache.levels.some(({ view }) => view === 'module-recovery')
  );
}

/** stepsOf are the steps of all states, each with an id that a later look gives it again. */
export function stepsOf({
  recovery,
}: AppState): readonly { readonly id: string; readonly state: RecoveryState; readonly step: Step }[] {
  return shownStates(recovery).flatMap((state) =>
    state.steps.map((step) => ({ id: `${state.code} ${state.about} ${step.what}`, state, step })),
  );
}
