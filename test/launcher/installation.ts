import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';

export const root: string = resolve(import.meta.dirname, '..', '..');
export const launcher: string = join(root, 'bin', 'gocachetop.js');

/** makeFolder makes a folder that goes with the test. */
export function makeFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'launcher-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * install puts the launcher alone into a new folder, with an app of the test's own in place of dist/main.js, and
 * gives the launcher's path there.
 */
export function install(app: string | undefined, options: { readonly withNode?: boolean } = {}): string {
  const folder = makeFolder();
  cpSync(join(root, 'bin'), join(folder, 'bin'), { recursive: true });
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
  if (app !== undefined) {
    mkdirSync(join(folder, 'dist'));
    writeFileSync(join(folder, 'dist', 'main.js'), app);
  }
  if (options.withNode) {
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(join(root, 'node_modules', 'node'), join(folder, 'node_modules', 'node'));
  }
  return join(folder, 'bin', 'gocachetop.js');
}

/** plainEnvironment is ours without what npm adds for its scripts. */
function plainEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  const withThisNode = [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter);
  return { ...Object.fromEntries(entries.map(([name, value]) => [name, value ?? ''])), PATH: withThisNode };
}

/** findOldNode looks on PATH for a Node that the launcher refuses; undefined when each is new enough. */
export function findOldNode(): { readonly path: string; readonly version: string } | undefined {
  for (const directory of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(directory, 'node');
    const { stdout, status } = spawnSync(path, ['--version'], { encoding: 'utf8' });
    if (status !== 0) continue;
    const [major = 0, minor = 0] = stdout.replace('v', '').split('.').map(Number);
    if (major < 22 || (major === 22 && minor < 22)) return { path, version: stdout.trim().slice(1) };
  }
  return undefined;
}

export type Run = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type RunOptions = {
  readonly cwd?: string;
  /** environment is added to ours. */
  readonly environment?: Readonly<Record<string, string>>;
  /** whenOutput is called once, when stdout holds `text`. */
  readonly whenOutput?: { readonly text: string; readonly act: (pid: number) => void };
};

/** run runs a program without a terminal, to its end. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...plainEnvironment(), ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let stdout = '';
  let stderr = '';
  let hasActed = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (options.whenOutput === undefined || hasActed || !stdout.includes(options.whenOutput.text)) return;
    hasActed = true;
    options.whenOutput.act(child.pid ?? 0);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', (code, signal) => done({ code, signal, stdout, stderr }));
  });
}

/** listTree gives the files below a folder. */
export function listTree(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
}
