import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBenchFolders, removeLeftovers } from '../../source/cache-bench/bench-folder.ts';

let directory: string;
const now = Date.now();
const day = 24 * 60 * 60 * 1000;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gocachetop-leftovers-'));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** leave makes what a killed run leaves behind. */
function leave(pid: number): string {
  const round = createBenchFolders({ pid, startTicks: 77 }).make(directory);
  writeFileSync(join(round, 'file'), 'content');
  return dirname(round);
}

test('what ended processes left goes, what a living one has stays', () => {
  leave(101);
  const living = leave(102);
  const problems = removeLeftovers(directory, ({ pid, startTicks }) => pid === 102 && startTicks === 77, now);
  expect(problems).toEqual([]);
  expect(readdirSync(directory)).toEqual([basename(living)]);
});

test('of another container it is not known whether it lives: it stays for a day', () => {
  const [young, old] = [
    'gocachetop-bench-101-77-00000000-00000001',
    'gocachetop-bench-101-77-00000000-00000002',
  ];
  for (const name of [young, old]) mkdirSync(join(directory, name));
  utimesSync(join(directory, old), (now - 2 * day) / 1000, (now - 2 * day) / 1000);
  removeLeftovers(directory, () => false, now);
  expect(readdirSync(directory)).toEqual([young]);
});

test('what only looks like it stays', () => {
  const names = ['gocachetop-bench-', 'gocachetop-bench-notes', 'my-gocachetop-bench-1-2-00000000-00000000'];
  for (const name of names) mkdirSync(join(directory, name));
  const file = basename(leave(103)).replace(/.{8}$/, '12345678');
  writeFileSync(join(directory, file), 'a file, no folder');
  removeLeftovers(directory, () => false, now);
  expect(readdirSync(directory).sort()).toEqual([...names, file].sort());
});

test('a run has one folder in a directory, for its user alone, and a new one in it for each round', () => {
  const folders = createBenchFolders({ pid: 104, startTicks: 77 });
  const [one, other] = [folders.make(directory), folders.make(directory)];
  expect(one).not.toBe(other);
  expect(dirname(one)).toBe(dirname(other));
  expect(statSync(dirname(one)).mode & 0o777).toBe(0o700);
  leave(105);
  expect(folders.removeAll()).toEqual([]);
  expect(readdirSync(directory)).toHaveLength(1); // that of the other run
  expect(folders.removeAll()).toEqual([]);
});

test('in a directory that is not there the word of the system comes', () => {
  expect(() => createBenchFolders({ pid: 106, startTicks: 77 }).make(join(directory, 'nowhere'))).toThrow(
    'ENOENT',
  );
  expect(readdirSync(directory)).toEqual([]);
});
