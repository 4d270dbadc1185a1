import type { Amount, RepointFacts, RepointStart } from '../operations/repoint/facts.ts';
import type { Problem } from '../platform/problem.ts';

/** RepointState is a re-point of GOCACHE as far as it is: looked at, under way, done. */
export type RepointState = {
  /** check is the folder that was asked about last, and what was found. */
  readonly check: RepointCheck | undefined;
  readonly running: RepointRun | undefined;
  /** pointsTo is where this run has pointed GOCACHE; undefined while it is where it was at the start. */
  readonly pointsTo: string | undefined;
};

/** RepointCheck: asked is the text as it was typed. */
export type RepointCheck = { readonly asked: string } & (
  | { readonly type: 'checking'; readonly folders: number }
  | { readonly type: 'checked'; readonly facts: RepointFacts }
  | { readonly type: 'failed'; readonly problem: Problem }
);

export type RepointRun = {
  readonly to: string;
  readonly start: RepointStart;
  readonly done: Amount;
  readonly total: Amount;
};

/** RepointEvent is what a re-point tells. */
export type RepointEvent =
  | { readonly type: 'check'; readonly check: RepointCheck }
  | { readonly type: 'run'; readonly run: RepointRun | undefined }
  | { readonly type: 'pointed'; readonly to: string | undefined };

/** RepointOrder is what the screen asks for. */
export type RepointOrder =
  | { readonly type: 'check'; readonly asked: string }
  | { readonly type: 'start'; readonly facts: RepointFacts; readonly start: RepointStart }
  | { readonly type: 'stop' };

/** noRepoint is the state before anything was asked. */
export const noRepoint: RepointState = { check: undefined, running: undefined, pointsTo: undefined };

/** applyRepoint applies one event. */
export function applyRepoint(state: RepointState, event: RepointEvent): RepointState {
  switch (event.type) {
    case 'check':
      return { ...state, check: event.check };
    case 'run':
      return { ...state, running: event.run };
    case 'pointed':
      return { ...state, pointsTo: event.to };
  }
}
