// npm start: builds the sample under gocachetop, with a GOCACHE and a GOMODCACHE of its own in .sample/. The first
// run is cold, the next ones warm; remove .sample/ for a cold one again.
//
//   npm start                           gocachetop -- go build ./...
//   npm start -- report                 gocachetop report -- go build ./...
//   npm start -- -- go test ./...       gocachetop -- go test ./...
//   npm start -- proxy                  gocachetop proxy
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { constants } from 'node:os';
import { join, resolve } from 'node:path';
import { isatty } from 'node:tty';
import { sampleDirectory, sampleEnvironment } from './sample-environment.ts';

const root = resolve(import.meta.dirname, '..');

start(process.argv.slice(2));

function start(args: readonly string[]): void {
  const go = spawnSync('go', ['version'], { stdio: 'ignore' });
  if (go.error !== undefined) fail('no go command on PATH: install Go 1.21 or newer from https://go.dev/dl/');

  // So that what starts is what stands in source/.
  const bundle = spawnSync(process.execPath, [join(root, 'scripts', 'bundle.js')], { stdio: 'inherit' });
  if (bundle.status !== 0) fail('cannot bundle source/');

  const caches = join(root, '.sample');
  mkdirSync(caches, { recursive: true });
  const app = spawn(process.execPath, [join(root, 'bin', 'gocachetop.js'), ...withBuild(args)], {
    cwd: sampleDirectory,
    env: { ...process.env, ...sampleEnvironment(caches) },
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // What is typed at a terminal reaches the app as well.
    const isTyped = signal === 'SIGINT' && isatty(0);
    process.on(signal, () => {
      if (!isTyped) app.kill(signal);
    });
  }
  app.on('exit', (code, signal) => {
    process.exit(signal === null ? (code ?? 1) : 128 + constants.signals[signal]);
  });
}

/** withBuild adds the build of the sample where a command is wanted and none is given. */
function withBuild(args: readonly string[]): readonly string[] {
  const [first] = args;
  const wantsCommand = first === undefined || first === 'report' || first.startsWith('-');
  const isAnswer = ['--version', '--help', '-h'].some((flag) => args.includes(flag));
  return wantsCommand && !isAnswer && !args.includes('--') ? [...args, '--', 'go', 'build', './...'] : args;
}

function fail(message: string): never {
  console.error(`npm start: ${message}`);
  process.exit(1);
}
