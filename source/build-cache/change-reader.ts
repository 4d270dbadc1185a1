import { lstatSync, readFileSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import type { ActionId, OutputId } from '../go/ids.ts';
import { codeOf, reasonOf } from '../platform/problem.ts';
import {
  type ActionEntry,
  type ActionEntryFault,
  actionEntrySize,
  parseActionEntry,
} from './action-entry.ts';
import { readArchiveIdentity, readHead } from './archive-file.ts';
import type { BuildCacheEvent } from './event.ts';
import { type CacheFileName, cacheFileName, parseCacheFileName } from './file-name.ts';
import { classifyOutput, outputHeadSize } from './output-kind.ts';
import { mtimeInterval, parseTrimTxt } from './trim.ts';

/** ChangedFile is a name below GOCACHE that something happened to; `cameOrWent` means more than content or times. */
export type ChangedFile = { readonly name: string; readonly cameOrWent: boolean };

export type ChangeReader = {
  /** push takes one batch of changed names, oldest first, and gives what happened to them as far as that is known. */
  push(changes: readonly ChangedFile[], now: number): BuildCacheEvent[];
  /** settle tells of outputs that no action entry came for; to be called again and again while it says isWaiting. */
  settle(now: number): BuildCacheEvent[];
  readonly isWaiting: boolean;
};

/**
 * createChangeReader looks at files of GOCACHE that changed. Go writes `-d` in place, its last byte last, and then
 * `-a`: so an output is told when its `-a` is there, once and whole.
 * cmd/go/internal/cache: (*DiskCache).copyFile, putIndexEntry, go1.26
 */
export function createChangeReader(gocache: string): ChangeReader {
  const pending = new Map<OutputId, Pending>();
  // Changes of one writing come in several batches, and the watch may tell some twice.
  const told = createTold();

  return {
    push,
    settle,
    get isWaiting() {
      return pending.size > 0;
    },
  };

  function push(changes: readonly ChangedFile[], now: number): BuildCacheEvent[] {
    const events: BuildCacheEvent[] = [];
    const outputs: OutputId[] = [];
    const isBusy = changes.length > busyChanges;
    for (const { name, cameOrWent } of changes) {
      const file = parseCacheFileName(name);
      if (file === undefined) {
        if (name === 'trim.txt') events.push({ type: 'trimmed', lastTrim: readTrimTxt(gocache), at: now });
      } else if (file.kind === 'output') {
        const before = pending.get(file.id);
        pending.set(file.id, { cameOrWent: cameOrWent || before?.cameOrWent === true, changedAt: now });
        outputs.push(file.id);
      } else {
        readAction(file.id, `${gocache}/${name}`, isBusy, now, events);
      }
    }
    for (const id of outputs) if (pending.has(id)) dropIfGone(id, now, events);
    return events;
  }

  function readAction(
    id: ActionId,
    path: string,
    isBusy: boolean,
    now: number,
    events: BuildCacheEvent[],
  ): void {
    const entry = readActionEntry(path, id);
    if (entry === undefined) {
      events.push({ type: 'removed', file: 'action', id, at: now });
      return;
    }
    // Half written: another change follows. Anything else is a miss to Go, and the scan's to report.
    if ('fault' in entry) return;
    if (now - entry.addedAt >= oldAge) {
      events.push({ type: isRefreshed(id, now) ? 'refreshed' : 'appeared', file: 'action', id, at: now });
      return;
    }
    if (told.get(id) === entry.addedAt) return;
    told.set(id, entry.addedAt);
    tellOutput(entry, isBusy, now, events);
    events.push({
      type: 'wrote-action',
      actionId: id,
      outputId: entry.outputId,
      sizeBytes: entry.sizeBytes,
      at: entry.addedAt,
    });
  }

  function tellOutput(entry: ActionEntry, isBusy: boolean, now: number, events: BuildCacheEvent[]): void {
    if (!pending.has(entry.outputId)) return; // it was there before: nothing was written
    if (isBusy && entry.sizeBytes < smallestArchive) {
      pending.delete(entry.outputId);
      told.set(entry.outputId, entry.addedAt);
      events.push(unknownOutput(entry));
      return;
    }
    const stats = statOutput(gocache, entry.outputId);
    // Another go command may be writing the same output again.
    if (stats === undefined || (!stats.isDirectory() && stats.size !== entry.sizeBytes)) return;
    pending.delete(entry.outputId);
    if (isTold(entry.outputId, stats)) return;
    if (isOlder(stats, now)) {
      events.push({ type: 'appeared', file: 'output', id: entry.outputId, at: now });
      return;
    }
    tellWritten(stats, entry.outputId, entry, events);
  }

  function settle(now: number): BuildCacheEvent[] {
    const events: BuildCacheEvent[] = [];
    for (const [id, { cameOrWent, changedAt }] of pending) {
      if (now - changedAt < (cameOrWent ? orphanMs : refreshMs)) continue;
      const stats = statOutput(gocache, id);
      pending.delete(id);
      if (stats !== undefined && isTold(id, stats)) continue;
      if (stats === undefined) events.push({ type: 'removed', file: 'output', id, at: now });
      else if (!cameOrWent) events.push({ type: 'refreshed', file: 'output', id, at: now });
      else if (isOlder(stats, now)) events.push({ type: 'appeared', file: 'output', id, at: now });
      else tellWritten(stats, id, undefined, events);
    }
    return events;
  }

  function dropIfGone(id: OutputId, now: number, events: BuildCacheEvent[]): void {
    if (pending.get(id)?.cameOrWent !== true || statOutput(gocache, id) !== undefined) return;
    pending.delete(id);
    events.push({ type: 'removed', file: 'output', id, at: now });
  }

  function tellWritten(
    stats: Stats,
    outputId: OutputId,
    entry: ActionEntry | undefined,
    events: BuildCacheEvent[],
  ): void {
    told.set(outputId, entry?.addedAt ?? stats.mtimeMs);
    const path = join(gocache, cacheFileName({ kind: 'output', id: outputId }));
    const content = stats.isDirectory()
      ? { kind: 'executable' as const, archive: undefined }
      : readContent(path, events);
    events.push({
      type: 'wrote-output',
      outputId,
      sizeBytes: entry?.sizeBytes ?? stats.size,
      ...content,
      actionId: entry?.actionId,
      at: entry?.addedAt ?? stats.mtimeMs,
    });
  }

  function isRefreshed(id: ActionId, now: number): boolean {
    const file: CacheFileName = { kind: 'action', id };
    const stats = lstatSync(join(gocache, cacheFileName(file)), { throwIfNoEntry: false });
    return stats !== undefined && !isOlder(stats, now);
  }

  // Go sets the time of `-d` before it makes the entry, so that a later time is another writing.
  function isTold(id: OutputId, stats: Stats): boolean {
    return stats.mtimeMs <= (told.get(id) ?? Number.NEGATIVE_INFINITY);
  }
}

type Told = { get(id: string): number | undefined; set(id: string, at: number): void };

/** createTold remembers when what was told last was written, of the newest 20,000 to 40,000 IDs. */
function createTold(): Told {
  let young = new Map<string, number>();
  let old = new Map<string, number>();
  return {
    get: (id) => young.get(id) ?? old.get(id),
    set(id, at) {
      if (young.size >= toldLimit) {
        old = young;
        young = new Map();
      }
      young.set(id, at);
    },
  };
}

type Pending = { readonly cameOrWent: boolean; readonly changedAt: number };

// In a batch (100 ms) of more than this, 4,000 writes a second, small outputs are not opened: their kind stays unknown.
const busyChanges = 400;
// The smallest archive, of a package without any code, takes about 1 kB.
const smallestArchive = 512;
// Entries this old were not written now: Go sets the time of an old one only after mtimeInterval. Half of it leaves
// room for clocks that differ, as on a network file system.
const oldAge = mtimeInterval / 2;
// `-a` follows its `-d` at once, unless the go command was killed in between.
const orphanMs = 2000;
// A change of the times alone is told when no `-a` followed within this.
const refreshMs = 200;
// Far more than are written in the time in which the changes of one writing come.
const toldLimit = 20_000;

function isOlder(stats: Stats, now: number): boolean {
  return now - stats.mtimeMs >= oldAge;
}

function statOutput(gocache: string, id: OutputId): Stats | undefined {
  return lstatSync(join(gocache, cacheFileName({ kind: 'output', id })), { throwIfNoEntry: false });
}

// readActionEntry gives undefined when the entry is gone.
function readActionEntry(path: string, id: ActionId): ActionEntry | ActionEntryFault | undefined {
  try {
    return parseActionEntry(readHead(path, actionEntrySize + 1), id);
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? undefined : { fault: reasonOf(error) };
  }
}

function unknownOutput(entry: ActionEntry): BuildCacheEvent {
  return {
    type: 'wrote-output',
    outputId: entry.outputId,
    sizeBytes: entry.sizeBytes,
    kind: 'unknown',
    archive: undefined,
    actionId: entry.actionId,
    at: entry.addedAt,
  };
}

function readContent(path: string, events: BuildCacheEvent[]) {
  try {
    const kind = classifyOutput(readHead(path, outputHeadSize));
    if (kind !== 'archive') return { kind, archive: undefined };
  } catch {
    return { kind: 'unknown' as const, archive: undefined }; // gone again; its removal is told
  }
  const archive = readArchiveIdentity(path);
  if (!('fault' in archive)) return { kind: 'archive' as const, archive };
  const problem = { where: path, what: 'reading whose archive it is', why: archive.fault, repair: '' };
  events.push({ type: 'problem', problem });
  return { kind: 'archive' as const, archive: undefined };
}

function readTrimTxt(gocache: string): number | undefined {
  try {
    return parseTrimTxt(readFileSync(join(gocache, 'trim.txt'), 'utf8'));
  } catch {
    return undefined; // gone again, or not ours to read: then Go trims at the next occasion, as parseTrimTxt says
  }
}
