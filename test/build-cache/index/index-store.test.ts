import { execFileSync } from 'node:child_process';
import {
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { keep, openKept } from '../../../source/build-cache/index/index-store.ts';
import { findOwners } from '../../../source/build-cache/index/owners.ts';
import { scanEntries } from '../../../source/build-cache/index/scan.ts';
import { summarize } from '../../../source/build-cache/index/summary.ts';
import { type GoSample, libraries, makeGoSample } from '../go-sample.ts';
import { contentOf, scanned } from './go-cache.ts';

let sample: GoSample;
let folder: string;
let kept: string;

beforeAll(async () => {
  sample = makeGoSample({
    ...libraries(200),
    'lib0/lib_test.go': 'package lib0\n\nimport "testing"\n\nfunc TestValue(t *testing.T) { Value() }\n',
    'cmd/app/main.go':
      'package main\n\nimport "example.com/sample/lib0"\n\nfunc main() { println(lib0.Value()) }\n',
  });
  sample.go('build', './...');
  sample.go('run', './cmd/app');
  folder = mkdtempSync(join(tmpdir(), 'gocachetop-kept-'));
  const { index, learned } = await scanned(sample.gocache);
  expect(await keep(folder, sample.gocache, { index, learned })).toBeUndefined();
  kept = onlyFile();
}, 120_000);

afterAll(() => {
  sample?.remove();
  rmSync(folder, { recursive: true, force: true });
});

function onlyFile(): string {
  const [name, ...more] = readdirSync(folder);
  expect(more).toEqual([]);
  return join(folder, name ?? '');
}

/** readAgain opens what was kept and brings it up to date. */
async function readAgain(which: 'all' | 'changed') {
  const opened = await openKept(folder, sample.gocache);
  const { index, learned, problem } = opened;
  const before = index.revision;
  const scan = await scanEntries({ gocache: sample.gocache, gomodcache: '/nowhere', index, learned, which });
  return { index, learned, problem, scan, changes: index.revision - before };
}

/** settle makes the folders old enough to be trusted: names that come within a tick of the clock leave the same time. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 2100));
  const { index, learned } = await scanned(sample.gocache);
  await keep(folder, sample.gocache, { index, learned });
}

test('what was kept is all that a fresh scan finds, names and owners too', async () => {
  const again = await readAgain('all');
  expect(again.changes).toBe(0);
  expect(again.problem).toBeUndefined();
  const fresh = await scanned(sample.gocache);
  expect(contentOf(again.index)).toEqual(contentOf(fresh.index));
  const summaryOf = (index: typeof again.index, learned: typeof again.learned) => {
    const summary = summarize(index, findOwners(index, learned), 1_800_000_000_000);
    // Names are numbered as they come.
    const packages = summary.packages
      .map((each) => ({ ...each, variants: each.variants.map(({ name: _, ...variant }) => variant) }))
      .toSorted((one, other) => (one.importPath < other.importPath ? -1 : 1));
    return { ...summary, packages };
  };
  expect(summaryOf(again.index, again.learned)).toEqual(summaryOf(fresh.index, fresh.learned));
});

test('only folders that changed are listed, and what came and went there is found', async () => {
  await settle();
  const untouched = await readAgain('changed');
  expect([untouched.changes, untouched.scan.isFresh]).toEqual([0, false]);
  writeFileSync(
    join(sample.directory, 'lib3', 'lib.go'),
    'package lib3\n\nfunc Value() int { return 3333 }\n',
  );
  sample.go('build', './...');
  const victim = readdirSync(join(sample.gocache, '7f')).find((name) => name.endsWith('-a'));
  if (victim !== undefined) rmSync(join(sample.gocache, '7f', victim));
  const again = await readAgain('changed');
  const fresh = await scanned(sample.gocache);
  expect(Object.keys(contentOf(again.index)).sort()).toEqual(Object.keys(contentOf(fresh.index)).sort());
  expect(again.changes).toBeGreaterThan(0);
});

test('times that changed in place are found by a scan of all', async () => {
  await settle();
  // Which of the 256 folders hold outputs is different each time.
  const [file] = globSync('[0-9a-f][0-9a-f]/*-d', { cwd: sample.gocache });
  if (file === undefined) expect.fail('the build left no outputs');
  const name = basename(file);
  utimesSync(join(sample.gocache, file), 1_700_000_000, 1_700_000_000);
  const quick = await readAgain('changed');
  const whole = await readAgain('all');
  const mtimeOf = (index: typeof whole.index): number | undefined => {
    for (let row = 0; row < index.outputs.length; row++)
      if (index.outputs.isUsed(row) && name.startsWith(index.outputs.id(row)))
        return index.outputs.mtime(row);
    return undefined;
  };
  expect(mtimeOf(quick.index)).not.toBe(1_700_000_000_000);
  expect(mtimeOf(whole.index)).toBe(1_700_000_000_000);
});

describe('a kept index that cannot be trusted is dropped, and said so', () => {
  let whole: Buffer;
  beforeEach(() => {
    whole ??= readFileSync(kept);
    writeFileSync(kept, whole);
  });

  test.each<[string, (bytes: Buffer) => void, string]>([
    ['cut at its end', (bytes) => truncateSync(kept, bytes.length - 1), 'its checksum is wrong'],
    ['cut in its header', () => truncateSync(kept, 100), 'its checksum is wrong'],
    ['empty', () => truncateSync(kept, 0), 'it is of another version'],
    ['of another version', (bytes) => change(bytes, 17, 57), 'it is of another version'],
    [
      'a changed byte in a column',
      (bytes) => change(bytes, bytes.length - 500, 255),
      'its checksum is wrong',
    ],
    ['a changed byte in the header', (bytes) => change(bytes, 40, 0), 'its checksum is wrong'],
    ['a header that claims 4 GB', (bytes) => change(bytes, 22, 255), 'its checksum is wrong'],
  ])('%s', async (_, damage, why) => {
    damage(whole);
    const { index, problem } = await openKept(folder, sample.gocache);
    expect(problem).toMatchObject({ where: kept, why, repair: 'GOCACHE is read anew' });
    expect(index.outputs.count).toBe(0);
  });

  function change(bytes: Buffer, at: number, value: number): void {
    const changed = Buffer.from(bytes);
    changed[at] = changed[at] === value ? value ^ 1 : value;
    writeFileSync(kept, changed);
  }

  test('another folder under the same path', async () => {
    renameSync(sample.gocache, `${sample.gocache}-away`);
    mkdirSync(sample.gocache);
    try {
      const { problem } = await openKept(folder, sample.gocache);
      expect(problem?.why).toBe('it is of another folder');
    } finally {
      rmSync(sample.gocache, { recursive: true });
      renameSync(`${sample.gocache}-away`, sample.gocache);
    }
  });

  test('a folder in its place', async () => {
    rmSync(kept);
    mkdirSync(kept);
    try {
      expect((await openKept(folder, sample.gocache)).problem?.where).toBe(kept);
    } finally {
      rmSync(kept, { recursive: true });
    }
  });
});

test('where it cannot be kept, a line says so and nothing half is left', async () => {
  const { index, learned } = await scanned(sample.gocache);
  const file = join(folder, 'no-folder');
  writeFileSync(file, '');
  const problem = await keep(file, sample.gocache, { index, learned });
  expect(problem).toMatchObject({ what: 'the index cannot be kept' });
  expect(statSync(file).size).toBe(0);
  rmSync(file);
});

test('what nobody used for a month is removed', async () => {
  const old = join(folder, `${'0'.repeat(16)}.index`);
  writeFileSync(old, '');
  utimesSync(old, 1_700_000_000, 1_700_000_000);
  const { index, learned } = await scanned(sample.gocache);
  await keep(folder, sample.gocache, { index, learned });
  expect(readdirSync(folder)).not.toContain(`${'0'.repeat(16)}.index`);
});

test('gocachetop scan keeps it, and does not with --read-only', () => {
  const caches = mkdtempSync(join(tmpdir(), 'gocachetop-kept-'));
  try {
    const run = (...flags: string[]): { outputs: number } => {
      const bin = join(import.meta.dirname, '..', '..', '..', 'bin', 'gocachetop.js');
      const out = execFileSync(
        process.execPath,
        [bin, 'scan', '--json', '--gocache', sample.gocache, ...flags],
        { cwd: sample.directory, env: { ...process.env, XDG_CACHE_HOME: caches }, encoding: 'utf8' },
      );
      return { outputs: JSON.parse(out).entries.output };
    };
    const indexes = (): string[] =>
      readdirSync(join(caches, 'gocachetop')).filter((name) => name.endsWith('.index'));
    const first = run('--read-only');
    expect(indexes()).toEqual([]);
    expect(run()).toEqual(first);
    expect(indexes()).toHaveLength(1);
    expect(run()).toEqual(first);
  } finally {
    rmSync(caches, { recursive: true, force: true });
  }
});
