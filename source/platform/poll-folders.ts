import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FileChange, TreeEvent } from './watch.ts';

export type PollOptions = {
  readonly isFolder: (name: string) => boolean;
  readonly pollMs: number;
  readonly listChanged: (folder: string, since: number) => string[] | undefined;
};

/**
 * pollFolders looks at the mtime of a folder's direct subfolders again and again and lists only those that changed:
 * it sees files that come, not those that go nor what happens to one in place. It gives back a function that ends it.
 */
export function pollFolders(
  root: string,
  options: PollOptions,
  emit: (event: TreeEvent) => void,
): () => void {
  let mtimes = new Map<string, number>();
  let since = Date.now();
  let isThere: boolean | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isEnded = false;
  look();
  return () => {
    isEnded = true;
    clearTimeout(timer);
  };

  function look(): void {
    const startedAt = Date.now();
    const folders = foldersOf(root, options.isFolder);
    const isFirst = isThere === undefined;
    const present = new Map(folders?.map((folder) => [folder, mtimeOf(join(root, folder))]));
    const changed = isFirst ? [] : [...present].filter(([folder, mtime]) => mtimes.get(folder) !== mtime);
    const found = changed.map(([folder]) => ({
      folder,
      names: options.listChanged(join(root, folder), since),
    }));
    const changes: FileChange[] = found.flatMap(({ folder, names }) =>
      (names ?? []).map((name) => ({ name: `${folder}/${name}`, cameOrWent: true })),
    );
    tellPresence(folders);
    if (changes.length > 0) emit({ type: 'changes', changes });
    if (found.some(({ names }) => names === undefined))
      emit({ type: 'lost', count: undefined, recovered: 0 });
    mtimes = present;
    // Folders are stamped by a clock that lags a little, and a file may be written while we look.
    since = startedAt - 50;
    if (isEnded) return;
    // Looking at a large cache takes long: never more than a fifth of a core.
    timer = setTimeout(look, Math.max(options.pollMs, 4 * (Date.now() - startedAt)));
  }

  function tellPresence(folders: readonly string[] | undefined): void {
    const isThereNow = folders !== undefined;
    if (isThereNow === isThere) return;
    isThere = isThereNow;
    emit(isThereNow ? { type: 'watching', mode: 'polling', folders: folders.length } : { type: 'missing' });
  }
}

function foldersOf(root: string, isFolder: (name: string) => boolean): string[] | undefined {
  try {
    return readdirSync(root).filter(isFolder);
  } catch {
    return undefined; // not there, or not ours to read: both are told as missing
  }
}

function mtimeOf(folder: string): number {
  return lstatSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
