import { accessSync, constants, lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { explain, type Problem } from '../../platform/problem.ts';
import type { ModuleFiles } from './module-files.ts';
import { unchanged } from './words.ts';

/** findHindrance finds before anything is downloaded what a rename would fail on. */
export function findHindrance({ versions, dir }: ModuleFiles, gomodcache: string): Problem | undefined {
  const above = existingAbove(dirname(dir));
  for (const folder of [versions, above]) {
    try {
      accessSync(folder, constants.W_OK | constants.X_OK);
    } catch (error) {
      return unchanged(explain(folder, 'is not writable for us', error));
    }
    if (lstatSync(folder).dev !== lstatSync(join(gomodcache, 'cache')).dev)
      return unchanged({
        where: folder,
        what: 'is on another file system than GOMODCACHE/cache',
        why: 'a repair swaps files by rename, which cannot cross file systems',
        repair: '',
      });
  }
  return undefined;
}

function existingAbove(folder: string): string {
  return lstatSync(folder, { throwIfNoEntry: false }) === undefined ? existingAbove(dirname(folder)) : folder;
}
