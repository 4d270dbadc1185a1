import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ShellTerminal } from '../pty/shell.ts';
import { type Dock, openDock } from './dock.ts';

let dock: Dock;
let screen: ShellTerminal;

beforeAll(() => {
  dock = openDock();
});

afterAll(async () => {
  await screen.close();
  await dock[Symbol.asyncDispose]();
});

test('a build in another terminal shows its packages here, with what it wrote', async () => {
  screen = dock.open({ args: [], cols: 120, rows: 40 });
  await screen.until(/builds in other terminals on this GOCACHE show up here/);
  await screen.until(/watched +(?:by events|the folder does not exist)/);
  dock.hold('gamma');
  await using other = dock.open({ command: dock.build[0] ?? '', args: dock.build.slice(1) });
  await screen.until(/\/dock\/gamma +\d+(?:\.\d)? s/);
  await screen.until(/\+ \S*dock\/alpha +[\d.]+ KiB/);
  dock.release('gamma');
  expect((await other.exited).code).toBe(0);
  await screen.until(/\+ \S*dock\/gamma +[\d.]+ KiB/);
  await screen.until(/\+ \S*dock\/delta +[\d.]+ KiB/);
  await screen.until(/size {7}\d+\.\d KiB/);
});

test('go clean -cache elsewhere is seen, and so is the next build', async () => {
  dock.run('go', 'clean', '-cache');
  await screen.until(/actions {4}0/);
  dock.run('go', 'build', './...');
  await screen.until(/actions {4}1\d/);
});

test('a GOCACHE that is removed is said to be missing, and is watched again when it is back', async () => {
  rmSync(dock.env.GOCACHE ?? '', { recursive: true });
  await screen.until(/watched +the folder does not exist/);
  await screen.until(/size {7}0 B/);
  dock.run('go', 'build', './...');
  await screen.until(/watched +by events/);
  await screen.until(/size {7}\d+\.\d KiB/);
  dock.edit('delta');
  dock.run('go', 'build', './...');
  await screen.until(/\+ \S*dock\/delta/);
  screen.type('q');
  expect(await screen.exited).toEqual({ code: 0, signal: undefined });
  await screen.restored();
  expect(screen.scrollback()).toMatch(/GOCACHE/);
});

test('a GOCACHE that is removed in the middle of a build: the build goes its own way, and we with it', async () => {
  await screen.close();
  dock.hold('gamma');
  dock.edit('alpha');
  screen = dock.open({ args: ['--', ...dock.build], cols: 120, rows: 40 });
  await screen.until(/\/gamma +\d+\.\d s/);
  dock.run('go', 'clean', '-cache');
  dock.release('gamma');
  const [, status] = await screen.until(/0:\d\d {3}(ok|failed, exit code 1)/);
  screen.type('q');
  expect((await screen.exited).code).toBe(status === 'ok' ? 0 : 1);
  await screen.restored();
  dock.run('go', 'build', './...');
});
