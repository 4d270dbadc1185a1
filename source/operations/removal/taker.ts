import { lstatSync, mkdirSync, renameSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CacheFileName } from '../../build-cache/file-name.ts';
import { codeOf, explain, type Problem } from '../../platform/problem.ts';
import { dropBatchFolder, newBatchId, trashName, writeBatchHeader } from './batch.ts';
import { isRealFolder } from './cache-folder.ts';
import { discardEntry, putBack } from './entry-file.ts';
import { readOwnStartTicks } from './processes.ts';
import type { RemovalMode } from './removal.ts';

/** Taker takes entries out of GOCACHE, for good or into a trash batch. Names are as `3f/3f0a...-a`. */
export type Taker = {
  /** take gives false when the entry was gone already; it throws the error of the system. */
  take(name: string, isFolder: boolean): boolean;
  /** giveBack gives false when the entry cannot come back, as it was deleted. */
  giveBack(file: CacheFileName): boolean;
  /** finish drops a batch that came out empty. */
  finish(): void;
  batch(): string | undefined;
  fellBack(): Problem | undefined;
};

/** createTaker touches nothing yet: a trash batch is made for its first entry. */
export function createTaker(
  gocache: string,
  mode: RemovalMode,
  about: { readonly at: number; readonly about: string },
): Taker {
  const id = newBatchId(about.at);
  const folder = join(gocache, trashName, id);
  const made = new Set<string>();
  let hasHeader = false;
  let moved = 0;
  let fellBack: Problem | undefined;
  return { take, giveBack, finish, batch: () => (moved > 0 ? id : undefined), fellBack: () => fellBack };

  function take(name: string, isFolder: boolean): boolean {
    if (mode.type === 'delete' || fellBack !== undefined) return discard(name, isFolder);
    try {
      return move(name, mode.expiresAt);
    } catch (error) {
      if (!noRoom.has(codeOf(error) ?? '')) throw error;
      fellBack = explain(folder, 'there is no trash, so entries are deleted for good', error);
      return discard(name, isFolder);
    }
  }

  function discard(name: string, isFolder: boolean): boolean {
    try {
      discardEntry(`${gocache}/${name}`, isFolder);
      return true;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    }
  }

  function move(name: string, expiresAt: number | undefined): boolean {
    const from = `${gocache}/${name}`;
    for (let isRetry = false; ; isRetry = true) {
      try {
        prepare(name.slice(0, 2), expiresAt);
        renameSync(from, join(folder, name));
        moved += 1;
        return true;
      } catch (error) {
        if (codeOf(error) !== 'ENOENT') throw error;
        if (lstatSync(from, { throwIfNoEntry: false }) === undefined) return false;
        if (isRetry) throw new Error('the trash is taken away again and again', { cause: error });
        // The entry is there, so the batch is not: somebody has restored or freed it meanwhile.
        hasHeader = false;
        made.clear();
      }
    }
  }

  function prepare(subfolder: string, expiresAt: number | undefined): void {
    if (!hasHeader) {
      const owner = { pid: process.pid, startTicks: readOwnStartTicks() };
      try {
        mkdirSync(folder, { recursive: true });
        if (!isRealFolder(dirname(folder))) throw new Error(`${trashName} is a link to another place`);
        writeBatchHeader(folder, { batch: id, ...about, expiresAt, ...owner, gocache });
      } catch (error) {
        dropBatchFolder(folder);
        throw error;
      }
      hasHeader = true;
    }
    if (made.has(subfolder)) return;
    mkdirSync(join(folder, subfolder), { recursive: true });
    made.add(subfolder);
  }

  function giveBack(file: CacheFileName): boolean {
    if (!hasHeader || putBack(folder, gocache, file) === 'gone') return false;
    moved -= 1;
    return true;
  }

  function finish(): void {
    if (!hasHeader || moved > 0) return;
    for (const subfolder of made) {
      try {
        rmdirSync(join(folder, subfolder));
      } catch {
        return; // something lies there after all: the batch stays, and undo lists it
      }
    }
    dropBatchFolder(folder);
  }
}

// What a trash can meet and a deletion may not. A read-only file system fails both, and then says so entry by entry.
const noRoom: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EROFS']);
