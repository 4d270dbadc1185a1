import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readArchiveIdentity } from '../../source/build-cache/archive-file.ts';
import { type ArchiveIdentity, parseArchiveHeader } from '../../source/build-cache/archive-header.ts';
import { originOf } from '../../source/build-cache/archive-origin.ts';
import { type GoSample, listExported, makeGoSample } from './go-sample.ts';

// The present GOCACHE of the user, which mostly has the standard library already; an own one would compile it each time.
const gocache = execFileSync('go', ['env', 'GOCACHE'], { encoding: 'utf8' }).trim();

describe('archives that a real go command made', { timeout: 300_000 }, () => {
  let sample: GoSample;
  beforeAll(() => {
    sample = makeGoSample(
      {
        'main.go': 'package main\n\nimport "example.com/sample/a"\n\nfunc main() { println(a.A()) }\n',
        'a/a.go': 'package a\n\nimport "errors"\n\nfunc A() error { return errors.New("a") }\n',
        'a/a_test.go': 'package a\n\nimport "testing"\n\nfunc TestA(t *testing.T) { A() }\n',
        'a/b_test.go':
          'package a_test\n\nimport (\n\t"testing"\n\n\t"example.com/sample/a"\n)\n\nfunc TestB(t *testing.T) { a.A() }\n',
        'only/only_test.go': 'package only\n\nimport "testing"\n\nfunc TestOnly(t *testing.T) {}\n',
        'quiet/quiet.go': 'package quiet\n\nfunc Quiet() int { return 1 }\n',
      },
      gocache,
    );
  });
  afterAll(() => sample.remove());

  test('are named as go list names them, tests and programs too', () => {
    const packages = listExported(sample, '-test', './...');
    expect(packages.length).toBeGreaterThan(30);
    for (const { importPath, name, file, buildId, directory, isStandard } of packages) {
      const archive = identityOf(file);
      const isProgram = importPath === 'example.com/sample';
      expect({ file, unit: archive.unitName }).toEqual({ file, unit: isProgram ? undefined : importPath });
      expect(archive.packageName).toBe(name);
      expect(`${archive.buildId?.action}/${archive.buildId?.content}`).toBe(buildId);
      expect(archive.isMain).toBe(name === 'main');
      expect(archive.goVersion).toMatch(/^go1\./);
      expect([archive.isRace, archive.isCover]).toEqual([false, false]);
      if (!isStandard && archive.variant !== 'test-main') expect(archive.directory).toBe(directory);
    }
    const variants = packages.map(({ file }) => identityOf(file).variant);
    expect(new Set(variants)).toEqual(new Set(['plain', 'test', 'external-test', 'test-main']));
  });

  test.each([
    [['-race'], { isRace: true, isCover: false }],
    [['-cover'], { isRace: false, isCover: true }],
    [['-gcflags=-N -l'], { isRace: false, isCover: false, flags: ['-N', '-l'] }],
    [['-trimpath'], { directory: 'example.com/sample/quiet' }],
  ])('made with %j say so', (flags, expected) => {
    const [archive] = listExported(sample, ...flags, './quiet').filter(({ isStandard }) => !isStandard);
    expect(identityOf(archive?.file ?? '')).toMatchObject({
      unitName: 'example.com/sample/quiet',
      ...expected,
    });
  });

  test('cut anywhere give a fault, not a wrong name', () => {
    const [archive] = listExported(sample, './quiet');
    const bytes = readFileSync(archive?.file ?? '');
    const whole = identityOf(archive?.file ?? '').unitName;
    for (let length = 0; length < bytes.length; length += 97) {
      const cut = bytes.subarray(0, length);
      const read = (offset: number, count: number) => cut.subarray(offset, offset + count);
      const found = parseArchiveHeader(read);
      if (!('fault' in found)) expect(found.unitName).toBe(whole);
    }
    const copy = join(sample.directory, 'cut.a');
    copyFileSync(archive?.file ?? '', copy);
    truncateSync(copy, 700);
    expect(readArchiveIdentity(copy)).toHaveProperty('fault');
  });
});

test('a file that is none, or not there, is a fault', () => {
  expect(readArchiveIdentity(import.meta.filename)).toEqual({ fault: 'not the start of an archive file' });
  expect(readArchiveIdentity('/nowhere/x-d')).toMatchObject({ fault: expect.stringContaining('ENOENT') });
});

describe('originOf', () => {
  const gomodcache = '/home/gopher/go/pkg/mod';
  test.each([
    [
      'a module in GOMODCACHE, with capital letters',
      'github.com/BurntSushi/toml/internal',
      [`${gomodcache}/github.com/!burnt!sushi/toml@v1.5.0/internal/tz.go`],
      { module: { path: 'github.com/BurntSushi/toml', version: 'v1.5.0' } },
    ],
    [
      'a major version, at the root of its module',
      'example.com/m/v2',
      [`${gomodcache}/example.com/m/v2@v2.0.1/m.go`],
      { module: { path: 'example.com/m/v2', version: 'v2.0.1' } },
    ],
    [
      '-trimpath',
      'example.com/m/a',
      ['example.com/m@v1.0.0/a/a.go'],
      { module: { path: 'example.com/m', version: 'v1.0.0' }, directory: 'example.com/m@v1.0.0/a' },
    ],
    [
      'a cgo package, whose generated files come first',
      'example.com/m',
      ['_cgo_gotypes.go', '/src/m/m.go'],
      { directory: '/src/m', variant: 'plain' },
    ],
    [
      'generics only',
      'example.com/m',
      ['<autogenerated>'],
      { directory: undefined, unitName: 'example.com/m' },
    ],
    [
      'a package that is only named like a test',
      'example.com/load_test',
      ['/src/load_test/load.go'],
      { variant: 'plain', unitName: 'example.com/load_test' },
    ],
    [
      'a function inlined from testing does not make a test',
      'example.com/m',
      ['/src/m/m.go', '$GOROOT/src/testing/x_test.go'],
      { variant: 'plain' },
    ],
  ])('%s', (_, importPath, files, expected) => {
    const packageName = importPath.slice(importPath.lastIndexOf('/') + 1);
    expect(originOf({ importPath, packageName, files, imports: [] })).toMatchObject(expected);
  });

  test.each([
    [['os', 'testing', 'testing/internal/testdeps', 'example.com/m'], 'example.com/m'],
    [['testing', 'example.com/m', 'example.com/m_test'], 'example.com/m'],
    [['os', 'testing'], undefined], // the test of os or of testing: cannot be told
  ])('a test main that imports %j tests %s', (imports, testOf) => {
    const origin = originOf({ importPath: 'main', packageName: 'main', files: ['_testmain.go'], imports });
    expect(origin).toMatchObject({ variant: 'test-main', testOf, unitName: testOf && `${testOf}.test` });
  });
});

function identityOf(file: string): ArchiveIdentity {
  const found = readArchiveIdentity(file);
  if ('fault' in found) throw new Error(`${file}: ${found.fault}`);
  return found;
}
