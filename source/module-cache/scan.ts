import { startWorker } from '../platform/workers.ts';
import type { ModuleCacheMessage, ModuleCacheProgress, ModuleCacheTotals } from './totals.ts';

export type { ModuleCacheProgress, ModuleCacheTotals } from './totals.ts';

/** ScanOptions are what a scan tells on its way, and how to stop it. */
export type ScanOptions = {
  /** onProgress is called about five times a second. */
  readonly onProgress?: (progress: ModuleCacheProgress) => void;
  readonly signal?: AbortSignal;
};

/**
 * scanModuleCache adds up what fills GOMODCACHE, in a worker thread, since it looks at every file. What it cannot read is
 * counted in the totals; it rejects only when it is stopped, with the signal's reason, or when the worker itself fails.
 */
export async function scanModuleCache(
  gomodcache: string,
  options: ScanOptions = {},
): Promise<ModuleCacheTotals> {
  const { onProgress, signal } = options;
  signal?.throwIfAborted();
  const worker = startWorker('module-cache/module-cache-worker', { workerData: { gomodcache } });
  let onAbort = () => {};
  try {
    const done = new Promise<ModuleCacheTotals>((resolve, reject) => {
      worker.on('message', (message: ModuleCacheMessage) => {
        if (message.kind === 'done') resolve(message.totals);
        else onProgress?.(message.progress);
      });
      worker.on('error', reject);
      onAbort = () => reject(signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
      worker.on('exit', (code) =>
        reject(new Error(`the scan of ${gomodcache} ended early, with code ${code}`)),
      );
    });
    return await done;
  } finally {
    signal?.removeEventListener('abort', onAbort);
    await worker.terminate();
  }
}
