import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { createBenchFolders, removeLeftovers } from '../cache-bench/bench-folder.ts';
import type { GoBuild } from '../cache-bench/go-build.ts';
import { isBusy, readLoad } from '../cache-bench/machine.ts';
import { type Directory, probeDirectory } from '../cache-bench/probe.ts';
import {
  type Bench,
  type BuildRound,
  buildRound,
  placeOf,
  type Round,
  replayRound,
} from '../cache-bench/round.ts';
import { openReplay, writersHere } from '../cache-bench/run.ts';
import { leastRounds } from '../cache-bench/samples.ts';
import { roomFor, trace } from '../cache-bench/trace.ts';
import { type Turns, takeTurns } from '../cache-bench/turns.ts';
import { isProcessAlive, readOwnStartTicks } from '../operations/removal/processes.ts';
import { type Problem, reasonOf } from '../platform/problem.ts';
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
  const folders = createBenchFolders({ pid: process.pid, startTicks: readOwnStartTicks() });
  const bench: Bench = { folders, signal };
  const leftovers = removeOldLeftovers(begun.directories.map(({ directory }) => directory));
  const problems = [...begun.problems, ...leftovers];
  let view: BenchView = { ...begun, problems };
  let left: readonly Problem[] = [];
  try {
    const replayed = await replayAll(context, begun, bench);
    view = addTurns(view, replayed, { replayed: replayed.results });
    if (begun.packages.length > 0 && !view.wasStopped) {
      const built = await buildAll(context, begun, bench);
      view = addTurns(view, built, { built: built.results });
    }
  } finally {
    context.progress('');
    left = folders.removeAll();
  }
  return { ...view, problems: [...view.problems, ...left] };
}

function addTurns<T>(view: BenchView, turns: Turns<T>, results: Partial<BenchView>): BenchView {
  return {
    ...view,
    ...results,
    problems: [...view.problems, ...turns.problems],
    wasStopped: turns.wasStopped,
  };
}

/** removeOldLeftovers removes what killed runs left behind in directories. */
function removeOldLeftovers(directories: readonly string[]): readonly Problem[] {
  return [...new Set(directories)].flatMap((directory) =>
    removeLeftovers(directory, ({ pid, startTicks }) => isProcessAlive(pid, startTicks), Date.now()),
  );
}

/** replayAll leaves the first round out: it pays for compiling our own code, and for the first look at a directory. */
async function replayAll(
  context: CommandContext,
  { directories, rounds }: BenchView,
  bench: Bench,
): Promise<Turns<Round>> {
  const replay = await openReplay(bench.signal);
  const places = directories.map((each) => placeOf(each, roomFor(trace), directories.length * (rounds + 1)));
  try {
    const turns = await takeTurns(places, rounds + 1, (place, round) => {
      const which = round === 0 ? 'before the first round' : `round ${round} of ${rounds}`;
      context.progress(`${which}: ${place.directory}`);
      return replayRound(bench, replay, place);
    });
    return { ...turns, results: turns.results.map(([, ...counted]) => counted) };
  } finally {
    await replay.close();
  }
}

/** buildAll leaves a first build out, which reads the sources and the toolchain from disk, and says how long it took. */
async function buildAll(
  context: CommandContext,
  { directories, buildRounds, packages }: BenchView,
  bench: Bench,
): Promise<Turns<BuildRound>> {
  const { place, progress, say } = context;
  const none = { results: [], problems: [], wasStopped: false };
  const work = openWork(context, bench);
  if (typeof work !== 'string') return { ...none, problems: [work] };
  const build: GoBuild = { packages, cwd: place.cwd, environment: place.environment, work };
  const [first] = directories;
  if (first === undefined) return none;
  progress('a first build, which is not counted');
  const trial = await buildRound(bench, build, { directory: first.directory, keeps: false });
  progress('');
  if (trial.type === 'failed') return { ...none, problems: [trial.problem] };
  if (trial.type === 'stopped') return { ...none, wasStopped: true };
  const { coldMs, warmMs, outputBytes } = trial.result;
  const leftMs = (coldMs + warmMs) * directories.length * buildRounds;
  say(
    `one cold build takes ${formatDuration(coldMs)}, a warm one ${formatDuration(warmMs)}: about ${formatDuration(leftMs)} for all`,
  );
  const roundBytes = outputBytes * roomFactor;
  const places = await Promise.all(
    directories.map(async ({ directory }) => {
      const probed = await probeDirectory(directory, roundBytes);
      return 'why' in probed ? probed : placeOf(probed, roundBytes, directories.length * buildRounds);
    }),
  );
  const turns = await takeTurns(places, buildRounds, async (each, round) => {
    if ('why' in each) return { type: 'failed', problem: each };
    progress(`build ${round + 1} of ${buildRounds}: ${each.directory}`);
    return buildRound(bench, build, each);
  });
  return { ...turns, problems: [...turns.problems, ...missesOf(turns, directories)] };
}

// Small files take whole blocks.
const roomFactor = 1.25;

/** openWork makes a folder for go's work where go would make it; a problem is why nothing can be built. */
function openWork({ env, place }: CommandContext, { folders }: Bench): string | Problem {
  const temp = resolve(place.cwd, env.gotmpdir || place.environment.TMPDIR || tmpdir());
  if (env.gocacheprog !== '') {
    const why = 'go asks that program instead of a directory';
    return { where: 'GOCACHEPROG', what: 'no real build', why, repair: 'go env -u GOCACHEPROG, or unset it' };
  }
  try {
    removeOldLeftovers([temp]);
    return folders.make(temp);
  } catch (error) {
    return { where: temp, what: 'no work folder for go', why: reasonOf(error), repair: 'set TMPDIR' };
  }
}

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
