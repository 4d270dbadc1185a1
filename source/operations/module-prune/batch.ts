import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { codeOf } from '../../platform/problem.ts';
import {
  dropBatchFolder,
  newBatchId,
  parseBatchId,
  readBatchHeader,
  writeBatchHeader,
} from '../removal/batch.ts';
import { createFailures } from '../removal/failures.ts';
import { readOwnStartTicks } from '../removal/processes.ts';
import { createSlices } from '../removal/slices.ts';
import type { FreeResult, RestoreResult } from '../removal/trash.ts';

/** ModuleBatch is one prune of modules that can be undone. Times are Unix ms. */
export type ModuleBatch = {
  readonly batch: string;
  readonly at: number;
  readonly expiresAt: number | undefined;
  readonly pid: number | undefined;
  readonly startTicks: number | undefined;
  readonly about: string;
};

/** modulesTrash is where what a prune takes is moved to: on the file system of GOMODCACHE, and where no go command looks. */
function modulesTrash(gomodcache: string): string {
  return join(realpathSync(gomodcache), 'cache', 'gocachetop-trash');
}

/** OpenBatch is a batch that things are moved into. Paths are below GOMODCACHE. */
export type OpenBatch = {
  readonly id: string;
  /** take moves a file or folder into the batch; false when it was gone already. */
  take(relative: string): boolean;
  /** giveBack moves it back; false when something else has its place. */
  giveBack(relative: string): boolean;
  readonly isEmpty: boolean;
  /** finish drops a batch that came out empty. */
  finish(): void;
};

/** openBatch touches nothing until something is taken. */
export function openBatch(
  gomodcache: string,
  {
    at,
    expiresAt,
    about,
  }: { readonly at: number; readonly expiresAt: number | undefined; readonly about: string },
): OpenBatch {
  const id = newBatchId(at);
  const root = realpathSync(gomodcache);
  const folder = join(modulesTrash(gomodcache), id);
  const held = new Set<string>();
  let isMade = false;
  return {
    id,
    take(relative) {
      const from = join(root, relative);
      if (lstatSync(from, { throwIfNoEntry: false }) === undefined) return false;
      if (!isMade) {
        mkdirSync(folder, { recursive: true });
        const owner = { pid: process.pid, startTicks: readOwnStartTicks() };
        writeBatchHeader(folder, { batch: id, at, expiresAt, about, ...owner, gocache: root });
        isMade = true;
      }
      const to = join(folder, content, relative);
      mkdirSync(dirname(to), { recursive: true });
      moveReadOnly(from, to);
      held.add(relative);
      return true;
    },
    giveBack(relative) {
      const isBack = putBack(join(folder, content, relative), join(root, relative));
      if (isBack) held.delete(relative);
      return isBack;
    },
    get isEmpty() {
      return held.size === 0;
    },
    finish() {
      if (isMade && held.size === 0) dropBatch(folder);
    },
  };
}

// Beside it lies batch.json.
const content = 'content';

/**
 * moveReadOnly renames. To give a folder another parent its own write bit must be set, rename(2): Go has taken it away, as
 * from all folders of a module, so that nobody changes what go.sum vouches for. It is given back at once.
 */
function moveReadOnly(from: string, to: string): void {
  const stats = lstatSync(from);
  const needsBit = stats.isDirectory() && (stats.mode & ownerWrites) === 0;
  if (needsBit) chmodSync(from, stats.mode | ownerWrites);
  try {
    renameSync(from, to);
  } catch (error) {
    if (needsBit) chmodSync(from, stats.mode);
    throw error;
  }
  if (needsBit) chmodSync(to, stats.mode);
}

const ownerWrites = 0o200;

/** putBack gives false when something has the place: what is there now stays. */
function putBack(from: string, to: string): boolean {
  if (lstatSync(to, { throwIfNoEntry: false }) !== undefined) return false;
  mkdirSync(dirname(to), { recursive: true });
  moveReadOnly(from, to);
  return true;
}

/** listModuleBatches lists what can be undone, the newest first. */
export function listModuleBatches(gomodcache: string): readonly ModuleBatch[] {
  let names: readonly string[];
  try {
    names = readdirSync(modulesTrash(gomodcache));
  } catch {
    return []; // nothing was pruned, or there is no GOMODCACHE
  }
  return names
    .toSorted()
    .reverse()
    .flatMap((batch): readonly ModuleBatch[] => {
      const at = parseBatchId(batch);
      if (at === undefined) return [];
      const header = readBatchHeader(join(modulesTrash(gomodcache), batch), batch);
      if (!('fault' in header)) return [header];
      // Its entries are there all the same, and can be put back.
      return [
        { batch, at, expiresAt: undefined, pid: undefined, startTicks: undefined, about: header.fault },
      ];
    });
}

/** measureBatch counts what lies in a batch: versions' files and folders as they were taken, and bytes. */
export function measureBatch(
  gomodcache: string,
  batch: string,
): { readonly entries: number; readonly bytes: number } {
  const top = join(modulesTrash(gomodcache), batch, content);
  const parts = partsOf(top);
  return {
    entries: parts.length,
    bytes: parts.reduce((sum, part) => sum + treeBytes(join(top, part)), 0),
  };
}

/** restoreModules moves a batch back, with times and modes. What GOMODCACHE has again meanwhile stays as it is. */
export async function restoreModules(gomodcache: string, batch: string): Promise<RestoreResult> {
  const folder = join(modulesTrash(gomodcache), batch);
  const top = join(folder, content);
  const root = realpathSync(gomodcache);
  const failures = createFailures();
  const slices = createSlices();
  const restored = { entries: 0, bytes: 0, present: 0 };
  for (const part of partsOf(top)) {
    const [from, to] = [join(top, part), join(root, part)];
    try {
      const bytes = treeBytes(from);
      if (putBack(from, to)) {
        restored.entries += 1;
        restored.bytes += bytes;
      } else {
        restored.present += 1;
        removeTree(from);
      }
    } catch (error) {
      failures.add(to, 'moving it back', error);
    }
    if (slices.isFull()) await slices.rest();
  }
  if (failures.list().length === 0) dropBatch(folder);
  return { ...restored, failed: failures.list(), wasStopped: false };
}

/** freeModules deletes a batch for good, in slices: nothing waits for it. */
export async function freeModules(gomodcache: string, batch: string): Promise<FreeResult> {
  const folder = join(modulesTrash(gomodcache), batch);
  const top = join(folder, content);
  const failures = createFailures();
  const slices = createSlices();
  const freed = { entries: 0, bytes: 0 };
  for (const part of partsOf(top)) {
    try {
      for (const bytes of removalSteps(join(top, part))) {
        freed.bytes += bytes;
        if (slices.isFull()) await slices.rest();
      }
      freed.entries += 1;
    } catch (error) {
      failures.add(join(top, part), 'deleting it from the trash', error);
    }
  }
  if (failures.list().length === 0) dropBatch(folder);
  return { ...freed, failed: failures.list(), wasStopped: false };
}

/** partsOf names what was taken: files in `cache/download`, and folders of extracted modules, each as one. */
function partsOf(top: string): readonly string[] {
  const parts: string[] = [];
  const look = (relative: string): void => {
    let entries: ReturnType<typeof listEntries>;
    try {
      entries = listEntries(join(top, relative));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return;
      throw error;
    }
    for (const entry of entries) {
      const path = relative === '' ? entry.name : `${relative}/${entry.name}`;
      const isWhole = path === sumdbFolder || (entry.name.includes('@') && entry.name !== '@v');
      if (entry.isDirectory() && !isWhole) look(path);
      else parts.push(path);
    }
  };
  look('');
  return parts;
}

/** sumdbFolder holds the kept answers of the checksum database. */
export const sumdbFolder = 'cache/download/sumdb';

function listEntries(folder: string) {
  return readdirSync(folder, { withFileTypes: true });
}

function treeBytes(path: string): number {
  const stats = lstatSync(path);
  if (!stats.isDirectory()) return stats.size;
  return readdirSync(path).reduce((sum, name) => sum + treeBytes(join(path, name)), 0);
}

/** removalSteps deletes a tree file by file and gives the bytes of each; a folder must be writable for that. */
function* removalSteps(path: string): Generator<number> {
  const stats = lstatSync(path);
  if (!stats.isDirectory()) {
    unlinkSync(path);
    yield stats.size;
    return;
  }
  if ((stats.mode & ownerAll) !== ownerAll) chmodSync(path, stats.mode | ownerAll);
  for (const name of readdirSync(path)) yield* removalSteps(join(path, name));
  rmdirSync(path);
}

const ownerAll = 0o700;

function removeTree(path: string): void {
  for (const _ of removalSteps(path));
}

function dropBatch(folder: string): void {
  rmSync(join(folder, content), { recursive: true, force: true });
  dropBatchFolder(folder);
}
