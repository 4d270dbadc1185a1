import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const launcher: string = resolve(import.meta.dirname, '..', '..', 'bin', 'gocachetop.js');

export type Environment = Readonly<Record<string, string | undefined>>;

/** Sandbox is a folder with a GOCACHE, a GOPATH and a temp folder of its own, so that what is left behind is seen. */
export type Sandbox = {
  readonly folder: string;
  readonly temp: string;
  readonly gocache: string;
  readonly environment: Environment;
  /** dispose removes it all. */
  readonly dispose: () => void;
};

/** openSandbox makes one; its GOCACHE begins as a copy of `warm`, another's, or empty. */
export function openSandbox(warm?: Sandbox): Sandbox {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'gocachetop-sandbox-')));
  const [temp, gocache] = [join(folder, 'tmp'), join(folder, 'gocache')];
  mkdirSync(temp);
  if (warm === undefined) mkdirSync(gocache);
  // Hard links: Go never changes an output in place.
  else execFileSync('cp', ['-al', warm.gocache, gocache]);
  const environment = {
    ...userEnvironment(),
    GOENV: 'off',
    GOTOOLCHAIN: 'local',
    GOCACHE: gocache,
    GOPATH: join(folder, 'gopath'),
    GOFLAGS: '-modcacherw',
    TMPDIR: temp,
    XDG_CACHE_HOME: join(folder, 'caches'),
    XDG_STATE_HOME: join(folder, 'state'),
    LANG: 'C.UTF-8',
  };
  return {
    folder,
    temp,
    gocache,
    environment,
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** userEnvironment is ours less what npm and the go command's settings of this machine add. */
function userEnvironment(): Environment {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(?:npm_|VITEST|GO(?!ROOT$)|NODE_OPTIONS$|TERM$)/.test(name),
    ),
  );
}

/** Files are contents by path below a folder. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** writeFiles writes a module or any other files below a new folder of the sandbox and returns the folder. */
export function writeFiles(sandbox: Sandbox, name: string, files: Files): string {
  const folder = join(sandbox.folder, name);
  mkdirSync(folder, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

export type Ended = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly milliseconds: number;
};

export type RunOptions = {
  readonly cwd: string;
  readonly environment: Environment;
  readonly input?: string | Uint8Array;
  /** started is given the process, to signal it or to close its output. */
  readonly started?: (child: ChildProcess) => void;
  readonly isOwnGroup?: boolean;
};

/** run runs a program to its end; stdout and stderr are what it wrote, byte by byte. */
export function run(words: readonly string[], options: RunOptions): Promise<Ended> {
  const [program = '', ...args] = words;
  const startedAt = performance.now();
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: withoutUndefined(options.environment),
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    detached: options.isOwnGroup ?? false,
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(options.input);
  options.started?.(child);
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', (code, signal) =>
      done({
        code,
        signal,
        stdout: Buffer.concat(out),
        stderr: Buffer.concat(err),
        milliseconds: performance.now() - startedAt,
      }),
    );
  });
}

/** ours is the command line of gocachetop with these words. */
export function ours(...words: readonly string[]): readonly string[] {
  return [process.execPath, launcher, ...words];
}

function withoutUndefined(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}

/** leftIn names the files left in the temp folder of a sandbox. */
export function leftIn(sandbox: Sandbox): string[] {
  return readdirSync(sandbox.temp);
}

/** processesOf are the command lines of processes that still run with this sandbox in their environment. */
export function processesOf(sandbox: Sandbox): string[] {
  const marker = `TMPDIR=${sandbox.temp}`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/environ`, 'latin1').includes(marker)) return [];
        return [`${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim()}`];
      } catch {
        return []; // It has ended meanwhile, or is another user's.
      }
    });
}

/** copyDist copies the launcher and dist/ to a folder, for tests that break them. */
export function copyDist(sandbox: Sandbox): string {
  const root = resolve(import.meta.dirname, '..', '..');
  const copy = join(sandbox.folder, 'copy');
  for (const part of ['bin', 'dist', 'package.json'])
    cpSync(join(root, part), join(copy, part), { recursive: true });
  return copy;
}
