import { readFileSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { parseArguments, parseProcessStat } from '../../../build/elsewhere/process.ts';
import { unescapePath } from '../../../go/module-path.ts';
import { parseDownloadName } from '../../../module-cache/paths.ts';
import { parseLockHolder } from '../../redownload/lock-holder.ts';
import type { HeldLock, RemainderFacts } from './facts.ts';
import type { ModuleCacheScan } from './scan.ts';

/** findRemainders tells which of Go's marks mean something: a `.lock` that is held, a `.partial` that nobody is at. */
export function findRemainders(scan: ModuleCacheScan | undefined): RemainderFacts {
  if (scan === undefined) return { folders: 0, isWhole: true, partials: [], locks: [] };
  const { folders, isWhole } = scan;
  const holders = readHolders(scan.locks);
  const partials = scan.partials.flatMap((file) => {
    const named = parseDownloadName(basename(file));
    const path = modulePathOf(file);
    if (named.kind !== 'partial' || path === undefined) return [];
    // Go makes the mark under the lock of the version. cmd/go/internal/modfetch: download, go1.26
    const isHeld = holders.some((lock) => lock.file === file.replace(/\.partial$/, '.lock'));
    return isHeld ? [] : [{ path, version: named.version, file }];
  });
  return { folders, isWhole, partials, locks: holders };
}

function modulePathOf(file: string): string | undefined {
  const relative = /\/cache\/download\/(.+)\/@v$/.exec(dirname(file))?.[1];
  return relative === undefined ? undefined : unescapePath(relative);
}

/** readHolders finds the locks that are held, on Linux; elsewhere none is known to be. */
function readHolders(files: readonly string[]): readonly HeldLock[] {
  const locks = readText('/proc/locks');
  if (!locks.includes('FLOCK')) return [];
  return files.flatMap((file) => {
    const inode = statSync(file, { throwIfNoEntry: false })?.ino;
    const pid = inode === undefined ? undefined : parseLockHolder(locks, inode);
    return pid === undefined ? [] : [describe(file, pid)];
  });
}

// proc(5): clock ticks are a hundredth of a second on every Linux that Node runs on.
const tickMs = 10;

function describe(file: string, pid: number): HeldLock {
  const stat = readText(`/proc/${pid}/stat`);
  const startTicks = parseProcessStat(stat)?.startTicks;
  const uptimeMs = Number.parseFloat(readText('/proc/uptime')) * 1000;
  const runsForMs = startTicks === undefined ? Number.NaN : uptimeMs - startTicks * tickMs;
  return {
    file,
    pid,
    command: parseArguments(readText(`/proc/${pid}/cmdline`)),
    // proc(5): T is stopped by a signal, t by a debugger.
    isStopped: /^[Tt]/.test(stat.slice(stat.lastIndexOf(')') + 2)),
    runsForMs: Number.isNaN(runsForMs) ? undefined : runsForMs,
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
