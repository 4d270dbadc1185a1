import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isProcessAlive } from '../../../source/operations/removal/processes.ts';
import type { RemovalResult } from '../../../source/operations/removal/removal.ts';
import { freeExpired, listBatches, restoreBatch } from '../../../source/operations/removal/trash.ts';
import { entryNames, layOut, makeFolder, putPair, sizeOfPair, snapshot } from './cache.ts';
import type { ChildOrder } from './child.ts';

const child = resolve(import.meta.dirname, 'child.ts');
const forGood = { type: 'delete' } as const;
const intoTrash = { type: 'trash', expiresAt: undefined } as const;

let folder: ReturnType<typeof makeFolder>;
let gocache: string;

beforeEach(() => {
  folder = makeFolder();
  gocache = join(folder.path, 'cache');
  layOut(gocache);
});

afterEach(() => {
  for (const sub of readdirSync(gocache, { withFileTypes: true }))
    if (sub.isDirectory()) chmodSync(join(gocache, sub.name), 0o700);
  folder.remove();
});

/** remove removes everything in a process of its own; `before` is what starts it, as `setpriv ...`. */
function remove(order: ChildOrder, before: readonly string[] = []): RemovalResult {
  const [program = '', ...args] = [...before, process.execPath, child, JSON.stringify(order)];
  const { stdout, stderr, status } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

test('kill -9 in between: everything comes back', async () => {
  for (let index = 0; index < 1000; index++) putPair(gocache, { content: `output ${index}` });
  const before = snapshot(gocache);
  const order: ChildOrder = { gocache, mode: intoTrash, killAt: 1300 };
  const killed = spawnSync(process.execPath, [child, JSON.stringify(order)]);
  expect(killed.signal).toBe('SIGKILL');
  const left = entryNames(gocache).length;
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThan(1000);
  const [batch, ...more] = await listBatches(gocache);
  expect(more).toEqual([]);
  expect(batch).toMatchObject({ entries: 2000 - left, fault: undefined, expiresAt: undefined });
  const { orphans } = await freeExpired(gocache, Date.now(), isProcessAlive);
  expect(orphans).toEqual([batch]);
  expect(await restoreBatch(gocache, batch?.batch ?? '')).toMatchObject({ entries: 2000 - left, failed: [] });
  expect(snapshot(gocache)).toEqual(before);
});

/** withoutRights starts a program that has to obey the modes of folders, root's too; undefined when root cannot. */
const withoutRights = findWithoutRights();

describe.skipIf(withoutRights === undefined)(
  'a folder that may not be written (root needs setpriv for it)',
  () => {
    test.each([forGood, intoTrash])('$type: each entry in it is a problem, the others go', (mode) => {
      const [locked, free] = [putPair(gocache, { content: 'locked' }), putPair(gocache, { content: 'free' })];
      const sub = join(gocache, locked.output.slice(0, 2));
      expect(free.output.slice(0, 2)).not.toBe(locked.output.slice(0, 2));
      chmodSync(sub, 0o500);
      const result = remove({ gocache, mode }, withoutRights);
      expect(result.removed.entries).toBe(3);
      expect(result.failed).toMatchObject([
        {
          where: join(sub, `${locked.output}-d`),
          what: 'removing',
          why: expect.stringContaining('EACCES'),
          repair: 'do it as the user that owns the folder, or change its mode',
        },
      ]);
    });

    test('an action entry that has to stay keeps its output; 100 problems at most are told', () => {
      for (let index = 0; index < 200; index++) putPair(gocache, { content: `output ${index}` });
      const names = entryNames(gocache);
      const subs = [...new Set(names.filter((name) => name.endsWith('-a')).map((name) => name.slice(0, 2)))];
      for (const sub of subs) chmodSync(join(gocache, sub), 0o500);
      const result = remove({ gocache, mode: forGood }, withoutRights);
      expect(result.removed.entries).toBe(0);
      expect(result.kept).toEqual([{ reason: 'still named', entries: 200 }]);
      expect(result.failed).toHaveLength(100);
      expect(result.failed.at(-1)?.why).toMatch(/EACCES.*; and 100 more failed$/);
      expect(entryNames(gocache)).toEqual(names);
    });
  },
);

/** canMount says whether this user may mount a disk of his own, in a namespace of his own. */
const canMount =
  process.platform === 'linux' &&
  spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

describe.skipIf(!canMount)('a disk of its own (needs unshare -rm)', () => {
  /** onDisk runs the removal with a tmpfs at `gocache`; `prepare` is shell text for between filling and removing. */
  function onDisk(size: string, mode: ChildOrder['mode']): RemovalResult {
    const order: ChildOrder = { gocache, mode, pairs: 1 };
    const script = `mount -t tmpfs -o ${size} tmpfs "$1" && shift && exec "$@"`;
    return remove(order, ['unshare', '-rm', 'sh', '-c', script, 'sh', gocache]);
  }

  test('without room for a trash: entries are deleted, and it says why', () => {
    // The folder itself, README, 00, two folders, two entries: no inode is left.
    const result = onDisk('nr_inodes=7', intoTrash);
    expect(result.removed).toEqual({ entries: 2, bytes: sizeOfPair('output 0') });
    expect(result.batch).toBeUndefined();
    expect(result.fellBack).toMatchObject({
      what: 'there is no trash, so entries are deleted for good',
      why: expect.stringContaining('ENOSPC'),
    });
    expect(result.failed).toEqual([]);
  });

  test('with room it is moved', () => {
    const result = onDisk('nr_inodes=20', intoTrash);
    expect(result.fellBack).toBeUndefined();
    expect(result.batch).toBeDefined();
  });
});

function findWithoutRights(): readonly string[] | undefined {
  if (process.getuid?.() !== 0) return [];
  const words = ['setpriv', '--bounding-set=-all', '--inh-caps=-all'];
  return spawnSync('sh', ['-c', `${words.join(' ')} true`]).status === 0 ? words : undefined;
}
