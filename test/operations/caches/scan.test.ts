import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { placesToLook } from '../../../source/operations/caches/places.ts';
import { type CacheSearch, findCaches } from '../../../source/operations/caches/scan.ts';

let top: string;
let search: CacheSearch;
let holder: ChildProcess;

const at = (...path: readonly string[]): string => join(top, ...path);
const found = (...path: readonly string[]) => search.caches.find((each) => each.path === at(...path));

beforeAll(async () => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'gocachetop-caches-')));
  mkdirSync(at('module'));
  writeFileSync(at('module', 'go.mod'), 'module example.com/m\n\ngo 1.21\n');
  writeFileSync(at('module', 'm.go'), 'package m\n');
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
      cwd: at('module'),
    });
  git('init', '-q');
  git('add', '.');
  git('commit', '-qm', 'm');
  git('worktree', 'add', '-q', at('tree'));
  const build = (...path: readonly string[]) =>
    execFileSync('go', ['build', '.'], {
      cwd: at('module'),
      env: { ...process.env, GOCACHE: at(...path), GOFLAGS: '', GOWORK: 'off' },
    });
  build('home', '.cache', 'go-build');
  build('home', '.cache', 'ci', 'worker-1');
  build('temporary', 'job', 'gocache');
  build('temporary', 'a', 'b', 'c', 'd', 'too-deep');
  build('tree', '.gocache');
  build('far', 'away', 'held');
  rmSync(at('temporary', 'job', 'gocache', 'README'));
  for (const name of ['00', '7f', 'ff'])
    mkdirSync(at('temporary', 'objects-like', name), { recursive: true });
  writeFileSync(at('temporary', 'objects-like', 'README'), 'pictures by number\n');
  holder = spawn('sleep', ['300'], { env: { GOCACHE: at('far', 'away', 'held') }, stdio: 'ignore' });
  await new Promise((resolve) => holder.once('spawn', resolve));
  search = await findCaches({
    present: at('home', '.cache', 'go-build'),
    cwd: at('module'),
    environment: {},
    home: at('home'),
    temporary: at('temporary'),
  });
}, 120_000);

afterAll(() => {
  holder?.kill();
  if (top !== undefined) rmSync(top, { recursive: true, force: true });
});

describe('GOCACHEs are found by their layout', () => {
  test('the present one is told apart', () => {
    expect(found('home', '.cache', 'go-build')).toMatchObject({
      isPresent: true,
      foundBy: 'this one',
      owner: userInfo().username,
    });
    expect(search.caches.filter(({ isPresent }) => isPresent)).toHaveLength(1);
  });

  test.each([
    ['of a worker in the cache folder', ['home', '.cache', 'ci', 'worker-1'], 'cache folder'],
    ['of a job in the temporary folder, without its README', ['temporary', 'job', 'gocache'], 'temporary'],
    ['of a worktree', ['tree', '.gocache'], 'worktree'],
  ])('%s', (_, path, foundBy) => {
    const cache = found(...path);
    expect(cache).toMatchObject({ isPresent: false, foundBy });
    expect(Math.abs(Date.now() - (cache?.writtenAt ?? 0))).toBeLessThan(120_000);
    expect(cache?.lastTrim).toBeGreaterThan(Date.now() - 120_000);
  });

  test('by a process that has it in its environment, wherever it lies', () => {
    if (process.platform !== 'linux') return; // without /proc nothing tells
    expect(found('far', 'away', 'held')).toMatchObject({ foundBy: 'process', pids: [holder.pid] });
  });

  test('what lies deeper is not looked for, and what only looks like one is none', () => {
    expect(found('temporary', 'a', 'b', 'c', 'd', 'too-deep')).toBeUndefined();
    expect(found('temporary', 'objects-like')).toBeUndefined();
  });
});

test('no place is looked into twice, and sources of a worktree are left alone', () => {
  const places = placesToLook({
    home: '/home/gopher',
    temporary: '/tmp',
    environment: { XDG_CACHE_HOME: '/fast/cache' },
    worktrees: ['/src/a'],
  });
  const folders = places.map(({ folder }) => folder);
  expect(folders.length).toBe(new Set(folders).size);
  expect(folders).toContain('/fast/cache');
  const tree = places.find(({ folder }) => folder === '/src/a');
  expect(
    ['.gocache', 'tmp', 'build-cache', 'internal', '.git'].filter((name) => tree?.isWanted(name, 2)),
  ).toEqual(['.gocache', 'tmp', 'build-cache']);
});
