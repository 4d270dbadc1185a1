import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  truncateSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleDirectory } from '../../scripts/sample-environment.ts';
import type { ShellTerminal } from '../pty/shell.ts';
import { type Dock, openDock } from './dock.ts';

let dock: Dock;
let main: string;
let gomodcache: string;
let screen: ShellTerminal;

beforeAll(() => {
  dock = openDock();
  main = join(dock.folder, 'harbour');
  gomodcache = join(dock.folder, 'gomodcache');
  for (const name of readdirSync(sampleDirectory))
    if (name !== 'deps' && name !== 'proxy')
      cpSync(join(sampleDirectory, name), join(main, name), { recursive: true });
  go('mod', 'download');
});
afterAll(async () => {
  await screen?.close();
  execFileSync('chmod', ['-R', 'u+w', dock.folder]);
  await dock[Symbol.asyncDispose]();
});

function go(...words: readonly string[]): string {
  return execFileSync('go', [...words], {
    cwd: main,
    // Read-only folders, as most users have them.
    env: { ...process.env, ...dock.env, GOFLAGS: '-buildvcs=false' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

test('a tampered module is found, repaired by its typed path, and clean', async () => {
  const dir = join(gomodcache, 'example.org', 'clockwork@v0.3.1');
  const source = join(dir, 'clockwork.go');
  const right = readFileSync(source, 'utf8');
  chmodSync(source, 0o644);
  appendFileSync(source, '\nfunc init() { panic("tampered") }\n');
  chmodSync(source, 0o444);
  expect(() => go('mod', 'verify')).toThrow();

  screen = dock.open({
    args: [],
    cwd: main,
    cols: 120,
    rows: 40,
    env: { GOFLAGS: '-buildvcs=false' },
  });
  await screen.until(/GOMODCACHE/);
  screen.type('d');
  await screen.until('this repairs modules of GOMODCACHE: press 3, and go to one');
  screen.type('3');
  screen.key('enter');
  await screen.until('example.org/clockwork');
  screen.type('/clock');
  screen.key('enter');
  screen.type('d');
  await screen.until('Repair example.org/clockwork@v0.3.1?');
  await screen.until('dir-modified clockwork.go');
  await screen.until('! clockwork.go was changed');
  await screen.until('nothing is downloaded');
  // The safe answer comes first.
  screen.key('enter');
  await screen.gone(/Repair example/);
  expect(readFileSync(source, 'utf8')).not.toBe(right);

  screen.type('d');
  await screen.until('Yes, type its path');
  screen.key('right', 'enter');
  await screen.until('To do it, type example.org/clockwork');
  screen.type('yes');
  screen.key('enter');
  await screen.until('To do it, type example.org/clockwork');
  expect(readFileSync(source, 'utf8')).not.toBe(right);
  screen.type('example.org/clockwork');
  screen.key('enter');
  await screen.until('repaired example.org/clockwork@v0.3.1, 0 B over the network');
  expect(readFileSync(source, 'utf8')).toBe(right);
  expect(go('mod', 'verify')).toBe('all modules verified\n');
  screen.type('d');
  await screen.until('example.org/clockwork@v0.3.1: nothing is wrong');
  screen.key('enter');
  await screen.gone('nothing is wrong');
}, 120_000);

test('a zip that is damaged is downloaded again without a word to type', async () => {
  const zip = join(gomodcache, 'cache', 'download', 'example.org', 'clockwork', '@v', 'v0.3.1.zip');
  const right = readFileSync(zip);
  truncateSync(zip, 100);
  screen.type('d');
  await screen.until('zip-unreadable');
  await screen.until(/\[ No \] +Yes /);
  screen.key('right', 'enter');
  await screen.until('repaired example.org/clockwork@v0.3.1');
  expect(readFileSync(zip).equals(right)).toBe(true);
  const taken = readdirSync(join(gomodcache, 'cache', 'gocachetop-quarantine'));
  expect(taken.length).toBe(2);
  expect(existsSync(join(gomodcache, 'cache', 'gocachetop-quarantine', taken[1] ?? '', 'v0.3.1.zip'))).toBe(
    true,
  );
}, 120_000);
