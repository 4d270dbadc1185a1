import type { Worker } from 'node:worker_threads';
import { startWorker } from '../platform/workers.ts';
import type { ModuleFacts } from './facts.ts';

/** ChecksumOrder is what a thread is told at its start; patient ones leave the processor to builds. */
export type ChecksumOrder = { readonly gomodcache: string; readonly isPatient: boolean };
export type ChecksumRequest = { readonly path: string; readonly version: string };
/** facts are undefined for a name that Go itself would not look for. */
export type ChecksumAnswer = ChecksumRequest & { readonly facts: ModuleFacts | undefined };

/** threads is how many read and hash: two keep a fast disk busy, more would take memory and the processor from builds. */
const threads = 2;
/** ahead is how many requests a thread has at hand, so that it need not wait for the next. */
const ahead = 2;

/**
 * readAllFacts has two threads read the versions, and gives what they find to `take` as it comes. It rejects with the signal's
 * reason when it is stopped, or when a thread breaks.
 */
export async function readAllFacts(
  order: ChecksumOrder,
  versions: readonly ChecksumRequest[],
  take: (answer: ChecksumAnswer) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  const workers: Worker[] = [];
  let next = 0;
  let onAbort = (): void => {};
  const ask = (worker: Worker): void => {
    const version = versions[next];
    if (version === undefined) return;
    next += 1;
    worker.postMessage(version);
  };
  try {
    await new Promise<void>((resolve, reject) => {
      let open = versions.length;
      if (open === 0) return resolve();
      onAbort = () => reject(signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
      for (let count = Math.min(threads, versions.length); count > 0; count--) {
        const worker = startWorker('checksums/checksum-worker', { workerData: order, resourceLimits });
        workers.push(worker);
        worker.on('error', reject);
        worker.on('message', (answer: ChecksumAnswer) => {
          ask(worker);
          open -= 1;
          take(answer);
          if (open === 0) resolve();
        });
        for (let each = 0; each < ahead; each++) ask(worker);
      }
    });
  } finally {
    signal?.removeEventListener('abort', onAbort);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

// Contents lie outside of the heap: in it are names and sums of one module at a time.
const resourceLimits = { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 192 };
