import { describe, expect, test } from 'vitest';
import { classifyState, type ModuleVersion } from '../../source/module-cache/module-version.ts';
import { openLevel } from '../../source/store/levels.ts';
import type { AppState } from '../../source/store/state.ts';
import type { Level, PageItem, Sort, TableRows, ViewId } from '../../source/store/view.ts';
import { views } from '../../source/store/views/registry.ts';
import {
  apply,
  begin,
  build,
  buildCacheTotals,
  compile,
  end,
  failedShop,
  goCommand,
  listed,
  moduleCacheTotals,
  outputIdOf,
  shop,
  start,
  store,
} from './state.ts';

describe('packages', () => {
  test('what wants to be looked at stands first, each with its outcome', () => {
    expect(cellsOf(failedShop(), 'packages')).toEqual([
      ['example.com/shop/store', 'failed', '0.4 s', ''],
      ['example.com/shop/cart', 'compiled', '1.2 s', '1.9 MiB'],
      ['example.com/shop', 'not reached', '', ''],
      ['strings', 'hit', '', ''],
    ]);
  });

  test.each<[string, Partial<Level>, readonly string[]]>([
    [
      'by name',
      { sort: by('name') },
      ['example.com/shop', 'example.com/shop/cart', 'example.com/shop/store', 'strings'],
    ],
    [
      'by name, reversed',
      { sort: { column: 'name', isReversed: true } },
      ['strings', 'example.com/shop/store', 'example.com/shop/cart', 'example.com/shop'],
    ],
    ['by what was filtered', { filter: 'CART' }, ['example.com/shop/cart']],
    ['to nothing', { filter: 'no such' }, []],
  ])('%s', (_, change, names) => {
    const rows = rowsOf(failedShop(), 'packages', change);
    expect(namesOf(rows)).toEqual(names);
    expect(rows.total).toBe(4);
  });

  test('what is not known is last in its order, and rows are found by their id', () => {
    const rows = rowsOf(failedShop(), 'packages', { sort: by('took') });
    expect(namesOf(rows).slice(0, 2)).toEqual(['example.com/shop/cart', 'example.com/shop/store']);
    expect(rows.indexOf('strings')).toBe(3);
    expect(rows.indexOf('gone')).toBeUndefined();
    expect(rows.rowAt(99)).toBeUndefined();
  });

  test('a running compile shows how long it has been running', () => {
    const state = build(
      begin(goCommand),
      [shop, ...compile('b003', 'example.com/shop/cart', 0)],
      start + 2_100,
    );
    expect(cellsOf(state, 'packages')[0]).toEqual(['example.com/shop/cart', 'compiling', '2.1 s', '']);
  });

  test('ten thousand are sorted by every column and filtered', () => {
    const paths = Array.from({ length: 10_000 }, (_, index) => `example.com/m${(index * 7919) % 10_000}/pkg`);
    const imports = Object.fromEntries(paths.map((path) => [path, []]));
    const state = build(begin(goCommand), [listed({ 'example.com/main': paths, ...imports })]);
    const changes: readonly Partial<Level>[] = [
      ...['name', 'outcome', 'took', 'bytes'].map((column) => ({ sort: by(column) })),
      { filter: 'm777' },
    ];
    const counts = changes.map((change) => rowsOf(state, 'packages', change).count);
    expect(counts).toEqual([10_001, 10_001, 10_001, 10_001, 11]);
  });

  test('rows are put together again only when the build went on', () => {
    const state = build(begin(goCommand), [shop]);
    const before = cellsOf(state, 'packages');
    // The index is changed in place; until the state has its new revision, nobody is to look.
    for (const event of compile('b003', 'example.com/shop/cart', 0)) state.build?.progress.apply(event);
    expect(cellsOf({ ...state, now: start + 5 }, 'packages')).toEqual(before);
    const after = cellsOf(build(state, []), 'packages');
    expect(after).toEqual(before);
    const told = build(state, compile('b004', 'example.com/shop/store', 0));
    expect(cellsOf(told, 'packages').map(([name]) => name)).not.toEqual(before.map(([name]) => name));
  });
});

describe('a package', () => {
  test('tells its outcome, what it rests on, and where it is', () => {
    const facts = factsOf(failedShop(), 'package', 'example.com/shop/cart');
    expect(facts).toMatchObject({
      outcome: 'compiled',
      took: '1.2 s',
      output: '1.9 MiB',
      'output ID': outputIdOf('example.com/shop/cart'),
      folder: '/home/gopher/src/example.com/shop/cart',
    });
    expect(facts.evidence).toContain('compile -o $WORK/b003/_pkg_.a -p example.com/shop/cart');
  });

  test('that failed tells the first words of the compiler', () => {
    expect(factsOf(failedShop(), 'package', 'example.com/shop/store')).toMatchObject({
      outcome: 'failed',
      cause: './a.go:41:2: undefined: rows',
    });
  });

  test('lists what it imports and what imports it, with their outcomes, and Enter follows them', () => {
    const state = failedShop();
    const rows = pageRows(state, 'package', 'example.com/shop/cart');
    expect(rows.map(({ text, right }) => [text, right])).toEqual([
      ['strings', 'hit'],
      ['example.com/shop', 'not reached'],
    ]);
    const [first] = rows;
    const level = openLevel({ view: 'package', subject: 'example.com/shop/cart' });
    expect(views.package.enter?.(state, level, first?.id ?? '')).toEqual({
      view: 'package',
      subject: 'strings',
    });
  });

  test('of a command whose package set is not known says so', () => {
    const state = end(
      build(begin(['make']), [
        { type: 'package-set-unknown', why: 'make is not the go command' },
        ...compile('b001', 'strings', 0),
        ...store('b001', 'strings', 300, 1000),
      ]),
      400,
      0,
    );
    const headings = itemsOf(state, 'package', 'strings').filter((item) => item.kind === 'heading');
    expect(headings.map(({ right }) => right)).toEqual([
      'not known: go list did not tell',
      'not known: go list did not tell',
    ]);
  });

  test('that is gone says so', () => {
    expect(textsOf(failedShop(), 'package', 'no/such')).toEqual([
      'no/such is not among the packages of this build any more',
    ]);
  });
});

describe('GOCACHE', () => {
  test('tells where it is, who set that, and what it hides', () => {
    expect(factsOf(begin(), 'gocache')).toMatchObject({
      path: '/home/gopher/.cache/go-build',
      'set by': 'environment',
      hides: '/big/go-build (go env -w)',
    });
  });

  test.each([
    ['not begun', undefined, 'being counted'],
    ['half way', buildCacheTotals({ isComplete: false, folders: 37 }), '1.2 GiB, 37 of 256 folders'],
    ['done', buildCacheTotals(), '1.2 GiB'],
  ])('a scan %s', (_, totals, size) => {
    const state = begin();
    const scanned = totals === undefined ? state : apply(state, [{ type: 'build-cache-totals', totals }]);
    expect(factsOf(scanned, 'gocache').size).toBe(size);
  });

  test('what is wrong has a row, what is not there has none', () => {
    const fine = factsOf(
      apply(begin(), [{ type: 'build-cache-totals', totals: buildCacheTotals() }]),
      'gocache',
    );
    expect(fine).not.toHaveProperty('foreign');
    expect(fine).not.toHaveProperty('lost');
    const totals = buildCacheTotals({ foreign: { files: 2, bytes: 2048 }, fuzzBytes: 1024, unreadable: 3 });
    const wrong = apply(begin(), [
      { type: 'build-cache-totals', totals },
      { type: 'build-cache', events: [{ type: 'lost', count: undefined, recovered: 0 }] },
    ]);
    expect(factsOf(wrong, 'gocache')).toMatchObject({
      foreign: '2 files, 2.0 KiB',
      fuzz: '1.0 KiB',
      unreadable: '3 files or folders',
      lost: 'some writes, nobody knows how many',
    });
  });

  test('off is said as what it means', () => {
    const state = apply(begin(), [
      {
        type: 'settings',
        settings: [],
        gocache: 'off',
        gomodcache: '/m',
        chain: { hops: [], problem: undefined },
        sumdb: undefined,
      },
    ]);
    expect(textsOf(state, 'gocache')).toEqual(['GOCACHE is off: go refuses to build']);
  });
});

describe('GOMODCACHE', () => {
  const sizes: readonly ModuleVersion[] = [
    version('golang.org/x/text', 'v0.14.0', 8_000_000, 24_000_000),
    version('golang.org/x/text', 'v0.15.0', 8_000_000, 24_000_000),
    version('github.com/google/uuid', 'v1.6.0', 20_000, undefined, true),
  ];
  const state = apply(begin(), [{ type: 'module-cache-totals', totals: moduleCacheTotals(sizes) }]);

  test('sums up modules and versions', () => {
    expect(factsOf(state, 'gomodcache')).toMatchObject({
      modules: '2, 3 versions',
      partial: '1 not extracted to the end',
    });
  });

  test('lists modules, the largest first', () => {
    expect(cellsOf(state, 'modules').map(([name, versions]) => [name, versions])).toEqual([
      ['golang.org/x/text', '2'],
      ['github.com/google/uuid', '1'],
    ]);
  });

  test('marks the module whose extraction did not end', () => {
    expect(rowsOf(state, 'modules').rowAt(1)?.mark).toMatchObject({ text: '!' });
  });

  test('that does not exist says so', () => {
    const totals = { ...moduleCacheTotals([]), isThere: false };
    expect(textsOf(apply(begin(), [{ type: 'module-cache-totals', totals }]), 'gomodcache')).toEqual([
      'the folder does not exist: nothing was downloaded yet',
    ]);
  });
});

describe('the proxy chain', () => {
  test('says what each separator means, and what is never asked', () => {
    expect(pageRows(begin(), 'proxy').map(({ text, right }) => [text, right])).toEqual([
      ['https://a.example', '404, 410: next'],
      ['https://b.example', 'any error: next'],
      ['direct', 'last'],
      ['https://never.example', 'never asked'],
      // What follows is done from here.
      ['route of a module', 'R'],
      ['what if', 'W'],
    ]);
  });

  test('tells what each hop answered, once they were asked, and who answers for all of them', () => {
    const answer = { status: 404, statusText: '', durationMs: 12, fault: undefined, certificates: undefined };
    const fault = {
      code: 'tls-unknown-authority',
      detail: 'no root',
      goSays: undefined,
      repair: [],
    } as const;
    const asked = apply(begin(), [
      { type: 'probe', event: { type: 'chain', hops: [0, 1] } },
      { type: 'probe', event: { type: 'hop', hop: 0, answer } },
    ]);
    const words = (state: AppState) => pageRows(state, 'proxy').map(({ right }) => right);
    expect(words(asked).slice(0, 3)).toEqual(['ok  12 ms', 'asking', 'last']);
    const over = apply(asked, [
      { type: 'probe', event: { type: 'hop', hop: 1, answer: { ...answer, status: undefined, fault } } },
      {
        type: 'probe',
        event: {
          type: 'chain-ended',
          wasStopped: false,
          sumdb: undefined,
          interception: {
            issuer: 'CN=Corp Inspection',
            root: 'CN=Corp Inspection',
            isTrusted: true,
            hosts: ['a.example', 'b.example'],
          },
        },
      },
    ]);
    expect(words(over).slice(0, 3)).toEqual(['ok  12 ms', 'tls-unknown-authority', 'last']);
    expect(textsOf(over, 'proxy')[0]).toMatch(/somebody in between answers for a\.example, b\.example/);
  });

  test('tells the checksum database and the private patterns', () => {
    expect(factsOf(begin(), 'proxy')).toMatchObject({
      sumdb: 'sum.example',
      GOPRIVATE: 'no proxy, no sumdb: corp.example/*',
    });
  });

  test('lists the downloads of this build, with the hop that was asked', () => {
    const url = 'https://b.example/github.com/google/uuid/@v/v1.6.0.zip';
    const get = (line: string) => ({ type: 'x', at: start, event: { type: 'get', line } }) as const;
    const running = build(begin(goCommand), [get(`# get ${url}`)]);
    expect(cellsOf(running, 'downloads')).toEqual([
      ['github.com/google/uuid@v1.6.0', '.zip', 'https://b.example', 'waiting', '', ''],
    ]);
    const done = build(running, [get(`# get ${url}: 200 OK (0.039s)`)]);
    expect(cellsOf(done, 'downloads')).toEqual([
      ['github.com/google/uuid@v1.6.0', '.zip', 'https://b.example', '200', 'unknown', '39 ms'],
    ]);
  });
});

test('settings tell where each comes from and what it hides', () => {
  expect(cellsOf(begin(), 'settings')[0]).toEqual([
    'GOCACHE',
    '/home/gopher/.cache/go-build',
    'environment',
    '/big/go-build (go env -w)',
  ]);
});

test('problems stand newest first, with what repairs them', () => {
  const problem = (where: string) => ({ where, what: 'cannot read', why: 'EACCES', repair: 'chmod u+r' });
  const state = apply(begin(), [
    { type: 'problem', problem: problem('/one') },
    { type: 'problem', problem: problem('/two') },
    // Told again: it is one problem.
    { type: 'problem', problem: problem('/one') },
  ]);
  expect(pageRows(state, 'problems').map(({ text }) => text)).toEqual(['/two', '/one']);
  expect(factsOf(state, 'problems')).toMatchObject({ '  repair': 'chmod u+r' });
});

test('the output of the build says how much of it is not kept', () => {
  const text = Array.from({ length: 100_000 }, (_, index) => `line ${index}\n`).join('');
  const state = apply(begin(goCommand), [{ type: 'output', stream: 'stderr', text }]);
  const view = views.output;
  if (view.kind !== 'text') throw new Error('output is a text');
  const lines = view.lines(state, openLevel({ view: 'output', subject: undefined }));
  const [first] = lines;
  expect(JSON.stringify(first)).toMatch(/\d+ lines before these are not kept/);
  expect(lines.at(-1)).toEqual(['line 99999']);
});

test('what others compile is listed newest first', () => {
  const wrote = (importPath: string, at: number) =>
    ({ importPath, bytes: 1024, at }) satisfies AppState['elsewhere']['compiled'][number];
  const state: AppState = {
    ...begin(),
    now: start + 120_000,
    elsewhere: {
      running: [],
      compiling: [],
      unreadable: 0,
      compiled: [wrote('net/http', start + 1), wrote('strings', start)],
      compiledCount: 2,
      links: [],
    },
  };
  expect(cellsOf(state, 'elsewhere')).toEqual([
    ['net/http', '1.0 KiB', '1 min'],
    ['strings', '1.0 KiB', '2 min'],
  ]);
});

function version(
  path: string,
  text: string,
  zipBytes: number,
  dirBytes: number | undefined,
  isPartial = false,
): ModuleVersion {
  const hasDir = dirBytes !== undefined;
  const kinds = isPartial ? (['zip', 'partial'] as const) : (['zip'] as const);
  return {
    path,
    version: text,
    state: classifyState({ kinds, hasDir, isLocked: false }),
    kinds,
    zipBytes,
    hasDir,
    dirBytes,
    files: hasDir ? 10 : undefined,
    metadataBytes: 0,
    usedAt: undefined,
  };
}

function by(column: string): Sort {
  return { column, isReversed: false };
}

function tableOf(id: ViewId) {
  const view = views[id];
  if (view.kind !== 'table') throw new Error(`${id} is no table`);
  return view;
}

function rowsOf(state: AppState, id: ViewId, change: Partial<Level> = {}): TableRows {
  return tableOf(id).rows(state, { ...openLevel({ view: id, subject: undefined }), ...change });
}

function cellsOf(state: AppState, id: ViewId): readonly (readonly string[])[] {
  const rows = rowsOf(state, id);
  return Array.from({ length: rows.count }, (_, index) => rows.rowAt(index)?.cells ?? []);
}

function namesOf(rows: TableRows): readonly (string | undefined)[] {
  return Array.from({ length: rows.count }, (_, index) => rows.rowAt(index)?.cells[0]);
}

function itemsOf(state: AppState, id: ViewId, subject?: string): readonly PageItem[] {
  const view = views[id];
  if (view.kind !== 'page') throw new Error(`${id} is no page`);
  return view.items(state, openLevel({ view: id, subject }), 60);
}

function factsOf(state: AppState, id: ViewId, subject?: string): Readonly<Record<string, string>> {
  const facts = itemsOf(state, id, subject).filter((item) => item.kind === 'fact');
  return Object.fromEntries(facts.map(({ name, value }) => [name, value]));
}

function pageRows(state: AppState, id: ViewId, subject?: string) {
  return itemsOf(state, id, subject).filter((item) => item.kind === 'row');
}

function textsOf(state: AppState, id: ViewId, subject?: string): readonly string[] {
  return itemsOf(state, id, subject)
    .filter((item) => item.kind === 'text')
    .map(({ text }) => text);
}
