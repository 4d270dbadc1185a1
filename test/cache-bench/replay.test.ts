import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readStrace, tracedCalls } from '../../scripts/cache-trace/strace.ts';
import { type Call, formatCalls } from '../../source/cache-bench/call.ts';
import { openReplay } from '../../source/cache-bench/run.ts';
import { fileName, folderCount, phases, readSteps, trace } from '../../source/cache-bench/trace.ts';

let top: string;
let folder: string;

beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'gocachetop-replay-')));
  folder = join(top, 'folder');
  mkdirSync(folder);
});

afterEach(() => rmSync(top, { recursive: true, force: true }));

describe('a replay', () => {
  test('leaves the files of the build: as many, as large, in 256 folders', async () => {
    const replay = await openReplay(new AbortController().signal);
    try {
      expect(await replay.run(folder, 'cold')).toMatchObject({ type: 'done', wallMs: expect.any(Number) });
      expect(await replay.run(folder, 'warm')).toMatchObject({ type: 'done' });
    } finally {
      await replay.close();
    }
    expect(readdirSync(folder)).toHaveLength(folderCount);
    const made = trace.sizes.flatMap((size, index) => {
      const stats = statSync(join(folder, fileName(index + folderCount)), { throwIfNoEntry: false });
      return stats === undefined ? [] : [[size, stats.size]];
    });
    expect(made.length).toBeGreaterThan(3 * trace.packages);
    for (const [size, found] of made) expect(found).toBe(size);
  });

  test('in a folder that is not there fails with the word of the system, and the next one works', async () => {
    const replay = await openReplay(new AbortController().signal);
    try {
      const failed = await replay.run(join(top, 'nowhere'), 'cold');
      expect(failed).toMatchObject({ type: 'failed', fault: { code: 'ENOENT' } });
      expect(await replay.run(folder, 'cold')).toMatchObject({ type: 'done' });
    } finally {
      await replay.close();
    }
  });

  test('is stopped before it is through', async () => {
    const stopping = new AbortController();
    const replay = await openReplay(stopping.signal);
    try {
      const running = replay.run(folder, 'cold');
      stopping.abort();
      expect(await running).toEqual({ type: 'stopped' });
      expect(await replay.run(folder, 'warm')).toEqual({ type: 'stopped' });
    } finally {
      await replay.close();
    }
  });
});

const hasStrace =
  spawnSync('strace', ['-V']).status === 0 && spawnSync('strace', ['-qq', 'true']).status === 0;

test.skipIf(!hasStrace)('makes on each file the calls of the trace, in their order (needs strace)', () => {
  const child = join(import.meta.dirname, 'replay-child.ts');
  const file = join(top, 'strace');
  const asked = ['-f', '-y', '-s', '0', '-qq', '-e', 'signal=none', '-e', `trace=${tracedCalls}`, '-o', file];
  execFileSync('strace', [...asked, process.execPath, child, folder]);
  const { calls, others } = readStrace(readFileSync(file, 'utf8'), folder);
  const seen = new Map<string, Call[]>();
  for (const { file: name, call } of calls) seen.set(name, [...(seen.get(name) ?? []), call]);
  const wanted = new Map<string, Call[]>();
  for (const phase of phases) {
    for (const step of readSteps(trace, phase)) {
      const name = fileName(step.file);
      wanted.set(name, [...(wanted.get(name) ?? []), ...step.calls.flatMap(asNodeMakesIt)]);
    }
  }
  expect(others).toEqual([]);
  expect([...seen.keys()].sort()).toEqual([...wanted.keys()].sort());
  for (const [name, made] of seen) expect(told(made)).toBe(told(wanted.get(name) ?? []));
});

/** asNodeMakesIt: a map is read, and a folder is listed by opening it, asking what it is, and reading twice. */
function asNodeMakesIt(call: Call): readonly Call[] {
  if (call.type === 'map') return [{ ...call, type: 'pread' }];
  if (call.type !== 'list') return [call];
  const [open, fstat, close] = [
    { type: 'open', mode: 'read' },
    { type: 'fstat' },
    { type: 'close' },
  ] as const;
  return [open, fstat, call, call, close];
}

/** told are calls as text; of a stat only the answer says whether something was there. */
function told(calls: readonly Call[]): string {
  return formatCalls(calls, 0);
}
