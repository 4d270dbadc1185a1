import { execFileSync } from 'node:child_process';

/** RunningProcess is one line of `ps`; a zombie is not listed, for it has ended. */
export type RunningProcess = {
  readonly pid: number;
  readonly parent: number;
  readonly session: number;
  readonly name: string;
};

/** listProcesses gives all processes of this machine. */
export function listProcesses(): RunningProcess[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,sess=,stat=,comm='], { encoding: 'utf8' }).split(
    '\n',
  );
  return lines.flatMap((line) => {
    const [, pid, parent, session, state = '', name = ''] =
      /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (pid === undefined || state.startsWith('Z')) return [];
    return [{ pid: Number(pid), parent: Number(parent), session: Number(session), name }];
  });
}

/** descendantsOf gives the children of a process, their children and so on, and all of its session; not itself. */
export function descendantsOf(pid: number, processes = listProcesses()): RunningProcess[] {
  const family = new Set([pid]);
  for (let size = 0; size !== family.size; ) {
    size = family.size;
    for (const process of processes) {
      if (family.has(process.parent) || process.session === pid) family.add(process.pid);
    }
  }
  return processes.filter((process) => process.pid !== pid && family.has(process.pid));
}

/** isRunning tells whether a process is there and not a zombie. */
export function isRunning(pid: number): boolean {
  return listProcesses().some((process) => process.pid === pid);
}

/** killProcess sends a signal; a process that has just ended is no error. */
export function killProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
