import type { Problem } from '../../platform/problem.ts';
import { freeModules, listModuleBatches, type ModuleBatch } from './batch.ts';

/**
 * freeExpiredModules deletes the batches whose time is over at `now`, Unix ms. One that was kept until its process quits is
 * never deleted here: when that process is gone it is named among the orphans, and undo puts it back.
 */
export async function freeExpiredModules(
  gomodcache: string,
  now: number,
  isAlive: (pid: number, startTicks: number | undefined) => boolean,
): Promise<{ readonly orphans: readonly ModuleBatch[]; readonly failed: readonly Problem[] }> {
  const orphans: ModuleBatch[] = [];
  const failed: Problem[] = [];
  for (const batch of listModuleBatches(gomodcache)) {
    const { expiresAt, pid, startTicks } = batch;
    if (expiresAt === undefined) {
      if (pid === undefined || !isAlive(pid, startTicks)) orphans.push(batch);
    } else if (expiresAt <= now) failed.push(...(await freeModules(gomodcache, batch.batch)).failed);
  }
  return { orphans, failed };
}
