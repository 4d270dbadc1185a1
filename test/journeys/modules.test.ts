import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { usedLab } from '../modules/module-lab.ts';
import { openInShell, type ShellTerminal } from '../pty/shell.ts';
import { program } from './dock.ts';

let lab: ReturnType<typeof usedLab>;
let screen: ShellTerminal;

beforeAll(() => {
  lab = usedLab();
}, 120_000);
afterEach(() => screen?.close());
afterAll(() => lab?.remove());

/** open opens gocachetop in a main module, with the modules of GOMODCACHE on screen. */
async function open(env: Readonly<Record<string, string>> = {}): Promise<void> {
  const here = Object.entries({ ...lab.environment, ...env }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  screen = openInShell({
    command: program[0],
    args: [program[1], '--root', join(lab.folder, 'src')],
    cwd: lab.two,
    env: Object.fromEntries(here),
    cols: 110,
    rows: 30,
  });
  await screen.until('3 GOMODCACHE');
  screen.type('3');
  await screen.until(/not needed +[\d.]+/, { timeoutMs: 20_000 });
  screen.key('enter');
  await screen.until(/▸example\.com\//);
}

const folder = (name: string): string => join(lab.gomodcache, name);

test('from the modules to a version, to who needs it, to its files', async () => {
  await open();
  screen.type('/team');
  screen.key('enter', 'enter');
  await screen.until(/v1\.1\.0 +complete .* one /);
  await screen.until(/v1\.0\.0 +complete .* superseded /);
  screen.type('/v1.1.0');
  screen.key('enter', 'enter');
  await screen.until(/example\.org\/one > example\.com\/Team\/a@v1\.1\.0/);
  await screen.until(/licence +LICENSE/);
  screen.key('down', 'enter');
  await screen.until(/a\.go +\d+ B/);
});

test('what nobody needs is marked, moved aside, put back, and freed at the end', async () => {
  await open();
  screen.type(']]');
  await screen.until(/example\.com\/old@v2\.0\.0\+incompatible/);
  screen.type('a');
  await screen.until(/3 marked: /);
  screen.type('p');
  await screen.until(/Remove 3 versions from GOMODCACHE\?/);
  await screen.until(/to download again: [\d.,]+ KiB from/);
  await screen.until(/┃ file:/);
  await screen.until(/none of 2 main modules here builds with them/);
  screen.key('enter');
  await screen.until(/p prune/);
  expect(existsSync(folder('example.com/old@v2.0.0+incompatible'))).toBe(true);

  screen.type('p');
  await screen.until(/Remove 3 versions from GOMODCACHE\?/);
  screen.key('right', 'enter');
  await screen.until(/moved 3 versions, .*: z puts it back/);
  await screen.until('the roots need all there is');
  expect(existsSync(folder('example.com/old@v2.0.0+incompatible'))).toBe(false);
  screen.type('z');
  await screen.until(/put back [\d.]+ \w+ of GOMODCACHE/);
  await screen.until(/example\.com\/old@v2\.0\.0\+incompatible/);
  expect(existsSync(folder('example.com/old@v2.0.0+incompatible/old.go'))).toBe(true);

  screen.type('p');
  await screen.until(/from GOMODCACHE\?/);
  screen.key('right', 'enter');
  await screen.until(/moved 1 version/);
  screen.type('q');
  await screen.until(/gocachetop: freed [\d.]+ [KM]?i?B of GOMODCACHE/, { timeoutMs: 20_000 });
  expect(existsSync(join(lab.gomodcache, 'cache/gocachetop-trash'))).toBe(false);
  lab.go(lab.one, 'build', './...');
  expect(lab.go(lab.one, 'mod', 'verify')).toBe('all modules verified\n');
});

test('by choice: of each module the newest one stays, the zips alone, and z puts back what went', async () => {
  await open();
  screen.type('P');
  await screen.until(/of +< all versions >/);
  screen.key('tab', 'right', 'tab', 'right');
  await screen.until('< the newest 1 of each module >');
  await screen.until('--keep-newest 1');
  await screen.until(/to download again: nothing/);
  const zip = (version: string): string => folder(`cache/download/example.com/!team/a/@v/${version}.zip`);
  const zips = (): readonly string[] =>
    ['v1.3.0-rc.1', 'v1.2.0', 'v1.1.0', 'v1.0.0'].filter((version) => existsSync(zip(version)));
  const before = zips();
  expect(before.length).toBeGreaterThan(1);
  screen.key('enter', 'enter');
  await screen.gone(/prune by choice ━/);
  expect(zips()).toEqual(before);
  screen.type('P');
  await screen.until(/of +< all versions >/);
  screen.key('tab', 'right', 'tab', 'right', 'tab', 'tab', 'right');
  await screen.until('[ Yes ]');
  screen.key('enter');
  await screen.until(/moved [23] versions, .*: z puts it back/);
  expect(zips()).toEqual(before.slice(0, 1));
  expect(existsSync(folder('example.com/!team/a@v1.1.0'))).toBe(true);
  screen.type('z');
  await screen.until(/put back [\d.]+ \w+ of GOMODCACHE/);
  expect(zips()).toEqual(before);
});

test('E opens the folder in the editor, L a file in the pager, and both come back', async () => {
  const editor = join(lab.folder, 'editor.sh');
  writeFileSync(editor, '#!/bin/sh\necho "at $1 $2"\nread answer\n');
  chmodSync(editor, 0o755);
  await open({ EDITOR: `${editor} -n`, PAGER: editor });
  screen.type('/team');
  screen.key('enter', 'enter');
  await screen.until(/v1\.2\.0 +complete/);
  screen.type('/v1.2.0');
  screen.key('enter', 'enter');
  await screen.until(/licence +LICENSE/);
  screen.type('E');
  await screen.until(`at -n ${folder('example.com/!team/a@v1.2.0')}`);
  expect(screen.isAlternate()).toBe(false);
  // Ctrl-C is the editor's: it does not leave gocachetop.
  screen.key('ctrl+c');
  await screen.until(/licence +LICENSE/);
  screen.key('down', 'enter');
  await screen.until(/a\.go +\d+ B/);
  screen.type('L');
  await screen.until(/at .*\/example\.com\/!team\/a@v1\.2\.0\/\S+/);
  screen.key('enter');
  await screen.until(/a\.go +\d+ B/);
});
