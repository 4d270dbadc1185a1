import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { buildSubcommands, type GoCommand, parseGoCommand } from './build/go-command.ts';
import { listPackageSet } from './build/list.ts';
import type { PackageSet } from './build/package-set.ts';
import type { Flags } from './command-line.ts';
import { type GoEnv, readGoEnv } from './go/env.ts';
import { type Problem, reasonOf } from './platform/problem.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Place is where we run, under which environment, and what the go command there says of its settings. */
export type Place = {
  readonly cwd: string;
  /** environment of the user with our flags in it, for every child. */
  readonly environment: Environment;
  /** userEnvironment is the same without our flags: what go sees when the user runs it. */
  readonly userEnvironment: Environment;
  /** flagSettings are given by our own flags and count before all else. */
  readonly flagSettings: ReadonlyMap<string, string>;
  /** goEnv is asked at once: nothing can begin before it, and much can be loaded meanwhile. */
  readonly goEnv: Promise<GoEnv | Problem>;
  /** packageSet is asked of go list beside it; undefined where the command is no go command that builds. */
  readonly packageSet: Promise<PackageSet | Problem> | undefined;
  /** tellGets gives the `# get` lines of that go list, those before now too. */
  readonly tellGets: (take: (line: string) => void) => void;
  /** stopAsking ends go env and go list, which may be downloading a toolchain, when its answer is no longer wanted. */
  readonly stopAsking: () => void;
};

/**
 * openPlace applies `-C`, `--gocache` and `--gomodcache` and asks go env; a text is what is wrong with the flags. `isLocal` asks
 * the installed go, whatever a go.mod there wants: nothing is downloaded.
 */
export function openPlace(
  flags: Flags,
  environment: Environment,
  command: readonly string[] | undefined,
  isLocal = false,
): Place | string {
  let cwd: string;
  try {
    cwd = resolve(flags.directory ?? '.');
  } catch {
    return 'the working directory does not exist any more: go to one that does, or give -C DIR';
  }
  if (flags.directory !== undefined) {
    try {
      if (!statSync(cwd).isDirectory()) return `-C ${flags.directory}: not a directory`;
    } catch (error) {
      return `-C ${flags.directory}: ${reasonOf(error)}`;
    }
  }
  const given: readonly (readonly [string, string | undefined])[] = [
    ['GOCACHE', flags.gocache],
    ['GOMODCACHE', flags.gomodcache],
  ];
  const flagSettings = new Map(
    given.flatMap(([name, value]) => (value === undefined ? [] : [[name, resolve(value)] as const])),
  );
  const base = flags.directory === undefined ? environment : { ...environment, PWD: cwd };
  const changed = { ...base, ...Object.fromEntries(flagSettings) };
  const asking = new AbortController();
  const goCommand = command === undefined ? undefined : parseGoCommand(command);
  const program = command?.[0] ?? 'go';
  const goEnv = readGoEnv({
    goCommand: goCommand === undefined ? 'go' : program,
    // A go.mod where it runs may switch the toolchain.
    cwd: resolve(cwd, goCommand?.directory ?? '.'),
    environment: isLocal ? { ...changed, GOTOOLCHAIN: 'local' } : changed,
    signal: asking.signal,
  });
  const early: string[] = [];
  let onGet = (line: string): void => void early.push(line);
  const packageSet = hasPackageSet(goCommand)
    ? listPackageSet({
        program,
        command: goCommand,
        cwd,
        environment: changed,
        signal: asking.signal,
        onGet: (line) => onGet(line),
      })
    : undefined;
  return {
    cwd,
    environment: changed,
    userEnvironment: base,
    flagSettings,
    goEnv,
    packageSet,
    tellGets(take) {
      for (const line of early.splice(0)) take(line);
      onGet = take;
    },
    stopAsking: () => asking.abort(),
  };
}

function hasPackageSet(command: GoCommand | undefined): command is GoCommand {
  return command !== undefined && buildSubcommands.has(command.subcommand) && !command.isDryRun;
}
