import { fstatSync, readFileSync } from 'node:fs';
import { parseArguments } from '../../build/elsewhere/process.ts';
import { parseLocks } from '../../module-cache/locks.ts';

/** LockHolder is a process that holds a lock. */
export type LockHolder = {
  readonly pid: number;
  /** command is its argument list; empty when it could not be read. */
  readonly command: readonly string[];
};

/** findLockHolder names who holds flock(2) on an open file; undefined where /proc does not tell. */
export function findLockHolder(opened: number): LockHolder | undefined {
  try {
    const pid = parseLockHolder(readFileSync('/proc/locks', 'utf8'), fstatSync(opened).ino);
    return pid === undefined ? undefined : { pid, command: readCommand(pid) };
  } catch {
    return undefined; // no Linux, or a sandbox without /proc
  }
}

/**
 * parseLockHolder finds in /proc/locks the process that holds flock(2) on an inode. The device is left out: of an overlay or a
 * btrfs it is another one than stat gives.
 */
export function parseLockHolder(text: string, inode: number): number | undefined {
  return parseLocks(text).find((lock) => lock.inode === inode)?.pid;
}

function readCommand(pid: number): readonly string[] {
  try {
    return parseArguments(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  } catch {
    return []; // it ended, or is another user's
  }
}
