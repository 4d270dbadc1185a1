import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, type Problem, reasonOf } from '../platform/problem.ts';
import { makeBenchFolder, type Owner, removeFolder } from './bench-folder.ts';
import { countBuilt } from './built.ts';
import { type GoBuild, runGoBuild } from './go-build.ts';
import { readIoWaitMs } from './machine.ts';
import type { Fault, Replay, ReplayRun } from './run.ts';
import type { Turn } from './turns.ts';

/** Round is one cold and one warm run in one directory. */
export type Round = {
  readonly coldMs: number;
  readonly warmMs: number;
  /** ioWaitMs is how long somebody on this machine waited for a disk meanwhile. */
  readonly ioWaitMs: number | undefined;
};

/** BuildRound is a Round of real builds. */
export type BuildRound = Round & {
  readonly coldCpuMs: number | undefined;
  readonly warmCpuMs: number | undefined;
  /** packages were compiled cold; misses are those that the warm build compiled again. */
  readonly packages: number;
  readonly misses: number;
  readonly outputBytes: number;
};

/** replayRound replays a cold and a warm build in a directory. */
export function replayRound(replay: Replay, directory: string, owner: Owner): Promise<Turn<Round>> {
  return inBenchFolder<Round>(directory, owner, async (folder) => {
    const waited = readIoWaitMs();
    const cold = await replay.run(folder, 'cold');
    if (cold.type !== 'done') return notDone(directory, cold);
    const warm = await replay.run(folder, 'warm');
    if (warm.type !== 'done') return notDone(directory, warm);
    const ioWaitMs = since(waited, readIoWaitMs());
    return { type: 'done', result: { coldMs: cold.wallMs, warmMs: warm.wallMs, ioWaitMs } };
  });
}

/** buildRound builds for real: with an empty GOCACHE in a directory, and again with what that left. */
export function buildRound(
  build: GoBuild,
  directory: string,
  owner: Owner,
  signal: AbortSignal,
): Promise<Turn<BuildRound>> {
  return inBenchFolder(directory, owner, async (folder) => {
    const gocache = join(folder, 'gocache');
    mkdirSync(gocache);
    const waited = readIoWaitMs();
    const cold = await runGoBuild(build, gocache, signal);
    if (cold.type !== 'done') return cold;
    const warmSince = Date.now();
    const warm = await runGoBuild(build, gocache, signal);
    if (warm.type !== 'done') return warm;
    const ioWaitMs = since(waited, readIoWaitMs());
    const { archives, since: misses, outputBytes } = countBuilt(gocache, warmSince);
    return {
      type: 'done',
      result: {
        coldMs: cold.wallMs,
        warmMs: warm.wallMs,
        ioWaitMs,
        coldCpuMs: cold.cpuMs,
        warmCpuMs: warm.cpuMs,
        packages: archives,
        misses,
        outputBytes,
      },
    };
  });
}

/** inBenchFolder makes a folder of our own in a directory for as long as `work` takes, and removes it whatever comes. */
async function inBenchFolder<T>(
  directory: string,
  owner: Owner,
  work: (folder: string) => Promise<Turn<T>>,
): Promise<Turn<T>> {
  let folder: string | undefined;
  let turn: Turn<T>;
  try {
    folder = makeBenchFolder(directory, owner);
    turn = await work(folder);
  } catch (error) {
    turn = { type: 'failed', problem: explain(directory, { code: codeOf(error), reason: reasonOf(error) }) };
  }
  const left = folder === undefined ? undefined : removeFolder(folder);
  return left !== undefined && turn.type === 'done' ? { type: 'failed', problem: left } : turn;
}

function notDone(directory: string, run: Exclude<ReplayRun, { type: 'done' }>): Turn<never> {
  return run.type === 'stopped' ? run : { type: 'failed', problem: explain(directory, run.fault) };
}

/** explain makes one line of what a directory did not stand. */
function explain(directory: string, { code, reason }: Fault): Problem {
  const [why, repair] = faults.get(code ?? '') ?? [reason, ''];
  return { where: directory, what: 'could not be measured to the end', why, repair };
}

const full = 'free some room there, or choose another';
const faults: ReadonlyMap<string, readonly [why: string, repair: string]> = new Map([
  ['ENOSPC', ['no space is left on its file system', full]],
  ['EDQUOT', ['the quota there is used up', full]],
  ['ENOENT', ['it, or our folder in it, was removed meanwhile', 'let it be until the end']],
  ['EROFS', ['its file system is mounted for reading only', 'GOCACHE needs one that can be written']],
  ['EMFILE', ['too many open files', 'raise the limit: ulimit -n']],
]);

function since(before: number | undefined, after: number | undefined): number | undefined {
  return before === undefined || after === undefined ? undefined : after - before;
}
