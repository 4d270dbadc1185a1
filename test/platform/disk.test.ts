import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { diskSpace } from '../../source/platform/disk.ts';

test('diskSpace tells what df tells, also for a folder that does not exist yet', async () => {
  const line = execFileSync('df', ['--output=size,avail', '-B1', tmpdir()], { encoding: 'utf8' })
    .trim()
    .split('\n')[1];
  const [size = 0, available = 0] = (line ?? '').trim().split(/\s+/).map(Number);
  const space = await diskSpace(join(tmpdir(), 'not', 'here', 'yet'));
  expect(space?.totalBytes).toBe(size);
  // Others write meanwhile: a few percent of room.
  expect(Math.abs((space?.freeBytes ?? 0) - available)).toBeLessThan(size / 20);
});

test('diskSpace of a path below a file is not known', async () => {
  expect(await diskSpace(join(import.meta.filename, 'x'))).toBeUndefined();
});
