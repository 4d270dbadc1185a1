import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isUnchanged } from '../../source/module-cache/kept-tree.ts';
import { type ModuleCacheTotals, scanModuleCache } from '../../source/module-cache/scan.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'gocachetop-kept-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const modules = 60;

/** fill makes a GOMODCACHE that is large enough to be kept. Its folders count as old, as a real one's do. */
async function fill(name: string): Promise<{ readonly root: string; readonly keptIn: string }> {
  const root = join(dir, name, 'mod');
  for (let index = 0; index < modules; index++) {
    const download = join(root, 'cache/download', `rsc.io/m${index}`, '@v');
    await mkdir(download, { recursive: true });
    for (const [kind, size] of [
      ['info', 30],
      ['mod', 20],
      ['zip', 500],
      ['ziphash', 47],
    ] as const)
      await writeFile(join(download, `v1.0.0.${kind}`), 'x'.repeat(size));
    const folder = join(root, `rsc.io/m${index}@v1.0.0`);
    await mkdir(join(folder, 'inner'), { recursive: true });
    await writeFile(join(folder, 'inner/a.go'), 'x'.repeat(100 + index));
  }
  return { root, keptIn: join(dir, name, 'kept') };
}

/** scanLater scans when the folders are older than the coarsest clock. */
async function scanOld(order: {
  readonly root: string;
  readonly keptIn: string;
}): Promise<ModuleCacheTotals> {
  return scanModuleCache(order.root, { keptIn: order.keptIn });
}

/** settle waits until the last change is older than the clock of any file system. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 2100));
}

function figures({ bytes, files, diskBytes, versions, zips, extracted, metadata, sizes }: ModuleCacheTotals) {
  return {
    bytes,
    files,
    diskBytes,
    versions,
    zips,
    extracted,
    metadata,
    sizes: [...sizes].sort((one, other) => (one.path < other.path ? -1 : 1)),
  };
}

test('the second opening measures nothing, and gives the same', async () => {
  const order = await fill('second');
  await settle();
  const first = await scanOld(order);
  expect(first).toMatchObject({ remembered: 0, problems: [], versions: modules });
  const second = await scanOld(order);
  expect(figures(second)).toEqual(figures(first));
  // Each @v folder, what is above it, and each extracted folder.
  expect(second.remembered).toBeGreaterThan(3 * modules);
});

test('what came, went or was cut since is seen', async () => {
  const order = await fill('changed');
  await settle();
  await scanOld(order);
  const { root } = order;
  await rm(join(root, 'rsc.io/m0@v1.0.0'), { recursive: true });
  await writeFile(join(root, 'rsc.io/m1@v1.0.0/new.go'), 'x'.repeat(9000));
  await writeFile(join(root, 'cache/download/rsc.io/m2/@v/v1.0.0.zip'), 'x');
  await mkdir(join(root, 'rsc.io/m3@v1.1.0'));
  await writeFile(join(root, 'rsc.io/m3@v1.1.0/a.go'), 'x');
  expect(figures(await scanOld(order))).toEqual(figures(await scanModuleCache(root)));
});

test('what is deeper in an extracted folder is left to verify', async () => {
  const order = await fill('deep');
  await settle();
  const first = await scanOld(order);
  await appendFile(join(order.root, 'rsc.io/m5@v1.0.0/inner/a.go'), 'tampered');
  expect((await scanOld(order)).bytes).toBe(first.bytes);
  expect((await scanModuleCache(order.root)).bytes).toBe(first.bytes + 'tampered'.length);
});

test('an index that is damaged is dropped, with a line', async () => {
  const order = await fill('damaged');
  await settle();
  const first = await scanOld(order);
  const [name = ''] = await readdir(order.keptIn);
  const file = join(order.keptIn, name);
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('rsc.io/m7', 'rsc.io/m8'));
  const second = await scanOld(order);
  expect(second.problems).toMatchObject([{ where: file, why: 'its checksum is wrong' }]);
  expect(second.remembered).toBe(0);
  expect(figures(second)).toEqual(figures(first));
  expect((await scanOld(order)).problems).toEqual([]);
  await writeFile(file, text.replace('modules 1', 'modules 0'));
  expect((await scanOld(order)).problems).toMatchObject([{ why: 'it is of another version' }]);
});

test('nothing is kept with --read-only, nor of a small GOMODCACHE', async () => {
  const { root, keptIn } = await fill('quiet');
  await scanModuleCache(root, { keptIn, isReadOnly: true });
  await expect(readdir(keptIn)).rejects.toThrow('ENOENT');
  await mkdir(join(dir, 'small/rsc.io/a@v1.0.0'), { recursive: true });
  await scanModuleCache(join(dir, 'small'), { keptIn });
  await expect(readdir(keptIn)).rejects.toThrow('ENOENT');
});

test('a folder that cannot be kept is told', async () => {
  const { root } = await fill('unwritable');
  const keptIn = join(dir, 'unwritable', 'file');
  await writeFile(keptIn, '');
  const totals = await scanModuleCache(root, { keptIn });
  expect(totals.problems.map(({ what }) => what)).toContain('the index cannot be kept');
});

test.each([
  ['the same', {}, true],
  ['another time', { mtimeMs: 1 }, false],
  ['another status', { ctimeMs: 1 }, false],
  ['another folder', { ino: 8 }, false],
])('a folder with %s', (_, change, expected) => {
  const stamp = { mtime: 1000, changed: 2000, inode: 7, readAt: 10_000 };
  expect(isUnchanged(stamp, { mtimeMs: 1000, ctimeMs: 2000, ino: 7, ...change })).toBe(expected);
});

test('a folder that changed just before it was read is read again', () => {
  const stamp = { mtime: 9000, changed: 9000, inode: 7, readAt: 10_000 };
  expect(isUnchanged(stamp, { mtimeMs: 9000, ctimeMs: 9000, ino: 7 })).toBe(false);
});
