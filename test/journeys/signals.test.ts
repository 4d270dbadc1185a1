import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { killProcess, listProcesses } from '../pty/processes.ts';
import type { ShellTerminal } from '../pty/shell.ts';
import { type Dock, openDock } from './dock.ts';

let dock: Dock;
let screen: ShellTerminal;

beforeAll(() => {
  dock = openDock();
});

afterEach(async () => {
  await screen.close();
  // Nothing runs on, nothing lies in the temp folder, and the next build finds all as it should be.
  await expect.poll(dock.running, { timeout: 5_000 }).toEqual([]);
  expect(dock.leftovers()).toEqual([]);
  dock.release('gamma');
  dock.run('go', 'build', './...');
});

afterAll(() => dock[Symbol.asyncDispose]());

async function start(): Promise<void> {
  dock.hold('gamma');
  dock.edit('gamma');
  screen = dock.open({ args: ['--', ...dock.build], cols: 100, rows: 30 });
  await screen.until(/compiling now/);
  await screen.until(/\/gamma +\d/);
}

for (const [signal, code] of [
  ['SIGTERM', 143],
  ['SIGHUP', 129],
  ['SIGINT', 130],
] as const) {
  test(`${signal} during a build ends both, with the terminal as before`, async () => {
    await start();
    screen.signal(signal);
    if (signal !== 'SIGHUP') {
      await screen.until(`killed by ${signal}`);
      screen.type('q');
    }
    expect((await screen.exited).code).toBe(code);
    await screen.restored();
    expect(screen.scrollback()).toMatch(/gocachetop: go build /);
  });
}

test('without a command a signal ends it at once', async () => {
  screen = dock.open({ args: [], cols: 100, rows: 30 });
  await screen.until('2 GOCACHE');
  screen.signal('SIGTERM');
  expect((await screen.exited).code).toBe(143);
  await screen.restored();
});

test('a window that is closed hangs up on the build too', async () => {
  await start();
  screen.hangUp();
  await screen.exited;
});

test('a build that is killed is shown as that, and its exit code is that of the signal', async () => {
  await start();
  const build = listProcesses().find(({ parent, name }) => name === 'go' && isOurs(parent));
  expect(build).toBeDefined();
  killProcess(build?.pid ?? 0, 'SIGKILL');
  dock.release('gamma');
  await screen.until('killed by SIGKILL');
  screen.type('q');
  expect((await screen.exited).code).toBe(137);
  await screen.restored();
});

/** isOurs tells whether a process was started by the shell of our terminal. */
function isOurs(pid: number): boolean {
  return listProcesses().some((process) => process.pid === pid && process.parent === screen.pid);
}
