import { resolve } from 'node:path';
import { type Owner, removeLeftovers } from '../cache-bench/bench-folder.ts';
import type { GoBuild } from '../cache-bench/go-build.ts';
import { isBusy, readLoad } from '../cache-bench/machine.ts';
import { type Directory, probeDirectory } from '../cache-bench/probe.ts';
import { type BuildRound, buildRound, type Round, replayRound } from '../cache-bench/round.ts';
import { openReplay, writersHere } from '../cache-bench/run.ts';
import { leastRounds } from '../cache-bench/samples.ts';
import { roomFor, trace } from '../cache-bench/trace.ts';
import { type Turns, takeTurns } from '../cache-bench/turns.ts';
import { isProcessAlive, readOwnStartTicks } from '../operations/removal/processes.ts';
import type { Problem } from '../platform/problem.ts';
import { benchJson } from '../report/bench/json.ts';
import { benchPlan, benchText } from '../report/bench/text.ts';
import type { BenchView } from '../report/bench/view.ts';
import { formatDuration } from '../store/format.ts';
import type { CommandContext } from './context.ts';

/** runBench measures how good directories are as GOCACHE: with a replayed build and, on request, with a real one. */
export async function runBench(context: CommandContext): Promise<number> {
  const { flags, place, say } = context;
  const rounds = readRounds(flags.bench.rounds);
  if (typeof rounds === 'string') {
    say(rounds);
    return 2;
  }
  if (flags.isReadOnly && !flags.isDryRun) {
    say('bench is refused: --read-only (--dry-run only says what it would do)');
    return 2;
  }
  const probed = await probeAll(flags.bench.directories.map((each) => resolve(place.cwd, each)));
  const load = readLoad();
  const begun: BenchView = {
    isDryRun: flags.isDryRun,
    wasStopped: false,
    writers: writersHere(),
    ...rounds,
    packages: flags.bench.packages,
    load,
    directories: probed.directories,
    replayed: [],
    built: [],
    problems: probed.problems,
  };
  if (flags.isDryRun || probed.directories.length === 0) {
    await context.print(benchJson(begun), probed.directories.length === 0 ? '' : benchPlan(begun));
    context.tell(probed.problems);
    return probed.problems.length > 0 ? 1 : 0;
  }
  if (!flags.isJson) process.stderr.write(benchPlan(begun));
  if (isBusy(load))
    say(
      `others keep this machine busy (load ${load.average.toFixed(1)}, ${load.cores} cores): that moves the figures; better when it is idle`,
    );
  const stopping = stopSignal(context.signal);
  const view = await measure(context, begun, stopping);
  await context.print(benchJson(view), benchText(view, flags.isSi));
  if (flags.isJson) context.tell(view.problems);
  if (view.wasStopped) say('stopped; nothing was left behind');
  return view.wasStopped ? 130 : view.problems.length > 0 ? 1 : 0;
}

/** stopSignal is aborted by what stops us: Ctrl-C, SIGTERM, and a terminal that is closed. */
function stopSignal(signal: AbortSignal): AbortSignal {
  const hangup = new AbortController();
  process.once('SIGHUP', () => hangup.abort());
  return AbortSignal.any([signal, hangup.signal]);
}

// Seven rounds of a second tell a difference that five in seven show; a cold build is dear: the fewest that can tell.
const defaultRounds = { rounds: 7, buildRounds: leastRounds };
const mostRounds = 50;

function readRounds(text: string | undefined): typeof defaultRounds | string {
  if (text === undefined) return defaultRounds;
  const rounds = /^\d+$/.test(text) ? Number(text) : 0;
  if (rounds < 1 || rounds > mostRounds) return `--rounds ${text}: a number from 1 to ${mostRounds}`;
  return { rounds, buildRounds: rounds };
}

async function probeAll(paths: readonly string[]) {
  const probed = await Promise.all(paths.map((path) => probeDirectory(path, roomFor(trace))));
  return {
    directories: probed.filter((each): each is Directory => 'directory' in each),
    problems: probed.filter((each): each is Problem => 'why' in each),
  };
}

async function measure(context: CommandContext, begun: BenchView, signal: AbortSignal): Promise<BenchView> {
  const owner: Owner = { pid: process.pid, startTicks: readOwnStartTicks() };
  const paths = begun.directories.map(({ directory }) => directory);
  const leftovers = [...new Set(paths)].flatMap((path) =>
    removeLeftovers(path, ({ pid, startTicks }) => isProcessAlive(pid, startTicks), Date.now()),
  );
  const replayed = await replayAll(context, begun, owner, signal);
  const problems = [...begun.problems, ...leftovers, ...replayed.problems];
  const view = { ...begun, replayed: replayed.results, problems, wasStopped: replayed.wasStopped };
  if (begun.packages.length === 0 || replayed.wasStopped) return view;
  const built = await buildAll(context, view, owner, signal);
  return {
    ...view,
    built: built.results,
    problems: [...problems, ...built.problems],
    wasStopped: built.wasStopped,
  };
}

/** replayAll leaves the first round out: it pays for compiling our own code, and for the first look at a directory. */
async function replayAll(
  context: CommandContext,
  { directories, rounds }: BenchView,
  owner: Owner,
  signal: AbortSignal,
): Promise<Turns<Round>> {
  const replay = await openReplay(signal);
  try {
    const turns = await takeTurns(
      directories.map(({ directory }) => directory),
      rounds + 1,
      (directory, round) => {
        context.progress(
          `${round === 0 ? 'before the first round' : `round ${round} of ${rounds}`}: ${directory}`,
        );
        return replayRound(replay, directory, owner);
      },
    );
    return { ...turns, results: turns.results.map(([, ...counted]) => counted) };
  } finally {
    context.progress('');
    await replay.close();
  }
}

async function buildAll(
  context: CommandContext,
  view: BenchView,
  owner: Owner,
  signal: AbortSignal,
): Promise<Turns<BuildRound>> {
  const { place, progress, say } = context;
  const { directories, buildRounds, packages } = view;
  const build: GoBuild = { packages, cwd: place.cwd, environment: place.environment };
  const failed = (problem: Problem) => ({ results: [], problems: [problem], wasStopped: false });
  const [first] = directories;
  if (first === undefined) return { results: [], problems: [], wasStopped: false };
  progress('a first build, which is not counted');
  const trial = await buildRound(build, first.directory, owner, signal);
  progress('');
  if (trial.type === 'failed') return failed(trial.problem);
  if (trial.type === 'stopped') return { results: [], problems: [], wasStopped: true };
  const { coldMs, warmMs, outputBytes } = trial.result;
  const leftMs = (coldMs + warmMs) * directories.length * buildRounds;
  say(
    `one cold build takes ${formatDuration(coldMs)}, a warm one ${formatDuration(warmMs)}: about ${formatDuration(leftMs)} for all`,
  );
  const roomy = await Promise.all(
    directories.map(({ directory }) => probeDirectory(directory, outputBytes * roomFactor)),
  );
  const turns = await takeTurns(
    directories.map(({ directory }) => directory),
    buildRounds,
    async (directory, round) => {
      const found = roomy[directories.findIndex((each) => each.directory === directory)];
      if (found !== undefined && 'why' in found) return { type: 'failed', problem: found };
      progress(`build ${round + 1} of ${buildRounds}: ${directory}`);
      return buildRound(build, directory, owner, signal);
    },
  );
  progress('');
  return { ...turns, problems: [...turns.problems, ...missesOf(turns, directories)] };
}

// Small files take whole blocks.
const roomFactor = 1.25;

/** missesOf are the directories that did not keep all: go passes without a word where a file system is full. */
function missesOf({ results }: Turns<BuildRound>, directories: readonly Directory[]): readonly Problem[] {
  return directories.flatMap(({ directory }, index) => {
    const rounds = results[index] ?? [];
    const worst = rounds.toSorted((one, other) => other.misses - one.misses)[0];
    if (worst === undefined || worst.misses === 0) return [];
    const why = `${worst.misses} of ${worst.packages} packages were compiled again`;
    return [{ where: directory, what: 'the warm build missed', why, repair: 'look whether it has room' }];
  });
}
