import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { ShellTerminal } from '../pty/shell.ts';
import { type Dock, type DockOptions, openDock } from './dock.ts';

let dock: Dock;
let screen: ShellTerminal;

beforeAll(() => {
  dock = openDock();
});

afterEach(async () => {
  await screen.close();
  dock.release('gamma');
});

afterAll(() => dock[Symbol.asyncDispose]());

async function start(flags: readonly string[], options: Omit<DockOptions, 'args'> = {}): Promise<void> {
  dock.hold('gamma');
  dock.edit('gamma');
  screen = dock.open({ args: [...flags, '--', ...dock.build], cols: 120, rows: 40, ...options });
  await screen.until(/compiling now/);
  await screen.until(/\/gamma +\d/);
}

/** settled waits until nothing was written for a while: the last count of the caches is on screen then. */
async function settled(): Promise<void> {
  let mark = screen.mark();
  while (mark.milliseconds() < 2_500) {
    await delay(50);
    if (mark.bytes() > 0) mark = screen.mark();
  }
}

test('nothing is written for ten seconds while nothing happens, after a build and without one', async () => {
  await start([]);
  dock.release('gamma');
  await screen.until(/0:\d\d {3}ok/);
  await using explorer = dock.open({ args: [], cols: 120, rows: 40 });
  await explorer.until(/watched +by events/);
  await settled();
  const marks = [screen.mark(), explorer.mark()];
  await delay(10_000);
  expect(marks.map((mark) => mark.bytes())).toEqual([0, 0]);
  // Both still listen.
  screen.type('2');
  await screen.until('┏ 2 GOCACHE');
  explorer.type('3');
  await explorer.until('┏ 3 GOMODCACHE');
});

test('--low-bandwidth draws at most one frame a second during a build', async () => {
  await start(['--low-bandwidth']);
  await settledFrames();
  const mark = screen.mark();
  await screen.when(() => mark.frames() >= 4, { timeoutMs: 20_000 });
  // Four frames are three pauses of a second at the least, less what the first had waited already.
  expect(mark.milliseconds()).toBeGreaterThan(2_900);
  expect(mark.bytes() / (mark.milliseconds() / 1000)).toBeLessThan(2_000);
});

/** settledFrames waits for the next frame, so that what follows begins at one. */
async function settledFrames(): Promise<void> {
  const mark = screen.mark();
  await screen.when(() => mark.frames() >= 1, { timeoutMs: 20_000 });
}

test('--ascii writes no character beyond ASCII, whatever is open', async () => {
  await start(['--ascii']);
  const expectAscii = () => expect(screen.text()).toMatch(/^[\x20-\x7e\n]+$/);
  expectAscii();
  screen.type('q');
  await screen.until(/still running/);
  expectAscii();
  screen.key('escape');
  await screen.gone(/still running/);
  dock.release('gamma');
  await screen.until(/0:\d\d {3}ok/);
  expectAscii();
  for (const [keys, words] of [
    ['\r', /packages/],
    ['\r', /evidence/],
    ['\x1b', /outcome/],
    ['/be', /dock\/beta/],
    ['\x1b\x1b', /slowest of this build/],
    ['?', /one row up/],
    ['\x1b', /slowest of this build/],
    ['t', /output of the build/],
    ['2e', /GOPRIVATE/],
    ['3\r', /3 GOMODCACHE/],
    ['4\r', /4 proxy chain/],
  ] as const) {
    for (const key of keys) {
      screen.type(key);
      if (key === '\x1b') await delay(60);
    }
    await screen.until(words);
    expectAscii();
  }
});

for (const [name, env, flags] of [
  ['NO_COLOR', { NO_COLOR: '1' }, []],
  ['--no-color', {}, ['--no-color']],
] as const) {
  test(`${name}: no colour, and all is still told by words and marks`, async () => {
    await start(flags, { env });
    dock.release('gamma');
    await screen.until(/0:\d\d {3}ok/);
    screen.key('enter');
    await screen.until(/▸/);
    for (let y = 0; y < screen.rows(); y += 1) {
      for (let x = 0; x < screen.cols(); x += 1) {
        const { color, background } = screen.cell(x, y);
        expect({ x, y, color, background }).toEqual({ x, y, color: undefined, background: undefined });
      }
    }
    await screen.until(/\+▸\S+ +compiled/);
    screen.type('q');
    await screen.exited;
    await screen.restored();
  });
}

test('INK_SCREEN_READER: lines of words without borders, that stand still, and keys that work', async () => {
  dock.hold('gamma');
  dock.edit('gamma');
  screen = dock.open({
    args: ['--', ...dock.build],
    env: { INK_SCREEN_READER: 'true' },
    cols: 120,
    rows: 40,
  });
  await screen.until(/\/gamma/);
  expect(screen.isAlternate()).toBe(false);
  expect(screen.text()).not.toMatch(/[│┃┌┏─━▕█▒]/);
  dock.release('gamma');
  await screen.until(/0:\d\d {2}ok$/, { timeoutMs: 15_000 });
  screen.key('enter');
  await screen.until(/dock\/gamma +compiled/);
  screen.type('q');
  expect((await screen.exited).code).toBe(0);
  await screen.restored();
  expect(screen.scrollback()).toMatch(/4 packages/);
});
