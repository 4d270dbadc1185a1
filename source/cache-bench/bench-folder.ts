import { createHash, randomBytes } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type Problem, reasonOf } from '../platform/problem.ts';

/** Owner is the process that a bench folder belongs to; `startTicks` tells it from a later one of its number. */
export type Owner = { readonly pid: number; readonly startTicks: number | undefined };

const prefix = 'gocachetop-bench-';

/** BenchFolders are the folders that a run makes, one in each directory, and one in that for each round. */
export type BenchFolders = {
  /** make makes the folder of a round. It throws the system's error: the directory must exist. */
  make(directory: string): string;
  /** removeAll removes all that was made. */
  removeAll(): readonly Problem[];
};

export function createBenchFolders(owner: Owner): BenchFolders {
  const made = new Map<string, string>();
  let rounds = 0;
  return {
    make(directory) {
      const present = made.get(directory);
      const folder = present ?? makeBenchFolder(directory, owner);
      made.set(directory, folder);
      rounds += 1;
      const round = join(folder, String(rounds));
      mkdirSync(round);
      return round;
    },
    removeAll() {
      const problems = [...made.values()].flatMap((folder) => removeFolder(folder) ?? []);
      made.clear();
      return problems;
    },
  };
}

/**
 * makeBenchFolder makes a folder of our own in a directory: `gocachetop-bench-PID-TICKS-PLACE-RANDOM`. Nothing else in
 * the directory is touched. It throws the system's error.
 */
function makeBenchFolder(directory: string, { pid, startTicks }: Owner): string {
  const name = [pid, startTicks ?? 0, placeOfProcesses(), randomBytes(4).toString('hex')].join('-');
  const folder = join(directory, `${prefix}${name}`);
  mkdirSync(folder, { mode: 0o700 });
  return folder;
}

/** removeFolder removes a folder of ours; a problem says why it is still there. */
export function removeFolder(folder: string): Problem | undefined {
  let why = 'somebody writes into it';
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    why = reasonOf(error);
  }
  if (!existsSync(folder)) return undefined;
  return { where: folder, what: 'could not be removed', why, repair: `remove it: rm -rf ${folder}` };
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
  return listOrNothing(directory).flatMap((name) => {
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

function listOrNothing(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return []; // it went away: the measurement will say so
  }
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
