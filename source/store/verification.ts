import type { Verified } from '../operations/verify/verify.ts';

/** VerificationState is what is known of the checksums of modules in GOMODCACHE. */
export type VerificationState = {
  /** isRunning until all that was asked for was read, or it was stopped. */
  readonly isRunning: boolean;
  readonly done: number;
  readonly total: number;
  readonly wasStopped: boolean;
  /** verdicts are by `path@version`: those of a later run take the place of earlier ones. */
  readonly verdicts: ReadonlyMap<string, Verified>;
  /** notes are about more than one module. */
  readonly notes: readonly string[];
};

/** VerifyEvent tells how a verification goes. */
export type VerifyEvent =
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | { readonly type: 'verified'; readonly modules: readonly Verified[]; readonly notes: readonly string[] }
  | { readonly type: 'stopped' };

/** noVerification: nothing was verified yet. */
export const noVerification: VerificationState = {
  isRunning: false,
  done: 0,
  total: 0,
  wasStopped: false,
  verdicts: new Map(),
  notes: [],
};

/** applyVerify takes what happened. */
export function applyVerify(state: VerificationState, event: VerifyEvent): VerificationState {
  switch (event.type) {
    case 'progress':
      return { ...state, isRunning: true, wasStopped: false, done: event.done, total: event.total };
    case 'stopped':
      return { ...state, isRunning: false, wasStopped: true };
    case 'verified': {
      const verdicts = new Map(state.verdicts);
      for (const each of event.modules) verdicts.set(`${each.path}@${each.version}`, each);
      return { ...state, isRunning: false, verdicts, notes: event.notes };
    }
  }
}

/** isFaulty says whether a version was found faulty. */
export function isFaulty({ verdicts }: VerificationState, id: string): boolean {
  return verdicts.get(id)?.verdict === 'faulty';
}
