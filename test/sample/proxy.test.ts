import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleDirectory, sampleEnvironment } from '../../scripts/sample-environment.ts';

const root = resolve(import.meta.dirname, '..', '..');
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sample-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('making the module proxy again gives the same bytes', () => {
  const again = join(folder, 'proxy');
  execFileSync(process.execPath, [join(root, 'scripts', 'make-sample-proxy.ts'), again]);
  const committed = readTree(join(sampleDirectory, 'proxy'));
  expect([...committed.keys()]).toContain('example.org/!quay/columns/@v/v1.2.0.zip');
  expect(readTree(again)).toEqual(committed);
});

test('go downloads from it without a network, and go.sum holds', () => {
  // A proxy that answers nothing, should go ask for anything over the network all the same.
  const noNetwork = { HTTP_PROXY: 'http://127.0.0.1:9', HTTPS_PROXY: 'http://127.0.0.1:9', NO_PROXY: '' };
  const go = (...args: string[]) =>
    execFileSync('go', args, {
      cwd: sampleDirectory,
      env: { ...process.env, ...noNetwork, ...sampleEnvironment(folder) },
      encoding: 'utf8',
    });
  go('mod', 'download');
  expect(go('mod', 'verify')).toBe('all modules verified\n');
  expect(go('list', '-m', 'all').trim().split('\n').sort()).toEqual([
    'example.com/harbour',
    'example.org/Quay/columns v1.2.0',
    'example.org/clockwork v0.3.1',
  ]);
});

/** readTree gives each file below a folder with its bytes. */
function readTree(directory: string): Map<string, string> {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const files = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
  return new Map(files.map((file) => [file.slice(directory.length + 1), readFileSync(file, 'base64')]));
}
