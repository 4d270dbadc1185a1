import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { FSWatcher } from 'chokidar';

/**
 * FolderWatcher watches a folder and its direct subfolders without ever listing the subfolders: chokidar alone lists
 * and stats each of a million entries (7 s and 690 MB for 200,000), and again at each change.
 *
 * This is the only place that touches what chokidar marks as internal, so its exact version is pinned; test/platform/
 * watch.test.ts holds the number of watches and that no event is lost, scripts/bench/watch.ts the memory.
 *
 * Changes within the subfolders come as `raw` events only: the name, no stat.
 */
export class FolderWatcher extends FSWatcher {
  readonly #root: string;
  readonly #onWatched: (folder: string) => void;

  /** onWatched is called with a subfolder once its watch stands: what came before that must be listed. */
  constructor(root: string, isFolder: (name: string) => boolean, onWatched: (folder: string) => void) {
    super({
      ignoreInitial: true,
      // It would hold removals back for 100 ms, to see whether an editor writes the file anew.
      atomic: false,
      ignored: (path, stats) =>
        stats?.isDirectory() === true && isDirectChild(root, path) && !isFolder(path.slice(root.length + 1)),
    });
    this.#root = root;
    this.#onWatched = onWatched;
    this.#leaveOutEntries();
    this.#renewDeadWatches();
  }

  /** createScanStream is chokidar's listing of one folder. Without a stream it takes the folder as it knows it. */
  override createScanStream(
    ...[path, options]: Parameters<FSWatcher['createScanStream']>
  ): ReturnType<FSWatcher['createScanStream']> {
    const folder = path.replace(/\/+$/, '');
    if (folder === this.#root) return super.createScanStream(path, options);
    if (isDirectChild(this.#root, folder)) this.#onWatched(folder.slice(this.#root.length + 1));
    if (!this.#root.startsWith(`${folder}/`)) return undefined;
    // An ancestor, while the root is awaited: of all that it holds only the way to the root matters.
    const [next = ''] = this.#root.slice(folder.length + 1).split('/');
    if (!existsSync(join(folder, next))) return undefined;
    const directoryFilter = (entry: { readonly basename: string }) => entry.basename === next;
    return super.createScanStream(path, { ...options, fileFilter: () => false, directoryFilter });
  }

  // Every event goes to `raw` and then to this method, which would lstat the file and remember it.
  #leaveOutEntries(): void {
    const reconcile = this.handler.reconcileBackendTrigger.bind(this.handler);
    const done = Promise.resolve();
    this.handler.reconcileBackendTrigger = (scope, mapRelative, trigger, ...rest) => {
      const isEntry =
        trigger.kind === 'native' && trigger.relativePath !== null && isDirectChild(this.#root, scope);
      return isEntry ? done : reconcile(scope, mapRelative, trigger, ...rest);
    };
  }

  // A folder that is removed and made again at once, as by `go clean -cache` and the build behind it, often gets the
  // same inode: chokidar takes it for the old one, whose watch is gone. The kernel tells that a watch has ended by an
  // event on the folder itself (IN_DELETE_SELF, IN_IGNORED: fs.watch gives it the folder's own name).
  #renewDeadWatches(): void {
    const dead = new Set<string>();
    this.on('raw', (kind, name, details) => {
      const { watchedPath } = details as { readonly watchedPath: string };
      if (kind === 'rename' && isDirectChild(this.#root, watchedPath) && name === basename(watchedPath))
        dead.add(watchedPath);
    });
    this.on('unlinkDir', (path) => dead.delete(path));
    const isReplaced = this.tree.replacedSinceObserved.bind(this.tree);
    this.tree.replacedSinceObserved = (path, stats) => dead.delete(path) || isReplaced(path, stats);
  }
}

function isDirectChild(root: string, path: string): boolean {
  return (
    path.length > root.length + 1 &&
    path[root.length] === '/' &&
    path.startsWith(root) &&
    path.indexOf('/', root.length + 1) < 0
  );
}
