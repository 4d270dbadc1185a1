import { createEntryIndex, type EntryIndex } from './build-cache/index/entry-index.ts';
import { findOwners, type Owners } from './build-cache/index/owners.ts';
import { createLearned, scanEntries } from './build-cache/index/scan.ts';
import { summarize } from './build-cache/index/summary.ts';
import type { GoEnv } from './go/env.ts';
import { reasonOf } from './platform/problem.ts';
import type { AppEvent } from './store/event.ts';

/** Contents reads what fills GOCACHE, by name, when somebody wants to see it; it keeps the index for the next time. */
export type Contents = {
  /** read brings the index up to date and tells the sums; asked again meanwhile, it does so once more afterwards. */
  read(): Promise<void>;
  /** isWanted says that it was read before, so that it should be read again after a change. */
  readonly isWanted: boolean;
  /** opened is the index as it was read last. */
  opened(): { readonly index: EntryIndex; readonly owners: Owners };
};

/** createContents returns a reader that has read nothing yet. What breaks the reading is told as a problem. */
export function createContents(options: {
  readonly env: Pick<GoEnv, 'gocache' | 'gomodcache'>;
  readonly signal: AbortSignal;
  readonly dispatch: (event: AppEvent) => void;
}): Contents {
  const { env, signal, dispatch } = options;
  const { gocache, gomodcache } = env;
  const index = createEntryIndex();
  const learned = createLearned();
  let owners = findOwners(index, learned);
  let isWanted = false;
  let running: Promise<void> | undefined;
  let isAskedAgain = false;

  async function readOnce(): Promise<void> {
    await scanEntries({
      gocache,
      gomodcache,
      index,
      learned,
      signal,
      onProgress: (progress) => dispatch({ type: 'build-cache-reading', progress }),
    });
    const now = Date.now();
    owners = findOwners(index, learned);
    dispatch({ type: 'build-cache-contents', summary: summarize(index, owners, now) });
    dispatch({ type: 'clock', now });
  }

  async function readUntilQuiet(): Promise<void> {
    try {
      do {
        isAskedAgain = false;
        await readOnce();
      } while (isAskedAgain);
    } catch (error) {
      if (signal.aborted) return;
      const problem = { where: gocache, what: 'cannot be read', why: reasonOf(error), repair: '' };
      dispatch({ type: 'problem', problem });
    } finally {
      running = undefined;
    }
  }

  return {
    read() {
      isWanted = true;
      if (running !== undefined) isAskedAgain = true;
      running ??= readUntilQuiet();
      return running;
    },
    get isWanted() {
      return isWanted;
    },
    opened: () => ({ index, owners }),
  };
}
