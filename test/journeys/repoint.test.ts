import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeAt } from '../operations/removal/cache.ts';
import type { ShellTerminal } from '../pty/shell.ts';
import { type Dock, openDock } from './dock.ts';

let dock: Dock;
let screen: ShellTerminal;
let old: string;
/** env is that of a user whose GOCACHE is where go puts it by default, with a file of go env -w of his own. */
let env: Record<string, string | undefined>;

beforeAll(() => {
  dock = openDock();
  const home = join(dock.folder, 'home');
  // Else a process of go's telemetry writes there when all is removed (golang.org/x/telemetry).
  writeAt(join(home, '.config', 'go', 'telemetry', 'mode'), 'off');
  old = join(dock.folder, 'xdg', 'go-build');
  env = {
    HOME: home,
    GOENV: join(home, 'goenv'),
    GOCACHE: undefined,
    XDG_STATE_HOME: join(home, 'state'),
    XDG_CACHE_HOME: join(dock.folder, 'xdg'),
  };
  go('build', './...');
}, 120_000);

afterAll(async () => {
  await screen.close();
  await dock[Symbol.asyncDispose]();
});

function go(...args: readonly string[]): string {
  const { GOCACHE: _, ...rest } = { ...process.env, ...dock.env, ...env };
  const words = ['-c', 'exec "$@" 2>&1', 'sh', 'go', ...args];
  return execFileSync('sh', words, { cwd: dock.module, env: rest, encoding: 'utf8' }).trim();
}

/** compiled are the packages that a build compiles now. */
const compiled = (): number => go('build', '-x', './...').match(/\/compile -o /g)?.length ?? 0;

/** ask opens the question about a folder. */
async function ask(folder: string): Promise<void> {
  screen.type('o');
  await screen.until('Point GOCACHE to which folder?');
  screen.type('\x15'); // Ctrl-U takes away what stands there
  screen.type(folder);
  screen.key('enter');
  await screen.until(/\[ No \]/, { timeoutMs: 20_000 });
}

test('o points GOCACHE to a folder and takes the entries along, z brings both back', async () => {
  screen = dock.open({ args: [], cols: 120, rows: 30, env });
  await screen.until(/outputs +\d/, { timeoutMs: 20_000 });
  const copy = join(dock.folder, 'copy');
  await ask(copy);
  screen.key('right', 'right');
  await screen.until(/Copy: .* more on disk/);
  screen.key('enter');
  await screen.until(/GOCACHE is .*copy now: copied \d+ entries/, { timeoutMs: 20_000 });
  expect([go('env', 'GOCACHE'), compiled(), existsSync(old)]).toEqual([copy, 0, true]);
  await screen.until(/next run +\S*copy/);
  screen.type('z');
  await screen.until(/GOCACHE is .*go-build again/, { timeoutMs: 20_000 });
  expect([go('env', 'GOCACHE'), compiled()]).toEqual([old, 0]);
  await screen.gone(/next run/);

  const entries = readdirSync(old, { recursive: true }).length;
  const moved = join(dock.folder, 'moved');
  await ask(moved);
  screen.key('right', 'right', 'right', 'right', 'enter');
  await screen.until(/GOCACHE is .*moved now: moved \d+ entries/, { timeoutMs: 20_000 });
  expect([go('env', 'GOCACHE'), compiled(), existsSync(old)]).toEqual([moved, 0, false]);
  screen.type('z');
  await screen.until(/GOCACHE is .*go-build again/, { timeoutMs: 20_000 });
  expect([go('env', 'GOCACHE'), compiled(), existsSync(moved)]).toEqual([old, 0, false]);
  expect(readdirSync(old, { recursive: true }).length).toBeGreaterThanOrEqual(entries);
  screen.type('z');
  await screen.until('there is nothing to undo');
  // What a rename moves is no build.
  expect(screen.text()).not.toMatch(/compiled elsewhere/);
}, 120_000);

test('a folder that will not do is refused, the next one is taken, and leaving says where GOCACHE is', async () => {
  const to = join(dock.folder, 'big');
  screen.type('o');
  await screen.until('Point GOCACHE to which folder?');
  screen.type(`\x15${dock.module}/cache\r`);
  await screen.until(/has its go\.mod/, { timeoutMs: 20_000 });
  screen.key('enter');
  await screen.until('Point GOCACHE to which folder?');
  screen.type(`\x15${to}\r`);
  await screen.until(/\[ No \]/, { timeoutMs: 20_000 });
  screen.key('right', 'enter');
  await screen.until(/GOCACHE is .*big now: z undoes it/, { timeoutMs: 20_000 });
  screen.type('q');
  await screen.until(/gocachetop: GOCACHE is .*big now: gocachetop undo puts it back/, { timeoutMs: 20_000 });
  expect(go('env', 'GOCACHE')).toBe(to);
}, 60_000);

test('--read-only looks, and changes nothing', async () => {
  const before = go('env', 'GOCACHE');
  screen = dock.open({ args: ['--read-only'], cols: 120, rows: 30, env });
  await screen.until(/outputs +\d/, { timeoutMs: 20_000 });
  await ask(join(dock.folder, 'never'));
  screen.key('right', 'enter');
  await screen.until('re-point is refused: --read-only');
  expect([go('env', 'GOCACHE'), existsSync(join(dock.folder, 'never'))]).toEqual([before, false]);
  screen.type('q');
  await screen.exited;
}, 60_000);
