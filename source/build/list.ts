import { execFile } from 'node:child_process';
import { setPriority } from 'node:os';
import type { Readable } from 'node:stream';
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
  /** onGet takes the `# get` lines: what go list downloads, the build beside it finds in the module cache. */
  readonly onGet?: (line: string) => void;
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
  const why = wordsOf(stderr) || failure;
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
function runList({ program, command, cwd, environment, signal, onGet }: ListOptions): Promise<Listed> {
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
        const isFine = error === null || (wordsOf(stderr) === '' && error.code === 1);
        resolve({ stdout, stderr, failure: isFine ? undefined : reasonOf(error) });
      },
    );
    if (onGet !== undefined && child.stderr !== null) tellGets(child.stderr, onGet);
    child.stdin?.end();
    lowerPriority(child.pid);
  });
}

/**
 * listArguments are the words of go list behind the program: the flags that choose packages, tests where they count. Without
 * -export nothing is built, and -x prints the requests for modules alone.
 */
export function listArguments(command: GoCommand): readonly string[] {
  const directory = command.directory === undefined ? [] : ['-C', command.directory];
  const tests = command.subcommand === 'test' || command.subcommand === 'vet' ? ['-test'] : [];
  return [
    'list',
    ...directory,
    '-e',
    '-deps',
    ...tests,
    '-x',
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

function tellGets(stderr: Readable, onGet: (line: string) => void): void {
  let rest = '';
  stderr.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('# get ')) onGet(line);
  });
}

/** wordsOf is what go list has to say, less the lines of -x. */
function wordsOf(stderr: string): string {
  return stderr
    .split('\n')
    .filter((line) => !isXLine(line))
    .join('\n')
    .trim();
}

/** isXLine: requests, and commands of version control with their locks and times. `cmd/go/internal/modfetch/codehost: run, go1.26` */
function isXLine(line: string): boolean {
  return /^(?:# (?:get|lock) |cd \/|mkdir -p |(?:git|hg|svn|bzr|fossil) |\d+\.\d{3}s # )/.test(line);
}

function lowerPriority(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, 19);
  } catch {
    // It has ended already, or the system does not let us: it then runs at the priority of the build.
  }
}
