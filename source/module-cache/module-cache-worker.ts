import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { mountOf } from '../platform/mounts.ts';
import { codeOf, type Problem } from '../platform/problem.ts';
import { startWorker, yieldToBuilds } from '../platform/workers.ts';
import { createInventory, type Draft, toVersion } from './inventory.ts';
import { keepTree, openTree } from './kept-store.ts';
import { type KeptTree, newTree } from './kept-tree.ts';
import { lockKeyOf, parseHeldLocks } from './locks.ts';
import { type Measured, type MeasureOrder, measureShare, type Unread, unread } from './measure.ts';
import { isToolchain } from './paths.ts';
import { createFolderReader } from './read-folder.ts';
import type { FolderSize, ModuleCacheMessage } from './totals.ts';
import { createWalk, type Extracted } from './walk.ts';

/** ScanOrder is what the worker is to read; `keptIn` is the folder of the index, undefined when none is to be used. */
export type ScanOrder = {
  readonly gomodcache: string;
  readonly keptIn: string | undefined;
  readonly isReadOnly: boolean;
  /** isBackground gives way to all else on this machine: somebody looks at a screen, or a build runs. */
  readonly isBackground: boolean;
};

/** tellMs is the time between two messages: smooth enough for a number on a screen. */
const tellMs = 200;
const noTroubles: readonly Unread[] = [];
// More threads than this only wait for the same disk.
const mostThreads = 4;
// Below this a thread takes longer to start than it saves.
const fewestFolders = 40;
// What the other threads found is told in between.
const sliceMs = 100;
// Enough versions for a message to be worth it, few enough that a frame has room for it.
const mostAtOnce = 2000;
// Of temporary GOMODCACHEs there are many.
const fewestKept = 100;
/** shownProblems bounds the list of what cannot be read; the rest is counted. */
const shownProblems = 20;

const { gomodcache, keptIn, isReadOnly, isBackground } = workerData as ScanOrder;
if (isBackground) yieldToBuilds();
const startedAt = performance.now();
const inventory = createInventory();
const problems: Problem[] = [];
let unreadable = 0;
let vanished = 0;
/** places is the index of each version that was told; `untold` are the next. */
const places = new Map<Draft, number>();
let untold: Draft[] = [];

const root = findRoot();
if (root === undefined) finish(false, 0);
else await scan(root);

/** findRoot follows GOMODCACHE, which may be a symbolic link itself. */
function findRoot(): string | undefined {
  try {
    return realpathSync(gomodcache);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') note(unread(gomodcache, error));
    return undefined;
  }
}

async function scan(folder: string): Promise<void> {
  const { tree: known, problem } = openTree(keptIn, folder);
  if (problem !== undefined) problems.push(problem);
  const kept = newTree();
  const trouble = (path: string, error: unknown): void => note(unread(path, error));
  const reader = createFolderReader(folder, known, kept, trouble);
  const extracted: Extracted[] = [];
  const walk = createWalk({
    root: folder,
    known,
    reader,
    inventory,
    trouble,
    isHeld: heldLocks(folder),
    hasAccessTimes: mountOf(folder)?.options.includes('noatime') === false,
    onExtracted: (each) => extracted.push(each),
    onVersions: (drafts) => {
      untold.push(...drafts);
      if (untold.length >= mostAtOnce) tellVersions(false);
    },
  });
  walk.findExtracted();
  const toMeasure = extracted.filter((each) => each.known === undefined);
  const measuring = startMeasuring(toMeasure.map(({ relative }) => `${folder}/${relative}`));
  walk.readCache();
  const ready = new Set(untold);
  untold.push(...inventory.drafts.filter((draft) => !places.has(draft) && !ready.has(draft)));
  tellVersions(true);
  const sizes = createSizes();
  const add = (each: Extracted, size: Omit<Measured, 'index'>): void => {
    const { draft, relative, stamp } = each;
    const { files, bytes, diskBytes } = size;
    draft.dir = { files, bytes };
    inventory.add(isToolchain(draft) ? 'toolchains' : 'extracted', files, bytes, diskBytes);
    for (const found of size.troubles) note(found);
    // One that is being extracted, or could not be read, is read again the next time.
    if (size.troubles.length === 0 && !draft.kinds.includes('partial') && !draft.isLocked)
      kept.extracted.set(relative, { stamp, files, bytes, diskBytes });
    sizes.add([places.get(draft) ?? -1, files, bytes, diskBytes]);
  };
  for (const each of extracted)
    if (each.known !== undefined) add(each, { ...each.known, troubles: noTroubles });
  await measuring.finish((found) => {
    for (const measured of found) {
      const each = toMeasure[measured.index];
      if (each !== undefined) add(each, measured);
    }
  });
  sizes.tell();
  inventory.add('metadata', 0, 0, reader.folderBytes);
  if (keptIn !== undefined && !isReadOnly && isWorthKeeping(kept, known, toMeasure.length)) {
    const unkept = keepTree(keptIn, folder, kept);
    if (unkept !== undefined) problems.push(unkept);
  }
  finish(true, reader.remembered + extracted.length - toMeasure.length);
}

/** startMeasuring begins to measure folders in other threads, as many as there are cores, up to four with this one. */
function startMeasuring(folders: readonly string[]): {
  /** finish measures with them, and tells all that was measured, when it is called at the earliest. */
  finish(tell: (measured: readonly Measured[]) => void): Promise<void>;
} {
  const order: MeasureOrder = { folders, next: new Int32Array(new SharedArrayBuffer(4)), isBackground };
  const helpers =
    Math.min(mostThreads, availableParallelism(), Math.ceil(folders.length / fewestFolders)) - 1;
  let early: Measured[] = [];
  let tellNow = (measured: readonly Measured[]): void => {
    early = early.concat(measured);
  };
  const others = Array.from({ length: Math.max(0, helpers) }, () => {
    const worker = startWorker('module-cache/measure-worker', { workerData: order });
    return new Promise<void>((resolve, reject) => {
      worker.on('message', (message: readonly Measured[] | 'done') => {
        if (message === 'done') resolve();
        else tellNow(message);
      });
      worker.on('error', reject);
    });
  });
  return {
    async finish(tell) {
      tellNow = tell;
      tell(early);
      let sliceEnds = performance.now() + sliceMs;
      while (!measureShare(order, tell, () => performance.now() >= sliceEnds)) {
        await nextTurn();
        sliceEnds = performance.now() + sliceMs;
      }
      await Promise.all(others);
    },
  };
}

/** heldLocks asks once which files of this file system are locked. */
function heldLocks(folder: string): (file: string) => boolean {
  let held: ReadonlySet<string>;
  let device: number;
  try {
    held = parseHeldLocks(readFileSync('/proc/locks', 'latin1'));
    device = lstatSync(folder).dev;
  } catch {
    return () => false; // no /proc: a lock cannot be seen
  }
  const prefix = lockKeyOf(device, 0).replace(/0$/, '');
  if (![...held].some((key) => key.startsWith(prefix))) return () => false;
  return (file) => {
    const stats = lstatSync(file, { throwIfNoEntry: false });
    return stats !== undefined && held.has(lockKeyOf(stats.dev, stats.ino));
  };
}

/** createSizes gathers sizes and tells them five times a second. */
function createSizes() {
  let sizes: FolderSize[] = [];
  let toldAt = performance.now();
  const tellNow = (): void => {
    toldAt = performance.now();
    const progress = { versions: inventory.drafts.length, files: inventory.files, bytes: inventory.bytes };
    tell({ kind: 'sizes', sizes, progress });
    sizes = [];
  };
  return {
    add(size: FolderSize): void {
      sizes.push(size);
      if (performance.now() - toldAt >= tellMs) tellNow();
    },
    tell: tellNow,
  };
}

/** isWorthKeeping: not of a small GOMODCACHE, which is read as soon, nor what is kept already. */
function isWorthKeeping(kept: KeptTree, known: KeptTree, measured: number): boolean {
  if (kept.extracted.size + kept.folders.size < fewestKept) return false;
  if (
    measured > 0 ||
    kept.folders.size !== known.folders.size ||
    kept.extracted.size !== known.extracted.size
  )
    return true;
  return [...kept.folders].some(([path, folder]) => known.folders.get(path) !== folder);
}

/** note counts what could not be read. What is gone was removed while we looked: that is no fault. */
function note({ isGone, problem }: Unread): void {
  if (isGone) {
    vanished += 1;
    return;
  }
  unreadable += 1;
  if (problems.length < shownProblems) problems.push(problem);
}

function tellVersions(isLast: boolean): void {
  for (const draft of untold) places.set(draft, places.size);
  tell({ kind: 'versions', versions: untold.map(toVersion), isLast });
  untold = [];
}

function finish(isThere: boolean, remembered: number): void {
  tell({
    kind: 'done',
    totals: {
      gomodcache,
      isThere,
      ...inventory.sumUp(),
      unreadable,
      problems,
      vanished,
      remembered,
      durationMs: Math.round(performance.now() - startedAt),
    },
  });
}

function tell(message: ModuleCacheMessage): void {
  parentPort?.postMessage(message);
}
