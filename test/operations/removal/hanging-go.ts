import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder, writeAt } from './cache.ts';

/** HangingGo is a real go command that has begun a build and waits for its first tool. */
export type HangingGo = { readonly pid: number; stop(): Promise<void> };

/**
 * startGo runs `go build` with a -toolexec command that never ends; when it returns, the go command runs already.
 * `environment` is all that the go command gets, besides PATH.
 */
export function startGo(environment: Readonly<Record<string, string>>): HangingGo {
  const folder = makeFolder();
  const hang = join(folder.path, 'hang.sh');
  writeFileSync(hang, '#!/bin/sh\nexec sleep 60\n');
  chmodSync(hang, 0o755);
  const module = join(folder.path, 'module');
  mkdirSync(module);
  writeFileSync(join(module, 'go.mod'), 'module example.com/hang\n\ngo 1.21\n');
  writeFileSync(join(module, 'main.go'), 'package main\n\nfunc main() {}\n');
  // Else a process of go's telemetry writes into the home after the test has removed it (golang.org/x/telemetry).
  writeAt(join(environment.HOME ?? folder.path, '.config', 'go', 'telemetry', 'mode'), 'off');
  const child = spawn('go', ['build', '-toolexec', hang, '-o', join(folder.path, 'app'), '.'], {
    cwd: module,
    env: {
      PATH: process.env.PATH,
      GOTOOLCHAIN: 'local',
      GOPROXY: 'off',
      TMPDIR: folder.path,
      ...environment,
    },
    stdio: 'ignore',
    // The tool that hangs is its child: they are ended as one group.
    detached: true,
  });
  return handle(child, folder.remove);
}

/** startTool runs a process that is named as a tool of Go and waits, as one whose go command was killed. */
export function startTool(name: string, environment: Readonly<Record<string, string>>): HangingGo {
  const folder = makeFolder();
  const tool = join(folder.path, name);
  symlinkSync('/bin/sh', tool);
  const child = spawn(tool, ['-c', 'read line'], {
    env: environment,
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  return handle(child, folder.remove);
}

/** nameOf is what /proc calls a process. */
export function nameOf(pid: number): string {
  return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
}

function handle(child: ChildProcess, remove: () => void): HangingGo {
  const pid = child.pid;
  if (pid === undefined) throw new Error('it did not start');
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  return {
    pid,
    async stop() {
      process.kill(-pid, 'SIGKILL');
      await ended;
      remove();
    },
  };
}
