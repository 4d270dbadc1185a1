import { startWorker } from '../platform/workers.ts';
import type { BuildCacheTotals } from './totals.ts';

export type { BuildCacheTotals } from './totals.ts';

/** ScanOrder is what the scan's thread is told at its start; ScanMessage what it sends: totals so far, at last the whole. */
export type ScanOrder = { readonly gocache: string };
export type ScanMessage = BuildCacheTotals;

/**
 * scanBuildCache counts what fills GOCACHE, in a thread of low priority (a million entries take about 6 s of a core).
 * `onProgress` gets the totals so far, about five times a second. It rejects when it is aborted, with the reason of
 * the signal, or when the thread breaks; what cannot be read is among the problems of the totals instead.
 */
export function scanBuildCache(
  gocache: string,
  options: { readonly onProgress?: (totals: BuildCacheTotals) => void; readonly signal?: AbortSignal } = {},
): Promise<BuildCacheTotals> {
  const { onProgress, signal } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const worker = startWorker('build-cache/scan-worker', {
      workerData: { gocache } satisfies ScanOrder,
      // The garbage of one folder is all there is.
      resourceLimits: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 },
    });
    const abort = () => {
      void worker.terminate();
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
    worker.on('message', (totals: ScanMessage) => {
      if (totals.isComplete) resolve(totals);
      else onProgress?.(totals);
    });
    worker.once('error', reject);
    worker.once('exit', (code) => {
      signal?.removeEventListener('abort', abort);
      // After resolve or reject this says nothing more.
      reject(new Error(`the scan of ${gocache} ended with code ${code}`));
    });
  });
}
