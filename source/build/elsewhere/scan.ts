import { type FSWatcher, readdirSync, readFileSync, statSync, watch } from 'node:fs';
import { basename, join } from 'node:path';
import { type LinkConfig, parseLinkConfig } from './link-config.ts';

/** FoundLink is a program whose link began; `at` is when, in ms. */
export type FoundLink = { readonly config: LinkConfig; readonly at: number };

/** WorkFolder is one WORK, `TMPDIR/go-build123`, while it exists. */
export type WorkFolder = {
  readonly path: string;
  /** look gives what is new since the last look. */
  look(now: number): { readonly links: readonly FoundLink[]; readonly newUnits: number };
  /** leaveOut says that a unit is no main package: nothing is linked in its objdir. */
  leaveOut(objdir: string): void;
  close(): void;
};

/**
 * openWorkFolder watches a WORK for new objdirs and looks into each for an importcfg.link. A main package that is a
 * hit gets its objdir together with that file; one that is compiled gets the file there later
 * (cmd/go/internal/work: LinkAction, go1.26). It throws when the folder is gone, or another user's.
 */
export function openWorkFolder(path: string, onChange: () => void): WorkFolder {
  let watcher: FSWatcher | undefined;
  const seen = new Set<string>();
  const fresh = new Map<string, number>();
  let older: string[] = [];
  let isChanged = true;
  readdirSync(path);
  try {
    watcher = watch(path, () => {
      isChanged = true;
      onChange();
    });
    watcher.on('error', () => unwatch());
  } catch {
    // No inotify watch is left: it is listed at each look.
  }
  return { path, look, leaveOut, close: unwatch };

  function look(now: number): { links: FoundLink[]; newUnits: number } {
    const newUnits = isChanged || watcher === undefined ? addUnits(now) : 0;
    isChanged = false;
    const links: FoundLink[] = [];
    for (const [unit, since] of fresh) {
      if (takeLink(unit, links)) fresh.delete(unit);
      else if (now - since > freshMs) {
        fresh.delete(unit);
        older.push(unit);
      }
    }
    const turn = older.slice(0, looksPerTurn);
    if (turn.length > 0)
      older = [...older.slice(looksPerTurn), ...turn.filter((unit) => !takeLink(unit, links))];
    return { links, newUnits };
  }

  function addUnits(now: number): number {
    const before = seen.size;
    for (const name of list(path)) {
      if (seen.has(name) || !/^b\d+$/.test(name)) continue;
      seen.add(name);
      fresh.set(name, now);
    }
    return seen.size - before;
  }

  function takeLink(unit: string, links: FoundLink[]): boolean {
    const file = join(path, unit, 'importcfg.link');
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats === undefined) return false;
    const config = parseLinkConfig(readText(file), basename(path));
    if (config === undefined) return false;
    links.push({ config, at: stats.mtimeMs });
    return true;
  }

  function leaveOut(objdir: string): void {
    if (fresh.delete(objdir)) return;
    const at = older.indexOf(objdir);
    if (at !== -1) older.splice(at, 1);
  }

  function unwatch(): void {
    watcher?.close();
    watcher = undefined;
  }
}

/** readBirth is when a folder was made, in ms. */
export function readBirth(path: string): number {
  const stats = statSync(path);
  // Some file systems keep no birth time; then the last change of the folder stands for it.
  return stats.birthtimeMs > 0 ? stats.birthtimeMs : stats.mtimeMs;
}

// A link writes its file within a millisecond of its objdir: a new objdir is looked into at every turn.
const freshMs = 1000;
// 3 microseconds each: a round over 1,000 units takes 10 turns, less than it takes to link as many packages.
const looksPerTurn = 100;

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // it is being removed
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // it is being removed
  }
}
