import { appendFileSync, chmodSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ModulePlace, makeModulePlace } from '../operations/verify/module-place.ts';
import { openTerminal, type Terminal } from '../pty/terminal.ts';
import { program } from './dock.ts';

let place: ModulePlace;
let screen: Terminal;
let source: string;
let right: string;
let zip: string;
let rightZip: Buffer;

beforeAll(() => {
  place = makeModulePlace();
  source = join(place.folder, 'clockwork.go');
  zip = join(place.gomodcache, 'cache', 'download', 'example.org', '!quay', 'columns', '@v', 'v1.2.0.zip');
  [right, rightZip] = [readFileSync(source, 'utf8'), readFileSync(zip)];
  chmodSync(source, 0o644);
  appendFileSync(source, 'func init() { panic("tampered") }\n');
  chmodSync(source, 0o444);
  truncateSync(zip, 100);
}, 120_000);

afterAll(async () => {
  await screen?.[Symbol.asyncDispose]();
  place?.remove();
});

test('two faulty versions are repaired at once, after their price, and their verdicts are fine', async () => {
  const [command, ...args] = program;
  screen = openTerminal({ command, args, cwd: place.directory, env: place.environment, cols: 100, rows: 30 });
  await screen.until('3 GOMODCACHE');
  screen.type('3');
  screen.type('V');
  await screen.until(/2 faulty, 0 fine/);
  // Of one of them, and from there of all.
  screen.type('d');
  await screen.until('Repair example.org/Quay/columns@v1.2.0?');
  screen.key('left', 'right', 'right');
  await screen.until('[ All 2 faulty ]');
  screen.key('enter');
  await screen.until('Repair 2 module versions?');
  await screen.until(/┃ 1 zip of unknown size from file:/);
  expect(readFileSync(source, 'utf8')).not.toBe(right);
  // The safe answer comes first.
  screen.key('enter');
  await screen.gone('Repair 2 module versions?');
  expect(readFileSync(zip).length).toBe(100);

  // Where nothing is under the cursor it is about all of them.
  screen.key('escape');
  await screen.until(/largest modules/);
  screen.type('d');
  await screen.until('Repair 2 module versions?');
  screen.key('escape');
  screen.type('V');
  await screen.until(/2 faulty, 0 fine/);
  screen.type('aud');
  await screen.until('Repair example.org/Quay/columns@v1.2.0?');
  screen.key('escape');
  screen.type('ad');
  await screen.until('Repair 2 module versions?');
  screen.key('right', 'enter');
  await screen.until('To do it, type example.org/clockwork');
  screen.type('example.org/clockwork');
  screen.key('enter');
  await screen.until(/repaired 2 module versions, [\d.]+ \w+ over the network/);
  expect(readFileSync(source, 'utf8')).toBe(right);
  expect(readFileSync(zip).equals(rightZip)).toBe(true);
  // The verdicts are made anew by themselves.
  await screen.until(/0 faulty, 2 fine/);
  expect(place.go('mod', 'verify').text).toContain('all modules verified');
}, 120_000);
