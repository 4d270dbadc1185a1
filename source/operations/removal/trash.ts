import { lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { CacheFileName } from '../../build-cache/file-name.ts';
import { codeOf, type Problem } from '../../platform/problem.ts';
import { dropBatchFolder, trashName } from './batch.ts';
import { type BatchFolder, countEntries, dropSubfolders, entriesOf, readBatches } from './batch-folder.ts';
import { discardEntry, measureEntry, putBack } from './entry-file.ts';
import { createFailures, type Failures } from './failures.ts';
import { createSlices } from './slices.ts';

/** Batch is one removal that can be undone. Times are Unix milliseconds. */
export type Batch = {
  /** batch is its id, the name of its folder. */
  readonly batch: string;
  readonly at: number;
  /** expiresAt: undefined means until the process that owns it quits or, with a fault, that it is not known. */
  readonly expiresAt: number | undefined;
  /** pid and startTicks are of the process that made it; undefined when they are not known. */
  readonly pid: number | undefined;
  readonly startTicks: number | undefined;
  readonly about: string;
  /** fault says what is wrong with batch.json; its entries can be put back all the same. */
  readonly fault: string | undefined;
  readonly entries: number;
  readonly bytes: number;
};

/** RestoreResult: entries and bytes are those that were moved back. */
export type RestoreResult = {
  readonly entries: number;
  readonly bytes: number;
  /** present counts the entries that GOCACHE has again, as good or newer: those of the batch were dropped. */
  readonly present: number;
  readonly failed: readonly Problem[];
  readonly wasStopped: boolean;
};

/** FreeResult: entries and bytes are those that were deleted. */
export type FreeResult = {
  readonly entries: number;
  readonly bytes: number;
  readonly failed: readonly Problem[];
  readonly wasStopped: boolean;
};

/** FreeExpiredResult: batches, entries and bytes are those that were deleted. */
export type FreeExpiredResult = {
  readonly batches: number;
  readonly entries: number;
  readonly bytes: number;
  /** orphans were to be kept until their process quits, and it has; those of which that is not known count too. */
  readonly orphans: readonly Batch[];
  readonly failed: readonly Problem[];
};

export type TrashOptions = {
  readonly signal?: AbortSignal;
  /** onProgress is called after each slice of the work, and at its end. */
  onProgress?(progress: { readonly done: number; readonly bytes: number }): void;
};

/** listBatches lists what can be undone in a GOCACHE, the newest first. */
export async function listBatches(gocache: string): Promise<readonly Batch[]> {
  const batches: Batch[] = [];
  for (const { folder, ...batch } of readBatches(gocache))
    batches.push({ ...batch, ...(await countEntries(folder)) });
  return batches;
}

/**
 * restoreBatch moves the entries of a batch back, with their times: the outputs first, as Go writes them. An output that
 * is there again stays, unless it has another size and ours is right; of two action entries the newer stays. The batch
 * goes when it is empty; what failed stays in it.
 */
export async function restoreBatch(
  gocache: string,
  batch: string,
  options: TrashOptions = {},
): Promise<RestoreResult> {
  const restored = { entries: 0, bytes: 0, present: 0 };
  const end = await goThrough(gocache, batch, options, 'moving it back', ({ folder, cache, file, bytes }) => {
    mkdirSync(join(cache, file.id.slice(0, 2)), { recursive: true }); // `go clean -cache` takes the folder too
    const came = putBack(folder, cache, file);
    if (came === 'present') restored.present += 1;
    if (came !== 'back') return;
    restored.entries += 1;
    restored.bytes += bytes;
  });
  return { ...restored, ...end };
}

/** freeBatch deletes a batch for good. */
export async function freeBatch(
  gocache: string,
  batch: string,
  options: TrashOptions = {},
): Promise<FreeResult> {
  const freed = { entries: 0, bytes: 0 };
  const what = 'deleting it from the trash';
  const end = await goThrough(gocache, batch, options, what, ({ path, isFolder, bytes }) => {
    discardEntry(path, isFolder);
    freed.entries += 1;
    freed.bytes += bytes;
  });
  return { ...freed, ...end };
}

/**
 * freeExpired deletes the batches whose time is over at `now`, Unix ms. One that is kept until its process quits is
 * never deleted here: when `isAlive` says that the process is gone, it is named among the orphans.
 */
export async function freeExpired(
  gocache: string,
  now: number,
  isAlive: (pid: number, startTicks: number | undefined) => boolean,
): Promise<FreeExpiredResult> {
  const freed = { batches: 0, entries: 0, bytes: 0 };
  const orphans: Batch[] = [];
  const failed: Problem[] = [];
  for (const { folder, ...batch } of readBatches(gocache)) {
    const { expiresAt, pid, startTicks } = batch;
    if (expiresAt !== undefined && expiresAt > now) continue;
    if (expiresAt === undefined) {
      if (pid !== undefined && isAlive(pid, startTicks)) continue;
      orphans.push({ ...batch, ...(await countEntries(folder)) });
      continue;
    }
    const result = await freeBatch(gocache, batch.batch);
    freed.batches += 1;
    freed.entries += result.entries;
    freed.bytes += result.bytes;
    failed.push(...result.failed);
  }
  return { ...freed, orphans, failed };
}

type Step = {
  /** folder of the batch, and cache, the GOCACHE that it came from: real paths. */
  readonly folder: string;
  readonly cache: string;
  readonly file: CacheFileName;
  /** path of the entry in the batch. */
  readonly path: string;
  readonly isFolder: boolean;
  readonly bytes: number;
};

type End = Pick<RestoreResult, 'failed' | 'wasStopped'>;

/** goThrough takes a step for each entry of a batch, and drops the batch when that leaves it empty. */
async function goThrough(
  gocache: string,
  batch: string,
  options: TrashOptions,
  what: string,
  step: (step: Step) => void,
): Promise<End> {
  const failures = createFailures();
  const found = readBatches(gocache).find((each) => each.batch === batch);
  if (found === undefined) {
    failures.add(join(gocache, trashName, batch), what, new Error('there is no such batch'));
    return { failed: failures.list(), wasStopped: false };
  }
  const wasStopped = await stepThrough(found, realpathSync(gocache), options, failures, what, step);
  if (!wasStopped && dropSubfolders(found.folder)) dropBatchFolder(found.folder);
  return { failed: failures.list(), wasStopped };
}

/** stepThrough gives true when it was stopped. */
async function stepThrough(
  { folder }: BatchFolder,
  cache: string,
  { signal, onProgress }: TrashOptions,
  failures: Failures,
  what: string,
  step: (step: Step) => void,
): Promise<boolean> {
  const slices = createSlices();
  let done = 0;
  let bytes = 0;
  for (const file of entriesOf(folder)) {
    if (signal?.aborted === true) return true;
    const path = join(folder, file.name);
    try {
      const stats = lstatSync(path);
      const size = measureEntry(path, file.kind, stats);
      if (size === undefined) throw new Error('it is not what was put there');
      step({ folder, cache, file, path, isFolder: stats.isDirectory(), bytes: size });
      bytes += size;
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') failures.add(path, what, error); // else another process was faster
    }
    done += 1;
    if (!slices.isFull()) continue;
    onProgress?.({ done, bytes });
    await slices.rest();
  }
  onProgress?.({ done, bytes });
  return false;
}
