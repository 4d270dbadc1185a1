import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Dock, openDock, program } from '../journeys/dock.ts';
import { isRunning } from '../pty/processes.ts';
import { openInShell, type ShellTerminal } from '../pty/shell.ts';
import { type Sshd, startSshd, whyNoSshd } from './sshd.ts';

const why = whyNoSshd();
let dock: Dock;
let sshd: Sshd | undefined;
let screen: ShellTerminal | undefined;

beforeAll(async () => {
  dock = openDock();
  if (why === undefined) sshd = await startSshd(dock.env);
});

afterEach(async () => {
  await screen?.close();
  dock.release('gamma');
});

afterAll(async () => {
  await sshd?.stop();
  await dock[Symbol.asyncDispose]();
});

/** start runs gocachetop over there, on a build that waits at gamma. */
async function start(running: Sshd): Promise<ShellTerminal> {
  dock.hold('gamma');
  dock.edit('gamma');
  const words = [...program, '--', ...dock.build].map((word) => `'${word}'`).join(' ');
  const [command, ...args] = running.command(`cd '${dock.module}' && echo shell $$ && ${words}`);
  screen = openInShell({ command, args, cols: 100, rows: 30 });
  await screen.until(/\/gamma +\d+\.\d s/);
  return screen;
}

/** remote lists what runs over there; sshd itself has the same settings only in its configuration. */
const remote = (): readonly string[] => dock.running().filter((words) => !/^\S*sshd/.test(words));

test('over SSH: a build, a new size in the middle of it, and the right counts at the end', async ({
  skip,
}) => {
  if (sshd === undefined) return skip(why);
  const terminal = await start(sshd);
  expect(terminal.screen()[0]).toMatch(/gocachetop .* running/);
  terminal.resize(80, 24);
  await terminal.until(/^ 2 GOCACHE {3}/);
  await terminal.until(/\/gamma +\d+\.\d s/);
  terminal.resize(120, 40);
  await terminal.until(/4 proxy chain ─/);
  dock.release('gamma');
  await terminal.until(/4 of 4 +hit 0 +miss 4 +failed 0 +rate +0 %/);
  await terminal.until(/0:\d\d {3}ok/);
  terminal.key('enter');
  await terminal.until(/1 build › packages/);
  terminal.type('q');
  expect((await terminal.exited).code).toBe(0);
  await terminal.restored();
  expect(terminal.scrollback()).toMatch(/4 packages {3}0 hit {3}4 compiled {3}0 failed/);
  await expect.poll(remote).toEqual([]);
});

test('a connection that drops in the middle of a build: nothing runs on, and module and GOCACHE are fine', async ({
  skip,
}) => {
  if (sshd === undefined) return skip(why);
  const terminal = await start(sshd);
  expect(remote().some((words) => words.includes('gocachetop.js'))).toBe(true);
  expect(remote().some((words) => words.includes('hold.sh'))).toBe(true);
  sshd.drop();
  expect((await terminal.exited).code).toBe(255);
  await expect.poll(remote, { timeout: 10_000 }).toEqual([]);
  expect(isRunning(terminal.pid)).toBe(false);
  expect(dock.leftovers()).toEqual([]);

  dock.release('gamma');
  dock.run('go', 'build', './...');
  expect(dock.run('go', 'vet', './...')).toBe('');
  dock.run(
    'sh',
    '-c',
    'cd "$GOCACHE" && for d in */*-d; do [ -d "$d" ] || sha256sum "$d"; done > "$TMPDIR/sums"',
  );
  const wrong = dock
    .run('cat', `${dock.env.TMPDIR}/sums`)
    .split('\n')
    .filter((line) => line !== '')
    .filter((line) => {
      const [, sum, name] = /^(\S+) +\S+\/([0-9a-f]{64})-d$/.exec(line) ?? [];
      return sum !== name;
    });
  expect(wrong).toEqual([]);
});

test('after a drop the next login sees what was compiled as hits', async ({ skip }) => {
  if (sshd === undefined) return skip(why);
  const terminal = await start(sshd);
  await terminal.until(/= \S*dock\/beta/);
  dock.release('gamma');
  await terminal.until(/4 of 4 +hit 2 +miss 2/);
  terminal.key('ctrl+c');
  expect((await terminal.exited).code).toBe(0);
  await terminal.restored();
});
