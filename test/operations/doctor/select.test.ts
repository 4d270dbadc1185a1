import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { selectToolchain } from '../../../source/operations/doctor/toolchain/select.ts';

let folder: string;
let local: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gocachetop-select-'));
  local = go({ GOTOOLCHAIN: 'local' }, 'env', 'GOVERSION').stdout.trim();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function go(settings: Readonly<Record<string, string>>, ...words: string[]) {
  const environment = {
    PATH: process.env.PATH,
    HOME: folder,
    GOENV: 'off',
    GOPROXY: 'off',
    GOMODCACHE: join(folder, 'mod'),
    GOTELEMETRY: 'off',
  };
  return spawnSync('go', words, { cwd: folder, env: { ...environment, ...settings }, encoding: 'utf8' });
}

/** selectedBy is what go itself chooses: it says what it would download, or looks for on PATH. */
function selectedByGo(gotoolchain: string): string {
  const { stderr, status } = go({ GOTOOLCHAIN: gotoolchain }, 'version');
  const wanted = /^go: downloading (go\S+) \(/m.exec(stderr) ?? /cannot find "(go\S+)" in PATH/.exec(stderr);
  if (wanted?.[1] !== undefined) return wanted[1];
  return status === 0 ? 'local' : stderr.replace(/^go: /, '').trim();
}

test.each([
  ['local', '1.99', undefined],
  ['auto', '1.20', undefined],
  ['auto', '1.99', undefined],
  ['auto', '1.99.3', undefined],
  ['auto', '1.99rc1', undefined],
  ['auto', '1.20', 'go1.98.1'],
  ['auto', '1.99', 'go1.98.1'],
  ['auto', '1.97', 'go1.98.1'],
  ['auto', '1.99', 'default'],
  ['auto', '1.20', 'go1.20.5'],
  ['path', '1.99', undefined],
  ['local+auto', '1.99', undefined],
  ['local+path', '1.20', 'go1.98.1'],
  ['go1.96.2', '1.99', undefined],
  ['go1.96.2+auto', '1.99', undefined],
  ['go1.96.2+auto', '1.20', undefined],
  ['go1.96.2+path', '1.20', 'go1.95.0'],
  ['newest', '1.20', undefined],
  ['newest+auto', '1.20', undefined],
  ['go1.96.2+now', '1.20', undefined],
])('GOTOOLCHAIN=%s with go %s and toolchain %s', (gotoolchain, goLine, toolchainLine) => {
  const lines = [`go ${goLine}`, ...(toolchainLine === undefined ? [] : [`toolchain ${toolchainLine}`])];
  writeFileSync(join(folder, 'go.mod'), `module example.com/m\n\n${lines.join('\n')}\n`);
  const selection = selectToolchain({ gotoolchain, local, goLine, toolchainLine });
  const ours =
    selection.type === 'switch' ? selection.name : selection.type === 'local' ? 'local' : selection.fault;
  expect(ours).toBe(selectedByGo(gotoolchain));
});
