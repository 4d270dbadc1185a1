import { readdirSync, readFileSync } from 'node:fs';

/** cpuMs is the CPU time that a process has used so far, in milliseconds, all its threads, also the ended ones. */
export function cpuMs(pid: number): number {
  return sumOfTimes(readFileSync(`/proc/${pid}/stat`, 'utf8'), 14);
}

/** descendantsCpuMs is what all processes have used that this one started, they and theirs, and that have ended. */
export function descendantsCpuMs(): number {
  return sumOfTimes(readFileSync('/proc/self/stat', 'utf8'), 16);
}

/**
 * sumOfTimes adds a user and a system time of `1234 (node) S 1 ...`, in hundredths of a second: utime and stime are
 * fields 14 and 15, cutime and cstime 16 and 17 (man 5 proc_pid_stat).
 */
function sumOfTimes(stat: string, first: number): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return 10 * (Number(fields[first - 3]) + Number(fields[first - 2]));
}

/** exactCpuMs is the same in nanosecond steps, of the threads that run now: for a process that starts none. */
export function exactCpuMs(pid: number): number {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    // Its first number is the time on a CPU (Documentation/scheduler/sched-stats.rst).
    nanoseconds += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
  }
  return nanoseconds / 1e6;
}

/** peakMemory is the most memory that a process has held, in MiB. */
export function peakMemory(pid: number): number {
  return memoryOf(pid, 'VmHWM');
}

export function currentMemory(pid: number): number {
  return memoryOf(pid, 'VmRSS');
}

function memoryOf(pid: number, name: 'VmHWM' | 'VmRSS'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? Number.NaN) / 1024;
}
