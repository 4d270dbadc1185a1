import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lockKeyOf, parseHeldLocks } from '../../source/module-cache/locks.ts';
import { scanModuleCache } from '../../source/module-cache/scan.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'gocachetop-locks-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

test('reads /proc/locks: held flocks, not waiting ones, no POSIX locks', () => {
  const text = `1: FLOCK  ADVISORY  WRITE 708 00:13:11457 0 EOF
1: -> FLOCK  ADVISORY  WRITE 709 00:13:11458 0 EOF
2: POSIX  ADVISORY  READ 123 fe:00:42 128 128
3: FLOCK  ADVISORY  READ -1 fe:00:99 0 EOF
`;
  expect([...parseHeldLocks(text)]).toEqual(['0:19:11457', '254:0:99']);
  expect(lockKeyOf(0xfe00, 99)).toBe('254:0:99');
});

test('a version whose lock is held by another process is locked, and is not afterwards', async ({ skip }) => {
  const folder = join(dir, 'mod/cache/download/rsc.io/quote/@v');
  await mkdir(folder, { recursive: true });
  for (const kind of ['zip', 'mod', 'lock']) await writeFile(join(folder, `v1.5.2.${kind}`), '');
  const lock = join(folder, 'v1.5.2.lock');
  const holder = execFile('flock', [lock, 'sh', '-c', 'echo held; read answer']);
  const isHeld = await new Promise<boolean>((resolve) => {
    holder.stdout?.once('data', () => resolve(true));
    holder.once('error', () => resolve(false));
  });
  if (!isHeld || process.platform !== 'linux') return skip('no flock(1) or no /proc/locks: NOT tested');
  expect((await stat(lock)).size).toBe(0);
  expect((await scanModuleCache(join(dir, 'mod'))).sizes).toMatchObject([{ state: 'locked' }]);
  const ended = new Promise((resolve) => holder.once('exit', resolve));
  holder.stdin?.end('\n');
  await ended;
  expect((await scanModuleCache(join(dir, 'mod'))).sizes).toMatchObject([{ state: 'zip-only' }]);
});
