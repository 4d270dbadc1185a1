import type { Problem } from '../../platform/problem.ts';
import { startWorker } from '../../platform/workers.ts';
import type { RootNeeds } from './root-needs.ts';

/** NeedsOrder names what is to be looked at: folders, go.mod and go.work files. */
export type NeedsOrder = { readonly gomodcache: string; readonly named: readonly string[] };

/** NeedsMessage is what the worker tells. */
export type NeedsMessage =
  | { readonly type: 'root'; readonly needs: RootNeeds }
  | { readonly type: 'problems'; readonly problems: readonly Problem[] }
  | { readonly type: 'done' };

/** NeedsScan is what the roots need that were found. */
export type NeedsScan = { readonly roots: readonly RootNeeds[]; readonly problems: readonly Problem[] };

/** scanNeeds works out what the main modules need that are named or found in folders named, in a worker thread. */
export async function scanNeeds(order: NeedsOrder, signal?: AbortSignal): Promise<NeedsScan> {
  signal?.throwIfAborted();
  if (order.named.length === 0) return { roots: [], problems: [] };
  const roots: RootNeeds[] = [];
  const problems: Problem[] = [];
  const worker = startWorker('operations/module-needs/needs-worker', { workerData: order });
  let onAbort = () => {};
  try {
    await new Promise<void>((resolve, reject) => {
      worker.on('message', (message: NeedsMessage) => {
        if (message.type === 'root') roots.push(message.needs);
        else if (message.type === 'problems') problems.push(...message.problems);
        else resolve();
      });
      worker.on('error', reject);
      worker.on('exit', (code) => reject(new Error(`the look at the roots ended early, with code ${code}`)));
      onAbort = () => reject(signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
    return { roots, problems };
  } finally {
    signal?.removeEventListener('abort', onAbort);
    await worker.terminate();
  }
}
