import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';

/** IoWait is how long somebody on this machine waited for a disk, counted up from its start; undefined: it does not say. */
export function readIoWaitMs(): number | undefined {
  // some avg10=0.45 avg60=0.16 avg300=0.48 total=93767281
  const pressure = /^some .*total=(\d+)/m.exec(readOrEmpty('/proc/pressure/io'));
  if (pressure !== null) return Number(pressure[1]) / 1000;
  // cpu  948942 6003 464803 724290 7350 0 2643 270 0 0: the fifth is iowait, over all cores
  const ticks = /^cpu +(?:\d+ ){4}(\d+)/.exec(readOrEmpty('/proc/stat'));
  return ticks === null ? undefined : Number(ticks[1]) * tickMs;
}

/** readChildCpuMs is what the ended children of this process used of the processors; undefined where there is no /proc. */
export function readChildCpuMs(): number | undefined {
  // 123 (a name) S 1 ...: behind the name, cutime and cstime are the 14th and 15th.
  const stat = readOrEmpty('/proc/self/stat');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [fields[13], fields[14]];
  return user === undefined || system === undefined ? undefined : (Number(user) + Number(system)) * tickMs;
}

// USER_HZ is 100 on every Linux that Node runs on.
const tickMs = 10;

/** Load is how many processes want to run, over the last minute, and how many can. */
export type Load = { readonly average: number; readonly cores: number };

export function readLoad(): Load {
  return { average: loadavg()[0] ?? 0, cores: availableParallelism() };
}

/** isBusy: what others do then moves the figures. */
export function isBusy({ average, cores }: Load): boolean {
  return average > cores / 2;
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // not Linux, or a kernel without it
  }
}
