import { startWorker } from '../platform/workers.ts';
import type { ScanOrder } from './module-cache-worker.ts';
import type { ModuleVersion } from './module-version.ts';
import type { ModuleCacheMessage, ModuleCacheProgress, ModuleCacheTotals } from './totals.ts';

export type { ModuleCacheProgress, ModuleCacheTotals } from './totals.ts';

/** ScanOptions are what a scan tells on its way, and how to stop it. */
export type ScanOptions = {
  /** onProgress is called about five times a second. */
  readonly onProgress?: (progress: ModuleCacheProgress) => void;
  /** onVersions gives all versions by name first, then again as the sizes of their folders come in. */
  readonly onVersions?: (versions: readonly ModuleVersion[]) => void;
  readonly signal?: AbortSignal;
  /** keptIn is the folder where sizes are kept between runs; without it all is measured. */
  readonly keptIn?: string | undefined;
  /** isReadOnly: nothing is kept for the next run. */
  readonly isReadOnly?: boolean;
  /** isBackground gives way to all else on this machine. */
  readonly isBackground?: boolean;
};

/**
 * scanModuleCache adds up what fills GOMODCACHE, in worker threads, since it looks at every file. What it cannot read is
 * counted in the totals; it rejects only when it is stopped, with the signal's reason, or when a worker itself fails.
 */
export async function scanModuleCache(
  gomodcache: string,
  options: ScanOptions = {},
): Promise<ModuleCacheTotals> {
  const { onProgress, onVersions, signal, keptIn, isReadOnly = false, isBackground = false } = options;
  signal?.throwIfAborted();
  const order: ScanOrder = { gomodcache, keptIn, isReadOnly, isBackground };
  const worker = startWorker('module-cache/module-cache-worker', { workerData: order });
  const versions: ModuleVersion[] = [];
  let onAbort = () => {};
  try {
    const done = new Promise<ModuleCacheTotals>((resolve, reject) => {
      worker.on('message', (message: ModuleCacheMessage) => {
        switch (message.kind) {
          case 'versions':
            for (const version of message.versions) versions.push(version);
            onVersions?.([...versions]);
            return;
          case 'sizes':
            for (const [index, files, dirBytes] of message.sizes) {
              const version = versions[index];
              if (version !== undefined) versions[index] = { ...version, files, dirBytes };
            }
            onProgress?.(message.progress);
            if (message.sizes.length > 0) onVersions?.([...versions]);
            return;
          case 'done':
            resolve({ ...message.totals, sizes: versions });
        }
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
