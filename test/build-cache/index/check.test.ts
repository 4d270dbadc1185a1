import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkOutputs } from '../../../source/build-cache/index/check.ts';
import { rowsWhere } from '../../../source/build-cache/index/scan.ts';
import { type GoSample, libraries, listExported, makeGoSample } from '../go-sample.ts';
import { scanned } from './go-cache.ts';

let sample: GoSample;

beforeAll(() => {
  sample = makeGoSample({
    ...libraries(4),
    'lib2/lib_test.go': 'package lib2\n\nimport "testing"\n\nfunc TestValue(t *testing.T) { Value() }\n',
  });
  sample.go('build', './...');
  // Go indexes the standard library, and what lies in GOMODCACHE.
  sample.go('list', '-deps', 'errors');
}, 120_000);

afterAll(() => sample?.remove());

async function check(signal?: AbortSignal) {
  const { index, owners } = await scanned(sample.gocache);
  return checkOutputs({
    gocache: sample.gocache,
    gomodcache: '/nowhere',
    index,
    owners,
    ...(signal === undefined ? {} : { signal }),
  });
}

function spoil(file: string): void {
  const bytes = readFileSync(file);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  writeFileSync(file, bytes);
}

test('names the package, what is wrong, and who imports it; what Go made again is right', async () => {
  expect(await check()).toMatchObject({ found: [], wasStopped: false });
  const file = listExported(sample, './lib3')[0]?.file ?? '';
  spoil(file);
  const { found, damaged, problems, checked } = await check();
  expect(found).toMatchObject([
    {
      unit: 'example.com/sample/lib3',
      kind: 'archive',
      file,
      isUnreadable: false,
      importers: ['example.com/sample/lib2'],
    },
  ]);
  expect(damaged.size).toBe(1);
  expect(checked).toBeGreaterThan(4);
  expect(problems[0]).toMatchObject({
    what: 'damaged: example.com/sample/lib3 (archive)',
    why: expect.stringMatching(/^its sha256 is [0-9a-f]{64}; imported by example\.com\/sample\/lib2$/),
  });
  rmSync(file);
  sample.go('build', './...');
  expect((await check()).found).toEqual([]);
}, 60_000);

test('a package index is told by what it does to builds', async () => {
  const { index } = await scanned(sample.gocache);
  const { outputs } = index;
  const [row] = rowsWhere(outputs, (each) => outputs.isUsed(each) && outputs.kind(each) === 'index');
  if (row === undefined) throw new Error('there is no index');
  const id = outputs.id(row);
  const file = `${sample.gocache}/${id.slice(0, 2)}/${id}-d`;
  spoil(file);
  expect((await check()).problems[0]?.what).toBe(
    'damaged: a package index: every go build of that package fails',
  );
  rmSync(file);
}, 60_000);

test('stopped, it tells what it had found, and that it was stopped', async () => {
  const stop = new AbortController();
  stop.abort();
  expect(await check(stop.signal)).toMatchObject({ checked: 0, found: [], wasStopped: true });
});
