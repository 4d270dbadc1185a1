import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ShellTerminal } from '../pty/shell.ts';
import { type Dock, openDock } from './dock.ts';

let dock: Dock;
let screen: ShellTerminal;

beforeAll(() => {
  dock = openDock('波止場 🚢');
});

afterAll(async () => {
  await screen.close();
  await dock[Symbol.asyncDispose]();
});

/** expectWhole fails unless each line with a left border has its right one in the last column, and each frame its edge. */
function expectWhole(): void {
  const [right, rows] = [screen.cols() - 1, screen.rows()];
  const torn: string[] = [];
  for (let y = 0; y < rows; y += 1) {
    const left = screen.cell(0, y).char;
    const partner = { '│': '│', '┃': '┃', '┌': '┐', '┏': '┓', '└': '┘', '┗': '┛' }[left];
    if (partner === undefined) continue;
    const end = screen.cell(right, y).char;
    // Panes side by side end with their own border, of which the focused one is heavy.
    if (!['│', '┃', '┐', '┓', '┘', '┛'].includes(end)) torn.push(screen.screen()[y] ?? '');
  }
  expect(torn).toEqual([]);
  expect(screen.screen()[rows - 1]).toMatch(/q quit/);
}

test('every size shows the build that runs, one after the other', async () => {
  dock.hold('gamma');
  screen = dock.open({ args: ['--', ...dock.build], cols: 120, rows: 40 });
  await screen.until(/\/gamma +\d+\.\d s/);
  expectWhole();

  screen.resize(80, 24);
  await screen.until(/^ 2 GOCACHE {3}/);
  await screen.until(/^ 4 proxy chain {3}/);
  await screen.until(/\/gamma +\d+\.\d s/);
  await screen.until(/0:\d\d {3}running/);
  expectWhole();

  screen.resize(40, 12);
  await screen.until(/^ 2 cache .*3 mod .*4 p/);
  await screen.until(/\/gamma +\d+\.\d s/);
  await screen.until(/0:\d\d running/);
  expectWhole();

  screen.resize(30, 8);
  await screen.until(/too small/);
  await screen.until(/30x8/);
  expect(screen.screen().join('')).not.toContain('gamma');

  screen.resize(200, 60);
  await screen.until(/\/gamma +\d+\.\d s/);
  await screen.until(/4 proxy chain ─/);
  expectWhole();
});

test('a burst of sizes ends with a whole frame of the last one', async () => {
  for (const [cols, rows] of [
    [60, 20],
    [41, 13],
    [130, 50],
    [39, 30],
    [100, 30],
  ] as const)
    screen.resize(cols, rows);
  await screen.until(/4 proxy chain ─/);
  await screen.until(/\/gamma +\d+\.\d s/);
  await screen.when(() => / q quit/.test(screen.screen().at(-1) ?? ''));
  expectWhole();
});

test('a folder of wide characters keeps the borders in their column, open and on the page of a package', async () => {
  screen.key('enter');
  await screen.until(/1 build › packages/);
  screen.type('/alpha');
  await screen.until(/dock\/alpha/);
  screen.key('enter', 'enter');
  await screen.until(/folder +\S*波止場 🚢\/alpha/);
  expectWhole();
  screen.resize(40, 12);
  await screen.until(/1 … example\.com\/dock\/alpha/);
  await screen.until(/outcome +compiled/);
  expectWhole();
  screen.resize(80, 24);
  await screen.until(/folder +\S*波止場 🚢\/alpha/);
  expectWhole();
});

test('leaving from a size other than the first restores the terminal', async () => {
  dock.release('gamma');
  await screen.until(/0:\d\d {3}ok/);
  screen.type('q');
  expect((await screen.exited).code).toBe(0);
  await screen.restored();
  expect(screen.scrollback()).toMatch(/4 packages/);
});

test('import paths of wide characters stand in their cells', async () => {
  await screen.close();
  const gopath = join(dock.folder, 'gopath');
  const sources = {
    '店/価格': 'package 価格\n\nfunc Of() int { return 1 }\n',
    '🛒/かご': 'package かご\n\nimport "店/価格"\n\nvar Price = 価格.Of()\n',
  };
  for (const [path, text] of Object.entries(sources)) {
    mkdirSync(join(gopath, 'src', path), { recursive: true });
    writeFileSync(join(gopath, 'src', path, 'a.go'), text);
  }
  // Only without modules may an import path have more than ASCII.
  screen = dock.open({
    args: ['--', 'go', 'build', '店/価格', '🛒/かご'],
    env: { GO111MODULE: 'off', GOPATH: gopath, GOFLAGS: '' },
    cwd: gopath,
  });
  await screen.until(/ ok/);
  await screen.until(/\+ 🛒\/かご/);
  expectWhole();
  screen.key('enter');
  await screen.until(/店\/価格 +compiled/);
  await screen.until(/🛒\/かご +compiled/);
  const columns = screen
    .screen()
    .flatMap((line, y) => (/(?:価格|かご) +compiled/.test(line) ? [columnOf(y, 'compiled')] : []));
  expect(columns).toHaveLength(2);
  expect(new Set(columns).size).toBe(1);
  expectWhole();
  screen.type('q');
  await screen.exited;
  await screen.restored();
  expect(screen.scrollback()).toMatch(/店\/価格 +\d/);
});

/** columnOf gives the cell in which a word begins in a row. */
function columnOf(y: number, word: string): number {
  const chars = Array.from({ length: screen.cols() }, (_, x) => screen.cell(x, y).char);
  return chars.findIndex((_, x) => chars.slice(x, x + word.length).join('') === word);
}
