import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ours } from '../../plain/sandbox.ts';
import { clockwork, type ModulePlace, makeModulePlace } from './module-place.ts';

let place: ModulePlace;
let folder: string;
beforeAll(() => {
  place = makeModulePlace();
  folder = mkdtempSync(join(tmpdir(), 'access-times-'));
}, 60_000);
afterAll(() => {
  place?.remove();
  rmSync(folder, { recursive: true, force: true });
});

const hasStrace = spawnSync('strace', ['-V']).status === 0;

/** openedFiles are the files of GOMODCACHE that a command of ours opens to read, and whether their access times stay. */
function openedFiles(...words: readonly string[]): ReadonlyMap<string, boolean> {
  const trace = join(folder, 'trace');
  const [program = '', ...args] = ours(...words);
  const traced = ['-f', '-e', 'trace=open,openat', '-o', trace, program, ...args];
  const ran = spawnSync('strace', traced, { cwd: place.directory, env: place.environment });
  expect(ran.stderr.toString()).not.toContain('ptrace');
  const opened = new Map<string, boolean>();
  for (const line of readFileSync(trace, 'utf8').split('\n')) {
    const [, file = '', flags = ''] =
      /open(?:at)?\((?:AT_FDCWD, )?"([^"]+)", (\w+(?:\|\w+)*)/.exec(line) ?? [];
    if (!file.startsWith(`${place.gomodcache}/`) || flags.includes('O_DIRECTORY')) continue;
    opened.set(file, (opened.get(file) ?? true) && flags.includes('O_NOATIME'));
  }
  return opened;
}

// Root and the owner may use O_NOATIME: this user is one of them.
test.skipIf(!hasStrace || process.platform !== 'linux').each([
  [
    ['verify', '--all'],
    ['.zip', '.mod', '.ziphash', '.info', 'clockwork.go'],
  ],
  [
    ['verify', clockwork],
    ['.zip', '.mod', '.ziphash', '.info', 'clockwork.go'],
  ],
  [['recover'], ['.zip', '.mod']],
  [
    ['redownload', '--dry-run', clockwork],
    ['.zip', '.mod', 'clockwork.go'],
  ],
  [['modules'], ['.mod']],
])('%j is no use of a module: its files are opened with O_NOATIME (needs strace)', (words, kinds) => {
  const opened = openedFiles(...words);
  for (const kind of kinds) expect([...opened.keys()].some((file) => file.endsWith(kind))).toBe(true);
  expect([...opened].filter(([, isQuiet]) => !isQuiet)).toEqual([]);
});
