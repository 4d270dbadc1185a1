import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isRunning } from '../pty/processes.ts';
import { openInShell } from '../pty/shell.ts';
import { openTerminal, type TerminalOptions } from '../pty/terminal.ts';
import { type Sshd, startSshd, whyNoSshd } from './sshd.ts';

/** inTerminal gives the options of a terminal in which ssh runs a script. */
function inTerminal(sshd: Sshd, script: string): TerminalOptions {
  const [command, ...args] = sshd.command(script);
  return { command, args, cols: 100, rows: 30 };
}

const why = whyNoSshd();

test('logs in, with a terminal, our PATH and our environment', async ({ skip }) => {
  if (why !== undefined) return skip(why);
  await using sshd = await startSshd({ GOCACHE: '/some where/cache', GOFLAGS: '-mod=mod' });
  await using terminal = openTerminal(
    inTerminal(sshd, 'stty size; echo "$TERM $LANG <$GOCACHE> $GOFLAGS"; node --version; exit 3'),
  );
  expect(await terminal.exited).toEqual({ code: 3, signal: undefined });
  expect(terminal.screen().slice(0, 3)).toEqual([
    '30 100',
    'xterm-256color C.UTF-8 </some where/cache> -mod=mod',
    process.version,
  ]);
});

test('passes keys and each new size on', async ({ skip }) => {
  if (why !== undefined) return skip(why);
  await using sshd = await startSshd();
  await using terminal = openTerminal(
    inTerminal(sshd, "trap 'echo now $(stty size)' WINCH; stty size; read line; echo got $line; cat"),
  );
  await terminal.until('30 100');
  terminal.resize(80, 24);
  terminal.type('~hello\r');
  await terminal.until('got ~hello');
  await terminal.until('now 24 80');
});

test('a dropped connection ends ssh and hangs up on what ran there', async ({ skip }) => {
  if (why !== undefined) return skip(why);
  const folder = mkdtempSync(join(tmpdir(), 'gocachetop-drop-'));
  const told = join(folder, 'told');
  await using sshd = await startSshd();
  await using terminal = openInShell(
    inTerminal(
      sshd,
      `trap 'echo hung up >${told}; exit' HUP; echo pid $$ $PPID; while :; do sleep 0.05; done`,
    ),
  );
  const [, loop, server] = await terminal.until(/^pid (\d+) (\d+)$/);
  expect([Number(loop), Number(server)].map(isRunning)).toEqual([true, true]);

  sshd.drop();

  expect((await terminal.exited).code).toBe(255);
  await terminal.restored();
  await expect.poll(() => isRunning(Number(loop))).toBe(false);
  expect(isRunning(Number(server))).toBe(false);
  expect(readFileSync(told, 'utf8')).toBe('hung up\n');
  rmSync(folder, { recursive: true });
});

test('a dropped connection ends what does not trap SIGHUP, in the foreground and behind', async ({
  skip,
}) => {
  if (why !== undefined) return skip(why);
  await using sshd = await startSshd();
  await using terminal = openTerminal(inTerminal(sshd, 'sleep 1000 & echo pids $$ $!; sleep 1000'));
  const [, ...pids] = await terminal.until(/^pids (\d+) (\d+)$/);
  sshd.drop();
  await terminal.exited;
  await expect.poll(() => pids.map(Number).filter(isRunning)).toEqual([]);
});

test('after a drop the next login works, and stop leaves nothing', async ({ skip }) => {
  if (why !== undefined) return skip(why);
  const sshd = await startSshd();
  await using first = openTerminal(inTerminal(sshd, 'echo first; cat'));
  await first.until('first');
  sshd.drop();
  await first.exited;

  await using second = openTerminal(inTerminal(sshd, "trap '' HUP; echo second $$; cat; sleep 1000"));
  const [, pid] = await second.until(/^second (\d+)$/);
  await sshd.stop();
  expect((await second.exited).code).toBe(255);
  expect(isRunning(Number(pid))).toBe(false);
  await sshd.stop();
});
