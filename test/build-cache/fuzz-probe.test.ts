import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { probeFuzz, probeFuzzFile, probeFuzzTest } from '../../source/build-cache/fuzz-probe.ts';
import { type GoSample, makeGoSample } from './go-sample.ts';

let sample: GoSample;

beforeAll(() => {
  sample = makeGoSample({
    'deep/deep.go':
      "package deep\n\nfunc Deep(b []byte) (n int) {\n\tif len(b) > 0 && b[0] == 'a' {\n\t\tn++\n\t}\n\tif len(b) > 7 {\n\t\tn++\n\t}\n\treturn n\n}\n",
    'deep/deep_test.go':
      'package deep\n\nimport "testing"\n\nfunc FuzzDeep(f *testing.F) {\n\tf.Add([]byte("x"))\n\tf.Fuzz(func(t *testing.T, b []byte) { Deep(b) })\n}\n',
  });
  sample.go('test', '-fuzz', 'FuzzDeep', '-fuzztime', '2000x', './deep');
}, 240_000);

afterAll(() => sample?.remove());

test('what go test -fuzz has found is told by test, and each input as Go wrote it', async () => {
  const [test, ...more] = await probeFuzz(sample.gocache);
  expect(more).toEqual([]);
  expect(test).toMatchObject({ importPath: 'example.com/sample/deep', name: 'FuzzDeep' });
  const files = await probeFuzzTest(sample.gocache, 'example.com/sample/deep/FuzzDeep');
  expect(files.length).toBeGreaterThan(0);
  expect(test?.files).toBe(files.length);
  const du = execFileSync('find', [`${sample.gocache}/fuzz`, '-type', 'f', '-printf', '%s\\n'], {
    encoding: 'utf8',
  });
  const sizes = du.trim().split('\n').map(Number);
  expect(test?.bytes).toBe(sizes.reduce((sum, each) => sum + each, 0));
  expect(test?.newest).toBe(files[0]?.mtime);
  for (const { name } of files) {
    const content = probeFuzzFile(sample.gocache, `example.com/sample/deep/FuzzDeep/${name}`);
    expect(Buffer.from(content).toString('utf8')).toMatch(/^go test fuzz v1\n\[\]byte\(/);
    expect(createHash('sha256').update(content).digest('hex').slice(0, name.length)).toBe(name);
  }
});

test('a GOCACHE without a corpus has none, and a test that is gone is an error', async () => {
  expect(await probeFuzz(`${sample.directory}/nowhere`)).toEqual([]);
  await expect(probeFuzzTest(sample.gocache, 'example.com/gone/FuzzX')).rejects.toThrow(/ENOENT/);
});
