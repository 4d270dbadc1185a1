import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type BuildCacheTotals, scanBuildCache } from '../../source/build-cache/scan.ts';
import { libraries, makeGoSample } from './go-sample.ts';

let gocache: string;
beforeEach(() => {
  gocache = mkdtempSync(join(tmpdir(), 'scan-test-'));
});
afterEach(() => rmSync(gocache, { recursive: true, force: true }));

test('counts what a real build wrote, as find and du do', async () => {
  const sample = makeGoSample(libraries(5));
  try {
    sample.go('build', './...');
    const find = (suffix: string) =>
      execFileSync('find', [sample.gocache, '-name', suffix, '-printf', '%s %b %T@\n'], { encoding: 'utf8' })
        .trim()
        .split('\n')
        .map((line) => line.split(' ').map(Number));
    const rows = find('*-[ad]');
    const sum = (column: number) => rows.reduce((total, row) => total + (row[column] ?? 0), 0);
    const times = rows.map((row) => (row[2] ?? 0) * 1000).sort((a, b) => a - b);
    const totals = await scanBuildCache(sample.gocache);
    expect(totals).toMatchObject({
      entries: { action: find('*-a').length, output: find('*-d').length },
      bytes: sum(0),
      diskBytes: sum(1) * 512,
      foreign: { files: 0, bytes: 0 },
      folders: 256,
      isComplete: true,
      problems: [],
    });
    expect(totals.oldest).toBeCloseTo(times[0] ?? 0, 0);
    expect(totals.newest).toBeCloseTo(times.at(-1) ?? 0, 0);
  } finally {
    sample.remove();
  }
});

test('tells executables, foreign files and fuzz apart', async () => {
  const id = '3f'.repeat(32);
  mkdirSync(join(gocache, '3f', `${id}-d`), { recursive: true });
  writeFileSync(join(gocache, '3f', `${id}-d`, 'prog'), 'x'.repeat(1000));
  writeFileSync(join(gocache, '3f', 'notes.txt'), 'mine');
  mkdirSync(join(gocache, 'fuzz', 'p', 'FuzzA'), { recursive: true });
  writeFileSync(join(gocache, 'fuzz', 'p', 'FuzzA', 'seed'), 'x'.repeat(77));
  utimesSync(join(gocache, '3f', `${id}-d`), 1_700_000_000, 1_700_000_000);
  expect(await scanBuildCache(gocache)).toMatchObject({
    entries: { action: 0, output: 1 },
    bytes: 1000,
    foreign: { files: 1, bytes: 4 },
    fuzzBytes: 77,
    oldest: 1_700_000_000_000,
    newest: 1_700_000_000_000,
  });
});

test('of a GOCACHE that is not there, or empty, knows no ages', async () => {
  for (const path of [gocache, join(gocache, 'missing')]) {
    const totals = await scanBuildCache(path);
    expect(totals).toMatchObject({
      entries: { action: 0, output: 0 },
      bytes: 0,
      isComplete: true,
      problems: [],
    });
    expect([totals.oldest, totals.newest]).toEqual([undefined, undefined]);
  }
});

test('a GOCACHE that is a file is a problem, not an empty cache', async () => {
  const file = join(gocache, 'file');
  writeFileSync(file, '');
  const totals = await scanBuildCache(file);
  expect(totals).toMatchObject({ unreadable: 1, problems: [{ where: file, what: 'cannot be read' }] });
  expect(totals.problems[0]?.why).toContain('ENOTDIR');
});

test('shows how far it is, and stops when it is told', async () => {
  const count = 60_000;
  fill(count);
  const seen: BuildCacheTotals[] = [];
  const totals = await scanBuildCache(gocache, { onProgress: (some) => seen.push(some) });
  expect(totals.entries).toEqual({ action: count, output: 0 });
  for (const { isComplete, entries } of seen) {
    expect(isComplete).toBe(false);
    expect(entries.action).toBeLessThanOrEqual(count);
  }
  const stop = new AbortController();
  const scan = scanBuildCache(gocache, { signal: stop.signal });
  stop.abort(new Error('enough'));
  await expect(scan).rejects.toThrow('enough');
  await expect(scanBuildCache(gocache, { signal: stop.signal })).rejects.toThrow('enough');
});

// fill makes many entries fast: names for a few files.
function fill(count: number): void {
  let file = '';
  for (let index = 0; index < count; index++) {
    const folder = (index % 256).toString(16).padStart(2, '0');
    const name = join(gocache, folder, `${folder}${String(index).padStart(62, '0')}-a`);
    if (index < 256) mkdirSync(join(gocache, folder));
    if (index % 30_000 === 0) {
      writeFileSync(name, 'x'.repeat(175));
      file = name;
    } else {
      linkSync(file, name);
    }
  }
  expect(statSync(file).nlink).toBeGreaterThan(1);
}
