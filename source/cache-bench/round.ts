import { codeOf, type Problem, reasonOf } from '../platform/problem.ts';
import { type BenchFolders, removeFolder } from './bench-folder.ts';
import { countBuilt } from './built.ts';
import { type GoBuild, runGoBuild } from './go-build.ts';
import { readIoWaitMs } from './machine.ts';
import type { Directory } from './probe.ts';
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

/** Bench is what the rounds of a run share. */
export type Bench = {
  readonly folders: BenchFolders;
  readonly signal: AbortSignal;
};

/** replayRound replays a cold and a warm build in a directory. */
export function replayRound(bench: Bench, replay: Replay, { directory, keeps }: Place): Promise<Turn<Round>> {
  return inRoundFolder<Round>(bench, directory, keeps, async (folder) => {
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
  bench: Bench,
  build: GoBuild,
  { directory, keeps }: Place,
): Promise<Turn<BuildRound>> {
  return inRoundFolder<BuildRound>(bench, directory, keeps, async (gocache) => {
    const waited = readIoWaitMs();
    const cold = await runGoBuild(build, gocache, bench.signal);
    if (cold.type !== 'done') return cold;
    const warmSince = Date.now();
    const warm = await runGoBuild(build, gocache, bench.signal);
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

/** Place is a directory that is measured; it `keeps` the files of its rounds until the end of the run, or of each. */
export type Place = { readonly directory: string; readonly keeps: boolean };

/**
 * placeOf keeps the files of all rounds where there is room. A round behind a removal would be another one: an ext4
 * without a journal passes over inodes deleted in the last minutes (fs/ext4/ialloc.c: recently_deleted), and rounds there
 * took up to seven times as long. In memory nothing is kept: it is needed by others.
 */
export function placeOf({ directory, space }: Directory, roundBytes: number, roundsOfAll: number): Place {
  const isMemory = space?.type === 'tmpfs' || space?.type === 'ramfs';
  const hasRoom = space !== undefined && space.freeBytes > keepFactor * roundBytes * roundsOfAll;
  return { directory, keeps: hasRoom && !isMemory };
}

// What is kept for a moment must not be what fills a disk.
const keepFactor = 4;

/** inRoundFolder makes a folder for a round. Where it fails, it goes at once: it may be what a disk lacks. */
async function inRoundFolder<T>(
  { folders }: Bench,
  directory: string,
  keeps: boolean,
  work: (folder: string) => Promise<Turn<T>>,
): Promise<Turn<T>> {
  let folder: string | undefined;
  let turn: Turn<T>;
  try {
    folder = folders.make(directory);
    turn = await work(folder);
  } catch (error) {
    turn = { type: 'failed', problem: explain(directory, { code: codeOf(error), reason: reasonOf(error) }) };
  }
  const isKept = keeps && turn.type !== 'failed';
  const left = folder === undefined || isKept ? undefined : removeFolder(folder);
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
