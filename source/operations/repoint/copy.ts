import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isCacheFolder, parseCacheFileName } from '../../build-cache/file-name.ts';
import type { Problem } from '../../platform/problem.ts';
import { isRealFolder } from '../removal/cache-folder.ts';
import { createSlices } from '../removal/slices.ts';
import type { Amount } from './facts.ts';
import type { Made } from './made.ts';
import { createTransfer, type Transfer } from './transfer.ts';

export type CopyOptions = {
  readonly from: string;
  readonly to: string;
  /** isLink makes hard links in the place of copies. */
  readonly isLink: boolean;
  readonly made: Made;
  readonly signal?: AbortSignal;
  /** onProgress is called after each slice of the work, and at its end. */
  onProgress?(done: Amount): void;
};

export type CopyResult = {
  /** taken counts action entries and outputs that came into the new folder. */
  readonly taken: Amount;
  /** present counts the entries that were there already, as good or newer. */
  readonly present: number;
  /** failed are entries that cannot be read: the others are taken. */
  readonly failed: readonly Problem[];
  readonly wasStopped: boolean;
};

/**
 * copyCache brings the entries of a GOCACHE into another folder, with their times, while builds may run on both. Action
 * entries are listed first and written last: each output that they name is then in place, and a copy that was broken off
 * is a miss, never a wrong hit. It throws what makes all the rest fail too, as a full disk; `made` can then take it back.
 * Files that are not Go's, and our own trash, stay behind.
 */
export async function copyCache(options: CopyOptions): Promise<CopyResult> {
  const { from, to, made, signal } = options;
  const transfer = createTransfer(options);
  const slices = createSlices();
  made.folder(to);
  const folders = readdirSync(from).filter((name) => isCacheFolder(name) && isRealFolder(join(from, name)));
  const actions = folders.map((folder) => namesIn(from, folder, 'action'));
  // Before the entries: test results that `go clean -testcache` let expire must not come to life again.
  for (const name of ['README', 'testexpire.txt', 'trim.txt']) await transfer.setting(name);
  const isDone =
    (await each(folders, (folder) => namesIn(from, folder, 'output'))) &&
    (await each(fuzzFolders(from), (folder) => filesIn(from, folder))) &&
    (await each(folders, (_, index) => actions[index] ?? []));
  return { ...transfer.result(), wasStopped: !isDone };

  /** each gives false when it was stopped before the last one. */
  async function each(
    groups: Iterable<string>,
    namesOf: (folder: string, index: number) => readonly string[],
  ): Promise<boolean> {
    let index = 0;
    for (const folder of groups) {
      const names = namesOf(folder, index++);
      if (names.length > 0) made.folder(join(to, folder));
      for (const name of names) {
        if (signal?.aborted === true) return false;
        await step(transfer, name);
        if (!slices.isFull()) continue;
        options.onProgress?.(transfer.result().taken);
        await slices.rest();
      }
    }
    options.onProgress?.(transfer.result().taken);
    return true;
  }
}

function step(transfer: Transfer, name: string): Promise<void> {
  const file = parseCacheFileName(name);
  return file === undefined ? transfer.other(name) : transfer.entry(name, file);
}

function namesIn(from: string, folder: string, kind: 'action' | 'output'): readonly string[] {
  return readdirSync(join(from, folder))
    .map((name) => `${folder}/${name}`)
    .filter((name) => parseCacheFileName(name)?.kind === kind);
}

/** fuzzFolders are fuzz/ and all folders below it: what fuzzing has found is nowhere else. */
function* fuzzFolders(from: string, folder = 'fuzz'): Generator<string> {
  if (!isRealFolder(join(from, folder))) return;
  yield folder;
  for (const entry of readdirSync(join(from, folder), { withFileTypes: true }))
    if (entry.isDirectory()) yield* fuzzFolders(from, `${folder}/${entry.name}`);
}

function filesIn(from: string, folder: string): readonly string[] {
  return readdirSync(join(from, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => `${folder}/${name}`);
}
