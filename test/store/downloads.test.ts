import { describe, expect, test } from 'vitest';
import type { Arrival } from '../../source/module-cache/arrivals/arrival.ts';
import { parseProxyChain } from '../../source/proxy/chain.ts';
import { countModules, sumByHop } from '../../source/store/downloads.ts';
import type { AppEvent } from '../../source/store/event.ts';
import type { AppState } from '../../source/store/state.ts';
import { apply, begin, goCommand, start } from './state.ts';

const get = (line: string): AppEvent => ({
  type: 'build',
  event: { type: 'x', at: start, event: { type: 'get', line } },
});
const arrived = (...arrivals: readonly Partial<Arrival>[]): AppEvent => ({
  type: 'arrivals',
  event: {
    type: 'arrived',
    arrivals: arrivals.map((each) => ({
      module: 'github.com/google/uuid',
      version: 'v1.6.0',
      kind: 'zip',
      bytes: 1000,
      at: start + 5,
      ...each,
    })),
  },
});
const uuid = 'github.com/google/uuid/@v/v1.6.0';
const rows = (state: AppState) =>
  state.build?.downloads.map(({ what, hop, status, bytes, seenAs, by }) => [
    what,
    hop,
    status,
    bytes,
    seenAs,
    by,
  ]);
const totals = (state: AppState) => sumByHop(state.build?.downloads ?? [], state.proxy.chain?.hops ?? []);

describe('a file that comes', () => {
  test('gives its size to the request that it answers, however the two are ordered', () => {
    const line = get(`# get https://b.example/${uuid}.zip: 200 OK (0.039s)`);
    const expected = [['.zip', 'https://b.example', '200 OK', 1000, 'line', 'command']];
    expect(rows(apply(begin(goCommand), [line, arrived({})]))).toEqual(expected);
    expect(rows(apply(begin(goCommand), [arrived({}), line]))).toEqual(expected);
    const begun = get(`# get https://b.example/${uuid}.zip`);
    expect(rows(apply(begin(goCommand), [begun, arrived({}), line]))).toEqual(expected);
    // Told twice, as by the watch and by a listing: it is one file.
    expect(rows(apply(begin(goCommand), [line, arrived({}, {})]))).toEqual(expected);
  });

  test('is no answer of a hop that did not have it', () => {
    const state = apply(begin(goCommand), [
      // The file may be seen while we have not read yet that the first hop refused it.
      get(`# get https://a.example/${uuid}.zip`),
      arrived({}),
      get(`# get https://a.example/${uuid}.zip: 404 Not Found (0.010s)`),
      get(`# get https://b.example/${uuid}.zip: 200 OK (0.039s)`),
    ]);
    expect(rows(state)?.map(([, hop, , bytes]) => [hop, bytes])).toEqual([
      ['https://a.example', undefined],
      ['https://b.example', 1000],
    ]);
  });

  test.each([
    // A file:// proxy prints no lines; which of two it was is not known.
    ['https://a.example,file:///srv/proxy', 'file:///srv/proxy'],
    ['file:///srv/one,file:///srv/two', undefined],
    ['https://a.example,direct,file:///never', undefined],
  ])('without a line, under GOPROXY=%s', (goproxy, hop) => {
    const state = apply(
      { ...begin(goCommand), proxy: { ...begin().proxy, chain: parseProxyChain(goproxy) } },
      [arrived({})],
    );
    expect(rows(state)).toEqual([['.zip', hop, undefined, 1000, 'file', 'command']]);
  });

  test('without a line, of a private module, is from its origin', () => {
    const state = apply(begin(goCommand), [arrived({ module: 'corp.example/lib' })]);
    expect(rows(state)).toEqual([['.zip', 'direct', undefined, 1000, 'file', 'command']]);
  });

  test('while no build of ours runs is a download of others', () => {
    const ended: AppEvent = {
      type: 'build-ended',
      at: start + 10,
      exitCode: 0,
      signal: undefined,
      unrecognized: 0,
    };
    const state = apply(begin(goCommand), [
      ended,
      arrived({ at: start + 9 }, { kind: 'mod', at: start + 500 }),
    ]);
    expect(rows(state)?.length).toBe(1);
    expect(state.arrivals).toMatchObject({ count: 1, bytes: 1000, recent: [{ kind: 'mod' }] });
    const idle = apply(begin(), [arrived({}, {}, { kind: 'sumdb', bytes: 5 })]);
    expect(idle.arrivals).toMatchObject({ count: 2, bytes: 1005 });
  });
});

test('a request that was seen before GOPROXY was known finds its hop once it is', () => {
  const before = { ...begin(goCommand), proxy: { ...begin().proxy, chain: undefined } };
  const early = apply(before, [get(`# get https://b.example/${uuid}.zip: 200 OK (0.050s)`), arrived({})]);
  const settings = {
    type: 'settings',
    settings: [],
    gocache: '',
    gomodcache: '',
    chain: parseProxyChain('https://a.example,https://b.example'),
    sumdb: undefined,
  } as const;
  expect(rows(apply(early, [settings]))).toEqual([
    ['.zip', 'https://b.example', '200 OK', 1000, 'line', 'command'],
  ]);
});

describe('totals', () => {
  // https://a.example,https://b.example|direct
  const state = apply(begin(goCommand), [
    get(`# get https://a.example/${uuid}.info`),
    get(`# get https://a.example/${uuid}.info: 404 Not Found (0.010s)`),
    get(`# get https://a.example/${uuid}.mod: 403 Forbidden (0.020s)`),
    get(`# get https://b.example/${uuid}.info: 500 Internal Server Error (0.030s)`),
    get(`# get https://b.example/${uuid}.info: 200 OK (0.040s)`),
    get(`# get https://b.example/${uuid}.zip: 200 OK (0.050s)`),
    get(`# get https://b.example/${uuid}.mod`),
    { type: 'list-get', line: `# get https://b.example/${uuid}.zip: 200 OK (0.005s)` },
    arrived({}),
  ]);

  test('tell falling through from failing, as the separator behind the hop says', () => {
    expect(totals(state)).toMatchObject([
      // A comma: 404 goes on, 403 ends it.
      {
        hop: 'https://a.example',
        requests: 2,
        served: 0,
        fallThroughs: 1,
        failures: 1,
        retries: 0,
        durationMs: 30,
      },
      // A bar: any error goes on.
      {
        hop: 'https://b.example',
        requests: 5,
        served: 3,
        waiting: 1,
        fallThroughs: 1,
        failures: 0,
        retries: 1,
      },
    ]);
  });

  test('count a file once that was asked for twice, and say unknown where nothing is known', () => {
    expect(totals(state).map(({ bytes }) => bytes)).toEqual([undefined, 1000]);
  });
});

test('modules: those with a zip that came were downloaded, the others were in the cache', () => {
  const dir = '/home/gopher/go/pkg/mod/';
  const unit = (path: string, folder: string) => ({
    ImportPath: path,
    Dir: folder,
    Name: 'x',
    GoFiles: ['x.go'],
  });
  const units = new Map(
    [
      unit('github.com/google/uuid', `${dir}github.com/google/uuid@v1.6.0`),
      unit('github.com/google/uuid/in', `${dir}github.com/google/uuid@v1.6.0/in`),
      unit('github.com/Azure/x', `${dir}github.com/!azure/x@v1.0.0`),
      unit('corp.example/here', '/home/gopher/shop/here'),
    ].map(({ ImportPath, Dir }) => [
      ImportPath,
      {
        name: ImportPath,
        importPath: ImportPath,
        forTest: undefined,
        dir: Dir,
        isMain: false,
        hasTestFiles: false,
        isStandard: false,
        imports: [],
        waitsFor: [],
      },
    ]),
  );
  const set = { units, needed: new Set(units.keys()), programs: [], tested: [], loadErrors: [] };
  const known: AppEvent = { type: 'build', event: { type: 'package-set', set } };
  expect(countModules(apply(begin(goCommand), [known, arrived({})]))).toEqual({
    downloaded: 1,
    fromCache: 1,
  });
  expect(countModules(apply(begin(goCommand), [arrived({})]))).toBeUndefined();
});
