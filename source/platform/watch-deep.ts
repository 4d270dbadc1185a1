import { type FSWatcher, lstatSync, readdirSync, type Stats, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { codeOf, type Problem, reasonOf } from './problem.ts';

/** SeenFile is a file that came or changed, by its path below the root, with slashes. Times are Unix milliseconds. */
export type SeenFile = {
  readonly name: string;
  readonly bytes: number;
  /** at is when its status changed last, as by a rename; writtenAt when its content did. */
  readonly at: number;
  readonly writtenAt: number;
};

/** DeepEvent is what a watch of a whole tree tells. */
export type DeepEvent =
  | { readonly type: 'files'; readonly files: readonly SeenFile[] }
  /** watching: from now on changes are seen, those since `since` were told. */
  | { readonly type: 'watching'; readonly mode: 'events' | 'polling'; readonly folders: number }
  /** missing: the root does not exist now; it is awaited. */
  | { readonly type: 'missing' }
  | { readonly type: 'problem'; readonly problem: Problem };

export type DeepOptions = {
  /** isFolder says which folders matter; of the others nothing is read. */
  readonly isFolder: (relative: string) => boolean;
  /** isLeaf: there are no folders in it, so that it is not listed while its time says that nothing came. */
  readonly isLeaf: (relative: string) => boolean;
  /** isFile says of which files is told. */
  readonly isFile: (relative: string) => boolean;
  /** since: what came from then on is told as well. Unix milliseconds. */
  readonly since: number;
};

export type DeepWatch = {
  /** drain resolves when all that came before now has been told. */
  drain(): Promise<void>;
  close(): void;
};

/**
 * watchDeep watches a tree of few files and many folders: one inotify watch per folder, 34 ms and 5 MB for 1,600 of them,
 * and nothing while nothing happens. A root that does not exist is awaited at the nearest folder that does. Without inotify
 * watches it says what to raise, and looks every few seconds.
 */
export function watchDeep(root: string, options: DeepOptions, emit: (event: DeepEvent) => void): DeepWatch {
  const { isFolder, isFile } = options;
  const watchers = new Map<string, { readonly watcher: FSWatcher; readonly identity: string }>();
  let since = options.since - clockSlackMs;
  /** touched are paths that something happened to, '' for the root itself. */
  let touched = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let awaiting: FSWatcher | undefined;
  let isMissing = false;
  let isPolling = false;
  let isClosed = false;
  let current = Promise.resolve();
  chain(start);

  return {
    async drain() {
      await current;
      if (isClosed || isPolling) return;
      // The poll phase between two turns reads what the kernel has queued.
      for (let turn = 0; turn < drainTurns; turn++) await nextTurn();
      flush();
      await current;
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      closeAll();
    },
  };

  async function start(): Promise<void> {
    if (isDirectory(root)) {
      isMissing = false;
      await addFolder('');
      if (!isClosed && !isPolling) emit({ type: 'watching', mode: 'events', folders: watchers.size });
    } else awaitRoot();
  }

  /** awaitRoot watches the nearest folder above the root that exists. */
  function awaitRoot(): void {
    tellMissing();
    const above = nearest(root);
    try {
      awaiting = watch(above, { persistent: false }, () => {
        if (!isDirectory(root) && nearest(root) === above) return;
        stopAwaiting();
        chain(start);
      });
      awaiting.on('error', () => undefined);
      // It may have come between the look and the watch.
      if (isDirectory(root)) {
        stopAwaiting();
        chain(start);
      }
    } catch (error) {
      fail(error);
    }
  }

  function tellMissing(): void {
    if (!isMissing) emit({ type: 'missing' });
    isMissing = true;
  }

  function stopAwaiting(): void {
    awaiting?.close();
    awaiting = undefined;
  }

  /** addFolder watches a folder and all below it, and tells of the files there that came since. */
  async function addFolder(first: string): Promise<void> {
    const waiting = [first];
    const found: SeenFile[] = [];
    for (let done = 0; waiting.length > 0 && !isClosed && !isPolling; done++) {
      const relative = waiting.pop() ?? '';
      if (watchers.has(relative)) continue;
      if (!addWatch(relative)) continue;
      waiting.push(...look(root, relative, since, options, found));
      if (done % foldersPerTurn === foldersPerTurn - 1) await nextTurn();
    }
    if (found.length > 0 && !isClosed) emit({ type: 'files', files: found });
  }

  function addWatch(relative: string): boolean {
    try {
      const path = join(root, relative);
      const watcher = watch(path, { persistent: false }, (_kind, name) => {
        touched.add(name === null ? relative : below(relative, name));
        schedule();
      });
      watcher.on('error', () => drop(relative));
      watchers.set(relative, { watcher, identity: identityOf(path) });
      return true;
    } catch (error) {
      if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'ENOTDIR' && codeOf(error) !== 'EACCES')
        fail(error);
      return false;
    }
  }

  function schedule(): void {
    timer ??= setTimeout(flush, batchMs);
  }

  /** flush looks at each path that something happened to. */
  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (isClosed || isPolling) return;
    const paths = touched;
    touched = new Set();
    const files: SeenFile[] = [];
    for (const relative of paths) {
      const stats = lstat(join(root, relative));
      if (stats === undefined) drop(relative);
      else if (stats.isDirectory()) {
        if (isFolder(relative) && !isWatched(relative)) {
          drop(relative);
          chain(() => addFolder(relative));
        }
      } else if (isFile(relative)) files.push(seen(relative, stats));
    }
    if (files.length > 0) emit({ type: 'files', files });
    if (awaiting !== undefined || isWatched('')) return;
    closeAll();
    chain(start);
  }

  function chain(next: () => Promise<void>): void {
    current = current.then(next);
  }

  /** isWatched is false too for a folder that was removed and made again: its watch has ended. */
  function isWatched(relative: string): boolean {
    return watchers.get(relative)?.identity === identityOf(join(root, relative));
  }

  /** drop forgets the watches of a folder that has gone, and of all below it. */
  function drop(relative: string): void {
    if (!watchers.has(relative)) return;
    for (const [folder, { watcher }] of watchers) {
      if (folder !== relative && !folder.startsWith(`${relative}/`)) continue;
      watcher.close();
      watchers.delete(folder);
    }
  }

  function closeAll(): void {
    stopAwaiting();
    for (const { watcher } of watchers.values()) watcher.close();
    watchers.clear();
  }

  function fail(error: unknown): void {
    if (isPolling || isClosed) return;
    const code = codeOf(error);
    const isLimit = code === 'ENOSPC' || code === 'EMFILE';
    const limit = code === 'ENOSPC' ? 'max_user_watches' : 'max_user_instances';
    emit({
      type: 'problem',
      problem: {
        where: root,
        what: 'watching by events',
        why: isLimit ? `${code}: all inotify watches of this user are taken` : reasonOf(error),
        repair: isLimit ? `raise fs.inotify.${limit}; until then it is looked at every few seconds` : '',
      },
    });
    isPolling = true;
    closeAll();
    current = poll();
  }

  async function poll(): Promise<void> {
    let isFirst = true;
    while (!isClosed) {
      const startedAt = Date.now();
      const { files, folders } = await listSince(root, { ...options, since });
      if (isClosed) return;
      if (files.length > 0) emit({ type: 'files', files });
      if (isFirst) emit({ type: 'watching', mode: 'polling', folders });
      isFirst = false;
      since = startedAt - clockSlackMs;
      // Never more than a fiftieth of a core.
      const pause = Math.max(pollMs, pollRest * (Date.now() - startedAt));
      await new Promise<void>((resolve) => {
        timer = setTimeout(resolve, pause);
        timer.unref();
      });
    }
  }
}

/** listSince lists what came into a tree since then, and how many folders it has; a root that is not there has none. */
export async function listSince(
  root: string,
  options: DeepOptions,
): Promise<{ readonly files: readonly SeenFile[]; readonly folders: number }> {
  const files: SeenFile[] = [];
  const waiting = isDirectory(root) ? [''] : [];
  let folders = 0;
  for (; waiting.length > 0; folders++) {
    waiting.push(...look(root, waiting.pop() ?? '', options.since, options, files));
    if (folders % foldersPerTurn === foldersPerTurn - 1) await nextTurn();
  }
  return { files, folders };
}

/** look adds the files of one folder that came since, and gives its folders. */
function look(
  root: string,
  relative: string,
  since: number,
  { isFolder, isLeaf, isFile }: DeepOptions,
  files: SeenFile[],
): readonly string[] {
  const path = join(root, relative);
  const stats = lstat(path);
  if (stats === undefined) return [];
  const isNews = stats.mtimeMs >= since;
  if (!isNews && isLeaf(relative)) return [];
  const folders: string[] = [];
  try {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const name = below(relative, entry.name);
      if (entry.isDirectory()) {
        if (isFolder(name)) folders.push(name);
      } else if (isNews && isFile(name)) {
        const file = lstat(join(root, name));
        if (file !== undefined && file.ctimeMs >= since) files.push(seen(name, file));
      }
    }
  } catch {
    // It has gone, or is not ours to read: what comes there is not seen.
  }
  return folders;
}

function seen(name: string, { size, ctimeMs, mtimeMs }: Stats): SeenFile {
  return { name, bytes: size, at: ctimeMs, writtenAt: mtimeMs };
}

function below(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

function nearest(path: string): string {
  let above = dirname(path);
  while (!isDirectory(above) && dirname(above) !== above) above = dirname(above);
  return above;
}

function isDirectory(path: string): boolean {
  return lstat(path)?.isDirectory() ?? false;
}

/** identityOf tells a folder from one that was made later in its place: inodes are given again. */
function identityOf(path: string): string {
  const stats = lstat(path);
  return stats === undefined ? '' : `${stats.ino} ${stats.birthtimeMs}`;
}

function lstat(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined; // no permission to look, or a parent that is a file
  }
}

// Changes are gathered for so long; a file that is written in its place is then told with its size.
const batchMs = 100;
// The kernel stamps files with a clock that lags by up to one tick, 10 ms at 100 Hz.
const clockSlackMs = 20;
// A turn of 64 folders takes about a millisecond: keys come in between.
const foldersPerTurn = 64;
const pollMs = 2000;
const pollRest = 49;
// One turn reads what the kernel has queued; one more for what came meanwhile.
const drainTurns = 3;
