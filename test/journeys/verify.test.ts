import { appendFileSync, chmodSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ModulePlace, makeModulePlace } from '../operations/verify/module-place.ts';
import { openTerminal, type Terminal } from '../pty/terminal.ts';
import { program } from './dock.ts';

let place: ModulePlace;
let screen: Terminal;

beforeAll(() => {
  place = makeModulePlace();
  const file = join(place.folder, 'clockwork.go');
  chmodSync(file, 0o644);
  appendFileSync(file, 'func init() { panic("tampered") }\n');
}, 120_000);

afterAll(async () => {
  await screen?.[Symbol.asyncDispose]();
  place?.remove();
});

test('V verifies all of GOMODCACHE; the faulty version is first, and its page says who is right', async () => {
  const before = place.state();
  const [command, ...args] = program;
  screen = openTerminal({ command, args, cwd: place.directory, env: place.environment, cols: 100, rows: 30 });
  await screen.until('3 GOMODCACHE');
  screen.type('3');
  screen.type('V');
  await screen.until(/1 faulty, 1 fine/);
  await screen.until(/! ?.?example\.org\/clockwork@v0\.3\.1 +faulty +dir-modified/);
  screen.key('enter');
  await screen.until(/verified +faulty/);
  await screen.until(/file clockwork\.go of the extracted folder was changed on this machine/);
  await screen.until(/\+func init\(\) \{ panic\("tampered"\) \}/);
  await screen.until(/repair +gocachetop redownload example\.org\/clockwork@v0\.3\.1/);
  expect([...place.state()].filter(([name, state]) => before.get(name) !== state)).toEqual([]);
}, 60_000);

test('the mark stands in the list of modules, and V verifies what is under the cursor', async () => {
  screen.key('escape');
  await screen.until(/GOMODCACHE › verify ─/);
  screen.key('escape');
  await screen.until(/3 GOMODCACHE [━─]/);
  screen.key('enter');
  await screen.until(/! +example\.org\/clockwork/);
  screen.type('/columns');
  screen.key('enter');
  await screen.until(/1 of 2/);
  screen.type('V');
  await screen.until(/1 faulty, 1 fine/);
}, 60_000);
