import { readFileSync } from 'node:fs';
import { isGoCommand, type ProcessStat, parseArguments } from '../../build/elsewhere/process.ts';
import { mtimeInterval } from '../../build-cache/trim.ts';
import { cacheUseOfGo, cacheUseOfTool } from './process-cache.ts';
import { listProcesses, readUptime } from './processes.ts';

/** GuardProcess is a go command, or an orphan of one, that may be using the GOCACHE. Times are milliseconds. */
export type GuardProcess = {
  readonly pid: number;
  /** command is its argument list; empty when it could not be read. */
  readonly command: readonly string[];
  readonly ageMs: number;
  /** startedAt is Unix time. */
  readonly startedAt: number;
};

export type Guard = {
  /** guardMs: what was used less than this ago must stay; 0 when nothing runs. */
  readonly guardMs: number;
  /** processes are the reason, the oldest first; empty where they cannot be listed. */
  readonly processes: readonly GuardProcess[];
};

/**
 * findGuard asks which go commands run on a GOCACHE, and so what they may have looked up and may still read. A look-up
 * sets the mtime of an entry only when that is an hour old (mtimeInterval), so that what a go command looked up at its
 * start may show a time up to an hour before its start: the guard is an hour more than the age of the oldest. One whose
 * environment cannot be read counts. cmd/go/internal/cache: (*DiskCache).markUsed, go1.26
 */
export function findGuard(gocache: string, now: number): Guard {
  const all = listProcesses();
  if (all === undefined) return { guardMs: guardOfUnseen, processes: [] };
  const users = new Map<number, ProcessStat>();
  for (const [pid, stat] of all) {
    if (isGoCommand(stat.name)) {
      if (cacheUseOfGo(pid, gocache) !== 'no') users.set(pid, stat);
    } else if (tools.has(stat.name) && cacheUseOfTool(pid, gocache) === 'yes') {
      users.set(...findGo(pid, stat, all));
    }
  }
  if (users.size === 0) return { guardMs: 0, processes: [] };
  const uptime = readUptime();
  const processes = [...users]
    .map(([pid, stat]) => describe(pid, Math.max(0, uptime - stat.startTicks * tickMs), now))
    .sort((a, b) => b.ageMs - a.ageMs);
  return { guardMs: mtimeInterval + (processes[0]?.ageMs ?? 0), processes };
}

/** GuardWatch is the guard of a removal that goes on for a while. */
export type GuardWatch = {
  /** look asks again, now. */
  look(): void;
  /** covers says whether an entry last used at `mtime`, Unix ms, must stay; the guard it goes by is of this moment. */
  covers(mtime: number): boolean;
};

/** watchGuard looks again ten times a second, as long as that takes no more than a tenth of the time. */
export function watchGuard(gocache: string, now: () => number): GuardWatch {
  let guardMs = 0;
  let lookAgainAt = Number.NEGATIVE_INFINITY;
  return { look, covers };

  function look(): void {
    const startedAt = performance.now();
    guardMs = findGuard(gocache, now()).guardMs;
    const endedAt = performance.now();
    lookAgainAt = endedAt + Math.max(lookMs, 10 * (endedAt - startedAt));
  }

  function covers(mtime: number): boolean {
    if (performance.now() >= lookAgainAt) look();
    return guardMs > 0 && now() - mtime < guardMs;
  }
}

/** guardOfUnseen is for where processes cannot be listed: it holds for builds that have run for an hour at most. */
const guardOfUnseen = 2 * mtimeInterval;

// A go command needs longer than this to read its modules and packages, before it opens the first output.
const lookMs = 100;
// USER_HZ: /proc counts in hundredths of a second on every architecture that Go supports.
const tickMs = 10;
// From cc1 through gcc and cgo to go there are three; a -toolexec command adds some.
const deepestTool = 8;

/** tools of Go that live long enough to be seen: $GOROOT/pkg/tool, go1.26. */
const tools: ReadonlySet<string> = new Set(['compile', 'link', 'asm', 'cgo', 'vet', 'cover']);

/** findGo gives the go command above a tool; the tool itself when that was killed. */
function findGo(
  pid: number,
  stat: ProcessStat,
  all: ReadonlyMap<number, ProcessStat>,
): [number, ProcessStat] {
  let parent = stat.parent;
  for (let depth = 0; depth < deepestTool; depth += 1) {
    const above = all.get(parent);
    if (above === undefined) break;
    if (isGoCommand(above.name)) return [parent, above];
    parent = above.parent;
  }
  return [pid, stat];
}

function describe(pid: number, ageMs: number, now: number): GuardProcess {
  return { pid, command: readCommand(pid), ageMs, startedAt: now - ageMs };
}

function readCommand(pid: number): readonly string[] {
  try {
    return parseArguments(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  } catch {
    return []; // it ended, or is another user's
  }
}
