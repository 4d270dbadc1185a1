import { lstatSync, readdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isWorkName } from './process.ts';

/** listWorks lists the WORK folders in a temp folder, those that killed go commands left behind too. */
export function listWorks(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter(isWorkName)
      .map((name) => join(folder, name));
  } catch {
    return []; // the watch on it tells the problem
  }
}

/** createCacheTest tells whether a folder is this GOCACHE, through symbolic links, also before it is made. */
export function createCacheTest(gocache: string): (folder: string) => boolean {
  const known = new Map<string, string>();
  return (folder) => resolveOnce(folder) === resolveOnce(gocache);

  function resolveOnce(folder: string): string {
    const before = known.get(folder);
    if (before !== undefined) return before;
    const real = realOf(folder);
    if (exists(real)) known.set(folder, real);
    return real;
  }
}

/** realOf is realpath for a folder whose end may not exist yet. */
export function realOf(folder: string): string {
  const whole = resolve(folder);
  try {
    return realpathSync(whole);
  } catch {
    const parent = dirname(whole);
    return parent === whole ? whole : join(realOf(parent), basename(whole));
  }
}

/** exists says whether a path is there, be it a broken link. */
export function exists(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false; // a parent that is a file, or not ours to look into
  }
}
