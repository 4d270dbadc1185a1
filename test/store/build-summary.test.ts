import { describe, expect, test } from 'vitest';
import { selectBuildSummary } from '../../source/store/build-summary.ts';
import type { AppState } from '../../source/store/state.ts';
import {
  apply,
  begin,
  build,
  compile,
  end,
  failedShop,
  goCommand,
  shop,
  start,
  store,
  work,
} from './state.ts';

test('a build that failed', () => {
  const summary = selectBuildSummary(failedShop());
  expect(summary).toMatchObject({
    command: goCommand,
    exitCode: 1,
    durationMs: 1500,
    packages: 4,
    counts: { hits: 1, misses: 1, failed: 1, notReached: 1, unknown: 0 },
    hitRate: 1 / 3,
    tests: { cached: 0, ran: 0, failed: 0, noTestFiles: 0 },
    downloads: 0,
    remark: undefined,
  });
  expect(summary?.slowest.map((each) => [each.unit.name, each.durationMs])).toEqual([
    ['example.com/shop/cart', 1200],
  ]);
  expect(summary?.failed.map((each) => each.cause)).toEqual(['./a.go:41:2: undefined: rows']);
});

test('one that runs has no exit code, and its age', () => {
  const state = build(
    begin(goCommand),
    [shop, ...compile('b003', 'example.com/shop/cart', 200)],
    start + 700,
  );
  expect(selectBuildSummary(state)).toMatchObject({
    exitCode: undefined,
    durationMs: 700,
    packages: 4,
    hitRate: 1,
    // What cart imports is there, since cart is being compiled.
    counts: { compiling: 1, hits: 1, waiting: 2 },
  });
});

test('no command, no summary', () => {
  expect(selectBuildSummary(begin(undefined))).toBeUndefined();
});

test('an up-to-date program: its link was skipped, with a remark', () => {
  const state = end(build(begin(['go', 'build', '-o', 'app', '.']), [shop, work]), 100, 0);
  expect(selectBuildSummary(state)).toMatchObject({
    hitRate: 1,
    links: { ran: 0, skipped: 1 },
    remark: 'app is up to date: go ran nothing',
  });
});

test('a go command that printed no WORK: nothing is claimed', () => {
  const state = end(build(begin(goCommand), [shop]), 100, 0);
  expect(selectBuildSummary(state)).toMatchObject({
    hitRate: undefined,
    counts: { hits: 0, unknown: 4 },
    remark: 'go printed no commands: -x did not reach it',
  });
});

test('the five slowest', () => {
  const paths = ['example.com/shop/cart', 'example.com/shop/store', 'strings'];
  const state = build(begin(goCommand), [
    shop,
    ...paths.flatMap((path, index) => [
      ...compile(`b00${index}`, path, 0),
      ...store(`b00${index}`, path, (index + 1) * 100, 10),
    ]),
  ]);
  expect(selectBuildSummary(state)?.slowest.map((each) => each.durationMs)).toEqual([300, 200, 100]);
});

describe('what was written is known only where all of it was seen', () => {
  const withWrites = (change: Partial<AppState['buildCache']['writes']>): AppState => {
    const state = failedShop();
    const writes = { ...state.buildCache.writes, entries: 7, bytes: 70, mode: 'events' as const, ...change };
    return { ...state, buildCache: { ...state.buildCache, writes } };
  };

  test.each<[string, Partial<AppState['buildCache']['writes']>, object | undefined]>([
    ['watched', {}, { entries: 7, bytes: 70 }],
    ['looked at again and again', { mode: 'polling' }, { entries: 7, bytes: 70 }],
    ['no GOCACHE', { mode: 'missing' }, { entries: 7, bytes: 70 }],
    ['not watched yet', { mode: 'starting' }, undefined],
    ['not watched', { mode: 'off' }, undefined],
    ['some lost', { lost: 1 }, undefined],
    ['an unknown number lost', { lost: undefined }, undefined],
  ])('%s', (_, change, expected) => {
    expect(selectBuildSummary(withWrites(change))?.writes).toEqual(expected);
  });
});

test('tests by their outcomes, modules by their zips', () => {
  const running = build(begin(['go', 'test', './...']), [
    shop,
    ...(['cached', 'cached', 'ran', 'failed', 'no-test-files'] as const).map(
      (outcome, index) => ({ type: 'test', importPath: `p${index}`, outcome }) as const,
    ),
    ...['.info: 200 OK (0.1s)', '.mod', '.zip', '.zip: 404 Not Found (0.1s)', '.zip: 200 OK (0.1s)'].map(
      (what) =>
        ({
          type: 'x',
          at: start,
          event: { type: 'get', line: `# get https://a.example/example.org/clock/@v/v1.2.0${what}` },
        }) as const,
    ),
  ]);
  expect(selectBuildSummary(apply(running, []))).toMatchObject({
    tests: { cached: 2, ran: 1, failed: 1, noTestFiles: 1 },
    downloads: 1,
  });
});
