import { closeSync, lstatSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isCacheFolder } from '../../build-cache/file-name.ts';
import { formatProblem, type Problem, reasonOf } from '../../platform/problem.ts';

/** RemovalRefused is thrown before anything is touched: the folder is not one that entries may be removed from. */
export class RemovalRefused extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(formatProblem(problem));
    this.name = 'RemovalRefused';
    this.problem = problem;
  }
}

/**
 * openCacheFolder gives the real path of a GOCACHE, through symbolic links, or throws RemovalRefused. Go makes its README,
 * the 256 folders and, with the first build, trim.txt: cmd/go/internal/cache: initDefaultCache, Open, Trim, go1.26
 */
export function openCacheFolder(path: string): string {
  const folder = attempt(path, () => realpathSync(path));
  if (!attempt(path, () => statSync(folder).isDirectory())) throw refuse(path, 'it is not a folder');
  const fault = attempt(path, () => findLayoutFault(folder));
  if (fault !== undefined) throw refuse(path, fault);
  return folder;
}

/** findLayoutFault says what a folder lacks to be a GOCACHE; undefined when it is one. It throws when it cannot be read. */
export function findLayoutFault(folder: string): string | undefined {
  const names = readdirSync(folder);
  if (!isReadme(join(folder, 'README')) && !isFile(join(folder, 'trim.txt')))
    return "it has neither Go's README nor a trim.txt";
  if (!names.some((name) => isCacheFolder(name) && isRealFolder(join(folder, name))))
    return 'it has none of the folders 00 to ff';
  return undefined;
}

/** isRealFolder says whether a folder lies there itself, not a link to one. */
export function isRealFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

const readmeStart = 'This directory holds cached build artifacts from the Go build system.';

function isReadme(path: string): boolean {
  if (!isFile(path)) return false;
  try {
    const head = Buffer.alloc(readmeStart.length);
    const descriptor = openSync(path, 'r');
    try {
      readSync(descriptor, head);
    } finally {
      closeSync(descriptor);
    }
    return head.toString('latin1') === readmeStart;
  } catch {
    return false; // it cannot be read
  }
}

function isFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function attempt<T>(path: string, look: () => T): T {
  try {
    return look();
  } catch (error) {
    throw refuse(path, reasonOf(error));
  }
}

function refuse(where: string, why: string): RemovalRefused {
  const repair = 'name the folder that go env GOCACHE prints';
  return new RemovalRefused({ where, what: 'nothing is removed there, as it is no GOCACHE', why, repair });
}
