import { describe, expect, test } from 'vitest';
import { freePrice, type RebuildPrice } from '../../source/build-cache/index/price.ts';
import type { IndexSummary } from '../../source/build-cache/index/summary.ts';
import type { Finding } from '../../source/operations/diagnosis/finding.ts';
import { cureCommand, findingWords } from '../../source/store/finding-words.ts';
import { focusedLevel } from '../../source/store/levels.ts';
import { textOf } from '../../source/store/line.ts';
import { layoutPage } from '../../source/store/page-lines.ts';
import { priceCell, priceOrder, priceWords } from '../../source/store/price-words.ts';
import type { AppState } from '../../source/store/state.ts';
import { cacheDiagnosisView } from '../../source/store/views/cache-diagnosis.ts';
import { apply, begin, press, start } from './state.ts';

const price = (ms: number, known: number, unknown: number): RebuildPrice => ({ ms, known, unknown });

test.each<[RebuildPrice, string, string]>([
  [freePrice, 'nothing to compile', ''],
  [price(0, 0, 3), 'unknown', 'unknown'],
  [price(14_300, 4, 0), '14 s', '14 s'],
  [price(14_300, 4, 1_200), '14 s, 1,200 unknown', '14 s +'],
  [price(0, 2, 0), '0 ms', '0 ms'], // so short that it was 0 ms: that is measured
  [price(185_000, 90, 1), '3:05, 1 unknown', '3:05 +'],
])('the price %j', (given, words, cell) => {
  expect([priceWords(given), priceCell(given)]).toEqual([words, cell]);
  expect(priceCell(given).length).toBeLessThanOrEqual(10);
});

test('the dearest comes first, what is not known last', () => {
  const prices = [price(0, 0, 9), price(5, 1, 0), freePrice, price(90, 2, 1)];
  expect(prices.toSorted(priceOrder).map(({ ms }) => ms)).toEqual([90, 5, 0, 0]);
});

const sizes = { si: false };
const sum = { entries: 12, bytes: 4_000_000 };
const packages = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name, index) => ({
  importPath: `example.com/${name}`,
  entries: 1,
  bytes: 700_000 - index,
}));
const rebuild = price(4_000, 3, 1);

const neverReused: Finding = {
  code: 'never-reused',
  sum,
  olderBytes: 8_000_000,
  packages,
  cures: [{ type: 'prune', args: ['--never-reused'], frees: sum, rebuild }],
};
const severalRoots: Finding = {
  code: 'several-roots',
  sum: { entries: 4, bytes: 1_000 },
  packages: packages.slice(0, 1),
  roots: [
    { folder: '/src/one', lastUsed: start, entries: 4, bytes: 2_000 },
    { folder: "/src/it's", lastUsed: start - 86_400_000 * 3, entries: 4, bytes: 1_000 },
  ],
  cures: [
    { type: 'trimpath', goflags: '' },
    { type: 'prune', args: ['--sources-in', "/src/it's"], frees: { entries: 4, bytes: 1_000 }, rebuild },
  ],
};
const noBuilds: Finding = {
  code: 'churn',
  builds: [],
  hits: 0,
  misses: 0,
  hit: { archives: 0, bytes: 0 },
  written: { archives: 0, bytes: 0 },
};

describe('a finding in words', () => {
  test.each<[Finding, RegExp]>([
    [neverReused, /^3\.8 MiB in 12 entries .*: 40 % of GOCACHE, 50 % of what is older than a day$/],
    [
      severalRoots,
      /^1 package was compiled from more than one of 2 folders: at most 1000 B are copies, less than 1 % of GOCACHE/,
    ],
    [{ ...noBuilds }, /^unknown: no build on this GOCACHE was recorded/],
    [
      {
        code: 'stale-variant',
        variant: 'linux/arm64',
        unusedForMs: 9 * 86_400_000,
        sum,
        packages,
        cures: [],
      },
      /^nobody used linux\/arm64 for 9 d: 3\.8 MiB in 12 entries of 7 packages, 40 % of GOCACHE/,
    ],
  ])('%j', (finding, words) => expect(findingWords(finding, 10_000_000, sizes)).toMatch(words));

  test('the command of a cure is one for a shell, and shows no password', () => {
    const commands = severalRoots.cures.map((cure) => cureCommand(cure, '/home/u/a b'));
    expect(commands).toEqual([
      'go env -w GOFLAGS=-trimpath',
      `gocachetop prune --sources-in '/src/it'\\''s' --gocache '/home/u/a b'`,
    ]);
    const secret = cureCommand({ type: 'trimpath', goflags: '-x=https://u:s3cr3t@host/' }, '');
    expect(secret).not.toContain('s3cr3t');
  });
});

const contents: IndexSummary = {
  entries: { action: 8, output: 8 },
  bytes: 10_000_000,
  diskBytes: 10_000_000,
  oldest: start,
  newest: start,
  kinds: [],
  packages: [],
  unattributed: { entries: 0, bytes: 0 },
  ages: [],
  nextTrimTakes: { entries: 0, bytes: 0 },
  unread: 0,
};

/** opened is the diagnosis on screen. */
function opened(findings: readonly Finding[] | undefined): AppState {
  const read = apply(begin(undefined), [
    { type: 'build-cache-contents', summary: contents },
    ...(findings === undefined ? [] : [{ type: 'build-cache-diagnosis', findings } as const]),
  ]);
  return press(read, '2', 'enter', ']', ']', ']', ']').state;
}

function lines(state: AppState, width: number): string[] {
  return layoutPage(cacheDiagnosisView.items(state, focusedLevel(state), width), width).map(({ line }) =>
    textOf(line).trimEnd(),
  );
}

describe('the diagnosis of GOCACHE', () => {
  test('is one of the views of its contents', () => {
    expect(focusedLevel(opened([noBuilds])).view).toBe('cache-diagnosis');
    expect(lines(opened(undefined), 60)).toEqual(['being looked for']);
  });

  test('shows each finding with the packages behind it and its cure', () => {
    const shown = lines(opened([neverReused, severalRoots, noBuilds]), 76);
    expect(shown).toContain('and 2 packages more');
    expect(shown).toContain('+ gocachetop prune --never-reused');
    expect(shown).toContain('frees 3.8 MiB, to rebuild: 4.0 s, 1 unknown');
    expect(shown.find((line) => line.startsWith('  /src/one'))).toMatch(/2\.0 KiB {2}used now$/);
    expect(shown.at(-2)).toMatch(/^unknown: no build/);
  });

  test('enter opens a package, y copies the cure under the cursor', () => {
    const state = opened([neverReused]);
    const command = (at: AppState) => cacheDiagnosisView.command(at, focusedLevel(at));
    expect(command(state)).toMatch(/^gocachetop scan/);
    const last = press(state, 'G').state;
    expect(command(last)).toBe('gocachetop prune --never-reused --gocache /home/gopher/.cache/go-build');
    const first = press(state, 'j').state;
    expect(focusedLevel(press(first, 'enter').state)).toMatchObject({
      view: 'cache-package',
      subject: 'example.com/a',
    });
  });
});
