import { readFileSync, writeFileSync } from 'node:fs';
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
  await screen?.close();
  await dock[Symbol.asyncDispose]();
});

test('K finds wrong bytes that Go uses without a word, p removes them, and the next build makes them again', async () => {
  const file = dock.run('go', 'list', '-export', '-f', '{{.Export}}', './beta').trim();
  const bytes = readFileSync(file);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  writeFileSync(file, bytes);
  expect(dock.compiled()).toBe(0);

  screen = dock.open({ args: [], cols: 80, rows: 24 });
  await screen.until('2 GOCACHE');
  screen.type('K');
  await screen.until(/\d+ outputs compared: 1 wrong/, { timeoutMs: 20_000 });
  await screen.until(/! ?▸?example\.com\/dock\/beta linux/);
  screen.key('enter');
  await screen.until(/builds use it without a word/);
  await screen.until(/units in GOCACHE that import it +1\b/);
  await screen.until(/ example\.com\/dock\/gamma/);
  screen.type('p');
  await screen.until('Remove 1 output from GOCACHE?');
  screen.key('right', 'enter');
  await screen.until(/moved \d+ entries/, { timeoutMs: 20_000 });
  await screen.until(/it is removed: the next build makes it again/);
  // Of the package, and not of those that import it: its content is the same again.
  expect(dock.compiled()).toBe(1);

  screen.key('escape');
  screen.type('K');
  await screen.until(/outputs compared: none is damaged/, { timeoutMs: 20_000 });
  screen.type('q');
  await screen.exited;
  expect(readFileSync(file).equals(bytes)).toBe(false);
}, 120_000);

test('a package is opened down to one entry, and its text', async () => {
  screen = dock.open({ args: [], cols: 120, rows: 40 });
  await screen.until('2 GOCACHE');
  screen.type('2');
  screen.key('enter');
  await screen.until(/example\.com\/dock\/alpha/, { timeoutMs: 20_000 });
  screen.type('/gamma');
  screen.key('enter', 'enter');
  await screen.until(/variants +1\b/);
  screen.key('down', 'enter');
  await screen.until(/archive +[\d.]+ KiB/);
  screen.key('enter');
  await screen.until(/sha256 +is its name/);
  await screen.until(/header +go object linux/);
  await screen.until(/imports +\d/);
  await screen.until(/ example\.com\/dock\/beta/);
  screen.type('jj');
  screen.key('enter');
  await screen.until(/example\.com\/dock\/gamma\.Load +text/);
  screen.key('escape');
  screen.type('y');
  await screen.until(/copied: go tool buildid /);
  screen.key('escape', 'escape');
  screen.type('/files');
  screen.key('enter', 'enter');
  await screen.until(/its text +1 line/);
  await screen.until(/\.\/gamma\.go/);
  screen.type('q');
  await screen.exited;
}, 60_000);
