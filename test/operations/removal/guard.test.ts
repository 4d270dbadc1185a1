import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findGuard, watchGuard } from '../../../source/operations/removal/guard.ts';
import { cacheUseOfGo } from '../../../source/operations/removal/process-cache.ts';
import { hour, makeFolder, writeAt } from './cache.ts';
import { type HangingGo, nameOf, startGo, startTool } from './hanging-go.ts';

let folder: ReturnType<typeof makeFolder>;
let home: string;
let running: HangingGo[];

beforeEach(() => {
  folder = makeFolder();
  home = folder.path;
  running = [];
});

afterEach(async () => {
  for (const go of running) await go.stop();
  folder.remove();
});

function run(go: HangingGo): HangingGo {
  running.push(go);
  return go;
}

/** cacheAt makes a folder below home. */
function cacheAt(...path: readonly string[]): string {
  const cache = join(home, ...path);
  mkdirSync(cache, { recursive: true });
  return cache;
}

describe.skipIf(process.platform !== 'linux')('which go commands count', () => {
  test('none runs on it: no guard', () => {
    expect(findGuard(cacheAt('cache'), Date.now())).toEqual({ guardMs: 0, processes: [] });
  });

  // Each is the environment of a go command, the files in its home, and the GOCACHE that it is on.
  const setting = (file: string, line: string) => ({ [file]: `# by go env -w\n${line}\n` });
  test.each<
    [string, (home: string) => Record<string, string>, (home: string) => Record<string, string>, string]
  >([
    ['GOCACHE', (at) => ({ HOME: at, GOCACHE: `${at}/set` }), () => ({}), 'set'],
    ['the default', (at) => ({ HOME: at }), () => ({}), '.cache/go-build'],
    ['the default, GOCACHE being empty', (at) => ({ HOME: at, GOCACHE: '' }), () => ({}), '.cache/go-build'],
    ['XDG_CACHE_HOME', (at) => ({ HOME: at, XDG_CACHE_HOME: `${at}/xdg` }), () => ({}), 'xdg/go-build'],
    [
      'go env -w',
      (at) => ({ HOME: at }),
      (at) => setting('.config/go/env', `GOCACHE=${at}/written`),
      'written',
    ],
    [
      'go env -w in another file',
      (at) => ({ HOME: at, GOENV: `${at}/goenv` }),
      (at) => setting('goenv', `GOCACHE=${at}/written`),
      'written',
    ],
    [
      'GOENV=off',
      (at) => ({ HOME: at, GOENV: 'off' }),
      (at) => setting('.config/go/env', `GOCACHE=${at}/written`),
      '.cache/go-build',
    ],
  ])('one that is on it by %s, and on no other', (_, environment, files, cache) => {
    const caches = ['set', '.cache/go-build', 'xdg/go-build', 'written'].map((path) => cacheAt(path));
    for (const [path, content] of Object.entries(files(home))) writeAt(join(home, path), content);
    const go = run(startGo(environment(home)));
    expect(nameOf(go.pid)).toBe('go');
    const found = caches.filter((path) =>
      findGuard(path, Date.now()).processes.some(({ pid }) => pid === go.pid),
    );
    expect(found).toEqual([join(home, cache)]);
  });

  test('one that knows it by another path', () => {
    const cache = cacheAt('cache');
    symlinkSync(cache, join(home, 'link'));
    run(startGo({ HOME: home, GOCACHE: join(home, 'link') }));
    expect(findGuard(cache, Date.now()).processes).toHaveLength(1);
  });

  test('one whose GOCACHE cannot be told counts', () => {
    // By another name, since a `go` like this would count for every GOCACHE of the machine.
    const cache = cacheAt('cache');
    const withoutHome = run(startTool('no-go', { PATH: '/usr/bin' }));
    const withoutAny = run(startTool('no-go', {}));
    expect(cacheUseOfGo(withoutHome.pid, cache)).toBe('unknown');
    expect(cacheUseOfGo(withoutAny.pid, cache)).toBe('unknown');
    expect(cacheUseOfGo(run(startTool('no-go', { GOCACHE: 'off' })).pid, cache)).toBe('no');
    expect(cacheUseOfGo(2 ** 22 + 1, cache)).toBe('no'); // it has ended
  });

  test('one of another version by its name; nothing that is only named alike', () => {
    const cache = cacheAt('cache');
    const go = run(startTool('go1.26.8', { GOCACHE: cache }));
    run(startTool('gopher', { GOCACHE: cache }));
    expect(findGuard(cache, Date.now()).processes.map(({ pid }) => pid)).toEqual([go.pid]);
  });

  test('a tool whose go command was killed', () => {
    const cache = cacheAt('cache');
    const tool = run(startTool('compile', { GOCACHE: cache }));
    run(startTool('link', {})); // link(1) of the system, say
    expect(findGuard(cache, Date.now()).processes.map(({ pid }) => pid)).toEqual([tool.pid]);
  });

  test('the oldest comes first, with its command and its age', async () => {
    const cache = cacheAt('cache');
    const first = run(startGo({ HOME: home, GOCACHE: cache }));
    await sleepMs(50);
    const second = run(startGo({ HOME: home, GOCACHE: cache }));
    const now = Date.now();
    const { guardMs, processes } = findGuard(cache, now);
    expect(processes.map(({ pid }) => pid)).toEqual([first.pid, second.pid]);
    expect(processes[0]?.command.slice(0, 2)).toEqual(['go', 'build']);
    const [{ ageMs, startedAt } = { ageMs: Number.NaN, startedAt: 0 }] = processes;
    expect(ageMs).toBeGreaterThanOrEqual(40); // it counts in hundredths of a second
    expect(ageMs).toBeLessThan(30_000);
    expect(startedAt).toBe(now - ageMs);
    expect(guardMs).toBe(hour + ageMs);
  });
});

test.skipIf(process.platform !== 'linux')(
  'an entry that was looked up just before its mtime was an hour old stays, since Go left that mtime as it was',
  async () => {
    const cache = cacheAt('cache');
    const mtime = Date.now() - hour + 200;
    run(startGo({ HOME: home, GOCACHE: cache }));
    while (Date.now() - mtime < hour + 100) await sleepMs(20);
    const guard = watchGuard(cache, Date.now);
    expect(guard.covers(mtime)).toBe(true);
    expect(guard.covers(mtime - hour)).toBe(false);
  },
);

test.skipIf(process.platform !== 'linux')(
  'a removal that goes on sees a go command that begins',
  async () => {
    const cache = cacheAt('cache');
    const guard = watchGuard(cache, Date.now);
    const mtime = Date.now();
    expect(guard.covers(mtime)).toBe(false);
    run(startGo({ HOME: home, GOCACHE: cache }));
    const since = performance.now();
    while (!guard.covers(mtime) && performance.now() - since < 10_000) await sleepMs(10);
    expect(guard.covers(mtime)).toBe(true);
  },
);

function sleepMs(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
