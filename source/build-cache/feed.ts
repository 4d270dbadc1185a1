import { reasonOf } from '../platform/problem.ts';
import { startWorker } from '../platform/workers.ts';
import type { BuildCacheEvent } from './event.ts';
import type { TouchedFiles } from './index/update.ts';

/** FeedOrder is what the feed's thread is told at its start; FeedMessage what it sends. */
export type FeedOrder = { readonly gocache: string; readonly since: number; readonly sleeper: Int32Array };
export type FeedMessage = BuildCacheEvent[] | TouchedFiles | 'drained';
export type FeedRequest = 'drain' | 'tell-touched';

export type BuildCacheFeed = {
  /** drain resolves when all that was written before now has been told. */
  drain(): Promise<void>;
  /** tellTouched gives from now on the names of all entries that something happens to, also where no event tells of it. */
  tellTouched(onTouched: (files: TouchedFiles) => void): void;
  close(): Promise<void>;
};

/**
 * openBuildCacheFeed watches GOCACHE from a thread of its own and tells in batches, at most about every 50 ms, what
 * is written, used, removed, and which package each written archive is of. It ends with close; it never throws.
 */
export function openBuildCacheFeed(options: {
  readonly gocache: string;
  /** since: what was written from then on is told, though the watch begins later. Unix milliseconds. */
  readonly since?: number;
  readonly emit: (events: readonly BuildCacheEvent[]) => void;
}): BuildCacheFeed {
  const { gocache, emit, since = Date.now() } = options;
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  let isClosed = false;
  let drained: (() => void) | undefined;
  let touched: ((files: TouchedFiles) => void) | undefined;
  const worker = startWorker('build-cache/feed-worker', {
    workerData: { gocache, since, sleeper } satisfies FeedOrder,
    // Small generations keep the thread's memory flat; what it holds are the names of the last seconds.
    resourceLimits: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 96 },
  });
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  worker.on('message', (events: FeedMessage) => {
    if (events === 'drained') drained?.();
    else if (isClosed) return;
    else if (Array.isArray(events)) emit(events);
    else touched?.(events);
  });
  worker.on('error', (error) => {
    if (isClosed) return;
    const problem = { where: gocache, what: 'watching stopped', why: reasonOf(error), repair: '' };
    emit([
      { type: 'problem', problem },
      { type: 'lost', count: undefined, recovered: 0 },
    ]);
  });
  return {
    async drain() {
      const told = new Promise<void>((resolve) => {
        drained = resolve;
      });
      // The thread may be asleep between two batches.
      Atomics.store(sleeper, 0, 1);
      Atomics.notify(sleeper, 0);
      worker.postMessage('drain' satisfies FeedRequest);
      await Promise.race([told, exited]);
    },
    tellTouched(onTouched) {
      touched = onTouched;
      worker.postMessage('tell-touched' satisfies FeedRequest);
    },
    async close() {
      isClosed = true;
      // Its watches end with the thread; it has nothing to finish.
      await worker.terminate();
    },
  };
}
