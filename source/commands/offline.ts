import { type GoEnv, isProblem, readGoEnv } from '../go/env.ts';
import { runGoCommand } from '../go/run.ts';
import { quote } from '../go/shell-word.ts';
import { isReady } from '../operations/offline/needs.ts';
import { type Platform, parsePlatform } from '../operations/offline/platform.ts';
import { type NeedsOptions, probeNeeds } from '../operations/offline/probe.ts';
import type { Place } from '../place.ts';
import type { Problem } from '../platform/problem.ts';
import {
  archiveJson,
  archiveLines,
  isArchiveFine,
  isTakenFine,
  takenJson,
  takenLines,
} from '../report/module-archive.ts';
import { offlineJson, offlineText } from '../report/offline.ts';
import type { CommandContext } from './context.ts';
import { makeArchive, takeInArchive } from './module-archive.ts';

/** runOffline says whether all is there to build without a network, and else exactly what is missing. */
export async function runOffline(context: CommandContext): Promise<number> {
  const { flags, signal, say } = context;
  const { archive: archiveFolder, from } = flags.modules;
  const writes = archiveFolder !== undefined || from !== undefined;
  if (flags.isReadOnly && writes && !flags.isDryRun) {
    say('offline --archive and --from are refused: --read-only');
    return 2;
  }
  const platforms = await readPlatforms(context);
  if (platforms === undefined) return 2;
  const options = needsOptions(context, platforms);
  try {
    const taken = await takeInArchive(context);
    const needs = await probeNeeds(options);
    const archive =
      isReady(needs) && !flags.isDryRun ? await makeArchive(context, needs, options) : undefined;
    context.progress('');
    await context.print(
      { ...offlineJson(needs), archive: archiveJson(archive), taken: takenJson(taken) },
      [
        ...takenLines(taken, flags.isDryRun, flags.isSi).map((line) => `${line}\n`),
        offlineText(needs, prewarmCommand(context)),
        ...archiveLines(archive, flags.isSi).map((line) => `${line}\n`),
      ].join(''),
    );
    if (flags.isJson) context.tell(needs.problems);
    return isReady(needs) && isTakenFine(taken) && isArchiveFine(archive) ? 0 : 1;
  } catch (error) {
    context.progress('');
    if (signal.aborted) return 130;
    throw error;
  }
}

/**
 * readOfflineEnv asks go env where nothing may be downloaded: with a toolchain that is not there the installed go answers.
 */
export async function readOfflineEnv(place: Place): Promise<GoEnv | Problem> {
  const env = await place.goEnv;
  if (!isProblem(env) || place.environment.GOTOOLCHAIN === 'local') return env;
  const environment = { ...place.environment, GOTOOLCHAIN: 'local' };
  const local = await readGoEnv({ goCommand: 'go', cwd: place.cwd, environment });
  return isProblem(local) ? env : local;
}

/** readPlatforms reads `--platform`; without one it is that of go env. It says what is wrong with one. */
export async function readPlatforms({
  flags,
  env,
  place,
  say,
}: CommandContext): Promise<readonly Platform[] | undefined> {
  const asked = [...new Set(flags.modules.platforms)];
  if (asked.length === 0) return [{ goos: env.goos, goarch: env.goarch }];
  // go list takes any word for a GOOS. A list that cannot be had leaves the judgement to go build.
  const known = await runGoCommand({ cwd: '/', environment: place.environment }, ['tool', 'dist', 'list']);
  const platforms: Platform[] = [];
  for (const text of asked) {
    const platform = parsePlatform(text);
    if (platform === undefined || (known.isFine && !known.stdout.split('\n').includes(text))) {
      const what = platform === undefined ? 'it is GOOS/GOARCH, as linux/arm64' : 'Go does not know it';
      say(`--platform ${text}: ${what} (go tool dist list names all)`);
      return undefined;
    }
    platforms.push(platform);
  }
  return platforms;
}

/** needsOptions are what is looked at, and how. */
export function needsOptions(
  { env, flags, place, signal, progress }: CommandContext,
  platforms: readonly Platform[],
): NeedsOptions {
  return {
    env,
    cwd: place.cwd,
    environment: place.environment,
    platforms,
    withTests: !flags.modules.isWithoutTests,
    withTools: !flags.modules.isWithoutTools,
    signal,
    onProgress: progress,
  };
}

function prewarmCommand({ flags }: CommandContext): string {
  const { modules, directory, gomodcache } = flags;
  return [
    'gocachetop prewarm',
    ...modules.platforms.map((platform) => `--platform ${quote(platform)}`),
    ...(modules.isWithoutTests ? ['--no-tests'] : []),
    ...(modules.isWithoutTools ? ['--no-tools'] : []),
    ...(gomodcache === undefined ? [] : [`--gomodcache ${quote(gomodcache)}`]),
    ...(directory === undefined ? [] : [`-C ${quote(directory)}`]),
  ].join(' ');
}
