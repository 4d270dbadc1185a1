import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { sampleEnvironment } from '../../scripts/sample-environment.ts';
import { openInShell, type ShellTerminal } from '../pty/shell.ts';

// The real program with bugs in two of its views: bundled anew with broken-child.ts for its main.
const root = resolve(import.meta.dirname, '..', '..');
let folder: string;
let screen: ShellTerminal;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'gocachetop-broken-')));
  for (const name of ['bin', 'package.json'])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  const words = [
    'scripts/bundle.js',
    '--main',
    'test/journeys/broken-child.ts',
    '--outdir',
    join(folder, 'dist'),
  ];
  execFileSync(process.execPath, words, { cwd: root });
  writeFileSync(join(folder, 'go.mod'), 'module example.com/broken\n\ngo 1.21\n');
}, 60_000);
afterEach(() => screen?.close());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function open(...args: readonly string[]): void {
  const program = join(folder, 'bin', 'gocachetop.js');
  const env = { ...sampleEnvironment(folder), HOME: folder, XDG_CACHE_HOME: folder, XDG_STATE_HOME: folder };
  screen = openInShell({
    command: process.execPath,
    args: [program, ...args],
    cwd: folder,
    env,
    cols: 100,
    rows: 30,
  });
}

test.each([
  ['in a view', '2e', 'a bug in a view'],
  ['behind a key', '4y', 'a bug behind a key'],
])('a bug %s ends it with code 1, a line, and the terminal as it was', async (_, keys, words) => {
  open();
  await screen.until('4 proxy chain');
  screen.type(keys);
  expect((await screen.exited).code).toBe(1);
  expect(screen.text()).toContain(`gocachetop: internal error: ${words}`);
  expect(screen.text()).not.toMatch(/^\s+at /m);
  await screen.restored();
});

test('a wrapped command goes on, its output comes through, and its exit code is ours', async () => {
  const gate = join(folder, 'gate');
  open(
    '--',
    'sh',
    '-c',
    `echo at work; while [ ! -e '${gate}' ]; do sleep 0.05; done; echo all done; exit 7`,
  );
  await screen.until(/at work/);
  screen.type('2e');
  await screen.until('gocachetop: internal error: a bug in a view');
  await screen.until('gocachetop: the build goes on');
  expect(existsSync(gate)).toBe(false);
  writeFileSync(gate, '');
  expect((await screen.exited).code).toBe(7);
  expect(screen.text()).toContain('all done');
  await screen.restored();
});
