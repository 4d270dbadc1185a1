import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseActionId, parseOutputId } from '../../../source/go/ids.ts';
import {
  type RemovalMode,
  type RemovalPlan,
  type RemovalProgress,
  RemovalRefused,
  type RemovalResult,
  removeEntries,
} from '../../../source/operations/removal/removal.ts';
import { listBatches, restoreBatch } from '../../../source/operations/removal/trash.ts';
import {
  actionPath,
  entryNames,
  hour,
  layOut,
  makeFolder,
  minute,
  outputPath,
  type Pair,
  planOf,
  planOfAll,
  putAction,
  putPair,
  sha256,
  sizeOfPair,
  snapshot,
  writeAt,
} from './cache.ts';
import { type HangingGo, startGo } from './hanging-go.ts';

const forGood: RemovalMode = { type: 'delete' };
const intoTrash: RemovalMode = { type: 'trash', expiresAt: undefined };
const options = { now: Date.now, pauseMs: 1 };
const nothing = { kept: [], batch: undefined, fellBack: undefined, failed: [], wasStopped: false };

let folder: ReturnType<typeof makeFolder>;
let gocache: string;
let running: HangingGo[];

beforeEach(() => {
  folder = makeFolder();
  gocache = join(folder.path, 'cache');
  running = [];
  layOut(gocache);
});

afterEach(async () => {
  for (const go of running) await go.stop();
  folder.remove();
});

function startGoHere(): void {
  running.push(startGo({ GOCACHE: gocache, HOME: folder.path }));
}

describe('what goes when no go command runs', () => {
  test('an output with its action entries, however young, and nothing else', async () => {
    const pair = putPair(gocache, { content: 'archive', actionAges: [0, 3 * hour], outputAge: 0 });
    const other = putPair(gocache, { content: 'other' });
    const result = await removeEntries(planOf(gocache, pair), forGood, options);
    expect(result).toEqual({ ...nothing, removed: { entries: 3, bytes: sizeOfPair('archive', 2) } });
    expect(planOfAll(gocache)).toEqual(planOf(gocache, other));
  });

  test('the folder of an executable', async () => {
    const pair = putPair(gocache, { content: 'ELF', isProgram: true });
    const result = await removeEntries(planOf(gocache, pair), forGood, options);
    expect(result.removed).toEqual({ entries: 2, bytes: sizeOfPair('ELF') });
    expect(entryNames(gocache)).toEqual([]);
  });

  test('a GOCACHE behind a link', async () => {
    const pair = putPair(gocache, { content: 'archive' });
    symlinkSync(gocache, join(folder.path, 'link'));
    const plan = planOf(join(folder.path, 'link'), pair);
    expect((await removeEntries(plan, forGood, options)).removed.entries).toBe(2);
  });

  test('an action entry that Go could not read, and an output that nothing names', async () => {
    const { actions, output } = putPair(gocache, { content: 'archive' });
    writeFileSync(actionPath(gocache, actions[0]), 'garbage');
    const orphan = putPair(gocache, { content: 'orphan', actionAges: [] });
    const plan = planOf(gocache, { actions, output }, orphan);
    expect((await removeEntries(plan, forGood, options)).removed).toEqual({ entries: 3, bytes: 7 + 7 + 6 });
  });

  test('entries that are gone already are neither removed nor failed', async () => {
    const pair = putPair(gocache, { content: 'archive' });
    await removeEntries(planOf(gocache, pair), forGood, options);
    const again = await removeEntries(planOf(gocache, pair), forGood, options);
    expect(again).toEqual({ ...nothing, removed: { entries: 0, bytes: 0 } });
    expect(await removeEntries(planOf(gocache, pair), intoTrash, options)).toEqual(again);
    expect(existsSync(join(gocache, 'gocachetop-trash'))).toBe(false);
  });
});

describe('what stays', () => {
  test('foreign files, and what lies under the name of an entry but is none', async () => {
    const { output, actions } = putPair(gocache, { content: 'archive' });
    const id = sha256('x');
    const foreign = [
      'README',
      'trim.txt',
      'notes.txt',
      'fuzz/example.com/corpus',
      `${id.slice(0, 2)}/notes.txt`,
      `${id.slice(0, 2)}/${id}-x`,
      `${id.slice(0, 2) === 'aa' ? 'bb' : 'aa'}/${id}-a`, // in the folder of another
      `${id.slice(0, 2)}/${id}-d/deeper/file`, // an executable is one level deep
      `${id.slice(0, 2)}/${id}-a/file`, // a folder is never an action entry
    ];
    for (const name of foreign) if (name !== 'README') writeAt(join(gocache, name), 'foreign');
    const linked = sha256('linked');
    const link = outputPath(gocache, parseOutputId(linked) ?? output);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(gocache, 'notes.txt'), link);
    const plan: RemovalPlan = {
      gocache,
      actions: [...actions, id, linked].flatMap((text) => parseActionId(text) ?? []),
      outputs: [output, id, linked].flatMap((text) => parseOutputId(text) ?? []),
    };
    for (const mode of [intoTrash, forGood]) {
      const result = await removeEntries(plan, mode, options);
      expect(result.kept).toEqual([{ reason: 'changed', entries: 3 }]);
      expect(result.failed).toEqual([]);
      for (const name of foreign) expect(readFileSync(join(gocache, name), 'utf8')).not.toBe('');
      expect(lstatSync(link).isSymbolicLink()).toBe(true);
    }
    expect(existsSync(outputPath(gocache, output))).toBe(false);
  });

  test('an ID that is none fails, and leads nowhere', async () => {
    const plan = { gocache, actions: ['../../secret' as never], outputs: [`../${sha256('x')}` as never] };
    const result = await removeEntries(plan, forGood, options);
    expect(result.failed.map(({ why }) => why)).toEqual(Array(2).fill('this is no name of an entry'));
  });

  test('a folder of the 256 that is a link to elsewhere', async () => {
    const elsewhere = join(folder.path, 'elsewhere');
    const { output } = putPair(gocache, { content: 'archive', actionAges: [] });
    layOut(elsewhere);
    putPair(elsewhere, { content: 'archive', actionAges: [] });
    const cache = join(folder.path, 'other');
    mkdirSync(join(cache, output.startsWith('00') ? '11' : '00'), { recursive: true });
    writeFileSync(join(cache, 'trim.txt'), '1763954321');
    symlinkSync(join(elsewhere, output.slice(0, 2)), join(cache, output.slice(0, 2)));
    const result = await removeEntries({ gocache: cache, actions: [], outputs: [output] }, forGood, options);
    expect(result.kept).toEqual([{ reason: 'changed', entries: 1 }]);
    expect(existsSync(outputPath(elsewhere, output))).toBe(true);
  });
});

describe('a folder that is no GOCACHE is refused', () => {
  const id = parseOutputId(sha256('precious')) ?? '';
  test.each([
    [
      'a home',
      ['.config/go/env', 'go/bin/app', 'README', `${id.slice(0, 2)}/${id}-d`],
      "neither Go's README",
    ],
    ['a folder with a trim.txt alone', ['trim.txt', 'ab1/x', `AB/${id}-d`], 'none of the folders 00 to ff'],
    ['a file', undefined, 'not a folder'],
    ['nothing', [], 'no such file'],
  ])('%s', async (_, files, why) => {
    const place = join(folder.path, 'place');
    for (const name of files ?? []) writeAt(join(place, name), 'This directory holds my letters.');
    if (files === undefined) writeFileSync(place, 'a file');
    const plan: RemovalPlan = { gocache: place, actions: [], outputs: id === '' ? [] : [id] };
    const removal = removeEntries(plan, forGood, options);
    await expect(removal).rejects.toThrow(RemovalRefused);
    await expect(removal).rejects.toMatchObject({
      problem: { where: place, why: expect.stringContaining(why) },
    });
    for (const name of files ?? []) expect(existsSync(join(place, name))).toBe(true);
  });
});

describe('while a go command runs on it', () => {
  const old = 3 * hour;
  const young = 10 * minute;
  test.each<[string, Pair, { removed: number; kept: number }]>([
    ['all old', { content: 'a', actionAges: [old], outputAge: old }, { removed: 2, kept: 0 }],
    ['all young', { content: 'a', actionAges: [young], outputAge: young }, { removed: 0, kept: 2 }],
    // Looked up by another action entry, which is not of the plan's making here.
    ['a young output', { content: 'a', actionAges: [old], outputAge: young }, { removed: 1, kept: 1 }],
    // An output that was made again keeps its old mtime.
    ['a young action entry', { content: 'a', actionAges: [young], outputAge: old }, { removed: 0, kept: 2 }],
    [
      'one of two action entries young',
      { content: 'a', actionAges: [old, young], outputAge: old },
      { removed: 1, kept: 2 },
    ],
    ['a young executable', { content: 'a', isProgram: true, outputAge: young }, { removed: 1, kept: 1 }],
    [
      'a time in the future',
      { content: 'a', actionAges: [-hour], outputAge: -hour },
      { removed: 0, kept: 2 },
    ],
  ])('%s', async (_, pair, expected) => {
    const put = putPair(gocache, pair);
    startGoHere();
    const { removed, kept } = await removeEntries(planOf(gocache, put), forGood, options);
    expect(removed.entries).toBe(expected.removed);
    expect(kept).toEqual(expected.kept === 0 ? [] : [{ reason: 'in use', entries: expected.kept }]);
    expect(entryNames(gocache)).toHaveLength(expected.kept);
  });
});

describe('what happens between the action entries and the outputs', () => {
  /** removeWith does something when the last action entry of `plan` is gone. */
  function removeWith(plan: RemovalPlan, mode: RemovalMode, happen: () => void): Promise<RemovalResult> {
    let hasHappened = false;
    return removeEntries(plan, mode, {
      ...options,
      onProgress({ done }) {
        if (done < plan.actions.length || hasHappened) return;
        hasHappened = true;
        happen();
      },
    });
  }

  test('a go command begins: young outputs stay, their action entries are moved back', async () => {
    const young = putPair(gocache, { content: 'young', actionAges: [minute, minute], outputAge: minute });
    // Made again a minute ago, by its action entry.
    const remade = putPair(gocache, { content: 'remade', actionAges: [minute], outputAge: 3 * hour });
    const before = snapshot(gocache);
    const old = putPair(gocache, { content: 'old' });
    const result = await removeWith(planOf(gocache, young, remade, old), intoTrash, startGoHere);
    expect(result).toMatchObject({
      removed: { entries: 2, bytes: sizeOfPair('old') },
      kept: [{ reason: 'in use', entries: 5 }],
      failed: [],
    });
    expect(snapshot(gocache)).toEqual(before);
    expect(await listBatches(gocache)).toMatchObject([{ batch: result.batch, entries: 2 }]);
  });

  test('the same, and nothing else was moved: no batch is left', async () => {
    const young = putPair(gocache, { content: 'young', actionAges: [minute], outputAge: minute });
    const result = await removeWith(planOf(gocache, young), intoTrash, startGoHere);
    expect(result).toMatchObject({ removed: { entries: 0, bytes: 0 }, batch: undefined });
    expect(existsSync(join(gocache, 'gocachetop-trash'))).toBe(false);
  });

  test('the same when entries are deleted: the outputs stay, the build compiles again', async () => {
    const young = putPair(gocache, { content: 'young', actionAges: [minute], outputAge: minute });
    const result = await removeWith(planOf(gocache, young), forGood, startGoHere);
    expect(result).toMatchObject({ removed: { entries: 1 }, kept: [{ reason: 'in use', entries: 1 }] });
    expect(existsSync(outputPath(gocache, young.output))).toBe(true);
  });

  test.each<[string, 'archive' | 'another' | 'half', number]>([
    ['names the output again', 'archive', 0],
    ['is half written', 'half', 0],
    ['names another output now', 'another', 1],
  ])('an action entry is there again and %s', async (_, written, removed) => {
    const pair = putPair(gocache, { content: 'archive' });
    const other = putPair(gocache, { content: 'another', actionAges: [] });
    const result = await removeWith(planOf(gocache, pair), forGood, () => {
      for (const action of pair.actions) {
        if (written === 'half') writeFileSync(actionPath(gocache, action), 'v1 ');
        else putAction(gocache, action, written === 'archive' ? pair.output : other.output, 7, 0);
      }
    });
    expect(result.removed.entries).toBe(1 + removed);
    expect(result.kept).toEqual(removed === 1 ? [] : [{ reason: 'used again', entries: 1 }]);
    expect(existsSync(outputPath(gocache, pair.output))).toBe(removed === 0);
  });
});

describe('a long removal', () => {
  const count = 300;
  let plan: RemovalPlan;
  beforeEach(() => {
    for (let index = 0; index < count; index++) putPair(gocache, { content: `output ${index}` });
    plan = planOfAll(gocache);
  });

  test('lets the screen go on, and tells how far it is', async () => {
    const seen: RemovalProgress[] = [];
    let turns = 0;
    let longest = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      turns += 1;
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 1);
    const result = await removeEntries(plan, forGood, { ...options, onProgress: (at) => seen.push(at) });
    clearInterval(timer);
    expect(seen.length).toBeGreaterThanOrEqual((2 * count) / 200);
    expect(seen.map(({ done }) => done)).toEqual(seen.map(({ done }) => done).toSorted((a, b) => a - b));
    expect(seen.at(-1)).toEqual({ done: 2 * count, total: 2 * count, bytes: result.removed.bytes });
    expect(turns).toBeGreaterThanOrEqual(2);
    expect(longest).toBeLessThan(500);
  });

  test.each([
    ['before it begins', 0],
    ['among the action entries', 200],
    ['among the outputs', count + 100],
  ])('stops %s; what was done is reported, and can be put back', async (_, at) => {
    const before = snapshot(gocache);
    const stop = new AbortController();
    if (at === 0) stop.abort();
    const result = await removeEntries(plan, intoTrash, {
      ...options,
      signal: stop.signal,
      onProgress: ({ done }) => done >= at && stop.abort(),
    });
    expect(result.wasStopped).toBe(true);
    expect(result.removed.entries).toBeLessThan(2 * count);
    expect(entryNames(gocache)).toHaveLength(2 * count - result.removed.entries);
    if (result.batch !== undefined) await restoreBatch(gocache, result.batch);
    expect(snapshot(gocache)).toEqual(before);
  });

  test('stops in the pause', async () => {
    const stop = new AbortController();
    const { actions } = plan;
    const result = await removeEntries(plan, forGood, {
      ...options,
      pauseMs: 60_000,
      signal: stop.signal,
      onProgress: ({ done }) => done === count && setTimeout(() => stop.abort(), 5),
    });
    expect(result).toMatchObject({ wasStopped: true, removed: { entries: actions.length } });
  });

  test.each([
    ['deleted', forGood, forGood],
    ['moved', intoTrash, intoTrash],
    ['deleted by one, moved by the other', forGood, intoTrash],
  ])('two at once, of the same entries: each is %s once', async (_, one, other) => {
    const before = snapshot(gocache);
    const results = await Promise.all([
      removeEntries(plan, one, options),
      removeEntries(plan, other, options),
    ]);
    expect(results.map(({ failed }) => failed)).toEqual([[], []]);
    const sum = results.reduce((total, { removed }) => total + removed.entries, 0);
    expect(sum).toBe(2 * count);
    expect(entryNames(gocache)).toEqual([]);
    for (const { batch } of results) if (batch !== undefined) await restoreBatch(gocache, batch);
    if (one.type === 'trash') expect(snapshot(gocache)).toEqual(before);
    expect(readdirSync(gocache)).not.toContain('gocachetop-trash');
  });
});
