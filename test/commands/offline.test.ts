import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cabin, openCabin, readTree } from '../operations/offline/cabin.ts';
import { type Ended, ours, run } from '../plain/sandbox.ts';

let cabin: Cabin;
beforeAll(() => {
  cabin = openCabin();
  cabin.go(['mod', 'download']);
}, 60_000);
afterAll(() => cabin?.dispose());

function offline(words: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const environment = { ...cabin.environment, ...more };
  return run(ours('offline', ...words), { cwd: cabin.main, environment });
}

test('ready: exit code 0, and nothing is written to GOMODCACHE or beside go.mod', async () => {
  const before = [readTree(cabin.main), readTree(cabin.gomodcache)];
  const { code, stdout } = await offline(['--json', '--read-only']);
  expect([code, JSON.parse(stdout.toString())]).toMatchObject([
    0,
    {
      schema: 'gocachetop.offline/1',
      gomodcache: cabin.gomodcache,
      ready: true,
      platforms: ['linux/amd64'],
      packages: { needed: 7, missing: 0, complete: true },
      missing: [],
      toolchain: null,
      problems: [],
    },
  ]);
  expect([readTree(cabin.main), readTree(cabin.gomodcache)]).toEqual(before);
});

test('not ready: exit code 1, as JSON and as text, also from elsewhere with -C and --gomodcache', async () => {
  const gomodcache = join(cabin.folder, 'another');
  const words = ['--gomodcache', gomodcache, '-C', cabin.main, '--platform', 'windows/amd64', '--no-tools'];
  const asJson = await run(ours('offline', '--json', ...words), {
    cwd: cabin.folder,
    environment: cabin.environment,
  });
  const answer = JSON.parse(asJson.stdout.toString());
  expect([asJson.code, answer.ready, answer.gomodcache]).toEqual([1, false, gomodcache]);
  expect(answer.missing[0]).toEqual({
    module: 'example.org/Lamp',
    version: 'v1.2.0',
    files: ['zip', 'mod'],
    neededFor: ['example.org/Lamp'],
    importedBy: ['example.com/cabin/room', 'example.com/cabin'],
    platforms: ['windows/amd64'],
    certain: true,
  });
  const asText = await offline(words);
  expect(asText.code).toBe(1);
  const text = asText.stdout.toString();
  expect(text).toContain('not ready: 6 files of 3 modules, for 3 packages');
  expect(text).toContain('example.org/shutters v1.1.0   zip, mod\n    for example.org/shutters\n');
  expect(text).toContain('to get it: gocachetop prewarm --platform windows/amd64 --no-tools');
});

test('a toolchain that is not there is told, not downloaded', async () => {
  const goWork = join(cabin.main, 'go.work');
  writeFileSync(goWork, 'go 1.99.3\n\nuse .\n');
  try {
    const { code, stdout } = await offline(['--json'], { GOTOOLCHAIN: 'auto' });
    const answer = JSON.parse(stdout.toString());
    expect([code, answer.ready, answer.packages]).toEqual([
      1,
      false,
      { needed: null, missing: null, complete: false },
    ]);
    expect(answer.toolchain).toMatchObject({
      name: 'go1.99.3',
      there: false,
      module: 'golang.org/toolchain',
      files: ['zip'],
    });
  } finally {
    rmSync(goWork);
  }
});

test.each([
  [['--platform', 'linux'], 2, '--platform linux: it is GOOS/GOARCH, as linux/arm64'],
  [['--platform', 'plan8/amd64'], 2, '--platform plan8/amd64: Go does not know it'],
  [['-C', '/'], 1, '/: nothing to build: there is no go.mod here or above'],
  [['--kind', 'zip'], 2, '--kind is a flag of prune only'],
  [['./...'], 2, 'unexpected word "./..."'],
])('%j', async (words, code, said) => {
  const ended = await offline(words);
  const all = `${ended.stdout}${ended.stderr}`;
  expect([ended.code, all]).toEqual([code, expect.stringContaining(said)]);
  expect(all).not.toMatch(/^\s+at /m);
});
