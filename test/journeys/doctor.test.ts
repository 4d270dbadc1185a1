import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Dock, openDock } from './dock.ts';

let dock: Dock;
let goenv: string;
let env: Readonly<Record<string, string | undefined>>;

beforeAll(() => {
  dock = openDock();
  goenv = join(dock.folder, 'goenv');
  // Nothing of it shadows the file.
  const [GOFLAGS, GOSUMDB, GOPRIVATE, GONOPROXY, GONOSUMDB] = Array<undefined>(5);
  const GOPATH = join(dock.folder, 'gopath');
  env = { GOENV: goenv, GOPATH, GOFLAGS, GOSUMDB, GOPRIVATE, GONOPROXY, GONOSUMDB };
});

afterAll(async () => await dock[Symbol.asyncDispose]());

test('the doctor names what is wrong, Enter why, f puts it right after a question, and undo brings it back', async () => {
  writeFileSync(goenv, 'GOFLAGS=-a\nGOPRIVATE=*\n');
  const screen = dock.open({ args: [], env, cols: 100, rows: 30 });
  await screen.until(/GOCACHE/);
  screen.type('4D');
  await screen.until(/! GOFLAGS=-a +warning/);
  await screen.until(/! GOPRIVATE=\* +warning/);
  await screen.until(/clock +the same as that of the file system/);
  screen.key('enter');
  await screen.until(/doctor › goflags-a/);
  await screen.until(/GOCACHE is written and never read/);
  await screen.until(/\$ go env -u GOFLAGS/);
  screen.type('y');
  await screen.until(/copied: go env -u GOFLAGS/);
  screen.type('f');
  await screen.until(/undo +go env -w GOFLAGS=-a/);
  // No is the default.
  screen.key('enter');
  await screen.until(/f does the first of them/);
  expect(readFileSync(goenv, 'utf8')).toContain('GOFLAGS=-a');
  screen.type('f');
  await screen.until(/\[ No \]/);
  screen.key('right', 'enter');
  await screen.until(/done: go env -u GOFLAGS/);
  expect(readFileSync(goenv, 'utf8')).toBe('GOPRIVATE=*\n');
  screen.key('escape');
  await screen.until(/doctor ─/);
  await screen.until(/1 warning/);
  screen.type('q');
  await screen.exited;
  await screen.restored();
  await screen.close();

  const undone = dock.open({ args: ['undo', '--yes'], env });
  expect((await undone.exited).code).toBe(0);
  await undone.close();
  expect(readFileSync(goenv, 'utf8')).toContain('GOFLAGS=-a');
});

test('it is there when GOCACHE is not, and with --read-only it changes nothing', async () => {
  writeFileSync(goenv, 'GOFLAGS=-a\n');
  const off = { ...env, GOCACHE: 'off' };
  const screen = dock.open({ args: ['--read-only'], env: off, cols: 80, rows: 24 });
  await screen.until(/GOCACHE/);
  screen.type('4D');
  await screen.until(/x GOCACHE=off +error/);
  screen.key('down', 'down');
  screen.type('f');
  await screen.until(/\[ No \]/);
  screen.key('right', 'enter');
  await screen.until(/nothing is changed: --read-only/);
  expect(readFileSync(goenv, 'utf8')).toBe('GOFLAGS=-a\n');
  screen.type('q');
  await screen.exited;
  await screen.close();
});
