import { lstatSync, readdirSync, realpathSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { type CacheFileName, isCacheFolder, parseCacheFileName } from '../../build-cache/file-name.ts';
import { codeOf } from '../../platform/problem.ts';
import { parseBatchId, readBatchHeader, trashName } from './batch.ts';
import { isRealFolder } from './cache-folder.ts';
import { measureEntry } from './entry-file.ts';
import { createSlices } from './slices.ts';
import type { Batch } from './trash.ts';

/** BatchFolder is a batch whose entries were not counted yet. */
export type BatchFolder = Omit<Batch, 'entries' | 'bytes'> & { readonly folder: string };

/** readBatches reads which batches there are, the newest first. Links are not followed. */
export function readBatches(gocache: string): readonly BatchFolder[] {
  let trash: string;
  try {
    trash = join(realpathSync(gocache), trashName);
    if (!isRealFolder(trash)) return [];
  } catch {
    return []; // no GOCACHE, no batches
  }
  const names = list(trash).sort().reverse();
  return names.map((name) => readBatch(trash, name)).filter((batch) => batch !== undefined);
}

/** entriesOf names the entries of a batch: all outputs, then all action entries. */
export function* entriesOf(folder: string): Generator<CacheFileName & { readonly name: string }> {
  const subfolders = subfoldersOf(folder);
  for (const kind of ['output', 'action'] as const) {
    for (const subfolder of subfolders) {
      for (const name of list(join(folder, subfolder))) {
        const file = parseCacheFileName(`${subfolder}/${name}`);
        if (file?.kind === kind) yield { ...file, name: `${subfolder}/${name}` };
      }
    }
  }
}

/** countEntries counts what lies in a batch now. */
export async function countEntries(folder: string): Promise<Pick<Batch, 'entries' | 'bytes'>> {
  const slices = createSlices();
  let entries = 0;
  let bytes = 0;
  for (const file of entriesOf(folder)) {
    const path = join(folder, file.name);
    try {
      bytes += measureEntry(path, file.kind, lstatSync(path)) ?? 0;
      entries += 1;
    } catch {
      // moved back or deleted meanwhile
    }
    if (slices.isFull()) await slices.rest();
  }
  return { entries, bytes };
}

/** dropSubfolders removes the empty folders of a batch; it gives false when one is not empty. */
export function dropSubfolders(folder: string): boolean {
  let isEmpty = true;
  for (const subfolder of subfoldersOf(folder)) {
    try {
      rmdirSync(join(folder, subfolder));
    } catch (error) {
      isEmpty &&= codeOf(error) === 'ENOENT';
    }
  }
  return isEmpty;
}

function readBatch(trash: string, name: string): BatchFolder | undefined {
  const folder = join(trash, name);
  const at = parseBatchId(name);
  if (at === undefined || !isRealFolder(folder)) return undefined;
  const header = readBatchHeader(folder, name);
  if (!('fault' in header)) return { ...header, folder, fault: undefined };
  const unknown = { expiresAt: undefined, pid: undefined, startTicks: undefined, about: '' };
  return { batch: name, at, ...unknown, fault: header.fault, folder };
}

function subfoldersOf(folder: string): readonly string[] {
  return list(folder).filter((name) => isCacheFolder(name) && isRealFolder(join(folder, name)));
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // it went meanwhile, or is another user's: then its entries stay, and so does the batch
  }
}
