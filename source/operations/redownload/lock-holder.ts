import { fstatSync, readFileSync } from 'node:fs';
import { parseArguments } from '../../build/elsewhere/process.ts';

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
 * parseLockHolder finds in /proc/locks, proc(5), the process that holds flock(2) on an inode. One that waits has `->`:
 *
 *     1: FLOCK  ADVISORY  WRITE 1234 08:01:262146 0 EOF
 *     1: -> FLOCK  ADVISORY  WRITE 1240 08:01:262146 0 EOF
 *
 * The device is left out: of an overlay or a btrfs it is another one than stat gives.
 */
export function parseLockHolder(text: string, inode: number): number | undefined {
  for (const line of text.split('\n')) {
    const found = /^\d+: FLOCK\s+\S+\s+\S+\s+(\d+) [^\s:]+:[^\s:]+:(\d+) /.exec(line);
    if (found !== null && Number(found[2]) === inode) return Number(found[1]);
  }
  return undefined;
}

function readCommand(pid: number): readonly string[] {
  try {
    return parseArguments(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  } catch {
    return []; // it ended, or is another user's
  }
}
