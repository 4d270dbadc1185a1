import { describe, expect, test } from 'vitest';
import type { BuildCacheEvent } from '../../source/build-cache/event.ts';
import { parseActionId, parseOutputId } from '../../source/go/ids.ts';
import type { AppEvent } from '../../source/store/event.ts';
import { update } from '../../source/store/update.ts';
import { apply, begin, build, compile, end, goCommand, outputIdOf, shop, start, store } from './state.ts';

const problem = (why: string) => ({ where: 'go env', what: 'cannot run', why, repair: '' });

describe('a batch', () => {
  test('is the same as its events one by one', () => {
    const events: readonly AppEvent[] = [
      { type: 'output', stream: 'stderr', text: 'one\ntw' },
      { type: 'clock', now: start + 100 },
      { type: 'problem', problem: problem('ENOENT') },
      { type: 'output', stream: 'stderr', text: 'o\n' },
      { type: 'free', bytes: 5 },
      {
        type: 'elsewhere',
        events: [
          {
            type: 'linked',
            work: '/tmp/go-build1',
            program: 'app',
            hits: 3,
            misses: 1,
            packages: [],
            at: start,
          },
        ],
      },
    ];
    const { progress: _, ...whole } = apply(begin(goCommand), events).build ?? {};
    const oneByOne = events.reduce((state, event) => apply(state, [event]), begin(goCommand));
    const { progress: __, ...each } = oneByOne.build ?? {};
    expect(each).toEqual(whole);
    expect(oneByOne.elsewhere).toEqual(apply(begin(goCommand), events).elsewhere);
    expect(oneByOne.build?.output.lines.map(({ text }) => text)).toEqual(['one', 'two']);
  });

  test.each<[string, AppEvent]>([
    ['the time it is', { type: 'clock', now: start }],
    ['the same free space', { type: 'free', bytes: undefined }],
  ])('of nothing new is the same state: %s', (_, event) => {
    const state = begin(goCommand);
    expect(update(state, [event])).toEqual({ state, effects: [] });
    expect(update(state, [event]).state).toBe(state);
  });

  test('without a command, what a build says is not kept', () => {
    const state = apply(begin(undefined), [
      { type: 'output', stream: 'stdout', text: 'x' },
      { type: 'build-ended', at: start + 1, exitCode: 0, signal: undefined, unrecognized: 0 },
    ]);
    expect(state.build).toBeUndefined();
  });
});

describe('a build', () => {
  test('changes the state by its revision', () => {
    const before = begin(goCommand);
    const after = build(before, [shop]);
    expect(after.build?.revision).not.toBe(before.build?.revision);
    expect(after.build?.progress).toBe(before.build?.progress);
  });

  test('ends, and the clock is at its end', () => {
    const state = end(build(begin(goCommand), [shop]), 1500, 2);
    expect(state.build?.end).toMatchObject({ at: start + 1500, exitCode: 2, signal: undefined });
    expect(state.now).toBe(start + 1500);
  });

  test('downloads: the answer takes the place of the question', () => {
    const get = (line: string): AppEvent => ({
      type: 'build',
      event: { type: 'x', at: start, event: { type: 'get', line } },
    });
    const url = 'https://a.example/example.org/clock/@v/v1.2.0.zip';
    const asked = apply(begin(goCommand), [get(`# get ${url}`)]);
    expect(asked.build?.downloads).toMatchObject([{ url, status: undefined, module: 'example.org/clock' }]);
    const answered = apply(asked, [get(`# get ${url}: 200 OK (0.039s)`)]);
    expect(answered.build?.downloads).toMatchObject([
      { url, status: '200 OK', durationMs: 39, version: 'v1.2.0', what: '.zip', hop: 'https://a.example' },
    ]);
    // An answer whose question was not seen stands for itself; a line that is no request changes nothing.
    const more = apply(answered, [
      get('# get https://b.example/x/@v/list: 404 Not Found (0.001s)'),
      get('# get'),
    ]);
    expect(more.build?.downloads.map((each) => each.status)).toEqual(['200 OK', '404 Not Found']);
  });
});

describe('problems', () => {
  test('that come again are shown once', () => {
    const events: readonly AppEvent[] = ['a', 'b', 'a'].map((why) => ({
      type: 'problem',
      problem: problem(why),
    }));
    expect(apply(begin(undefined), events).problems.map(({ why }) => why)).toEqual(['a', 'b']);
  });

  test('the newest hundred are kept', () => {
    const events: readonly AppEvent[] = Array.from({ length: 150 }, (_, index) => ({
      type: 'problem',
      problem: problem(`${index}`),
    }));
    const { problems } = apply(begin(undefined), events);
    expect([problems.length, problems[0]?.why, problems.at(-1)?.why]).toEqual([100, '50', '149']);
  });
});

const outputId = parseOutputId(outputIdOf('example.com/shop/cart'));
const actionId = parseActionId('ab'.repeat(32));
if (outputId === undefined || actionId === undefined) throw new Error('no IDs');

const cache = (...events: readonly BuildCacheEvent[]): AppEvent =>
  ({ type: 'build-cache', events, at: start }) as AppEvent;
const wroteOutput: BuildCacheEvent = {
  type: 'wrote-output',
  outputId,
  sizeBytes: 2_000_000,
  kind: 'archive',
  archive: undefined,
  actionId: undefined,
  at: start + 10,
};
const wroteAction: BuildCacheEvent = {
  type: 'wrote-action',
  actionId,
  outputId,
  sizeBytes: 2_000_000,
  at: start + 11,
};

describe('GOCACHE', () => {
  test('an action entry counts its own 175 bytes, an output what it holds', () => {
    const { writes } = apply(begin(undefined), [cache(wroteOutput, wroteAction)]).buildCache;
    expect(writes).toMatchObject({ entries: 2, bytes: 2_000_175 });
    expect(writes.newest).toMatchObject([{ outputId, importPath: undefined, kind: 'archive' }]);
  });

  test('an output of our build is named by its unit, and its action entry names the action', () => {
    const running = build(begin(goCommand), [
      shop,
      ...compile('b003', 'example.com/shop/cart', 200),
      ...store('b003', 'example.com/shop/cart', 1400, 2_000_000),
    ]);
    const state = apply(running, [cache(wroteOutput, wroteAction)]);
    expect(state.buildCache.writes.newest[0]?.importPath).toBe('example.com/shop/cart');
    expect(state.build?.progress.unit('example.com/shop/cart')?.actionId).toBe(actionId);
    expect(state.build?.revision).toBe(state.build?.progress.revision);
  });

  test.each<[string, readonly BuildCacheEvent[], object]>([
    ['is watched by events', [{ type: 'watching', mode: 'events' }], { mode: 'events' }],
    ['is not there', [{ type: 'watching', mode: 'polling' }, { type: 'missing' }], { mode: 'missing' }],
    ['lost some', [2, 3].map((count) => ({ type: 'lost', count, recovered: 1 })), { lost: 5 }],
    [
      'lost nobody knows how many',
      [undefined, 3].map((count) => ({ type: 'lost', count, recovered: 0 })),
      { lost: undefined },
    ],
  ])('%s', (_, events, expected) => {
    expect(apply(begin(undefined), [cache(...events)]).buildCache.writes).toMatchObject(expected);
  });

  test('a trim sets the next one; one that tells no time changes nothing', () => {
    const state = apply(begin(undefined), [cache({ type: 'trimmed', lastTrim: start, at: start })]);
    expect(state.buildCache.lastTrim).toBe(start);
    expect(state.buildCache.nextTrim).toBeGreaterThan(start);
    const same = apply(state, [cache({ type: 'trimmed', lastTrim: undefined, at: start })]);
    expect(same.buildCache.lastTrim).toBe(start);
  });

  test('what is read, moved or removed there changes no sum', () => {
    const state = apply(begin(undefined), [
      cache(
        { type: 'refreshed', file: 'action', id: actionId, at: start },
        { type: 'appeared', file: 'output', id: outputId, at: start },
        { type: 'removed', file: 'output', id: outputId, at: start },
      ),
    ]);
    expect(state.buildCache.writes).toMatchObject({ entries: 0, bytes: 0, newest: [] });
  });
});

test('settings bring their folders, the chain and the patterns that are set', () => {
  const { buildCache, moduleCache, proxy } = begin(undefined);
  expect(buildCache.path).toBe('/home/gopher/.cache/go-build');
  expect(moduleCache.path).toBe('/home/gopher/go/pkg/mod');
  expect(proxy.privatePatterns).toEqual([{ name: 'GOPRIVATE', patterns: 'corp.example/*' }]);
});

test('programs linked elsewhere, newest first, no more than any pane shows', () => {
  const events = Array.from({ length: 250 }, (_, index) => ({
    type: 'linked' as const,
    work: '/tmp/go-build1',
    program: `app${index}`,
    hits: index,
    misses: 0,
    packages: [],
    at: start + index,
  }));
  const { elsewhere } = apply(begin(undefined), [{ type: 'elsewhere', events }]);
  expect([elsewhere.links.length, elsewhere.links[0]?.program]).toEqual([200, 'app249']);
});
