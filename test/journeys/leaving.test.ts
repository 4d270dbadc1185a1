import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { ShellTerminal } from '../pty/shell.ts';
import { type Dock, openDock } from './dock.ts';

let dock: Dock;
let screen: ShellTerminal;

beforeAll(() => {
  dock = openDock();
});

afterEach(async () => {
  await screen.close();
  dock.release('gamma');
  await expect.poll(dock.running).toEqual([]);
});

afterAll(() => dock[Symbol.asyncDispose]());

/** start begins a build that waits at gamma, with another command behind it that prints a word and may fail. */
async function start(after = 'echo all done; exit 7'): Promise<void> {
  dock.hold('gamma');
  for (const name of ['alpha', 'gamma']) dock.edit(name);
  const [go, ...words] = dock.build;
  const build = [go, ...words.map((word) => `'${word}'`)].join(' ');
  screen = dock.open({ args: ['--', 'sh', '-c', `echo at work; ${build} && ${after}`] });
  await screen.until(/compiling now/);
  await screen.until(/\/gamma +\d/);
}

test('q during a build asks; Esc and the first answer stay, and the build goes on', async () => {
  await start();
  screen.type('q');
  await screen.until(/still running/);
  screen.key('escape');
  await screen.gone(/still running/);
  screen.key('ctrl+c');
  await screen.until(/still running/);
  screen.key('enter');
  await screen.gone(/still running/);
  dock.release('gamma');
  await screen.until(/failed, exit code 7/);
  screen.type('q');
  expect(await screen.exited).toEqual({ code: 7, signal: undefined });
  await screen.restored();
  expect(screen.scrollback()).toMatch(/^at work\nall done\n/);
});

test('quit, it goes on: the output that is still to come is printed, and the exit code is that of the build', async () => {
  await start();
  screen.type('q');
  await screen.until(/Quit, it goes on/);
  screen.key('right', 'enter');
  await screen.until(/the build goes on/);
  expect(screen.isAlternate()).toBe(false);
  expect(dock.running()).not.toEqual([]);
  dock.release('gamma');
  expect(await screen.exited).toEqual({ code: 7, signal: undefined });
  await screen.restored();
  expect(screen.scrollback()).toMatch(/^at work\ngocachetop: the build goes on\nall done\n/);
  expect(screen.scrollback()).toMatch(/exit code 7/);
});

test('after leaving, Ctrl-C stops the build that went on', async () => {
  await start();
  screen.type('q');
  await screen.until(/Quit, it goes on/);
  screen.key('right', 'enter');
  await screen.until(/the build goes on/);
  screen.key('ctrl+c');
  expect((await screen.exited).code).toBe(130);
  await screen.restored();
  expect(screen.scrollback()).not.toMatch(/^all done/m);
});

test('quit and stop it: the build ends, and what was not reached is said', async () => {
  await start();
  screen.type('q');
  await screen.until(/Quit and stop it/);
  screen.key('right', 'right', 'enter');
  expect((await screen.exited).code).toBe(130);
  await screen.restored();
  expect(screen.scrollback()).toMatch(/^at work\n/);
  expect(screen.scrollback()).not.toMatch(/^all done/m);
  expect(dock.leftovers()).toEqual([]);
});

test('Ctrl-C twice stops the build', async () => {
  await start();
  screen.key('ctrl+c');
  await screen.until(/Ctrl-C again stops it/);
  screen.key('ctrl+c');
  expect((await screen.exited).code).toBe(130);
  await screen.restored();
  expect(dock.leftovers()).toEqual([]);
});

test('a build that ends while it asks says so, and Enter still only stays', async () => {
  await start();
  screen.type('q');
  await screen.until(/still running/);
  dock.release('gamma');
  await screen.until(/The build has ended meanwhile/);
  screen.key('enter');
  await screen.gone(/ended meanwhile/);
  await screen.until(/failed, exit code 7/);
  screen.type('q');
  expect((await screen.exited).code).toBe(7);
});
