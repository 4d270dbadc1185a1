import { createHash, randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type Problem, reasonOf } from '../platform/problem.ts';

/** Owner is the process that a bench folder belongs to; `startTicks` tells it from a later one of its number. */
export type Owner = { readonly pid: number; readonly startTicks: number | undefined };

const prefix = 'gocachetop-bench-';

/**
 * makeBenchFolder makes a folder of our own in a directory, which must exist: `gocachetop-bench-PID-TICKS-PLACE-RANDOM`.
 * Nothing else in the directory is touched. It throws the system's error.
 */
export function makeBenchFolder(directory: string, { pid, startTicks }: Owner): string {
  const name = [pid, startTicks ?? 0, placeOfProcesses(), randomBytes(4).toString('hex')].join('-');
  const folder = join(directory, `${prefix}${name}`);
  mkdirSync(folder, { mode: 0o700 });
  return folder;
}

/** removeFolder removes a bench folder; a problem is what could not be removed. */
export function removeFolder(folder: string): Problem | undefined {
  try {
    rmSync(folder, { recursive: true, force: true });
    return undefined;
  } catch (error) {
    const repair = `remove it: rm -rf ${folder}`;
    return { where: folder, what: 'could not be removed', why: reasonOf(error), repair };
  }
}

/**
 * removeLeftovers removes the bench folders of this user in a directory whose process has ended, as one killed with
 * SIGKILL. Those from another machine or container, of which that cannot be known, stay for a day.
 */
export function removeLeftovers(
  directory: string,
  isAlive: (owner: Owner) => boolean,
  now: number,
): readonly Problem[] {
  const place = placeOfProcesses();
  return readdirSync(directory).flatMap((name) => {
    const [, pid, ticks, madeAt] =
      /^gocachetop-bench-(\d+)-(\d+)-([0-9a-f]{8})-[0-9a-f]{8}$/.exec(name) ?? [];
    if (pid === undefined) return [];
    const folder = join(directory, name);
    const stats = lstatSync(folder, { throwIfNoEntry: false });
    if (stats === undefined || !stats.isDirectory() || stats.uid !== process.getuid?.()) return [];
    const owner = { pid: Number(pid), startTicks: ticks === '0' ? undefined : Number(ticks) };
    const isInUse = madeAt === place ? isAlive(owner) : now - stats.mtimeMs < foreignMs;
    const problem = isInUse ? undefined : removeFolder(folder);
    return problem === undefined ? [] : [problem];
  });
}

// No bench takes that long.
const foreignMs = 24 * 60 * 60 * 1000;

/** placeOfProcesses is where the numbers of our processes count: this machine, this PID namespace. */
function placeOfProcesses(): string {
  let namespace = '';
  try {
    namespace = readlinkSync('/proc/self/ns/pid');
  } catch {
    // Not Linux: the machine alone.
  }
  return createHash('sha256').update(`${hostname()} ${namespace}`).digest('hex').slice(0, 8);
}
