import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { copyCache } from '../../../source/operations/repoint/copy.ts';
import { createMade } from '../../../source/operations/repoint/made.ts';
import { moveCache } from '../../../source/operations/repoint/move.ts';
import { moveBack } from '../../../source/operations/repoint/move-back.ts';
import { planRepoint } from '../../../source/operations/repoint/plan.ts';
import {
  actionPath,
  entryNames,
  hour,
  layOut,
  makeFolder,
  minute,
  outputPath,
  putPair,
  snapshot,
  writeAt,
} from '../removal/cache.ts';
import type { CopyOrder } from './copy-child.ts';
import { factsOf } from './facts.ts';

let folder: ReturnType<typeof makeFolder>;
let from: string;
let to: string;

beforeEach(() => {
  folder = makeFolder();
  from = join(folder.path, 'old');
  to = join(folder.path, 'deep', 'new');
  layOut(from);
});

afterEach(() => folder.remove());

/** timesOf are the entries with their times, to the microsecond that a double of seconds keeps. */
function timesOf(gocache: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(snapshot(gocache)).map(([name, { mtimeMs, size, mode }]) => [
      name,
      { at: Math.round(mtimeMs * 100), size, mode },
    ]),
  );
}

function everything(below: string): string[] {
  return readdirSync(below, { recursive: true, encoding: 'utf8' }).sort();
}

describe.each([false, true])('hard links: %s', (isLink) => {
  const copy = (signal?: AbortSignal) =>
    copyCache({ from, to, isLink, made: createMade(), ...(signal === undefined ? {} : { signal }) });

  test('all entries come with their times, a program as its folder', async () => {
    for (let index = 0; index < 300; index++) putPair(from, { content: `output ${index}` });
    const program = putPair(from, { content: 'program', isProgram: true });
    const result = await copy();
    expect(result).toMatchObject({ present: 0, failed: [], wasStopped: false });
    expect(result.taken.entries).toBe(602);
    expect(timesOf(to)).toEqual(timesOf(from));
    expect(readFileSync(join(outputPath(to, program.output), 'app'), 'utf8')).toBe('program');
    const [some = ''] = entryNames(from).filter((name) => lstatSync(join(from, name)).isFile());
    const isShared = statSync(join(from, some)).ino === statSync(join(to, some)).ino;
    expect(isShared).toBe(isLink);
  });

  test('what go keeps beside comes too; a trash of ours, foreign files and broken names stay', async () => {
    writeAt(join(from, 'testexpire.txt'), '1764000000000000000\n');
    writeAt(join(from, 'trim.txt'), '1764000000');
    writeAt(join(from, 'fuzz', 'example.com', 'p', 'FuzzA', 'abc'), 'go test fuzz v1\n');
    writeAt(join(from, 'gocachetop-trash', 'batch', 'batch.json'), '{}');
    writeAt(join(from, '00', 'mine.txt'), 'mine');
    writeAt(join(from, 'notes'), 'mine');
    await copy();
    const names = everything(to).filter((name) => !statSync(join(to, name)).isDirectory());
    expect(names).toEqual(['README', 'fuzz/example.com/p/FuzzA/abc', 'testexpire.txt', 'trim.txt']);
    const times = (top: string) => lstatSync(join(top, 'trim.txt')).mtimeMs;
    expect(Math.round(times(to))).toBe(Math.round(times(from)));
    // Go writes these in place: they must not be the same file.
    expect(statSync(join(to, 'trim.txt')).ino).not.toBe(statSync(join(from, 'trim.txt')).ino);
  });

  test('of an entry that is there already the better one stays', async () => {
    const [both, damaged, newer] = ['both', 'damaged', 'newer'].map((content) => putPair(from, { content }));
    if (both === undefined || damaged === undefined || newer === undefined) throw new Error('three were put');
    layOut(to);
    putPair(to, { content: 'both', actionAges: [2 * hour] });
    putPair(to, { content: 'damaged' });
    writeFileSync(outputPath(to, damaged.output), 'cut');
    putPair(to, { content: 'newer', actionAges: [9 * hour] });
    const young = statSync(actionPath(to, both.actions[0])).mtimeMs;
    const result = await copy();
    expect(result.present).toBeGreaterThanOrEqual(3);
    expect(readFileSync(outputPath(to, damaged.output), 'utf8')).toBe('damaged');
    expect(statSync(actionPath(to, both.actions[0])).mtimeMs).toBe(young);
    const [ours, theirs] = [actionPath(from, newer.actions[0]), actionPath(to, newer.actions[0])];
    expect(Math.round(statSync(theirs).mtimeMs)).toBe(Math.round(statSync(ours).mtimeMs));
  });
});

test('at each moment every action entry in the new folder has its output: a half copy is a miss', async () => {
  for (let index = 0; index < 900; index++) putPair(from, { content: `output ${index}` });
  const seen: { actions: number; outputs: number }[] = [];
  await copyCache({
    from,
    to,
    isLink: false,
    made: createMade(),
    onProgress() {
      const names = entryNames(to);
      const outputs = new Set(names.filter((name) => name.endsWith('-d')).map((name) => name.slice(3, 67)));
      const actions = names.filter((name) => name.endsWith('-a'));
      for (const name of actions) {
        const named = readFileSync(join(to, name), 'latin1').slice(68, 132);
        expect(outputs.has(named)).toBe(true);
      }
      seen.push({ actions: actions.length, outputs: outputs.size });
    },
  });
  expect(seen.some(({ actions, outputs }) => actions === 0 && outputs > 0)).toBe(true);
  expect(seen.some(({ actions }) => actions > 0 && actions < 900)).toBe(true);
});

test('an entry that a build writes during the copy never lacks its output', async () => {
  for (let index = 0; index < 400; index++) putPair(from, { content: `output ${index}` });
  let later = 0;
  await copyCache({
    from,
    to,
    isLink: false,
    made: createMade(),
    onProgress: () => {
      for (let index = 0; index < 20; index++) putPair(from, { content: `later ${later++}` });
    },
  });
  const outputs = new Set(entryNames(to).filter((name) => name.endsWith('-d')));
  for (const name of entryNames(to).filter((each) => each.endsWith('-a'))) {
    const id = readFileSync(join(to, name), 'latin1').slice(68, 132);
    expect(outputs.has(`${id.slice(0, 2)}/${id}-d`)).toBe(true);
  }
  expect(later).toBeGreaterThan(0);
});

const hasOtherDisk = existsSync('/dev/shm') && statSync('/dev/shm').dev !== statSync(tmpdir()).dev;

describe('what is broken off leaves nothing behind', () => {
  const planOf = (start: 'copy' | 'link' | 'rename' | 'empty') =>
    planRepoint(factsOf({ asked: to, from: { path: from } }), start);

  test.each(['copy', 'link'] as const)('%s, stopped in the middle', async (start) => {
    for (let index = 0; index < 500; index++) putPair(from, { content: `output ${index}` });
    const before = snapshot(from);
    const stopping = new AbortController();
    const moved = await moveCache(planOf(start), {
      signal: stopping.signal,
      onProgress: ({ entries }) => {
        if (entries > 300) stopping.abort();
      },
    });
    expect(moved).toEqual({ type: 'stopped', left: [] });
    expect(existsSync(join(folder.path, 'deep'))).toBe(false);
    expect(snapshot(from)).toEqual(before);
  });

  test.each(['copy', 'link', 'rename', 'empty'] as const)(
    '%s, taken back after it was done',
    async (start) => {
      for (let index = 0; index < 50; index++) putPair(from, { content: `output ${index}` });
      putPair(from, { content: 'program', isProgram: true });
      const before = timesOf(from);
      const moved = await moveCache(planOf(start));
      if (moved.type !== 'done') throw new Error(moved.type);
      expect(existsSync(to)).toBe(true);
      expect(await moved.takeBack()).toEqual([]);
      expect(existsSync(join(folder.path, 'deep'))).toBe(false);
      expect(timesOf(from)).toEqual(before);
    },
  );

  test('a folder that was there stays, with all that was in it', async () => {
    putPair(from, { content: 'ours' });
    layOut(to);
    putPair(to, { content: 'theirs' });
    const before = everything(to);
    const moved = await moveCache(planOf('copy'));
    if (moved.type !== 'done') throw new Error(moved.type);
    expect(everything(to).length).toBeGreaterThan(before.length);
    await moved.takeBack();
    expect(everything(to)).toEqual(before);
  });

  test.skipIf(!hasOtherDisk)(
    'links to another file system (needs /dev/shm): one line, nothing is left',
    async () => {
      putPair(from, { content: 'output' });
      const other = `/dev/shm/gocachetop-test-${process.pid}`;
      const plan = planRepoint(factsOf({ asked: other, from: { path: from } }), 'link');
      const moved = await moveCache(plan);
      expect(moved).toMatchObject({ type: 'failed', left: [], problem: { where: other } });
      expect(existsSync(other)).toBe(false);
    },
  );
});

/** canMount says whether this user may mount a disk of his own, in a namespace of his own. */
const canMount =
  process.platform === 'linux' &&
  spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

test.skipIf(!canMount)(
  'a disk that is full in the middle (needs unshare -rm): one line, and it is empty again',
  () => {
    for (let index = 0; index < 60; index++) putPair(from, { content: `${index}`.padEnd(40_000, '.') });
    const disk = join(folder.path, 'disk');
    mkdirSync(disk);
    const before = snapshot(from);
    const child = resolve(import.meta.dirname, 'copy-child.ts');
    const order: CopyOrder = { from, to: join(disk, 'cache') };
    const script =
      'mount -t tmpfs -o size=1m tmpfs "$1" && node=$2 && "$node" "$3" "$4" && find "$1" -mindepth 1';
    const words = ['-rm', 'sh', '-c', script, 'sh', disk, process.execPath, child, JSON.stringify(order)];
    const out = execFileSync('unshare', words, { encoding: 'utf8' });
    // Nothing follows the answer: find has found nothing.
    expect(JSON.parse(out)).toMatchObject({
      type: 'failed',
      left: [],
      problem: {
        what: 'copying stopped',
        why: expect.stringMatching(/ENOSPC.*; nothing was changed$/),
        repair: 'free some room on the file system',
      },
    });
    expect(snapshot(from)).toEqual(before);
  },
);

describe('back after a rename', () => {
  test('what came into the folder since comes along', () => {
    putPair(from, { content: 'first' });
    mkdirSync(join(folder.path, 'deep'));
    execFileSync('mv', [from, to]);
    putPair(to, { content: 'since' });
    const all = snapshot(to);
    moveBack(to, from);
    expect(snapshot(from)).toEqual(all);
    expect(existsSync(to)).toBe(false);
  });

  test('into a GOCACHE that go began meanwhile under the old name: nothing is lost, the newer entry stays', () => {
    const shared = putPair(from, { content: 'shared' });
    putPair(from, { content: 'first' });
    writeAt(join(from, 'fuzz', 'a'), 'found');
    mkdirSync(join(folder.path, 'deep'));
    execFileSync('mv', [from, to]);
    layOut(from);
    putPair(from, { content: 'shared', actionAges: [minute] });
    putPair(from, { content: 'meanwhile' });
    const young = statSync(actionPath(from, shared.actions[0])).mtimeMs;
    moveBack(to, from);
    expect(entryNames(from)).toHaveLength(6);
    expect(statSync(actionPath(from, shared.actions[0])).mtimeMs).toBe(young);
    expect(readFileSync(join(from, 'fuzz', 'a'), 'utf8')).toBe('found');
    expect(existsSync(to)).toBe(false);
  });

  test('not over a folder with other files', () => {
    putPair(from, { content: 'first' });
    mkdirSync(join(folder.path, 'deep'));
    execFileSync('mv', [from, to]);
    writeAt(join(from, 'mine.txt'), 'mine');
    expect(() => moveBack(to, from)).toThrow(/other files now/);
    expect(entryNames(to)).toHaveLength(2);
  });
});

test('the time of a use is kept to the microsecond, beyond that Go does not look', async () => {
  const { output } = putPair(from, { content: 'exact' });
  utimesSync(outputPath(from, output), 1_764_000_000.123456, 1_764_000_000.123456);
  await copyCache({ from, to, isLink: false, made: createMade() });
  const time = (top: string): bigint => lstatSync(outputPath(top, output), { bigint: true }).mtimeNs;
  const apart = time(to) - time(from);
  expect(apart < 1000n && apart > -1000n).toBe(true);
});
