import type { GoEnv } from './go/env.ts';
import { verify } from './operations/verify/verify.ts';
import { reasonOf } from './platform/problem.ts';
import type { AppEvent } from './store/event.ts';

/** Verifying verifies modules of GOMODCACHE for the screen, in threads that leave the processor to builds. */
export type Verifying = {
  /** start verifies the named versions or modules, all without any; a run that goes on is broken off. */
  start(words: readonly string[]): void;
  /** again verifies versions that were changed meanwhile, once what goes on is done. */
  again(words: readonly string[]): void;
  stop(): void;
};

/** createVerifying returns one; `signal` ends what is under way. */
export function createVerifying(options: {
  readonly env: GoEnv;
  readonly signal: AbortSignal;
  readonly dispatch: (event: AppEvent) => void;
}): Verifying {
  const { env, signal, dispatch } = options;
  let stopping = new AbortController();
  let current: Promise<void> = Promise.resolve();

  async function run(words: readonly string[]): Promise<void> {
    stopping.abort();
    stopping = new AbortController();
    const mine = stopping;
    const tell = (event: Extract<AppEvent, { type: 'verify' }>['event']): void =>
      dispatch({ type: 'verify', event });
    tell({ type: 'progress', done: 0, total: 0 });
    try {
      const found = await verify({
        env,
        words,
        isAll: words.length === 0,
        network: undefined,
        isPatient: true,
        signal: AbortSignal.any([signal, mine.signal]),
        onProgress: (done, total) => tell({ type: 'progress', done, total }),
      });
      tell({ type: 'verified', modules: found.modules, notes: found.notes });
      for (const problem of found.problems) dispatch({ type: 'problem', problem });
    } catch (error) {
      // A later run speaks for itself.
      if (stopping !== mine) return;
      tell({ type: 'stopped' });
      if (mine.signal.aborted || signal.aborted) return;
      const repair = 'report it';
      dispatch({
        type: 'problem',
        problem: { where: env.gomodcache, what: 'could not be verified', why: reasonOf(error), repair },
      });
    }
  }

  return {
    start(words) {
      current = run(words);
    },
    again(words) {
      current = current.then(() => run(words));
    },
    stop: () => stopping.abort(),
  };
}
