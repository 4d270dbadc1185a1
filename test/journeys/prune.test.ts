import { existsSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ShellTerminal } from '../pty/shell.ts';
import { type Dock, openDock } from './dock.ts';

let dock: Dock;
let screen: ShellTerminal;

beforeAll(() => {
  dock = openDock();
  dock.run('go', 'build', './...');
}, 120_000);

afterAll(async () => {
  await screen.close();
  await dock[Symbol.asyncDispose]();
});

const trash = (): string[] => {
  const folder = join(dock.env.GOCACHE ?? '', 'gocachetop-trash');
  return existsSync(folder) ? readdirSync(folder) : [];
};

test('p takes a package out of GOCACHE, z puts it back, and quitting frees what is in the trash', async () => {
  screen = dock.open({ args: [], cols: 100, rows: 24 });
  await screen.until('2 GOCACHE');
  screen.type('2');
  screen.key('enter');
  await screen.until(/example\.com\/dock\/alpha/, { timeoutMs: 20_000 });
  screen.type('/gamma');
  screen.key('enter');
  await screen.until(/1 of \d+/);
  screen.type(' ');
  await screen.until(/1 marked: /);
  screen.type('p');
  await screen.until(/Remove example\.com\/dock\/gamma from GOCACHE\?/);
  screen.key('right', 'enter');
  await screen.until(/moved \d+ entries/, { timeoutMs: 20_000 });
  expect(trash()).toHaveLength(1);
  screen.type('z');
  await screen.until(/put back \d+ entries/, { timeoutMs: 20_000 });
  await screen.until(/1 of 4/);
  expect(screen.text()).not.toMatch(/compiled elsewhere/);
  expect(dock.compiled()).toBe(0);

  screen.type('p');
  await screen.until(/Remove example\.com\/dock\/gamma from GOCACHE\?/);
  screen.key('right', 'enter');
  await screen.until(/moved \d+ entries/, { timeoutMs: 20_000 });
  screen.type('q');
  await screen.until(/gocachetop: freed [\d.]+ [KM]?i?B of GOCACHE/, { timeoutMs: 20_000 });
  expect(trash()).toEqual([]);
  expect(dock.compiled()).toBe(1);
}, 120_000);

test('P takes what was not used for longest, as far as the slider says', async () => {
  dock.run('go', 'build', './...');
  const gocache = dock.env.GOCACHE ?? '';
  const old = Date.now() / 1000 - 9 * 86_400;
  for (const name of readdirSync(gocache, { recursive: true, encoding: 'utf8' }))
    if (/-[ad]$/.test(name)) utimesSync(join(gocache, name), old, old);
  // What is used now: main and its one library; gamma stays old.
  dock.run('go', 'build', './alpha');
  screen = dock.open({ args: [], cols: 100, rows: 24 });
  await screen.until('2 GOCACHE');
  screen.type('2');
  screen.key('enter');
  await screen.until(/example\.com\/dock\/alpha/, { timeoutMs: 20_000 });
  screen.type('P');
  await screen.until(/of all of GOCACHE\?/);
  screen.key('tab', ...Array<'right'>(7).fill('right'));
  await screen.until(/unused for +<\[#+-+\]> +7 d/);
  await screen.until(/takes [\d,]+ entries/, { timeoutMs: 20_000 });
  screen.key('tab', 'right', 'enter');
  await screen.until(/moved [\d,]+ entries/, { timeoutMs: 20_000 });
  expect(dock.run('sh', '-c', 'go build -x ./alpha 2>&1')).not.toMatch(/\/compile -o /);
  screen.type('z');
  await screen.until(/put back [\d,]+ entries/, { timeoutMs: 20_000 });
  screen.type('q');
  await screen.exited;
  expect(dock.compiled()).toBe(0);
}, 120_000);

test('c wipes GOCACHE through go clean after a question', async () => {
  dock.run('go', 'build', './...');
  screen = dock.open({ args: [], cols: 100, rows: 24 });
  await screen.until(/outputs +\d/);
  screen.type('c');
  await screen.until('Remove all of GOCACHE?');
  screen.key('right', 'enter');
  await screen.until(/freed [\d.]+ [KM]iB: all of GOCACHE is gone/, { timeoutMs: 20_000 });
  expect(dock.compiled()).toBe(4);
  screen.type('q');
  await screen.exited;
}, 60_000);
