import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { type ProcessStat, parseProcessStat } from '../../build/elsewhere/process.ts';
import { codeOf } from '../../platform/problem.ts';

/** listProcesses lists the processes that live, by number; undefined where there is no /proc to ask. */
export function listProcesses(): ReadonlyMap<number, ProcessStat> | undefined {
  if (!hasProc()) return undefined;
  const processes = new Map<number, ProcessStat>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readStat(Number(name));
    if (stat !== undefined && !stat.hasEnded) processes.set(Number(name), stat);
  }
  return processes;
}

/** readUptime is how long the machine runs, in milliseconds: what startTicks count up to. */
export function readUptime(): number {
  return Number.parseFloat(readFileSync('/proc/uptime', 'utf8')) * 1000;
}

/** isProcessAlive says whether a process lives; with `startTicks`, that process and no later one of its number. */
export function isProcessAlive(pid: number, startTicks: number | undefined): boolean {
  if (hasProc()) {
    const stat = readStat(pid);
    if (stat === undefined || stat.hasEnded) return false;
    return startTicks === undefined || startTicks === stat.startTicks;
  }
  try {
    process.kill(pid, 0); // sends nothing
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM'; // another user's
  }
}

/** readOwnStartTicks is when this process began; undefined where there is no /proc. */
export function readOwnStartTicks(): number | undefined {
  return hasProc() ? readStat(process.pid)?.startTicks : undefined;
}

function hasProc(): boolean {
  return process.platform === 'linux' && existsSync('/proc/self/stat');
}

function readStat(pid: number): ProcessStat | undefined {
  try {
    return parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined; // it ended
  }
}
