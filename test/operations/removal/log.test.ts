import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { appendRemovalLog } from '../../../source/operations/removal/log.ts';
import { stateFolderOf } from '../../../source/record/state-folder.ts';
import { makeFolder } from './cache.ts';

let folder: ReturnType<typeof makeFolder>;
let state: string;
let file: string;

beforeEach(() => {
  folder = makeFolder();
  state = join(folder.path, 'state', 'gocachetop');
  file = join(state, 'removals.ndjson');
});

afterEach(() => folder.remove());

const record = {
  at: '2026-01-10T09:15:00.123Z',
  gocache: '/home/u/.cache/go-build',
  batch: null,
  entries: 2,
};

test('each removal is a line, which only the user can read', () => {
  expect(appendRemovalLog(state, record)).toBeUndefined();
  expect(appendRemovalLog(state, { ...record, batch: '20260110T091500123Z-00000000' })).toBeUndefined();
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).batch)).toEqual([null, '20260110T091500123Z-00000000']);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(state).mode & 0o777).toBe(0o700);
});

test('it stays below 1 MB: the oldest half goes, whole lines stay', () => {
  appendRemovalLog(state, record);
  const line = (index: number) => `${JSON.stringify({ ...record, entries: index })}\n`;
  writeFileSync(file, Array.from({ length: 9000 }, (_, index) => line(index + 1000)).join(''));
  expect(statSync(file).size).toBeGreaterThan(800_000);
  for (let index = 0; statSync(file).size > 600_000 && index < 2000; index++) {
    expect(appendRemovalLog(state, { ...record, entries: index + 10_000 })).toBeUndefined();
    expect(statSync(file).size).toBeLessThanOrEqual(1_000_000);
  }
  const entries = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((text) => JSON.parse(text).entries);
  const [first = 0] = entries;
  expect(first).toBeGreaterThan(4000);
  expect(entries).toEqual(entries.map((_, index) => first + index));
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a log that cannot be written is a problem, not an end', () => {
  writeFileSync(join(folder.path, 'state'), 'a file');
  expect(appendRemovalLog(state, record)).toMatchObject({
    where: file,
    what: 'the removal is not in the log',
    why: expect.stringContaining('ENOTDIR'),
  });
});

test.each([
  [{ XDG_STATE_HOME: '/s', HOME: '/h' }, '/s/gocachetop'],
  [{ XDG_STATE_HOME: 's', HOME: '/h' }, '/h/.local/state/gocachetop'], // relative ones do not count: XDG
  [{ XDG_STATE_HOME: '', HOME: '/h' }, '/h/.local/state/gocachetop'],
  [{ HOME: 'h' }, undefined],
  [{}, undefined],
])('the state folder of %j is %s', (environment, expected) => {
  expect(stateFolderOf(environment)).toBe(expected);
});
