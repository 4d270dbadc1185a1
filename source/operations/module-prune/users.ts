import { existsSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { findVariable, isGoCommand, parseArguments } from '../../build/elsewhere/process.ts';
import { keyOf, loadGraph } from '../../module-graph/graph.ts';
import type { ModuleName } from '../../module-graph/mod-file.ts';
import { createModReader } from '../module-needs/mod-reader.ts';
import { readRoot } from '../module-needs/read-root.ts';
import { findNeeds } from '../module-needs/root-needs.ts';
import { listProcesses } from '../removal/processes.ts';

/** ModuleUsers are the go commands that run on a GOMODCACHE now. */
export type ModuleUsers = {
  /** look asks again which run. */
  look(): void;
  /** uses says whether one of them may be using a version: that of its main module's graph, or any where that is not known. */
  uses(name: ModuleName): boolean;
};

/**
 * watchUsers looks at running go commands. A build takes no lock on the folders that it compiles from, and access times tell
 * of a day's first use only: so what is in use is what the main module needs that a go command was started in. One whose
 * GOMODCACHE is not in its environment may be on this one, and counts; so does another user's on a GOMODCACHE that several
 * users may write to.
 */
export function watchUsers(gomodcache: string): ModuleUsers {
  const needsOf = new Map<string, ReadonlySet<string>>();
  const placeOf = new Map<string, string | undefined>();
  let roots = new Set<string | undefined>();

  function look(): void {
    const processes = listProcesses();
    // Without /proc nobody can be seen: then nobody is.
    roots = new Set();
    for (const [pid, { name, startTicks }] of processes ?? []) {
      if (!isGoCommand(name)) continue;
      const key = `${pid} ${startTicks}`;
      if (!placeOf.has(key)) placeOf.set(key, isOnCache(pid) ? (mainOf(pid) ?? everything) : nothing);
      const place = placeOf.get(key);
      if (place !== nothing) roots.add(place);
    }
  }

  function isOnCache(pid: number): boolean {
    const environ = readWords(`/proc/${pid}/environ`);
    // Another user's: on ours only where several users share it.
    if (environ === undefined) return isShared(gomodcache);
    const folder = findVariable(environ, 'GOMODCACHE');
    if (!folder) return true;
    try {
      const [theirs, ours] = [statSync(`/proc/${pid}/root${folder}`), statSync(gomodcache)];
      return theirs.dev === ours.dev && theirs.ino === ours.ino;
    } catch {
      return !isAbsolute(folder) || existsSync(folder);
    }
  }

  function uses(name: ModuleName): boolean {
    const key = keyOf(name);
    for (const root of roots) if (root === everything || neededBy(root ?? '').has(key)) return true;
    return false;
  }

  function neededBy(file: string): ReadonlySet<string> {
    const known = needsOf.get(file);
    if (known !== undefined) return known;
    const { files } = readRoot(file);
    const needs =
      files === undefined
        ? []
        : findNeeds(
            files,
            loadGraph({
              ...files,
              isWorkspace: file.endsWith('go.work'),
              readMod: createModReader(gomodcache),
            }),
          ).needs;
    const names = new Set(needs.map(keyOf));
    needsOf.set(file, names);
    return names;
  }

  return { look, uses };
}

/** isShared says that others than its owner may write to a folder. */
function isShared(folder: string): boolean {
  return (statSync(folder).mode & 0o022) !== 0;
}

// Places that are no path of a go.mod file.
const everything = 'everything';
const nothing = 'nothing';

/** mainOf is the go.work or go.mod file that a go command goes by; undefined where it has none, as `go install x@v1.0.0`. */
function mainOf(pid: number): string | undefined {
  const words = readWords(`/proc/${pid}/cmdline`);
  const environ = readWords(`/proc/${pid}/environ`);
  if (words === undefined || environ === undefined || words.some((word) => /@[vl]/.test(word)))
    return undefined;
  let folder: string;
  try {
    folder = readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined; // it ended, or is another user's
  }
  const chdir = words[1] === '-C' ? words[2] : /^-C=(.*)$/.exec(words[1] ?? '')?.[1];
  if (chdir !== undefined) folder = resolve(folder, chdir);
  const gowork = findVariable(environ, 'GOWORK') ?? '';
  if (isAbsolute(gowork)) return gowork;
  return (gowork === 'off' ? undefined : above(folder, 'go.work')) ?? above(folder, 'go.mod');
}

function above(folder: string, name: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, name))) return join(at, name);
    if (dirname(at) === at) return undefined;
  }
}

function readWords(file: string): readonly string[] | undefined {
  try {
    const words = parseArguments(readFileSync(file, 'utf8'));
    return words.length === 0 ? undefined : words;
  } catch {
    return undefined;
  }
}
