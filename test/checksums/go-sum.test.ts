import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sampleDirectory, sampleEnvironment } from '../../scripts/sample-environment.ts';
import { parseGoSum } from '../../source/checksums/go-sum.ts';
import { hashGoMod, isH1 } from '../../source/checksums/h1.ts';
import { hashZip } from '../../source/checksums/hash-zip.ts';

test.each([
  ['an empty file', '', [], []],
  ['blank lines', '\n  \n', [], []],
  [
    'a zip and a go.mod',
    'a.b/c v1.0.0 h1:x=\na.b/c v1.0.0/go.mod h1:y=\n',
    [
      { path: 'a.b/c', version: 'v1.0.0', isGoMod: false, sum: 'h1:x=', line: 1 },
      { path: 'a.b/c', version: 'v1.0.0', isGoMod: true, sum: 'h1:y=', line: 2 },
    ],
    [],
  ],
  [
    'tabs, carriage returns and no end of line',
    '\ta.b/c\tv1.0.0  h1:x=\r\na.b/c v1.0.0/go.mod h1:y=',
    [
      { path: 'a.b/c', version: 'v1.0.0', isGoMod: false, sum: 'h1:x=', line: 1 },
      { path: 'a.b/c', version: 'v1.0.0', isGoMod: true, sum: 'h1:y=', line: 2 },
    ],
    [],
  ],
  [
    'a mark of a merge, where go build stops',
    '<<<<<<< HEAD\na.b/c v1.0.0 h1:x=\n=======\n',
    [{ path: 'a.b/c', version: 'v1.0.0', isGoMod: false, sum: 'h1:x=', line: 2 }],
    [
      { line: 1, why: 'wrong number of fields 2' },
      { line: 3, why: 'wrong number of fields 1' },
    ],
  ],
  [
    'the sum of an empty go.mod, which Go passes over',
    'a.b/c v1.0.0/go.mod h1:G7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydY=\n',
    [],
    [],
  ],
  [
    'an algorithm of the future',
    'a.b/c v1.0.0 h2:x=\n',
    [{ path: 'a.b/c', version: 'v1.0.0', isGoMod: false, sum: 'h2:x=', line: 1 }],
    [],
  ],
])('go.sum: %s', (_, text, lines, faults) => {
  expect(parseGoSum(text)).toEqual({ lines, faults });
});

test('our sums of what go downloaded are those that go wrote into go.sum', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'go-sum-'));
  try {
    const settings = sampleEnvironment(folder);
    const env = { ...process.env, ...settings };
    execFileSync('go', ['mod', 'download'], { cwd: sampleDirectory, env });
    const { lines } = parseGoSum(readFileSync(join(sampleDirectory, 'go.sum'), 'utf8'));
    expect(lines.length).toBe(4);
    for (const { path, version, isGoMod, sum } of lines) {
      const escaped = path.replace('Quay', '!quay');
      const file = join(settings.GOMODCACHE ?? '', 'cache', 'download', escaped, '@v', version);
      expect(isH1(sum)).toBe(true);
      const found = isGoMod
        ? { h1: hashGoMod(readFileSync(`${file}.mod`)) }
        : await hashZip(`${file}.zip`, `${path}@${version}/`);
      expect(found).toMatchObject({ h1: sum });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
