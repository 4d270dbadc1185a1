import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Environment, terminalEnvironment } from '../../test/pty/environment.ts';
import { openTerminal, type Terminal } from '../../test/pty/terminal.ts';

/** App is a copy of the program as it is installed, so that a change of source/ meanwhile does not reach this run. */
export type App = {
  /** words start it: this Node and the launcher. */
  readonly words: readonly [string, string];
  /** environment keeps Node's compile cache and the record of builds of this run apart. */
  readonly environment: Environment;
};

/** prepareApp bundles source/ into a folder and starts it once, which fills the compile cache. */
export function prepareApp(folder: string): App {
  const root = resolve(import.meta.dirname, '..', '..');
  mkdirSync(folder, { recursive: true });
  for (const part of ['bin', 'package.json'])
    cpSync(join(root, part), join(folder, part), { recursive: true });
  const bundle = spawnSync(
    process.execPath,
    [join(root, 'scripts', 'bundle.js'), '--outdir', join(folder, 'dist')],
    { stdio: 'inherit' },
  );
  if (bundle.status !== 0) throw new Error('cannot bundle source/');
  return {
    words: [process.execPath, join(folder, 'bin', 'gocachetop.js')],
    environment: {
      XDG_CACHE_HOME: join(folder, 'cache'),
      XDG_STATE_HOME: join(folder, 'state'),
      NODE_COMPILE_CACHE: undefined,
    },
  };
}

/** Place is where and with which settings something runs. */
export type Place = { readonly cwd: string; readonly env: Environment };

/** timeRun runs a command with no output to the end and gives its wall time in milliseconds. */
export function timeRun(words: readonly string[], { cwd, env }: Place): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(words[0] ?? '', words.slice(1), {
    cwd,
    env: terminalEnvironment(env),
    stdio: 'ignore',
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      const ms = performance.now() - startedAt;
      if (code === 0) resolve(ms);
      else reject(new Error(`${words.slice(-5).join(' ')} ended with ${code}`));
    });
  });
}

/** timeBareNode is the unit of the start-up limits: Node that starts, does nothing and ends; the mean of three. */
export async function timeBareNode(place: Place): Promise<number> {
  let sum = 0;
  for (let run = 0; run < 3; run += 1) sum += await timeRun([process.execPath, '-e', '0'], place);
  return sum / 3;
}

/** openApp opens the screen in a terminal of 120x40. */
export function openApp(app: App, { cwd, env }: Place, args: readonly string[]): Terminal {
  const [command, ...words] = app.words;
  return openTerminal({
    command,
    args: [...words, ...args],
    cwd,
    env: { ...env, ...app.environment },
    cols: 120,
    rows: 40,
  });
}

/** firstFrame resolves when all panes are drawn. */
export async function firstFrame(terminal: Terminal): Promise<void> {
  await terminal.when(
    () => {
      const text = terminal.text();
      return ['1 build', '2 GOCACHE', '3 GOMODCACHE', '4 proxy'].every((pane) => text.includes(pane));
    },
    { what: 'the first frame', timeoutMs: 30_000 },
  );
}

/** buildEnd resolves when the screen says that the command has ended well. */
export async function buildEnd(terminal: Terminal): Promise<void> {
  await terminal.when(() => /\d:\d\d +(?:ok|failed|killed)/.test(terminal.screen()[0] ?? ''), {
    what: 'the end of the build',
    timeoutMs: 600_000,
  });
  if (!/\d:\d\d +ok/.test(terminal.screen()[0] ?? ''))
    throw new Error(`the build failed:\n${terminal.text()}`);
}
