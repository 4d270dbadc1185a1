import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { codeOf, type Problem, reasonOf } from '../platform/problem.ts';
import { redactUrl } from './redact.ts';
import { type Environment, parseSettingFile, type SettingFiles, shownSettings } from './settings.ts';
import { isAtLeast, oldestGo } from './toolchain.ts';

/** GoEnv is what the go command says of itself, from `go env -json`; a setting that this go does not know is empty. */
export type GoEnv = {
  /** gocache is an absolute path, or `off` when Go could not locate one: `problems` then says why. */
  readonly gocache: string;
  readonly gomodcache: string;
  readonly goproxy: string;
  readonly gosumdb: string;
  readonly gonoproxy: string;
  readonly gonosumdb: string;
  readonly goprivate: string;
  readonly goinsecure: string;
  readonly govcs: string;
  readonly goauth: string;
  /** goflags is the effective value; see `withX`. */
  readonly goflags: string;
  /** goenv is the file of `go env -w`; empty with GOENV=off. */
  readonly goenv: string;
  readonly goroot: string;
  readonly gopath: string;
  /** gomod is the go.mod file of the main module; empty in GOPATH mode, the null device outside of a module. */
  readonly gomod: string;
  /** gowork is the go.work file; empty without a workspace, `off` when switched off. */
  readonly gowork: string;
  readonly gotoolchain: string;
  readonly goversion: string;
  readonly goos: string;
  readonly goarch: string;
  readonly gotmpdir: string;
  readonly gocacheprog: string;
  readonly cgoEnabled: boolean;
  /** raw is all that was asked, by Go's names. It may hold passwords: show its values through `redactUrl` only. */
  readonly raw: Readonly<Record<string, string>>;
  /** problems are what lets Go answer here but not build: a GOCACHE that is off or relative. */
  readonly problems: readonly Problem[];
  /** notes are go's lines about a toolchain that it downloaded for this answer: its next command will not print them. */
  readonly notes: string;
};

/** GoEnvOptions say which go command to ask, where, and under which environment. */
export type GoEnvOptions = {
  readonly goCommand: string;
  /** cwd matters: a go.mod there can switch the toolchain, and with it every default. */
  readonly cwd: string;
  readonly environment: Environment;
  readonly signal?: AbortSignal;
};

/**
 * askedSettings are named one by one, since a bare `go env -json` also tries out the C compiler, makes a work folder and
 * stops when GOCACHE is off. A name that this go does not know comes back empty.
 * `cmd/go/internal/envcmd: runEnv, ExtraEnvVarsCostly, go1.26`
 */
const askedSettings: readonly string[] = [
  ...shownSettings,
  'CC',
  'GO111MODULE',
  'GOAMD64',
  'GOARM',
  'GOARM64',
  'GOBIN',
  'GODEBUG',
  'GOEXE',
  'GOEXPERIMENT',
  'GOFIPS140',
  'GOHOSTARCH',
  'GOHOSTOS',
  'GOTELEMETRY',
  'GOTOOLDIR',
];

/** readGoEnv asks the go command for its settings (about 10 ms), or says why it cannot. */
export async function readGoEnv(options: GoEnvOptions): Promise<GoEnv | Problem> {
  const ran = await runGo(options, ['env', '-json', ...askedSettings]);
  if (isProblem(ran)) return ran;
  const raw = parseGoEnvJson(ran.stdout);
  if (raw === undefined) {
    const repair = 'check that this is the go command of a Go distribution';
    return {
      where: `${options.goCommand} env`,
      what: 'cannot be read',
      why: 'its output is not a JSON object',
      repair,
    };
  }
  const version = raw.GOVERSION ?? '';
  if (isAtLeast(version, oldestGo) === false || version === '') {
    const why = version === '' ? 'it names no GOVERSION, so it is older than go1.16' : `this is ${version}`;
    return {
      where: options.goCommand,
      what: `needs ${oldestGo} or newer`,
      why,
      repair: 'install a newer Go',
    };
  }
  const gocacheProblem = await findGocacheProblem(options, raw);
  const notes = ran.stderr.match(/^go: downloading .*\n/gm)?.join('') ?? '';
  return toGoEnv(raw, gocacheProblem === undefined ? [] : [gocacheProblem], notes);
}

/**
 * readSettingFiles reads the two files that Go takes settings from. A missing one is empty, as for Go; one that cannot be
 * read is a problem here, while Go passes over it without a word. `cmd/go/internal/cfg: readEnvFile, go1.26`
 */
export async function readSettingFiles(
  goEnv: Pick<GoEnv, 'goenv' | 'goroot'>,
): Promise<SettingFiles & { readonly problems: readonly Problem[] }> {
  const problems: Problem[] = [];
  const read = async (path: string): Promise<string> => {
    try {
      return path === '' ? '' : await readFile(path, 'utf8');
    } catch (error) {
      if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'ENOTDIR') {
        const repair = 'make it readable: until then its settings do not count';
        problems.push({
          where: path,
          what: 'cannot be read, and Go ignores it silently',
          why: reasonOf(error),
          repair,
        });
      }
      return '';
    }
  };
  const goenv = parseSettingFile(await read(goEnv.goenv), 'go env -w');
  const goroot = parseSettingFile(
    await read(goEnv.goroot === '' ? '' : join(goEnv.goroot, 'go.env')),
    'GOROOT',
  );
  return { goenv, goroot, problems };
}

/** isProblem tells a problem from a value that was read. */
export function isProblem(value: object): value is Problem {
  return 'where' in value && 'what' in value && 'why' in value && 'repair' in value;
}

/** parseGoEnvJson reads what `go env -json` prints; undefined when it is not an object of strings. */
export function parseGoEnvJson(text: string): Readonly<Record<string, string>> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value);
  return entries.every(([, setting]) => typeof setting === 'string')
    ? Object.fromEntries(entries)
    : undefined;
}

/**
 * explainGocacheOff gives Go's words for a GOCACHE that `go env` shows as `off`; `setting` is what the user set.
 * `go env` hides a relative path as `off`: the error is dropped there. `cmd/go/internal/cache: DefaultDir, initDefaultCache, go1.26`
 */
function explainGocacheOff(setting: string): Problem {
  if (setting === 'off') {
    const why = 'build cache is disabled by GOCACHE=off, but required as of Go 1.12';
    return { where: 'GOCACHE', what: 'off', why, repair: 'unset GOCACHE, or run: go env -u GOCACHE' };
  }
  const what = 'build cache is required, but could not be located';
  if (setting === '') {
    const why = 'GOCACHE is not defined and neither $XDG_CACHE_HOME nor $HOME are defined';
    return { where: 'GOCACHE', what, why, repair: 'set HOME or GOCACHE' };
  }
  return {
    where: `GOCACHE=${setting}`,
    what,
    why: 'GOCACHE is not an absolute path',
    repair: 'give GOCACHE an absolute path',
  };
}

async function findGocacheProblem(
  options: GoEnvOptions,
  raw: Readonly<Record<string, string>>,
): Promise<Problem | undefined> {
  if (raw.GOCACHE !== 'off') return undefined;
  const files = await readSettingFiles({ goenv: raw.GOENV ?? '', goroot: raw.GOROOT ?? '' });
  const setting = [options.environment.GOCACHE, files.goenv.get('GOCACHE'), files.goroot.get('GOCACHE')];
  return explainGocacheOff(setting.find((value) => value !== undefined && value !== '') ?? '');
}

type Output = { readonly stdout: string; readonly stderr: string };

/** runGo gives the output of one go command, or the problem in Go's own words. */
export async function runGo(options: GoEnvOptions, args: readonly string[]): Promise<Output | Problem> {
  const { goCommand, cwd, environment, signal } = options;
  const where = `${goCommand} ${args[0] ?? ''}`;
  try {
    // Node's own execFile: every run begins with this command, and loading execa would come before it.
    return await promisify(execFile)(goCommand, [...args], { cwd, env: { ...environment }, signal });
  } catch (error) {
    return explainFailure(error, options, where);
  }
}

function explainFailure(error: unknown, options: GoEnvOptions, where: string): Problem {
  const { goCommand, cwd, environment, signal } = options;
  if (signal?.aborted === true) return { where, what: 'stopped', why: 'it was no longer needed', repair: '' };
  const code = codeOf(error);
  const reason = reasonOf(error);
  if (code === 'ENOENT' && !existsSync(cwd)) {
    return {
      where: cwd,
      what: 'cannot be the working directory',
      why: code,
      repair: 'choose a directory that exists',
    };
  }
  if (code === 'ENOENT') {
    const isName = !goCommand.includes('/');
    const why = isName ? environment.PATH || 'PATH is empty' : 'there is no such file';
    return {
      where: goCommand,
      what: isName ? 'not found on PATH' : 'not found',
      why,
      repair: 'install Go from https://go.dev/dl/',
    };
  }
  if (code === 'EACCES') {
    return {
      where: goCommand,
      what: 'cannot be run',
      why: 'permission denied',
      repair: `check its mode and its folders`,
    };
  }
  return {
    where,
    what: 'failed',
    why: redactUrl(stderrOf(error) || endOf(error) || reason),
    repair: 'run it yourself to see the same',
  };
}

/** endOf says how a command ended that said nothing. */
function endOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('signal' in error && typeof error.signal === 'string') return `ended by ${error.signal}`;
  if ('code' in error && typeof error.code === 'number') return `exit code ${error.code}`;
  return undefined;
}

function stderrOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('stderr' in error)) return '';
  return typeof error.stderr === 'string' ? error.stderr.trim() : '';
}

function toGoEnv(raw: Readonly<Record<string, string>>, problems: readonly Problem[], notes: string): GoEnv {
  const setting = (name: string) => raw[name] ?? '';
  return {
    gocache: setting('GOCACHE'),
    gomodcache: setting('GOMODCACHE'),
    goproxy: setting('GOPROXY'),
    gosumdb: setting('GOSUMDB'),
    gonoproxy: setting('GONOPROXY'),
    gonosumdb: setting('GONOSUMDB'),
    goprivate: setting('GOPRIVATE'),
    goinsecure: setting('GOINSECURE'),
    govcs: setting('GOVCS'),
    goauth: setting('GOAUTH'),
    goflags: setting('GOFLAGS'),
    goenv: setting('GOENV'),
    goroot: setting('GOROOT'),
    gopath: setting('GOPATH'),
    gomod: setting('GOMOD'),
    gowork: setting('GOWORK'),
    gotoolchain: setting('GOTOOLCHAIN'),
    goversion: setting('GOVERSION'),
    goos: setting('GOOS'),
    goarch: setting('GOARCH'),
    gotmpdir: setting('GOTMPDIR'),
    gocacheprog: setting('GOCACHEPROG'),
    cgoEnabled: setting('CGO_ENABLED') === '1',
    raw,
    problems,
    notes,
  };
}
