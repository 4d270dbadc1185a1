import { type Dirent, lstatSync, readdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { explain, type Problem } from '../../platform/problem.ts';

/** FoundRoots are go.mod and go.work files, absolute. */
export type FoundRoots = { readonly files: readonly string[]; readonly problems: readonly Problem[] };

/**
 * findRoots looks for go.mod and go.work files: those named, and those in the folders named and below. It follows no links,
 * and skips what holds no main modules: `.git`, `node_modules`, `vendor`, `testdata`, folders that go ignores by their name,
 * GOMODCACHE and extracted modules in others.
 */
export function findRoots(named: readonly string[], gomodcache: string): FoundRoots {
  const files = new Set<string>();
  const problems: Problem[] = [];
  const cache = real(gomodcache);
  for (const path of named) {
    try {
      const start = realpathSync(path);
      if (lstatSync(start).isDirectory()) look(start);
      else if (isRootFile(basename(start))) files.add(start);
      else problems.push(noRoot(path, 'it is neither a folder nor a go.mod or go.work file'));
    } catch (error) {
      problems.push(explain(path, 'cannot be a root', error));
    }
  }
  return { files: [...files].sort(), problems };

  function look(folder: string): void {
    if (folder === cache) return;
    let entries: readonly Dirent[];
    try {
      entries = readdirSync(folder, { withFileTypes: true });
    } catch (error) {
      problems.push(explain(folder, 'is not searched for go.mod files', error));
      return;
    }
    for (const entry of entries) {
      if (entry.isDirectory()) {
        if (!isSkipped(entry.name)) look(join(folder, entry.name));
      } else if (isRootFile(entry.name)) files.add(join(folder, entry.name));
    }
  }
}

function isRootFile(name: string): boolean {
  return name === 'go.mod' || name === 'go.work';
}

/** isSkipped: `x@v1.0.0` is an extracted module, in whatever module cache. */
function isSkipped(name: string): boolean {
  return skipped.has(name) || /^[._]|@v\d/.test(name);
}

const skipped: ReadonlySet<string> = new Set(['node_modules', 'vendor', 'testdata']);

function noRoot(where: string, why: string): Problem {
  return { where, what: 'cannot be a root', why, repair: 'name a folder that holds a go.mod file' };
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return join(dirname(path), basename(path));
  }
}
