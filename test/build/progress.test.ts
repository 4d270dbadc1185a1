import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PackageSet } from '../../source/build/package-set.ts';
import {
  type BuildEvent,
  type BuildProgress,
  createBuildProgress,
  hitRate,
} from '../../source/build/progress.ts';
import type { Outcome } from '../../source/build/unit.ts';
import { fixtureContext, parsePieces, parseText, readFixture } from './fixtures.ts';
import { goCommandOf, own, setOf } from './package-sets.ts';
import { makeShop, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(() => {
  shop = makeShop(undefined);
});
afterAll(() => shop.remove());

/** factsOf are the events of a capture, one a millisecond. */
function factsOf(name: string): readonly BuildEvent[] {
  return timed(parsePieces([readFixture(name).stderr], fixtureContext({ isGoRun: name === 'run' })));
}

function timed(events: ReturnType<typeof parseText>): readonly BuildEvent[] {
  return events.map((event, index) => ({ type: 'x', at: 1000 + index, event }));
}

function ended(exitCode: number, wasStopped = false): BuildEvent {
  return { type: 'ended', at: 9000, exitCode, wasStopped };
}

function run(line: string | undefined, events: readonly BuildEvent[]): BuildProgress {
  const progress = createBuildProgress(line === undefined ? undefined : goCommandOf(line));
  for (const event of events) progress.apply(event);
  return progress;
}

/** wordsOf are the outcomes of the shop's own units; `all` takes those of the standard library too. */
function namesWith(progress: BuildProgress, outcome: Outcome): readonly string[] {
  return own([...progress.units()].filter((each) => each.outcome === outcome).map((each) => each.unit.name));
}

/** shown is all that can be read of it, in an order of its own. */
function shown(progress: BuildProgress): unknown {
  const units = [...progress.units()].toSorted((a, b) => (a.key < b.key ? -1 : 1));
  return { units, counts: progress.counts, links: [...progress.links].toSorted(), remark: progress.remark };
}

type Expected = {
  readonly misses?: readonly string[];
  readonly failed?: readonly string[];
  readonly notReached?: readonly string[];
  readonly links?: Readonly<Record<string, string>>;
  readonly remark?: string;
};

const cases: readonly (readonly [string, string, number, Expected])[] = [
  [
    'build-cold',
    'go build -p=1 ./...',
    0,
    {
      misses: ['.', 'cart', 'desk', 'price', 'round', 'tools/list', 'weigh'],
      links: { '.': 'ran', 'tools/list': 'ran' },
    },
  ],
  ['build-again', 'go build -p=1 ./...', 0, { links: { '.': 'ran', 'tools/list': 'ran' } }],
  [
    'build-up-to-date',
    'go build -o shop.exe .',
    0,
    { links: { '.': 'skipped' }, remark: 'shop.exe is up to date: go ran nothing' },
  ],
  [
    'build-replay',
    'go build -p=1 -gcflags=-m ./price ./cart',
    0,
    { remark: 'everything came from GOCACHE: go ran no compiler' },
  ],
  [
    'build-error',
    'go build -p=1 -tags=broken ./...',
    1,
    {
      misses: ['round', 'tools/list', 'weigh'],
      failed: ['price'],
      notReached: ['.', 'cart', 'desk'],
      links: { 'tools/list': 'ran' },
    },
  ],
  ['build-cgo-error', 'go build -p=1 -tags=badcgo ./weigh', 1, { failed: ['weigh'] }],
  [
    'test-cold',
    'go test -p=1 ./cart ./desk ./price',
    0,
    {
      misses: [
        'cart',
        'cart [cart.test]',
        'cart.test',
        'cart_test [cart.test]',
        'desk',
        'desk [cart.test]',
        'desk.test',
        'desk_test [desk.test]',
        'price',
      ],
      links: { 'cart.test': 'ran', 'desk.test': 'ran' },
    },
  ],
  [
    'test-again',
    'go test -p=1 ./cart ./desk ./price',
    0,
    { links: { 'cart.test': 'skipped', 'desk.test': 'skipped' } },
  ],
  [
    'test-cover',
    'go test -p=1 -cover ./cart ./desk',
    0,
    {
      misses: [
        'cart',
        'cart [cart.test]',
        'cart.test',
        'cart_test [cart.test]',
        'desk [cart.test]',
        // Its tests are in desk_test alone: under -cover it has a variant all the same, and is not compiled plain.
        'desk [desk.test]',
        'desk.test',
        'desk_test [desk.test]',
        'price',
      ],
      links: { 'cart.test': 'ran', 'desk.test': 'ran' },
    },
  ],
  [
    'test-error',
    'go test -p=1 -tags=broken ./cart ./round',
    1,
    {
      misses: ['round'],
      failed: ['price'],
      notReached: ['cart [cart.test]', 'cart.test', 'cart_test [cart.test]', 'desk [cart.test]'],
    },
  ],
  // What is vetted is not compiled itself; what its tests import is.
  ['vet', 'go vet -p=1 -tags=sloppy ./cart ./desk', 1, { misses: ['cart [cart.test]', 'desk [cart.test]'] }],
  // The exit code is the program's: what was silent came from the cache.
  ['run', 'go run . exit', 1, { misses: ['.', 'cart', 'price'], links: { '.': 'ran' } }],
];

describe.each(cases)('captured: %s', (name, line, exitCode, expected) => {
  let set: PackageSet;
  beforeAll(() => {
    set = setOf(shop, line);
  });

  test('outcomes, with the package set at hand', () => {
    const progress = run(line, [{ type: 'package-set', set }, ...factsOf(name), ended(exitCode)]);
    expect(namesWith(progress, 'miss')).toEqual(expected.misses ?? []);
    expect(namesWith(progress, 'failed')).toEqual(expected.failed ?? []);
    expect(namesWith(progress, 'not-reached')).toEqual(expected.notReached ?? []);
    const { counts } = progress;
    expect(counts).toEqual({
      total: set.needed.size,
      hits: set.needed.size - counts.misses - counts.failed - counts.notReached,
      misses: expected.misses?.length ?? 0,
      failed: expected.failed?.length ?? 0,
      notReached: expected.notReached?.length ?? 0,
      unknown: 0,
      waiting: 0,
      compiling: 0,
    });
    expect(Object.fromEntries([...progress.links].map(([path, word]) => [own([path])[0], word]))).toEqual(
      expected.links ?? {},
    );
    expect(progress.remark).toBe(expected.remark);
    for (const record of progress.units()) expect(record.evidence).not.toBe('');
  });

  test('the same, whenever go list answers', () => {
    const facts = factsOf(name);
    const whole = shown(run(line, [{ type: 'package-set', set }, ...facts, ended(exitCode)]));
    const places = [1, 2, 3, 5, 8, 13, 21, Math.floor(facts.length / 2), facts.length - 1, facts.length];
    for (const place of places) {
      const late = [...facts.slice(0, place), { type: 'package-set', set } as const, ...facts.slice(place)];
      expect(shown(run(line, [...late, ended(exitCode)]))).toEqual(whole);
    }
  });
});

test('a compile that ends says how long it took, its size and its name in the cache', () => {
  const line = 'go build -p=1 ./...';
  const facts = factsOf('build-cold').map((fact) =>
    fact.type === 'x' && fact.event.type === 'stored' ? { ...fact, bytes: 4321 } : fact,
  );
  const progress = run(line, [{ type: 'package-set', set: setOf(shop, line) }, ...facts]);
  const price = progress.unit('example.com/shop/price');
  // Its compile, its build ID: the one event is a millisecond behind the other.
  expect(price).toMatchObject({ outcome: 'miss', durationMs: 1, outputBytes: 4321, actionId: undefined });
  expect(price?.evidence).toMatch(
    /^compile -o \$WORK\/b045\/_pkg_\.a .* stored as \/home\/dev\/\.cache\/go-build\//,
  );
  expect(progress.unitOfOutput(price?.outputId ?? '')?.key).toBe('example.com/shop/price');
  expect(own(progress.slowest(2).map((each) => each.unit.name))).toContain('weigh');
  expect(progress.recent(3)).toHaveLength(3);
  expect(own(progress.importersOf('example.com/shop/cart') ?? [])).toEqual(['.', 'desk']);
  progress.apply({ type: 'identified', buildId: price?.buildId ?? '', actionId: 'ab'.repeat(32) });
  expect(progress.unit('example.com/shop/price')?.actionId).toBe('ab'.repeat(32));
});

test('the words of a failure, and the first one that was not reached', () => {
  const line = 'go build -p=1 -tags=broken ./...';
  const progress = run(line, [
    { type: 'package-set', set: setOf(shop, line) },
    ...factsOf('build-error'),
    ended(1),
  ]);
  expect(progress.unit('example.com/shop/price')?.cause).toBe(
    'price/broken.go:5:28: cannot use "no number" (untyped string constant) as int value in return statement',
  );
  expect(progress.unit('example.com/shop/cart')?.cause).toBe('example.com/shop/price failed');
  expect(progress.unit('example.com/shop/desk')?.cause).toBe('example.com/shop/cart was not reached');
});

describe('a build that was stopped', () => {
  test.each([3, 4, 9, 30])('after %i events says no more than is known', (count) => {
    const line = 'go build -p=1 ./...';
    const facts = factsOf('build-cold').slice(0, count);
    const progress = run(line, [{ type: 'package-set', set: setOf(shop, line) }, ...facts, ended(130, true)]);
    const { counts } = progress;
    expect(counts.waiting + counts.compiling + counts.failed).toBe(0);
    expect(counts.unknown).toBeGreaterThan(0);
    const begun = facts.filter((fact) => fact.type === 'x' && fact.event.type === 'compile').length;
    const stored = facts.filter((fact) => fact.type === 'x' && fact.event.type === 'stored').length;
    expect(counts.misses).toBeGreaterThanOrEqual(stored - 1);
    expect(counts.misses).toBeLessThanOrEqual(begun);
    expect(progress.remark).toBeUndefined();
  });

  test('in the middle of a compile: not reached, whatever a warning said', () => {
    const line = 'go build -p=1 -tags=badcgo ./weigh';
    const all = factsOf('build-cgo-error');
    // Behind the warning of gcc, which stands under a header as an error does.
    const facts = all.slice(
      0,
      all.findIndex((fact) => fact.type === 'x' && fact.event.type === 'passthrough') + 2,
    );
    const set = setOf(shop, line);
    expect(
      run(line, [{ type: 'package-set', set }, ...facts, ended(143, true)]).unit('example.com/shop/weigh'),
    ).toMatchObject({ outcome: 'not-reached', cause: 'the build was stopped' });
    expect(
      run(line, [{ type: 'package-set', set }, ...facts, ended(1)]).unit('example.com/shop/weigh'),
    ).toMatchObject({
      outcome: 'failed',
      cause: 'weigh/weigh.go: In function ‘scale’:',
    });
  });
});

test('go ends before it builds: nothing was reached, in the words of go list', () => {
  shop.write({ 'lost/lost.go': 'package lost\n\nimport _ "example.com/shop/nowhere"\n' });
  const line = 'go build ./lost ./price';
  const set = setOf(shop, line);
  expect(set.loadErrors.join()).toMatch(/nowhere/);
  const progress = run(line, [{ type: 'package-set', set }, ended(1)]);
  expect(namesWith(progress, 'not-reached')).toEqual(['lost', 'price']);
  expect(progress.unit('example.com/shop/price')?.cause).toBe(set.loadErrors[0]);
});

test('under -n nothing is known', () => {
  const line = 'go build -n -p=1 ./...';
  const progress = run(line, [
    { type: 'package-set', set: setOf(shop, line) },
    ...factsOf('build-cold'),
    ended(0),
  ]);
  expect(progress.counts.unknown).toBe(progress.counts.total);
  expect(progress.unit('runtime')?.evidence).toBe('-n: go printed the commands and ran none');
});

test('a go command whose packages could not be listed says what was seen, and no total', () => {
  const progress = run('go build -p=1 ./...', [
    ...factsOf('build-cold').slice(0, 3),
    { type: 'package-set-unknown', why: 'no go.mod' },
    ...factsOf('build-cold').slice(3),
    ended(0),
  ]);
  expect(progress.counts.total).toBeUndefined();
  expect(namesWith(progress, 'miss')).toEqual(['.', 'cart', 'desk', 'price', 'round', 'tools/list', 'weigh']);
  // Those that were linked or imported from the cache.
  expect(progress.unit('runtime')).toMatchObject({ outcome: 'hit' });
  expect(progress.importersOf('runtime')).toBeUndefined();
});

describe('a script', () => {
  test('captured: the compiles of three go commands, two of which ran together', () => {
    const progress = run(undefined, [
      { type: 'package-set-unknown', why: 'a script' },
      ...factsOf('script'),
      ended(0),
    ]);
    expect(namesWith(progress, 'miss')).toEqual(['price', 'round', 'tools/list']);
    expect(namesWith(progress, 'failed')).toEqual([]);
    expect([...progress.links]).toEqual([['example.com/shop/tools/list', 'ran']]);
    expect(progress.counts).toMatchObject({ total: undefined, failed: 0, unknown: 0, waiting: 0 });
  });

  const compiled = (path: string, buildId: string, objdir = 'b001'): string =>
    `mkdir -p $WORK/${objdir}/\necho '# import config' > $WORK/${objdir}/importcfg # internal\ncd /home/dev/src/shop\n` +
    `/usr/local/go/pkg/tool/linux_amd64/compile -o $WORK/${objdir}/_pkg_.a -p ${path} -buildid ${buildId}/${buildId} -pack ./a.go\n` +
    `go tool buildid -w $WORK/${objdir}/_pkg_.a # internal\n`;

  test('that compiles one path in two ways has a record of each', () => {
    const text =
      `WORK=/tmp/go-build1234567890\n${compiled('example.com/a', 'AAA')}rm -rf $WORK/b001/\n` +
      `WORK=/tmp/go-build1234567891\n${compiled('example.com/a', 'BBB')}`;
    const progress = run(undefined, [...timed(parseText(text)), ended(0)]);
    expect([...progress.units()].map((each) => [each.unit.name, each.outcome, each.buildId])).toEqual([
      ['example.com/a', 'miss', 'AAA'],
      ['example.com/a', 'miss', 'BBB'],
    ]);
    expect(progress.counts).toMatchObject({ misses: 2, total: undefined });
  });

  test('that links one path from two outputs has a record of each', () => {
    const file = (digit: string): string => `/c/${digit.repeat(2)}/${digit.repeat(64)}-d`;
    const document = (work: string, digit: string): BuildEvent => ({
      type: 'x',
      at: 1,
      event: {
        type: 'document',
        work,
        objdir: 'b001',
        name: 'importcfg.link',
        body: `packagefile example.com/app=${file(digit)}\npackagefile fmt=${file(digit)}\n`,
      },
    });
    const progress = run(undefined, [
      document('/tmp/go-build1', 'a'),
      document('/tmp/go-build2', 'b'),
      ended(0),
    ]);
    expect([...progress.units()].map((each) => each.unit.name).toSorted()).toEqual([
      'example.com/app',
      'example.com/app',
      'fmt',
      'fmt',
    ]);
    expect(progress.counts.hits).toBe(4);
  });

  test('with two mains at once, in the same objdir, names each by its own link', () => {
    const main = (work: string, dir: string, buildId: string): string =>
      `mkdir -p $WORK/b001/\ncat >${work}/b001/importcfg << 'EOF' # internal\n# import config\nEOF\ncd ${dir}\n` +
      `/usr/local/go/pkg/tool/linux_amd64/compile -o $WORK/b001/_pkg_.a -p main -buildid ${buildId}/${buildId} -pack ./main.go\n`;
    const link = (work: string, path: string): string =>
      `cat >${work}/b001/importcfg.link << 'EOF' # internal\npackagefile ${path}=${work}/b001/_pkg_.a\nEOF\n`;
    const [one, two] = ['/tmp/go-build1234567890', '/tmp/go-build1234567891'];
    const text =
      `WORK=${one}\nWORK=${two}\n${main(one, '/src/one', 'AAA')}${main(two, '/src/two', 'BBB')}` +
      `${link(one, 'example.com/one')}${link(two, 'example.com/two')}`;
    const progress = run(undefined, [...timed(parseText(text)), ended(1)]);
    expect([...progress.units()].map((each) => [each.unit.name, each.unit.dir])).toEqual([
      ['example.com/one', '/src/one'],
      ['example.com/two', '/src/two'],
    ]);
  });

  test('that is killed leaves what was compiled then', () => {
    const text = `WORK=/tmp/go-build1234567890\n${compiled('example.com/a', 'AAA').replace(/go tool.*\n/, '')}`;
    const progress = run(undefined, [...timed(parseText(text)), ended(143, true)]);
    expect(progress.unit('example.com/a')).toMatchObject({
      outcome: 'not-reached',
      cause: 'the build was stopped',
    });
  });
});

test('while it runs, units wait, compile, and are counted once', () => {
  const line = 'go build -p=1 ./...';
  const set = setOf(shop, line);
  const progress = run(line, [{ type: 'package-set', set }]);
  expect(progress.counts).toMatchObject({ total: set.needed.size, waiting: set.needed.size });
  let revision = progress.revision;
  for (const fact of factsOf('build-cold')) {
    progress.apply(fact);
    const { counts } = progress;
    expect(counts.hits + counts.misses + counts.failed + counts.waiting + counts.compiling).toBe(
      counts.total,
    );
    expect(counts.compiling).toBe(progress.compiling().length);
    expect(progress.revision).toBeGreaterThan(revision);
    revision = progress.revision;
  }
});

test('tests are kept by their package', () => {
  const progress = run('go test ./a', [
    { type: 'test', importPath: 'a', outcome: 'ran' },
    { type: 'test', importPath: 'b', outcome: 'cached' },
  ]);
  expect([...progress.tests]).toEqual([
    ['a', 'ran'],
    ['b', 'cached'],
  ]);
});

test.each<[number, number, number, number | undefined]>([
  [0, 0, 0, undefined],
  [3, 1, 0, 0.75],
  [1, 0, 1, 0.5],
  [0, 2, 0, 0],
])('hit rate of %i hits, %i misses, %i failed is %s', (hits, misses, failed, rate) => {
  const counts = { total: 9, hits, misses, failed, notReached: 5, unknown: 5, waiting: 5, compiling: 5 };
  expect(hitRate(counts)).toBe(rate);
});
