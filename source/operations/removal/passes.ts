import { lstatSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { actionEntrySize, parseActionEntry } from '../../build-cache/action-entry.ts';
import { readHead } from '../../build-cache/archive-file.ts';
import { cacheFileName, parseCacheFileName } from '../../build-cache/file-name.ts';
import type { ActionId, OutputId } from '../../go/ids.ts';
import { codeOf } from '../../platform/problem.ts';
import { isRealFolder } from './cache-folder.ts';
import { measureEntry } from './entry-file.ts';
import { createFailures } from './failures.ts';
import { watchGuard } from './guard.ts';
import type { RemovalMode, RemovalOptions, RemovalPlan, RemovalResult } from './removal.ts';
import { createTaker } from './taker.ts';

/** Passes are the steps of a removal: all action entries first, then all outputs. Each step is one entry. */
export type Passes = {
  /** lookAround asks which go commands run now, at the start of each pass. */
  lookAround(): void;
  removeAction(id: ActionId): void;
  removeOutput(id: OutputId): void;
  removedBytes(): number;
  finish(wasStopped: boolean): RemovalResult;
};

/** createPasses begins a removal in `plan.gocache`, which is a GOCACHE and a real path. */
export function createPasses(plan: RemovalPlan, mode: RemovalMode, options: RemovalOptions): Passes {
  const { gocache } = plan;
  const about = options.about ?? `${plan.actions.length} action entries, ${plan.outputs.length} outputs`;
  const taker = createTaker(gocache, mode, { at: options.now(), about });
  const guard = watchGuard(gocache, options.now);
  const outputs = new Map<OutputId, Fate>(plan.outputs.map((id) => [id, newFate()]));
  const isReal = rememberFolders(gocache);
  const kept = new Map<string, number>();
  const failures = createFailures();
  const removed = { entries: 0, bytes: 0 };
  return { lookAround: guard.look, removeAction, removeOutput, removedBytes: () => removed.bytes, finish };

  function removeAction(id: ActionId): void {
    const name = cacheFileName({ kind: 'action', id });
    let fate: Fate | undefined;
    const isTold = attempt(name, (stats, bytes) => {
      const known = plan.known?.(id);
      // Go sets the mtime whenever it writes or uses an entry: cmd/go/internal/cache: putIndexEntry, markUsed, go1.26
      const outputId =
        known?.mtime === stats.mtimeMs ? known.outputId : readOutputId(join(gocache, name), id);
      fate = outputId && outputs.get(outputId);
      if (guard.covers(stats.mtimeMs)) {
        if (fate !== undefined) fate.stays = 'in use';
        keep('in use', 1);
      } else if (taker.take(name, false)) {
        count(1, bytes);
        fate?.taken.push(id);
        if (fate !== undefined) fate.usedAt = Math.max(fate.usedAt, stats.mtimeMs);
      }
    });
    if (!isTold && fate !== undefined) fate.stays ??= 'still named';
  }

  function removeOutput(id: OutputId): void {
    const name = cacheFileName({ kind: 'output', id });
    const fate = outputs.get(id) ?? newFate();
    const isBack = fate.stays === undefined && fate.taken.some((action) => cameBack(action, id));
    attempt(name, (stats, bytes) => {
      if (fate.stays !== undefined) keep(fate.stays, 1);
      else if (isBack) keep('used again', 1);
      else if (guard.covers(Math.max(stats.mtimeMs, fate.usedAt))) {
        keep('in use', 1);
        for (const action of fate.taken) giveBack(action);
      } else if (taker.take(name, stats.isDirectory())) count(1, bytes);
    });
  }

  /** cameBack: a build has written the action entry again; half written, it may still name this output. */
  function cameBack(action: ActionId, output: OutputId): boolean {
    const path = `${gocache}/${cacheFileName({ kind: 'action', id: action })}`;
    if (!mayExist(path)) return false;
    const named = readOutputId(path, action);
    return named === undefined || named === output;
  }

  /** giveBack: a go command that began during the first pass may have read the entry before it went. */
  function giveBack(id: ActionId): void {
    try {
      if (!taker.giveBack({ kind: 'action', id })) return;
      count(-1, -actionEntrySize);
      keep('in use', 1);
    } catch (error) {
      failures.add(join(gocache, cacheFileName({ kind: 'action', id })), 'moving it back', error);
    }
  }

  /**
   * attempt looks at an entry right before `remove` deals with it: a list made earlier let 3 of 6 builds fail. It gives
   * false when the entry is still there and nothing was done about it, which is told already.
   */
  function attempt(name: string, remove: (stats: Stats, bytes: number) => void): boolean {
    const path = `${gocache}/${name}`;
    try {
      const file = parseCacheFileName(name);
      if (file === undefined) throw new Error('this is no name of an entry');
      const stats = lstat(path);
      if (stats === undefined) return true;
      const bytes = isReal(name.slice(0, 2)) ? measureEntry(path, file.kind, stats) : undefined;
      if (bytes === undefined) keep('changed', 1);
      else remove(stats, bytes);
      return bytes !== undefined;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return true; // another removal, or a trim, was faster
      failures.add(path, 'removing', error);
      return false;
    }
  }

  function keep(reason: string, entries: number): void {
    kept.set(reason, (kept.get(reason) ?? 0) + entries);
  }

  function count(entries: number, bytes: number): void {
    removed.entries += entries;
    removed.bytes += bytes;
  }

  function finish(wasStopped: boolean): RemovalResult {
    taker.finish();
    return {
      removed: { ...removed },
      kept: [...kept].map(([reason, entries]) => ({ reason, entries })),
      batch: taker.batch(),
      fellBack: taker.fellBack(),
      failed: failures.list(),
      wasStopped,
    };
  }
}

/** Fate is what the first pass learned of an output. */
type Fate = {
  /** taken are the action entries that named it. */
  readonly taken: ActionId[];
  /**
   * usedAt is the newest mtime of those, Unix ms: an output that was made again keeps its old mtime
   * (cmd/go/internal/cache: (*DiskCache).copyFile, go1.26).
   */
  usedAt: number;
  /** stays is why it must stay: an action entry that names it did. */
  stays: string | undefined;
};

function newFate(): Fate {
  return { taken: [], usedAt: 0, stays: undefined };
}

/** readOutputId is undefined for an entry that Go cannot read either. */
function readOutputId(path: string, id: ActionId): OutputId | undefined {
  try {
    const entry = parseActionEntry(readHead(path, actionEntrySize + 1), id);
    return 'fault' in entry ? undefined : entry.outputId;
  } catch {
    return undefined; // gone, or not ours to read: its removal will tell
  }
}

/** rememberFolders tells, once for each of the 256 folders, whether it is one itself and no link to elsewhere. */
function rememberFolders(gocache: string): (folder: string) => boolean {
  const known = new Map<string, boolean>();
  return (folder) => {
    const before = known.get(folder);
    if (before !== undefined) return before;
    const isFolder = isRealFolder(join(gocache, folder));
    known.set(folder, isFolder);
    return isFolder;
  };
}

function mayExist(path: string): boolean {
  try {
    return lstat(path) !== undefined;
  } catch {
    return true; // it cannot be told: the safe side
  }
}

function lstat(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}
