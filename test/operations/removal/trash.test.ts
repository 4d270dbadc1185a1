import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type BatchHeader,
  formatBatchHeader,
  newBatchId,
  parseBatchHeader,
  parseBatchId,
} from '../../../source/operations/removal/batch.ts';
import { isProcessAlive, readOwnStartTicks } from '../../../source/operations/removal/processes.ts';
import { removeEntries } from '../../../source/operations/removal/removal.ts';
import {
  freeBatch,
  freeExpired,
  listBatches,
  restoreBatch,
} from '../../../source/operations/removal/trash.ts';
import {
  actionPath,
  entryNames,
  hour,
  layOut,
  makeFolder,
  outputPath,
  type PutPair,
  planOf,
  planOfAll,
  putAction,
  putPair,
  sha256,
  sizeOfPair,
  snapshot,
} from './cache.ts';

let folder: ReturnType<typeof makeFolder>;
let gocache: string;
let trash: string;

beforeEach(() => {
  folder = makeFolder();
  gocache = join(folder.path, 'cache');
  trash = join(gocache, 'gocachetop-trash');
  layOut(gocache);
});

afterEach(() => folder.remove());

/** moveAll moves everything into a new batch and gives its id. */
async function moveAll(expiresAt?: number, at = Date.now()): Promise<string> {
  const options = { now: () => at, pauseMs: 1, about: 'unused for 14 days' };
  const { batch } = await removeEntries(planOfAll(gocache), { type: 'trash', expiresAt }, options);
  expect(batch).toBeDefined();
  expect(entryNames(gocache)).toEqual([]);
  return batch ?? '';
}

const isAlive = () => true;
const isDead = () => false;

describe('batch.json', () => {
  const header: BatchHeader = {
    batch: newBatchId(Date.UTC(2026, 0, 10, 9, 15, 0, 123)),
    at: Date.UTC(2026, 0, 10, 9, 15, 0, 123),
    expiresAt: undefined,
    pid: 7,
    startTicks: 4711,
    gocache: '/home/u/.cache/go-build',
    about: 'prune --unused-for 14d',
  };
  const text = formatBatchHeader(header);

  test('is read as it was written', () => {
    const dated = { ...header, expiresAt: header.at + hour, startTicks: undefined };
    expect(parseBatchHeader(text, header.batch)).toEqual(header);
    expect(parseBatchHeader(formatBatchHeader(dated), header.batch)).toEqual(dated);
    expect(header.batch).toMatch(/^20260110T091500123Z-[0-9a-f]{8}$/);
    expect(parseBatchId(header.batch)).toBe(header.at);
  });

  test.each([
    ['', 'it is no JSON'],
    [text.slice(0, 40), 'it is no JSON'],
    ['null', 'it is no object'],
    [text.replace('trash/1', 'trash/2'), 'its schema is not gocachetop.trash/1'],
    [text.replace(header.batch, newBatchId(0)), 'it is of another batch'],
    [text.replace('2026-01-10T', 'soon'), 'its times cannot be read'],
    [text.replace('"expiresAt"', '"expires"'), 'its times cannot be read'],
    [text.replace('"pid"', '"id"'), 'fields are missing'],
  ])('%j: %s', (content, fault) => expect(parseBatchHeader(content, header.batch)).toEqual({ fault }));

  test.each(['..', '', '20261310T091500123Z-00000000', '20260110T091500123Z-00000000/..', 'notes'])(
    '%j is no name of a batch',
    (name) => expect(parseBatchId(name)).toBeUndefined(),
  );
});

describe('the list of batches', () => {
  test('has the newest first, with what was asked for and whose it is', async () => {
    const at = Date.UTC(2026, 0, 10);
    putPair(gocache, { content: 'first' });
    const first = await moveAll(undefined, at);
    putPair(gocache, { content: 'the second', actionAges: [0, 0] });
    const second = await moveAll(at + hour, at + 1);
    const owner = { pid: process.pid, startTicks: readOwnStartTicks(), gocache, fault: undefined };
    const about = 'unused for 14 days';
    expect(await listBatches(gocache)).toEqual([
      {
        ...owner,
        batch: second,
        at: at + 1,
        expiresAt: at + hour,
        about,
        entries: 3,
        bytes: sizeOfPair('the second', 2),
      },
      { ...owner, batch: first, at, expiresAt: undefined, about, entries: 2, bytes: sizeOfPair('first') },
    ]);
  });

  test('is empty without a trash, without a GOCACHE, and for a trash that is a link', async () => {
    expect(await listBatches(gocache)).toEqual([]);
    expect(await listBatches(join(folder.path, 'nowhere'))).toEqual([]);
    const elsewhere = join(folder.path, 'elsewhere');
    mkdirSync(join(elsewhere, newBatchId(0)), { recursive: true });
    symlinkSync(elsewhere, trash);
    expect(await listBatches(gocache)).toEqual([]);
    const pair = putPair(gocache, { content: 'archive' });
    const mode = { type: 'trash', expiresAt: undefined } as const;
    const result = await removeEntries(planOf(gocache, pair), mode, { now: Date.now, pauseMs: 1 });
    expect(result.failed[0]?.why).toBe('gocachetop-trash is a link to another place');
    expect(entryNames(gocache)).toHaveLength(2);
  });

  test.each(['', '{', undefined])(
    'a batch.json of %j: its entries come back all the same',
    async (content) => {
      putPair(gocache, { content: 'archive' });
      const before = snapshot(gocache);
      const batch = await moveAll(Date.now() - hour);
      const header = join(trash, batch, 'batch.json');
      if (content === undefined) rmSync(header);
      else writeFileSync(header, content);
      const [listed] = await listBatches(gocache);
      expect(listed).toMatchObject({ batch, entries: 2, expiresAt: undefined, pid: undefined });
      expect(listed?.fault).toBeDefined();
      // It may be one that should be kept, so that it is never deleted unasked.
      expect(await freeExpired(gocache, Date.now(), isDead)).toMatchObject({
        batches: 0,
        orphans: [{ batch }],
      });
      expect(await restoreBatch(gocache, batch)).toMatchObject({ entries: 2, failed: [] });
      expect(snapshot(gocache)).toEqual(before);
    },
  );
});

describe('undo', () => {
  test('brings everything back with its times, an executable too, and leaves no trash', async () => {
    putPair(gocache, { content: 'archive', actionAges: [hour, 2 * hour] });
    putPair(gocache, { content: 'ELF', isProgram: true });
    const before = snapshot(gocache);
    const batch = await moveAll();
    const bytes = sizeOfPair('archive', 2) + sizeOfPair('ELF');
    const restored = await restoreBatch(gocache, batch);
    expect(restored).toEqual({ entries: 5, bytes, present: 0, failed: [], wasStopped: false });
    expect(snapshot(gocache)).toEqual(before);
    expect(existsSync(trash)).toBe(false);
  });

  test('after `go clean -cache`, which takes the 256 folders', async () => {
    putPair(gocache, { content: 'archive' });
    const before = snapshot(gocache);
    const batch = await moveAll();
    for (const name of readdirSync(gocache))
      if (/^..$/.test(name)) rmSync(join(gocache, name), { recursive: true });
    expect(await restoreBatch(gocache, batch)).toMatchObject({ entries: 2, failed: [] });
    expect(snapshot(gocache)).toEqual(before);
  });

  /** buildAgain puts other files where those of the batch were. */
  type Again = (pair: PutPair) => void;
  const content = 'archive';
  test.each<[string, Again, Again, { back: number; present: number }]>([
    [
      'the same output again, and a newer action entry: both stay',
      () => putPair(gocache, { content, actionAges: [0], outputAge: 0 }),
      ({ actions, output }) => {
        expect(ageOf(actionPath(gocache, actions[0]))).toBeLessThan(hour);
        expect(ageOf(outputPath(gocache, output))).toBeLessThan(hour);
      },
      { back: 0, present: 2 },
    ],
    [
      'an older action entry of another output: ours comes back',
      ({ actions: [action], output }) =>
        action && putAction(gocache, action, sha256('z') as typeof output, 1, 99 * hour),
      ({ actions, output }) => {
        expect(readFileSync(actionPath(gocache, actions[0]), 'utf8')).toContain(output);
      },
      { back: 2, present: 0 },
    ],
    [
      'an output that is not written to its end: ours comes back',
      () => {
        const { output } = putPair(gocache, { content, actionAges: [0] });
        writeFileSync(outputPath(gocache, output), 'arch');
      },
      ({ output }) => expect(readFileSync(outputPath(gocache, output), 'utf8')).toBe(content),
      { back: 1, present: 1 },
    ],
    [
      'a right output, ours being damaged: it stays',
      () => {
        const { output } = putPair(gocache, { content, actionAges: [] });
        const [batch = ''] = readdirSync(trash);
        writeFileSync(outputPath(join(trash, batch), output), 'arch');
      },
      ({ output }) => expect(readFileSync(outputPath(gocache, output), 'utf8')).toBe(content),
      { back: 1, present: 1 },
    ],
    [
      'a folder in place of the output: it stays',
      () => putPair(gocache, { content, actionAges: [], isProgram: true }),
      ({ output }) => expect(readdirSync(outputPath(gocache, output))).toEqual(['app']),
      { back: 1, present: 1 },
    ],
  ])('after a build that made %s', async (_, make, check, { back, present }) => {
    const pair = putPair(gocache, { content });
    const batch = await moveAll();
    make(pair);
    expect(await restoreBatch(gocache, batch)).toMatchObject({ entries: back, present, failed: [] });
    check(pair);
    expect(existsSync(trash)).toBe(false);
  });

  test('leaves what is not ours in the batch, and says so', async () => {
    const { output } = putPair(gocache, { content: 'archive' });
    const batch = await moveAll();
    rmSync(outputPath(join(trash, batch), output));
    mkdirSync(join(outputPath(join(trash, batch), output), 'deeper'), { recursive: true });
    const restored = await restoreBatch(gocache, batch);
    expect(restored).toMatchObject({ entries: 1, failed: [{ why: 'it is not what was put there' }] });
    expect(await listBatches(gocache)).toMatchObject([{ batch, fault: undefined }]);
  });

  test('can be stopped and begun again', async () => {
    for (let index = 0; index < 250; index++) putPair(gocache, { content: `output ${index}` });
    const before = snapshot(gocache);
    const batch = await moveAll();
    const stop = new AbortController();
    const options = { signal: stop.signal, onProgress: () => stop.abort() };
    const first = await restoreBatch(gocache, batch, options);
    expect(first.wasStopped).toBe(true);
    // Outputs come first: an action entry never names one that is still away.
    expect(entryNames(gocache).filter((name) => name.endsWith('-a'))).toEqual([]);
    const second = await restoreBatch(gocache, batch);
    expect(first.entries + second.entries).toBe(500);
    expect(snapshot(gocache)).toEqual(before);
  });

  test.each(['..', '20260110T091500123Z-00000000', '../other/x'])(
    'of %j: there is no such batch',
    async (name) => {
      expect(await restoreBatch(gocache, name)).toMatchObject({
        failed: [{ why: 'there is no such batch' }],
      });
      expect(await freeBatch(gocache, name)).toMatchObject({ failed: [{ why: 'there is no such batch' }] });
      expect(existsSync(join(gocache, 'README'))).toBe(true);
    },
  );
});

describe('a batch is deleted for good', () => {
  test('when it is asked for', async () => {
    putPair(gocache, { content: 'archive' });
    putPair(gocache, { content: 'ELF', isProgram: true });
    const batch = await moveAll();
    const bytes = sizeOfPair('archive') + sizeOfPair('ELF');
    expect(await freeBatch(gocache, batch)).toEqual({ entries: 4, bytes, failed: [], wasStopped: false });
    expect(existsSync(trash)).toBe(false);
  });

  test('when its time is over, and never when it belongs to a process', async () => {
    const now = Date.now();
    putPair(gocache, { content: 'over' });
    await moveAll(now, now - 3);
    putPair(gocache, { content: 'still' });
    const still = await moveAll(now + 1, now - 2);
    putPair(gocache, { content: 'ours' });
    const ours = await moveAll(undefined, now - 1);
    const ask: [number, number | undefined][] = [];
    const freed = await freeExpired(gocache, now, (...owner) => ask.push(owner) > 0);
    expect(freed).toEqual({ batches: 1, entries: 2, bytes: sizeOfPair('over'), orphans: [], failed: [] });
    expect(ask).toEqual([[process.pid, readOwnStartTicks()]]);
    expect((await listBatches(gocache)).map(({ batch }) => batch)).toEqual([ours, still]);
    expect(await freeExpired(gocache, now, isDead)).toMatchObject({
      batches: 0,
      orphans: [{ batch: ours, entries: 2, about: 'unused for 14 days' }],
    });
    expect(await freeExpired(gocache, now + 1, isAlive)).toMatchObject({ batches: 1, orphans: [] });
  });
});

test('a process is alive by its number and its start', () => {
  const ticks = readOwnStartTicks();
  expect(isProcessAlive(process.pid, ticks)).toBe(true);
  expect(isProcessAlive(process.pid, undefined)).toBe(true);
  if (ticks !== undefined) expect(isProcessAlive(process.pid, ticks - 1)).toBe(false);
  expect(isProcessAlive(2 ** 22 + 1, undefined)).toBe(false); // above the highest pid_max
});

function ageOf(path: string): number {
  const found = Object.entries(snapshot(gocache)).find(([name]) => path.endsWith(name));
  return Date.now() - (found?.[1].mtimeMs ?? 0);
}
