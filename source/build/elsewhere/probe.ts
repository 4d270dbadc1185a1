import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { ElsewhereOwner } from './event.ts';
import {
  findVariable,
  isGoCommand,
  type ProcessStat,
  parseArguments,
  parseProcessStat,
  parseWorkCommand,
  type WorkCommand,
} from './process.ts';

/** GoProcess is a go command that lives, or lived. */
export type GoProcess = ElsewhereOwner & { readonly startTicks: number };

/** WorkProcess is a process that works in a WORK folder, as a child of the go command that owns it. */
export type WorkProcess = WorkCommand & {
  readonly pid: number;
  readonly startedAt: number;
  /** gocache stands in the environ of each tool, even when the user did not set it (cmd/go: main, go1.26). */
  readonly gocache: string | undefined;
  /** importPath is Go's own name of the unit (TOOLEXEC_IMPORTPATH; cmd/go/internal/work: (*Shell).runOut). */
  readonly importPath: string | undefined;
  /** owner is undefined when no ancestor is a go command: it was killed, and this is its orphan. */
  readonly owner: GoProcess | undefined;
};

export type ProcessProbe = {
  /** look lists the processes that work in any WORK now. */
  look(now: number): readonly WorkProcess[];
  isAlive(owner: GoProcess): boolean;
  /** findOldestGo gives the start of the go command that lives the longest, in ms; undefined when none lives. */
  findOldestGo(now: number): number | undefined;
};

/**
 * createProcessProbe reads /proc; undefined where there is none. Each process is read twice, then remembered by its
 * number: the first time it may still show the command line of the go command that just forked it.
 */
export function createProcessProbe(): ProcessProbe | undefined {
  if (process.platform !== 'linux' || !existsSync('/proc/self/stat')) return undefined;
  let known = new Map<string, WorkProcess | 'once' | 'other'>();
  let lookedAt = 0;
  return { look, isAlive, findOldestGo };

  function look(now: number): readonly WorkProcess[] {
    // Within this time no process number comes round again.
    if (now - lookedAt > memoryMs) known = new Map();
    lookedAt = now;
    const present: typeof known = new Map();
    const found: WorkProcess[] = [];
    let bootedAt: number | undefined;
    for (const pid of listPids()) {
      const before = known.get(pid);
      if (before === 'other') present.set(pid, before);
      else if (before !== undefined && before !== 'once') {
        present.set(pid, before);
        found.push(before);
      } else {
        bootedAt ??= readBootTime(now);
        const process = readWorkProcess(pid, bootedAt);
        present.set(pid, process ?? (before === 'once' ? 'other' : 'once'));
        if (process !== undefined) found.push(process);
      }
    }
    known = present;
    return found;
  }

  function isAlive(owner: GoProcess): boolean {
    const stat = readStat(owner.pid);
    return stat !== undefined && !stat.hasEnded && stat.startTicks === owner.startTicks;
  }

  function findOldestGo(now: number): number | undefined {
    const starts = listPids()
      .map(readStat)
      .filter((stat) => stat !== undefined)
      .filter(({ name, hasEnded }) => isGoCommand(name) && !hasEnded)
      .map(({ startTicks }) => startTicks);
    return starts.length === 0 ? undefined : readBootTime(now) + Math.min(...starts) * tickMs;
  }
}

const memoryMs = 3000;
// USER_HZ: /proc counts in hundredths of a second on every architecture that Go supports.
const tickMs = 10;
// From cc1 through gcc and cgo to go there are three; a -toolexec command adds some.
const deepestTool = 8;

function readWorkProcess(pid: string, bootedAt: number): WorkProcess | undefined {
  const command = parseWorkCommand(parseArguments(read(`/proc/${pid}/cmdline`)));
  if (command === undefined) return undefined;
  const stat = readStat(pid);
  if (stat === undefined) return undefined;
  const environ = parseArguments(read(`/proc/${pid}/environ`));
  return {
    ...command,
    pid: Number(pid),
    startedAt: bootedAt + stat.startTicks * tickMs,
    gocache: findVariable(environ, 'GOCACHE'),
    importPath: findVariable(environ, 'TOOLEXEC_IMPORTPATH'),
    owner: findOwner(stat.parent),
  };
}

function findOwner(parent: number): GoProcess | undefined {
  let pid = parent;
  for (let depth = 0; depth < deepestTool && pid > 1; depth += 1) {
    const stat = readStat(pid);
    if (stat === undefined) return undefined;
    if (isGoCommand(stat.name)) return describeGo(pid, stat);
    pid = stat.parent;
  }
  return undefined;
}

function describeGo(pid: number, stat: ProcessStat): GoProcess {
  const command = parseArguments(read(`/proc/${pid}/cmdline`));
  return { pid, command, directory: readDirectory(pid), startTicks: stat.startTicks };
}

function readDirectory(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined; // it ended, or is another user's
  }
}

function readStat(pid: number | string): ProcessStat | undefined {
  return parseProcessStat(read(`/proc/${pid}/stat`));
}

function readBootTime(now: number): number {
  return now - Number.parseFloat(read('/proc/uptime')) * 1000;
}

function listPids(): string[] {
  return readdirSync('/proc').filter((name) => /^\d/.test(name));
}

// read gives nothing for a process that ended meanwhile, or that is another user's.
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
