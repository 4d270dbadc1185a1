import { lstatSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { reasonOf } from '../../platform/problem.ts';
import { findLayoutFault } from '../removal/cache-folder.ts';
import type { TargetFacts } from './facts.ts';

export type TargetLook = Pick<TargetFacts, 'state' | 'fault' | 'foreignNames' | 'owner'> & {
  /** realPath has no symbolic links, as far as the path exists. */
  readonly realPath: string;
};

/** lookAtTarget tells what lies at a path. */
export function lookAtTarget(path: string): TargetLook {
  const nothing = { fault: undefined, foreignNames: [], owner: undefined };
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) {
      const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
      if (isLink) return broken(path, 'it is a symbolic link to nothing');
      const above = nearestFolder(path);
      return { ...nothing, state: 'missing', realPath: join(above, restOf(path)) };
    }
    if (!stats.isDirectory()) return broken(path, 'it is a file');
    const look = { ...nothing, owner: ownerOf(stats), realPath: realpathSync(path) };
    const names = readdirSync(path).filter((name) => !atRootOfFileSystem.has(name));
    if (names.length === 0) return { ...look, state: 'empty' };
    const fault = findLayoutFault(path);
    // go clean -cache takes the 256 folders away.
    if (fault === undefined || names.every((name) => leftByClean.has(name)))
      return { ...look, state: 'cache' };
    const foreignNames = names.slice(0, namesShown);
    return { ...look, state: 'foreign', fault, foreignNames };
  } catch (error) {
    return broken(path, reasonOf(error));
  }
}

/** nearestFolder is the real path of the deepest folder above, or at, a path that exists. */
export function nearestFolder(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    const above = dirname(path);
    if (above === path) throw error;
    return nearestFolder(above);
  }
}

// A new file system is not empty: mke2fs(8).
const atRootOfFileSystem: ReadonlySet<string> = new Set(['lost+found']);

// cmd/go/internal/clean: runClean, go1.26
const leftByClean: ReadonlySet<string> = new Set(['README', 'trim.txt', 'testexpire.txt', 'fuzz']);

// More names tell no more.
const namesShown = 3;

function broken(path: string, fault: string): TargetLook {
  return { state: 'broken', fault, foreignNames: [], owner: undefined, realPath: path };
}

/** restOf is the part of a path that does not exist. */
function restOf(path: string): string {
  const above = dirname(path);
  const isThere = statSync(above, { throwIfNoEntry: false }) !== undefined;
  return isThere ? basename(path) : join(restOf(above), basename(path));
}

function ownerOf({ uid, mode }: Stats): TargetFacts['owner'] {
  if (process.getuid !== undefined && uid !== process.getuid()) return 'other';
  return (mode & 0o002) === 0 ? undefined : 'everybody';
}
