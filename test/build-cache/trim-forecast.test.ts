import { readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { summarize } from '../../source/build-cache/index/summary.ts';
import { forecastTrim, type TrimFacts } from '../../source/build-cache/trim-forecast.ts';
import { probeTrim } from '../../source/build-cache/trim-probe.ts';
import { type GoSample, libraries, makeGoSample } from './go-sample.ts';
import { scanned } from './index/go-cache.ts';

const now = 1_760_000_000_000;
const [hour, day] = [3_600_000, 86_400_000];
const trimTxt = (at: number, ctime = at) => ({ text: String(at / 1000), ctime });

const facts = (change: Partial<TrimFacts> = {}): TrimFacts => ({
  now,
  file: trimTxt(now - 2 * hour),
  total: { entries: 100, bytes: 1000 },
  takesAt: () => ({ entries: 0, bytes: 0 }),
  cameHere: { looked: 0, copied: 0, at: undefined },
  ...change,
});

describe('when Go trims next, and why', () => {
  test.each([
    [
      'after a day',
      trimTxt(now - 2 * hour),
      { isDue: false, next: now + 22 * hour, why: /at most once a day/ },
    ],
    ['a day ago', trimTxt(now - day), { isDue: true, next: now, why: /a day ago/ }],
    ['none', undefined, { isDue: true, next: now, why: /no trim\.txt/ }],
    ['garbage', { text: 'soon', ctime: now }, { isDue: true, next: now, why: /not a number/ }],
    ['far ahead', trimTxt(now + 2 * hour), { isDue: true, next: now, why: /in the future/ }],
    [
      'a little ahead',
      trimTxt(now + hour / 2),
      { isDue: false, next: now + hour / 2 + day, why: /less than an hour ahead/ },
    ],
  ])('%s', (_, file, { isDue, next, why }) => {
    const forecast = forecastTrim(facts({ file }));
    expect(forecast).toMatchObject({ isDue, next, odd: [] });
    expect(forecast.why).toMatch(why);
  });
});

describe('caches where Go never trims, or too early', () => {
  const old = (entries: number) => () => ({ entries, bytes: entries * 10 });

  test('what the last trim had to take is still here, and trim.txt came later than its time', () => {
    const { odd } = forecastTrim(facts({ file: trimTxt(now - 10 * hour, now - hour), takesAt: old(40) }));
    expect(odd).toMatchObject([{ kind: 'never' }]);
    expect(odd[0]?.evidence.join('\n')).toMatch(/^40 entries would have gone[\s\S]*came here 9 h after/);
  });

  test('a cache that Go trims itself is not odd: old entries that came to be old since then', () => {
    const takesAt = (at: number) => ({ entries: at >= now ? 40 : 0, bytes: 0 });
    expect(forecastTrim(facts({ takesAt })).odd).toEqual([]);
  });

  test('old times that came here lately are taken at once', () => {
    const baked = { file: undefined, takesAt: old(90), cameHere: { looked: 90, copied: 88, at: now - hour } };
    expect(forecastTrim(facts(baked)).odd).toMatchObject([
      { kind: 'early', what: expect.stringContaining('90 %') },
    ]);
    // Old because nobody used them: that is what a trim is for.
    expect(forecastTrim(facts({ ...baked, cameHere: { looked: 90, copied: 0, at: undefined } })).odd).toEqual(
      [],
    );
    expect(forecastTrim(facts({ ...baked, takesAt: old(10) })).odd).toEqual([]);
  });
});

describe('a real go build removes what was forecast', () => {
  let sample: GoSample | undefined;

  afterEach(() => sample?.remove());

  /** prepare fills a GOCACHE and sets the times of its entries: every third is too old, every third just not. */
  function prepare(trim: string | undefined): GoSample {
    sample = makeGoSample(libraries(8));
    sample.go('build', './...');
    sample.go('vet', './...');
    for (const [at, file] of entryFiles(sample).entries()) {
      const age = 5 * day + hour + (at % 3 === 0 ? 60_000 : -60_000);
      const time = (Date.now() - (at % 3 === 2 ? hour : age)) / 1000;
      utimesSync(file, time, time);
    }
    const trimFile = join(sample.gocache, 'trim.txt');
    if (trim === undefined) rmSync(trimFile, { force: true });
    else writeFileSync(trimFile, trim);
    return sample;
  }

  const seconds = (ago: number): string => String(Math.floor((Date.now() - ago) / 1000));

  test.each([
    ['a day after the last trim', () => seconds(25 * hour), true],
    ['without trim.txt', () => undefined, true],
    ['with one that is no number', () => 'never', true],
    ['with one two hours ahead', () => seconds(-2 * hour), true],
    ['with one half an hour ahead', () => seconds(-hour / 2), false],
    ['an hour after the last trim', () => seconds(hour), false],
  ])(
    '%s',
    async (_, trim, isDue) => {
      const cache = prepare(trim());
      const { index, owners } = await scanned(cache.gocache);
      const total = summarize(index, owners, Date.now());
      const forecast = await probeTrim(cache.gocache, index, total, Date.now());
      expect(forecast.isDue).toBe(isDue);
      const before = entryFiles(cache);
      const sizes = new Map(before.map((file) => [file, statSync(file).size]));
      cache.write({
        'other/go.mod': 'module example.com/other\n\ngo 1.21\n',
        'other/a.go': 'package other\n',
      });
      cache.go('build', '-C', 'other', '.');
      const after = new Set(entryFiles(cache));
      const gone = before.filter((file) => !after.has(file));
      const taken = isDue ? forecast.takes : { entries: 0, bytes: 0 };
      expect(gone).toHaveLength(taken.entries);
      expect(gone.reduce((sum, file) => sum + (sizes.get(file) ?? 0), 0)).toBe(taken.bytes);
      if (isDue) expect(gone.length).toBeGreaterThan(5);
      // What is not due now still counts for the day after.
      else expect(forecast.takes.entries).toBeGreaterThan(forecast.days[0]?.entries ?? 0);
    },
    60_000,
  );

  test('a cache as out of an image is told before, and loses what was said', async () => {
    const cache = prepare(undefined);
    for (const file of entryFiles(cache)) utimesSync(file, 1_000_000_000, 1_000_000_000);
    const { index, owners } = await scanned(cache.gocache);
    const forecast = await probeTrim(cache.gocache, index, summarize(index, owners, Date.now()), Date.now());
    expect(forecast.odd).toMatchObject([{ kind: 'early', what: expect.stringContaining('100 %') }]);
    cache.write({ 'other/go.mod': 'module example.com/other\n\ngo 1.21\n', 'other/a.go': 'package other\n' });
    const before = entryFiles(cache);
    cache.go('build', '-C', 'other', '.');
    const after = new Set(entryFiles(cache));
    expect(before.filter((file) => after.has(file)).length).toBeLessThan(before.length * 0.1);
  }, 60_000);

  test('with a trim.txt that was restored, what is old stays, as was said', async () => {
    const cache = prepare(seconds(10 * hour));
    for (const file of entryFiles(cache)) utimesSync(file, 1_000_000_000, 1_000_000_000);
    const { index, owners } = await scanned(cache.gocache);
    const forecast = await probeTrim(cache.gocache, index, summarize(index, owners, Date.now()), Date.now());
    expect(forecast.odd).toMatchObject([{ kind: 'never' }]);
    expect(forecast.odd[0]?.evidence.join('\n')).toMatch(/trim\.txt came here (9|10) h after/);
    const before = entryFiles(cache);
    cache.write({ 'other/go.mod': 'module example.com/other\n\ngo 1.21\n', 'other/a.go': 'package other\n' });
    cache.go('build', '-C', 'other', '.');
    const after = new Set(entryFiles(cache));
    expect(before.filter((file) => !after.has(file))).toEqual([]);
  }, 60_000);
});

function entryFiles({ gocache }: GoSample): string[] {
  return readdirSync(gocache, { recursive: true, encoding: 'utf8' })
    .filter((name) => /^[0-9a-f]{2}\/[0-9a-f]{64}-[ad]$/.test(name))
    .map((name) => join(gocache, name))
    .sort();
}
