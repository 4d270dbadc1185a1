import { existsSync, type FSWatcher, readdirSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { isBoolFlagSet, splitGoFlags } from '../go/flags.ts';
import {
  findVariable,
  isGoCommand,
  isWorkName,
  parseArguments,
  parseProcessStat,
} from './elsewhere/process.ts';
import { parseGoCommand } from './go-command.ts';

/** WorkFolders knows the WORK folders that go commands make while it is open. */
export type WorkFolders = {
  /** isWork says whether this folder is, or has just been, the WORK of a go command. */
  readonly isWork: (path: string) => boolean;
  close(): void;
};

/**
 * watchWorkFolders is opened before the command starts: a go command may be over, and its WORK gone, before we read
 * the line that names it, and a user's line may name one that never was.
 */
export function watchWorkFolders(temp: string): WorkFolders {
  const seen = new Set<string>();
  let watcher: FSWatcher | undefined;
  try {
    watcher = watch(temp, { persistent: false }, (_, name) => {
      if (name !== null && isWorkName(name)) seen.add(join(temp, name));
    });
    watcher.on('error', () => watcher?.close());
  } catch {
    // No watch to be had: folders that exist when their line is read are known all the same.
  }
  return { isWork: (path) => seen.has(path) || existsSync(path), close: () => watcher?.close() };
}

/**
 * asksForWork says whether a go command that runs now at or below a process was given `-work`, on its command line or
 * in GOFLAGS: make and scripts do not show us their words. Where /proc does not tell, none was.
 */
export function asksForWork(pid: number, depth = 0): boolean {
  const stat = parseProcessStat(read(pid, 'stat'));
  if (stat === undefined || stat.hasEnded) return false;
  if (isGoCommand(stat.name)) {
    const command = parseGoCommand(parseArguments(read(pid, 'cmdline')));
    const goflags = findVariable(parseArguments(read(pid, 'environ')), 'GOFLAGS');
    if (command?.keepsWork === true || isBoolFlagSet(splitGoFlags(goflags ?? '').words, 'work')) return true;
  }
  return depth < deepestGo && childrenOf(pid).some((child) => asksForWork(child, depth + 1));
}

// A go command below make below a script below make: more is not searched for on behalf of one line.
const deepestGo = 8;

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      read(pid, `task/${thread}/children`)
        .split(' ')
        .filter((word) => word !== '')
        .map(Number),
    );
  } catch {
    return []; // it has ended, or there is no /proc
  }
}

function read(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return ''; // it has ended, or is another user's
  }
}
