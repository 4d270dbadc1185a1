import { execFile } from 'node:child_process';
import { setPriority } from 'node:os';
import { parseRecords } from '../go/records.ts';
import { type Problem, reasonOf } from '../platform/problem.ts';
import type { GoCommand } from './go-command.ts';
import { type ListedPackage, listFields, type PackageSet, parsePackageSet } from './package-set.ts';

export type ListOptions = {
  /** program is the go command as the user wrote it. */
  readonly program: string;
  readonly command: GoCommand;
  readonly cwd: string;
  /** environment of the user's command, with GOFLAGS as the user set them. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
};

/**
 * listPackageSet asks `go list -e -deps` for the packages of a command, with the same flags, beside the build and at
 * the lowest priority: the build does not wait for it. A go list that fails is a Problem with its own words.
 */
export async function listPackageSet(options: ListOptions): Promise<PackageSet | Problem> {
  const { program, command } = options;
  const { stdout, stderr, failure } = await runList(options);
  const listed = parseListed(stdout);
  if (failure === undefined || listed.length > 0) return parsePackageSet(listed, command);
  const why = stderr.trim() || failure;
  // cmd/go/internal/cache: initDefaultCache, go1.26
  const unusable = /^failed to initialize build cache at (.*?): (.*)$/m.exec(why);
  if (unusable?.[1] !== undefined && unusable[2] !== undefined) {
    const repair = 'make it writable for you, or choose another: go env -w GOCACHE=DIR';
    return { where: `GOCACHE=${unusable[1]}`, what: 'cannot be used', why: unusable[2], repair };
  }
  return {
    where: `${program} list`,
    what: 'the package set is not known',
    why,
    repair: 'hits are shown where there is evidence for them',
  };
}

type Listed = { readonly stdout: string; readonly stderr: string; readonly failure: string | undefined };

/** runList runs go list by Node's own means: it is started before anything larger is loaded. */
function runList({ program, command, cwd, environment, signal }: ListOptions): Promise<Listed> {
  return new Promise((resolve) => {
    const child = execFile(
      program,
      listArguments(command),
      // A set of 100,000 packages stays below this.
      {
        cwd,
        env: environment,
        encoding: 'utf8',
        maxBuffer: 1 << 30,
        ...(signal === undefined ? {} : { signal }),
      },
      (error, stdout, stderr) => {
        // go list -e ends with 1 when a package cannot be loaded; it has said which on stdout.
        const failure = error === null || (stderr === '' && error.code === 1) ? undefined : reasonOf(error);
        resolve({ stdout, stderr, failure });
      },
    );
    child.stdin?.end();
    lowerPriority(child.pid);
  });
}

/** listArguments are the words of go list behind the program: the flags that choose packages, tests where they count. */
export function listArguments(command: GoCommand): readonly string[] {
  const directory = command.directory === undefined ? [] : ['-C', command.directory];
  const tests = command.subcommand === 'test' || command.subcommand === 'vet' ? ['-test'] : [];
  return [
    'list',
    ...directory,
    '-e',
    '-deps',
    ...tests,
    `-json=${listFields}`,
    ...command.buildFlags,
    '--',
    ...command.patterns,
  ];
}

/** parseListed reads the packages that go list prints. */
export function parseListed(text: string): readonly ListedPackage[] {
  return parseRecords(text).filter(isListedPackage);
}

function isListedPackage(value: unknown): value is ListedPackage {
  return (
    typeof value === 'object' &&
    value !== null &&
    'ImportPath' in value &&
    typeof value.ImportPath === 'string'
  );
}

function lowerPriority(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, 19);
  } catch {
    // It has ended already, or the system does not let us: it then runs at the priority of the build.
  }
}
