import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEntryIndex } from '../../../source/build-cache/index/entry-index.ts';
import { summarize } from '../../../source/build-cache/index/summary.ts';
import { createRandom } from '../../random.ts';
import { type GoSample, libraries, makeGoSample } from '../go-sample.ts';
import { changeEntry, contentOf, scanned } from './go-cache.ts';

let sample: GoSample;

beforeAll(() => {
  sample = makeGoSample({
    ...libraries(12),
    'lib0/lib_test.go': 'package lib0\n\nimport "testing"\n\nfunc TestValue(t *testing.T) { Value() }\n',
    'lib1/x_test.go':
      'package lib1_test\n\nimport (\n\t"testing"\n\n\t"example.com/sample/lib1"\n)\n\nfunc TestValue(t *testing.T) { lib1.Value() }\n',
    'cmd/app/main.go':
      'package main\n\nimport "example.com/sample/lib0"\n\nfunc main() { println(lib0.Value()) }\n',
  });
}, 120_000);

afterAll(() => sample?.remove());

test('the sum is that of the files, and what has no package is less than 2 % of the bytes', async () => {
  sample.go('test', './...');
  sample.go('vet', './...');
  sample.go('run', './cmd/app');
  const { index, owners, scan } = await scanned(sample.gocache);
  const summary = summarize(index, owners, Date.now());
  const du = execFileSync(
    'du',
    ['-sb', '--apparent-size', ...folders().map((name) => join(sample.gocache, name))],
    {
      encoding: 'utf8',
    },
  );
  const folderBytes = folders().reduce((sum, name) => sum + statSync(join(sample.gocache, name)).size, 0);
  const executables = index.outputs;
  let executableFolders = 0;
  for (let row = 0; row < executables.length; row++)
    if (executables.isUsed(row) && executables.isFolder(row))
      executableFolders += statSync(
        join(sample.gocache, executables.id(row).slice(0, 2), `${executables.id(row)}-d`),
      ).size;
  const duBytes = du
    .trim()
    .split('\n')
    .reduce((sum, line) => sum + Number(line.split('\t')[0]), 0);
  expect(summary.bytes).toBe(duBytes - folderBytes - executableFolders);
  expect(scan.problems).toEqual([]);
  expect(summary.unread).toBe(0);
  expect(summary.unattributed.bytes / summary.bytes).toBeLessThan(0.02);
  const app = summary.packages.find(({ importPath }) => importPath === 'example.com/sample/cmd/app');
  expect(app?.variants.map(({ text }) => text)).toContain('linux/amd64');
  expect(summary.kinds.filter(({ entries }) => entries > 0).map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['archive', 'index', 'files', 'executable', 'test', 'vet']),
  );
}, 120_000);

test('foreign files are listed, and counted with nothing', async () => {
  const gocache = join(sample.directory, '..', 'foreign');
  mkdirSync(join(gocache, 'ab'), { recursive: true });
  const id = 'ab'.repeat(32);
  writeFileSync(join(gocache, 'ab', 'notes.txt'), 'mine');
  writeFileSync(join(gocache, 'ab', `${'cd'.repeat(32)}-d`), 'in the folder of another');
  writeFileSync(join(gocache, 'ab', `${id}-x`), 'no entry');
  mkdirSync(join(gocache, 'ab', `${id}-a`));
  const { index, scan } = await scanned(gocache);
  expect([index.actions.count, index.outputs.count]).toEqual([0, 0]);
  expect(scan.foreign.map(({ path }) => basename(path)).sort()).toEqual(
    ['notes.txt', `${'cd'.repeat(32)}-d`, `${id}-x`, `${id}-a`].sort(),
  );
});

test('a folder that does not exist is empty, not an error', async () => {
  const { index, scan } = await scanned(join(sample.directory, 'nowhere'));
  expect([index.actions.count, index.outputs.count, scan.problems]).toEqual([0, 0, []]);
});

test('after any writes, touches and removals a second scan into the same index equals a fresh one', async () => {
  const gocache = join(sample.directory, '..', 'random');
  const index = createEntryIndex();
  const random = createRandom(11);
  for (let round = 0; round < 12; round++) {
    for (let step = 0; step < 40; step++) changeEntry(gocache, random);
    await scanned(gocache, index);
    const fresh = await scanned(gocache);
    expect(contentOf(index)).toEqual(contentOf(fresh.index));
    expect([index.actions.count, index.outputs.count]).toEqual([
      fresh.index.actions.count,
      fresh.index.outputs.count,
    ]);
  }
}, 60_000);

function folders(): string[] {
  return readdirSync(sample.gocache).filter((name) => /^[0-9a-f]{2}$/.test(name));
}
