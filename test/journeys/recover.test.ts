import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChecksumDatabase, openChecksumDatabase } from '../checksum-database.ts';
import { type Cabin, openCabin } from '../operations/offline/cabin.ts';
import { ours, run } from '../plain/sandbox.ts';
import { openTerminal, type Terminal } from '../pty/terminal.ts';
import { program } from './dock.ts';

let cabin: Cabin;
let database: ChecksumDatabase;
let screen: Terminal;
let goSum: string;

/** unset lets the file of go env -w count. */
const unset = { GOSUMDB: '', GOFLAGS: '', GOPRIVATE: '' };
const setting = (name: string): string => cabin.go(['env', name], unset).trim();

beforeAll(async () => {
  cabin = openCabin();
  goSum = readFileSync(join(cabin.main, 'go.sum'), 'utf8');
  database = await openChecksumDatabase(goSum);
  cabin.go(['mod', 'download']);
  writeFileSync(join(cabin.main, 'go.sum'), goSum.replace('wick v0.4.0 h1:Hw5t', 'wick v0.4.0 h1:AAAA'));
  cabin.go(['env', '-w', `GOSUMDB=${database.gosumdb}`, 'GOFLAGS=-modcacherw -insecure'], unset);
}, 60_000);

afterAll(async () => {
  await screen?.[Symbol.asyncDispose]();
  database?.close();
  cabin?.dispose();
});

test('what is wrong is explained; each step is run from its question, and undone', async () => {
  const [command, ...args] = program;
  const env = { ...cabin.environment, ...unset };
  screen = openTerminal({ command, args, cwd: cabin.main, env, cols: 110, rows: 40 });
  await screen.until('3 GOMODCACHE');
  screen.type('3');
  screen.key('enter');
  await screen.until(/GOMODCACHE › modules/);
  screen.type('[');
  await screen.until(/! GOFLAGS=-modcacherw -insecure/);
  await screen.until('go get fails with it, and it switches nothing off');
  await screen.until('its zip in GOMODCACHE and go.sum disagree');
  screen.type('j');
  screen.key('enter');
  await screen.until('Set GOFLAGS to -modcacherw?');
  await screen.until(/now +-modcacherw -insecure/);
  await screen.until("undo   go env -w 'GOFLAGS=-modcacherw -insecure'");
  // The safe answer comes first.
  screen.key('enter');
  await screen.gone('Set GOFLAGS');
  expect(setting('GOFLAGS')).toBe('-modcacherw -insecure');
  screen.key('enter');
  await screen.until('[ No ]');
  screen.key('right', 'enter');
  await screen.until('done: set GOFLAGS to -modcacherw; z undoes it');
  await screen.gone(/! GOFLAGS=/);
  expect(setting('GOFLAGS')).toBe('-modcacherw');

  screen.type('z');
  await screen.until('GOFLAGS is as it was');
  await screen.until(/! GOFLAGS=-modcacherw -insecure/);
  expect(setting('GOFLAGS')).toBe('-modcacherw -insecure');
}, 60_000);

test('the database is asked, the wrong line goes, and go proves the module again', async () => {
  screen.type('gG');
  screen.key('enter');
  await screen.until('Ask the checksum database which is right?');
  expect(database.asked).toEqual([]);
  screen.key('right', 'enter');
  await screen.until('go.sum has a wrong sum of its zip');
  expect(database.asked).toContain('/lookup/example.org/wick@v0.4.0');
  screen.type('gjj');
  screen.key('enter');
  await screen.until(/Take line \d+ out of/);
  screen.key('right', 'enter');
  await screen.until(/done: take line/);
  expect(readFileSync(join(cabin.main, 'go.sum'), 'utf8')).not.toContain('h1:AAAA');
  await screen.until('its cure has begun');
  screen.type('gjj');
  screen.key('enter');
  await screen.until(/Let go hold example\.org\/wick@v0\.4\.0 against the/);
  screen.key('right', 'enter');
  await screen.until(/done: let go hold/);
  await screen.gone('its cure has begun');
  expect(readFileSync(join(cabin.main, 'go.sum'), 'utf8')).toBe(goSum);
}, 60_000);

test('gocachetop undo puts back afterwards what the screen changed', async () => {
  await screen.until('! GOFLAGS=');
  screen.type('gj');
  screen.key('enter');
  await screen.until('Set GOFLAGS to -modcacherw?');
  screen.key('right', 'enter');
  await screen.until('done: set GOFLAGS to -modcacherw; z undoes it');
  screen.type('q');
  expect((await screen.exited).code).toBe(0);
  expect(setting('GOFLAGS')).toBe('-modcacherw');
  const environment = { ...cabin.environment, ...unset };
  const undone = await run(ours('undo', '--yes'), { cwd: cabin.main, environment });
  expect([undone.code, undone.stdout.toString()]).toEqual([0, 'GOFLAGS is as it was\n']);
  expect(setting('GOFLAGS')).toBe('-modcacherw -insecure');
}, 60_000);
