import { lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { FolderWatcher } from './folder-watcher.ts';
import { pollFolders } from './poll-folders.ts';
import { codeOf, type Problem, reasonOf } from './problem.ts';

/** FileChange is one name below a watched folder that something happened to. */
export type FileChange = {
  /** name below the root: `3f/3f0a...-a`, or `trim.txt` in the root itself. */
  readonly name: string;
  /** cameOrWent: created, removed or moved; else only its content or its times changed. */
  readonly cameOrWent: boolean;
};

/** TreeEvent is what a watch tells. */
export type TreeEvent =
  | { readonly type: 'changes'; readonly changes: readonly FileChange[] }
  /** watching: from now on changes are seen; `folders` is how many subfolders that are. */
  | { readonly type: 'watching'; readonly mode: 'events' | 'polling'; readonly folders: number }
  /** missing: the root does not exist now; it is awaited. */
  | { readonly type: 'missing' }
  /**
   * lost: the kernel threw events away, since they came faster than they were read. The folders were listed, which
   * found `recovered` changes (some of them told just before). `count` is how many writes are still not known: 0, or
   * undefined where a folder could not be listed. Removals in that moment are not found by listing.
   */
  | { readonly type: 'lost'; readonly count: number | undefined; readonly recovered: number }
  | { readonly type: 'problem'; readonly problem: Problem };

export type TreeWatch = { close(): Promise<void> };

export type WatchOptions = {
  /** isFolder says which direct subfolders of the root are watched. */
  readonly isFolder: (name: string) => boolean;
  /** batchMs: changes are gathered for so long. */
  readonly batchMs?: number;
  /** pollMs is the pause between two looks when there are no events. */
  readonly pollMs?: number;
  /**
   * mayBlock: this thread has nothing else to do and may sleep between batches. Woken for each single event, 10,000
   * writes a second cost 36 % of a core; with a sleep after each batch 8 %.
   */
  readonly mayBlock?: boolean;
  /** sleeper is what that sleep waits on: storing 1 there and a notify end it, and there is no other. */
  readonly sleeper?: Int32Array;
  /** since: what changed from then on is told as well, though the watch began later. Unix milliseconds. */
  readonly since?: number;
};

/**
 * watchTree watches a folder and its direct subfolders, without listing them and without a stat of any file. A folder
 * that does not exist yet is awaited, one that is removed is awaited again; a symbolic link is followed once, at the
 * start. What comes while a folder is not watched yet is found by listing it, so that a change may be told twice, a
 * little later. Without inotify watches it says what to raise and polls: then changes of a file in place are not seen.
 */
export function watchTree(root: string, options: WatchOptions, emit: (event: TreeEvent) => void): TreeWatch {
  const real = resolveLinks(resolve(root));
  const { isFolder, batchMs = 100, pollMs = 1000, mayBlock = false, since } = options;
  const sleeper = options.sleeper ?? new Int32Array(new SharedArrayBuffer(4));
  const queueLimit = readNumber('/proc/sys/fs/inotify/max_queued_events') ?? 16_384;
  let changed = new Map<string, boolean>();
  const prefixes = new Map<string, string>([[real, '']]);
  // toList holds folders to look into, and since when their changes are news.
  const toList = new Map<string, number>();
  const folders = new Set<string>();
  const startedAt = Date.now();
  let isScheduled = false;
  let isReady = false;
  let isThere: boolean | undefined;
  let eventsInTurn = 0;
  let lastDrainAt = startedAt;
  let wakefulUntil = startedAt;
  let timer: NodeJS.Timeout | undefined;
  let stopPolling: (() => void) | undefined;
  let isClosed = false;

  const watcher = new FolderWatcher(real, isFolder, onWatched);
  watcher.on('raw', onRaw);
  watcher.on('error', onError);
  watcher.on('ready', () => {
    isReady = true;
    tellPresence();
  });
  watcher.on('addDir', (path) => path === real && isReady && tellPresence());
  watcher.on('unlinkDir', (path) => {
    if (path === real) tellPresence();
    else folders.delete(basename(path));
  });
  watcher.add(real);

  return {
    async close() {
      isClosed = true;
      clearTimeout(timer);
      stopPolling?.();
      await watcher.close();
    },
  };

  function onRaw(kind: string, name: string | null, details: unknown): void {
    eventsInTurn += 1;
    const prefix = prefixes.get((details as { readonly watchedPath: string }).watchedPath);
    if (prefix === undefined) return; // an ancestor, while the root is awaited
    if (prefix === '') wakefulUntil = Date.now() + settlingMs;
    if (name) {
      const key = prefix + name;
      if (kind === 'rename') changed.set(key, true);
      else if (!changed.has(key)) changed.set(key, false);
    }
    schedule();
  }

  function onWatched(folder: string): void {
    prefixes.set(join(real, folder), `${folder}/`);
    folders.add(folder);
    wakefulUntil = Date.now() + settlingMs;
    // What the folder held at the start is not news; what it holds when it appears later is.
    if (isReady) toList.set(folder, Date.now() - listingMs);
    else if (since !== undefined && hasChanged(join(real, folder), since))
      toList.set(folder, since - clockSlackMs);
    if (toList.size > 0) schedule();
  }

  function schedule(): void {
    if (isScheduled || isClosed) return;
    isScheduled = true;
    // The check phase follows the poll phase, in which libuv reads the inotify queue until it is empty.
    if (mayBlock) setImmediate(endTurn);
    else setImmediate(countTurn);
  }

  function endTurn(): void {
    isScheduled = false;
    if (isClosed) return;
    recoverIfLost();
    flush();
    // A folder that is just being watched needs this thread: chokidar takes several turns for it.
    if (Date.now() >= wakefulUntil) Atomics.wait(sleeper, 0, 0, batchMs);
  }

  function countTurn(): void {
    isScheduled = false;
    if (isClosed) return;
    recoverIfLost();
    timer ??= setTimeout(() => {
      timer = undefined;
      flush();
    }, batchMs);
  }

  /*
   * The event that says "queue overflowed" never reaches us: libuv finds no watch for it. But the queue is read until
   * it is empty, so events are lost only in a turn that delivers at least as many as the queue can hold.
   */
  function recoverIfLost(): void {
    const since = lastDrainAt - clockSlackMs;
    const isLossPossible = eventsInTurn >= queueLimit;
    eventsInTurn = 0;
    lastDrainAt = Date.now();
    if (!isLossPossible) return;
    const before = changed.size;
    const isWhole = [...folders].map((folder) => listInto(folder, since)).every(Boolean);
    emit({ type: 'lost', count: isWhole ? 0 : undefined, recovered: changed.size - before });
  }

  function flush(): void {
    for (const [folder, from] of toList) listInto(folder, from);
    toList.clear();
    if (changed.size === 0) return;
    const changes = changed;
    changed = new Map();
    emit({ type: 'changes', changes: Array.from(changes, ([name, cameOrWent]) => ({ name, cameOrWent })) });
  }

  // listInto adds the files of a folder that changed since then; some may have been told in an earlier batch.
  function listInto(folder: string, since: number): boolean {
    const names = listChanged(join(real, folder), since);
    for (const name of names ?? []) {
      const key = `${folder}/${name}`;
      if (!changed.has(key)) changed.set(key, true);
    }
    return names !== undefined;
  }

  function tellPresence(): void {
    const isThereNow = isDirectory(real);
    if (isThereNow === isThere || stopPolling !== undefined) return;
    isThere = isThereNow;
    emit(isThereNow ? { type: 'watching', mode: 'events', folders: folders.size } : { type: 'missing' });
  }

  function onError(error: unknown): void {
    if (isClosed || stopPolling !== undefined) return;
    const limit = exhaustedLimit(error);
    emit({
      type: 'problem',
      problem: limit ?? { where: real, what: 'watching', why: reasonOf(error), repair: '' },
    });
    if (limit === undefined) return;
    void watcher.close();
    stopPolling = pollFolders(real, { isFolder, pollMs, listChanged }, emit);
  }
}

/** hasChanged says whether a file came into a folder since then, or left it. */
function hasChanged(folder: string, since: number): boolean {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  return stats !== undefined && stats.mtimeMs >= since - clockSlackMs;
}

/** listChanged gives the names in a folder whose status changed since then; undefined when it cannot be listed. */
function listChanged(folder: string, since: number): string[] | undefined {
  try {
    return readdirSync(folder).filter((name) => {
      const stats = lstatSync(join(folder, name), { throwIfNoEntry: false });
      return stats !== undefined && stats.ctimeMs >= since;
    });
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? [] : undefined;
  }
}

// chokidar takes several turns of the event loop to watch a folder that appeared.
const settlingMs = 500;
// A folder is listed well within this time after it appeared.
const listingMs = 5000;
// The kernel stamps files with a clock that lags by up to one tick, 10 ms at 100 Hz.
const clockSlackMs = 20;

/** exhaustedLimit is the problem when inotify has no more watches or instances. */
function exhaustedLimit(error: unknown): Problem | undefined {
  const code = codeOf(error);
  if (code !== 'ENOSPC' && code !== 'EMFILE') return undefined;
  const limit = code === 'ENOSPC' ? 'max_user_watches' : 'max_user_instances';
  const present = readNumber(`/proc/sys/fs/inotify/${limit}`);
  const isNow = present === undefined ? '' : `, now ${present}`;
  return {
    where: `fs.inotify.${limit}`,
    what: 'watching GOCACHE by events',
    why: `${code}: all inotify ${code === 'ENOSPC' ? 'watches' : 'instances'} of this user are taken${isNow}`,
    repair: `raise it: sysctl fs.inotify.${limit}=${Math.max((present ?? 0) * 4, code === 'ENOSPC' ? 524_288 : 1024)}; until then it is polled`,
  };
}

function readNumber(path: string): number | undefined {
  try {
    const value = Number.parseInt(readFileSync(path, 'utf8'), 10);
    return Number.isNaN(value) ? undefined : value;
  } catch {
    return undefined; // not Linux, or a /proc without it
  }
}

function isDirectory(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    return false; // no permission to look, or a parent that is a file
  }
}

/** resolveLinks is realpath for a path whose end may not exist yet. */
function resolveLinks(path: string, depth = 0): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path || depth > 40) return path;
    const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
    if (isLink) return resolveLinks(resolve(dirname(path), readlinkSync(path)), depth + 1);
    return join(resolveLinks(dirname(path), depth + 1), basename(path));
  }
}
