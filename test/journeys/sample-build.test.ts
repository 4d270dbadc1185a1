import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleDirectory } from '../../scripts/sample-environment.ts';
import type { ShellTerminal } from '../pty/shell.ts';
import { type Dock, openDock, program } from './dock.ts';

let dock: Dock;
let screen: ShellTerminal;
let sample: string;

beforeAll(() => {
  dock = openDock();
  sample = join(dock.folder, 'harbour');
  const isOurs = (path: string) => !/\/sample\/(?:proxy|deps)(?:\/|$)/.test(path);
  cpSync(sampleDirectory, sample, { recursive: true, filter: isOurs });
  mkdirSync(join(sample, 'wreck'));
  writeFileSync(
    join(sample, 'wreck', 'wreck.go'),
    'package wreck\n\nimport "example.com/harbour/berth"\n\nvar Of = berth.Nowhere\n',
  );
});

afterAll(async () => {
  await screen.close();
  await dock[Symbol.asyncDispose]();
});

type Report = {
  readonly exitCode: number;
  readonly summary: { readonly packages: number; readonly hits: number; readonly misses: number };
  readonly packages: readonly { readonly importPath: string; readonly outcome: string }[];
};

/** report builds the same without a screen and gives the JSON. */
function report(...command: readonly string[]): Report {
  const line = [...program, 'report', '--json', '--', ...command].map((word) => `'${word}'`).join(' ');
  return JSON.parse(dock.run('sh', '-c', `cd '${sample}' && ${line} 2>/dev/null; true`));
}

/** rows gives the rows of the open list, without the titles of its columns. */
function rows(): readonly string[] {
  return screen
    .screen()
    .filter((line) => /^[│┃]/.test(line))
    .slice(1);
}

const cursorRow = (): number => rows().findIndex((line) => line.includes('▸'));
const nameIn = (row: string | undefined): string => row?.replace(/^[│┃] \S?\s*▸?/, '').split(/\s/)[0] ?? '';

describe('a cold build of the sample, one package of which does not compile', () => {
  test('shows every pane while packages are compiled', async () => {
    screen = dock.open({ args: ['--', 'go', 'build', './...'], cwd: sample, cols: 120, rows: 40 });
    await screen.until(/compiling now +for +just done/);
    for (const pane of ['1 build', '2 GOCACHE', '3 GOMODCACHE', '4 proxy chain']) await screen.until(pane);
    // A package that compiles, for how long by now; one that is done, how long it took, what it wrote.
    await screen.until(/^[│┃] \S+ +\d+\.\d s {3}/);
    await screen.until(/\+ \S+ +\d+(?:\.\d+)? m?s +[\d.,]+ [KM]iB/);
    await screen.until(/running/);
  });

  test('ends with the counts, the failed package and the error of the compiler', async () => {
    await screen.until(/failed, exit code 1/, { timeoutMs: 60_000 });
    await screen.until(/87 of 87 +hit +0 +miss 86 +failed 1 +rate +0 %/);
    await screen.until(/✗ example\.com\/harbour\/wreck/);
    await screen.until(
      /wreck\/wreck\.go:5:16: undefined: *$|wreck\/wreck\.go:5:16: undefined: berth\.Nowhere/,
    );
    await screen.until(/^[│┃] # example\.com\/harbour\/wreck/);
    await screen.until(/slowest of this build +took/);
    await screen.until(/runtime +[\d.]+ s/);
  });

  test('what the caches hold is counted again when the build has written to them', async () => {
    await screen.until(/size {7}4\d\.\d MiB/);
    await screen.until(/modules {4}2, 2 versions/);
  });

  test('Enter opens the list, what failed first, and then the package with what it rests on', async () => {
    screen.key('enter');
    await screen.until(/1 build › packages .*failed 1/);
    expect(rows()[cursorRow()]).toMatch(/✗▸example\.com\/harbour\/wreck +failed/);
    screen.key('enter');
    await screen.until(/cause +wreck\/wreck\.go:5:16: undefined: berth\.Nowhere/);
    await screen.until(/evidence +compile .*-p example\.com\/harbour\/wreck/);
    await screen.until(/imports +1$|imports +1 [│┃]/);
    screen.key('escape');
    await screen.until(/1 build › packages ─/);
  });

  test('a compiled package has its action ID and output ID, and both are in GOCACHE', async () => {
    screen.type('/harbour/report');
    await screen.until(/example\.com\/harbour\/report/);
    await screen.gone(/harbour\/wreck +failed/);
    screen.key('enter', 'enter');
    const [, action = ''] = await screen.until(/action ID +([0-9a-f]{64})/);
    const [, output = ''] = await screen.until(/output ID +([0-9a-f]{64})/);
    const entry = dock.run('cat', join(dock.env.GOCACHE ?? '', action.slice(0, 2), `${action}-a`));
    expect(entry).toContain(`v1 ${action} ${output} `);
    screen.key('escape');
    await screen.until(/1 build › packages ─/);
  });

  test('Esc takes away the filter first, then the list, and never quits', async () => {
    expect(screen.text()).toMatch(/harbour\/report/);
    screen.key('escape');
    await screen.until(/harbour\/wreck +failed/);
    screen.key('escape');
    await screen.until(/slowest of this build/);
    screen.key('escape');
    screen.key('enter');
    await screen.until(/1 build › packages/);
  });

  test('s sorts by the next column and S turns the order around', async () => {
    screen.type('s');
    await screen.until(/sorted by took/);
    await screen.until(/took ↓/);
    expect(nameIn(rows()[0])).toBe('runtime');
    screen.type('S');
    await screen.until(/took ↑/);
    expect(rows().join('\n')).not.toMatch(/ runtime +compiled/);
    screen.type('ss');
    await screen.until(/sorted by package/);
    expect(nameIn(rows()[0])).toBe('bytes');
  });

  test('four j typed at once move by four, G and g go to the ends', async () => {
    screen.type('g');
    await screen.when(() => cursorRow() === 0);
    screen.type('jjjj');
    await screen.when(() => cursorRow() === 4);
    screen.type('G');
    await screen.until(/▸weak/);
    screen.type('g');
    await screen.until(/▸bytes/);
    screen.key('down', 'down', 'up');
    await screen.when(() => cursorRow() === 1);
    screen.key('pagedown');
    await screen.gone(/ bytes +compiled/);
    screen.key('pageup', 'escape');
    await screen.until(/slowest of this build/);
  });

  test('each number focuses its pane, Tab the next, and each opens', async () => {
    for (const [key, heading] of [
      ['2', '┏ 2 GOCACHE'],
      ['3', '┏ 3 GOMODCACHE'],
      ['4', '┏ 4 proxy chain'],
      ['1', '┏ 1 build'],
    ] as const) {
      screen.type(key);
      await screen.until(heading);
    }
    screen.key('tab');
    await screen.until('┏ 2 GOCACHE');
    screen.key('enter');
    await screen.until(/2 GOCACHE › /);
    screen.key('escape');
    await screen.until('┏ 2 GOCACHE');
    screen.key('shift+tab');
    await screen.until('┏ 1 build');
  });

  test('help lists the keys and closes, and a key of a later version says what to do instead', async () => {
    screen.type('?');
    await screen.until(/filter as you type/);
    screen.key('escape');
    await screen.gone(/filter as you type/);
    screen.type('w');
    await screen.until(/not in this version: /);
  });

  test('t shows all that the build wrote', async () => {
    screen.type('t');
    await screen.until(/output of the build/);
    await screen.until(/wreck\/wreck\.go:5:16: undefined: berth\.Nowhere/);
    screen.key('escape');
    await screen.until(/slowest of this build/);
  });

  test('q leaves: the terminal is as before, with the output of the build and a summary', async () => {
    screen.type('q');
    expect(await screen.exited).toEqual({ code: 1, signal: undefined });
    await screen.restored();
    const text = screen.scrollback();
    expect(text).toMatch(
      /^# example\.com\/harbour\/wreck\nwreck\/wreck\.go:5:16: undefined: berth\.Nowhere\n/m,
    );
    expect(text).toMatch(/gocachetop: go build \.\/\.\.\. .* exit code 1/);
    expect(text).toMatch(/87 packages {3}0 hit {3}86 compiled {3}1 failed/);
    expect(text).toMatch(/written to GOCACHE: [\d,]+ entries, 4\d\.\d MiB/);
    expect(dock.leftovers()).toEqual([]);
    expect(dock.running()).toEqual([]);
  });
});

describe('the same again', () => {
  test('what was compiled is a hit now, and what failed fails again', () => {
    const { exitCode, summary, packages } = report('go', 'build', './...');
    expect(exitCode).toBe(1);
    expect(summary).toMatchObject({ packages: 87, hits: 86, misses: 0, failed: 1 });
    expect(packages.filter(({ outcome }) => outcome !== 'hit').map(({ importPath }) => importPath)).toEqual([
      'example.com/harbour/wreck',
    ]);
  });

  test('without the broken package all of it is a hit, on screen and in the report', async () => {
    rmSync(join(sample, 'wreck'), { recursive: true });
    const { exitCode, summary } = report('go', 'build', './...');
    expect(exitCode).toBe(0);
    expect(summary).toMatchObject({ packages: 86, hits: 86, hitRate: 1 });
    await screen.close();
    screen = dock.open({ args: ['--', 'go', 'build', './...'], cwd: sample, cols: 120, rows: 40 });
    await screen.until(/86 of 86 +hit 86 +miss +0 +failed 0 +rate 100 %/);
    await screen.until(/ ok /);
    screen.key('ctrl+c');
    expect((await screen.exited).code).toBe(0);
    await screen.restored();
    expect(screen.scrollback()).toMatch(/86 packages {3}86 hit {3}0 compiled {3}0 failed {3}rate 100 %/);
  });
});
