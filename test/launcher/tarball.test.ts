import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder, root, run } from './installation.ts';

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

// What npm says when it cannot reach its registry, or may not.
const unreachable = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTCACHED|ENETUNREACH|E403|E401/;

test('the packed package holds what it needs, and runs after npm i -g', { timeout: 180_000 }, async ({
  skip,
}) => {
  const folder = makeFolder();
  // Without scripts: dist/ has just been bundled for this run.
  const packed = await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root });
  expect(packed).toMatchObject({ code: 0 });
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';

  const listed = await run('tar', ['-tzf', join(folder, tarball)]);
  const files = listed.stdout.trim().split('\n');
  expect(files).toContain('package/bin/gocachetop.js');
  expect(files).toContain('package/dist/main.js');
  expect(files.filter((file) => !/^package\/(?:bin|dist|package\.json|LICENSE|README)/.test(file))).toEqual(
    [],
  );

  const prefix = join(folder, 'prefix');
  mkdirSync(prefix);
  const options = ['--prefix', prefix, '--prefer-offline', '--no-audit', '--no-fund', '--fetch-retries', '0'];
  const installed = await run('npm', ['install', '--global', ...options, join(folder, tarball)]);
  if (installed.code !== 0 && unreachable.test(installed.stderr)) skip(`npm cannot reach its registry`);
  expect(installed).toMatchObject({ code: 0 });

  const result = await run(join(prefix, 'bin', 'gocachetop'), ['--version'], { cwd: folder });
  expect(result).toMatchObject({ code: 0, stderr: '' });
  expect(result.stdout).toContain(version);
});
