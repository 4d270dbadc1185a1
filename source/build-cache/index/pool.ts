import type { Worker } from 'node:worker_threads';
import { startWorker } from '../../platform/workers.ts';
import type { ActionsRead } from './entry-change.ts';
import type { Importer } from './find-importers.ts';
import type { HashedOutput } from './hash-output.ts';
import type { NamedOutput } from './read-entries.ts';
import type { EntriesStatted, FolderRead } from './read-folder.ts';

/** IndexOrder is what a thread of the index is told at its start; then it answers one request after the other. */
export type IndexOrder = { readonly gocache: string; readonly gomodcache: string };
export type IndexRequest =
  | { readonly type: 'folder'; readonly folder: string }
  | { readonly type: 'stat'; readonly actions: Uint8Array; readonly outputs: Uint8Array }
  | { readonly type: 'read'; readonly ids: Uint8Array }
  | { readonly type: 'name'; readonly ids: Uint8Array; readonly folders: Uint8Array }
  | { readonly type: 'check'; readonly ids: Uint8Array; readonly folders: Uint8Array }
  | { readonly type: 'importers'; readonly ids: Uint8Array; readonly wanted: readonly string[] };
export type IndexAnswer =
  | { readonly type: 'folder'; readonly read: FolderRead }
  | { readonly type: 'stat'; readonly statted: EntriesStatted }
  | { readonly type: 'read'; readonly change: ActionsRead }
  | { readonly type: 'name'; readonly named: readonly NamedOutput[] }
  | { readonly type: 'check'; readonly count: number; readonly found: readonly HashedOutput[] }
  | { readonly type: 'importers'; readonly found: readonly Importer[] };

/** AnswerTo is the answer to a request of that type. */
export type AnswerTo<Request extends IndexRequest> = Extract<IndexAnswer, { type: Request['type'] }>;

/** Pool is the threads of the index. */
export type Pool = {
  /**
   * each has the threads answer all requests, which are made as they are needed; `take` gets the answers as they come. It
   * rejects when the pool is aborted, or a thread breaks.
   */
  each<Request extends IndexRequest>(
    requests: Iterable<Request>,
    take: (answer: AnswerTo<Request>) => void,
  ): Promise<void>;
  close(): void;
};

/** openPool starts the threads of the index as they are needed. */
export function openPool(order: IndexOrder, size: number, signal: AbortSignal | undefined): Pool {
  const workers: Worker[] = [];

  function start(): Worker {
    const worker = startWorker('build-cache/index-worker', {
      workerData: order,
      resourceLimits: { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 128 },
    });
    workers.push(worker);
    return worker;
  }

  return {
    each<Request extends IndexRequest>(
      requests: Iterable<Request>,
      take: (answer: AnswerTo<Request>) => void,
    ) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const waiting = requests[Symbol.iterator]();
        const listening: (() => void)[] = [];
        let underWay = 0;
        const settle = (end: () => void): void => {
          signal?.removeEventListener('abort', abort);
          for (const stop of listening) stop();
          end();
        };
        const abort = (): void => settle(() => reject(signal?.reason));
        signal?.addEventListener('abort', abort, { once: true });
        const ask = (worker: Worker, request: Request): void => {
          underWay += 1;
          worker.postMessage(request);
        };
        const listen = (worker: Worker): void => {
          const onMessage = (answer: AnswerTo<Request>): void => {
            underWay -= 1;
            // The next request first: the thread works while the answer is taken.
            const next = waiting.next();
            if (next.done !== true) ask(worker, next.value);
            take(answer);
            if (underWay === 0) settle(resolve);
          };
          const onError = (error: Error): void => settle(() => reject(error));
          worker.on('message', onMessage);
          worker.on('error', onError);
          // One by one: removeAllListeners takes the listeners along by which a Worker hears at all.
          listening.push(() => worker.off('message', onMessage).off('error', onError));
        };
        for (let number = 0; number < size; number++) {
          const next = waiting.next();
          if (next.done === true) break;
          const worker = workers[number] ?? start();
          listen(worker);
          ask(worker, next.value);
        }
        if (underWay === 0) settle(resolve);
      });
    },
    close() {
      for (const worker of workers) void worker.terminate();
    },
  };
}
