// npm test: types, lint, unused code, then the tests. All steps run, whatever fails; the last line counts them all.
// Arguments go to vitest: `npm test -- test/build`. With --long only the long tests run, `*.long.test.ts`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { TestCounts } from './skipped-reporter.ts';

const root = resolve(import.meta.dirname, '..');

const checks = [
  ['types', 'tsc', '--noEmit'],
  ['lint', 'biome', 'check', '--error-on-warnings', '.'],
  ['unused code', 'knip', '--no-progress'],
] as const;

let passed = 0;
let failed = 0;

for (const [name, tool, ...args] of checks) {
  console.log(`== ${name}: ${tool} ${args.join(' ')}`);
  if (run(tool, args)) {
    passed += 1;
  } else {
    failed += 1;
    console.log(`FAILED ${name}`);
  }
}

const args = process.argv.slice(2).filter((arg) => arg !== '--long');
const isLong = process.argv.includes('--long');
console.log(isLong ? '== long tests' : '== tests');
const tests = runTests(args);
passed += tests.passed;
failed += tests.failed;
const skipped = tests.skipped > 0 ? `, ${tests.skipped} skipped` : '';
if (!isLong)
  console.log('NOT RUN: the long tests, of planted faults and of kills in the middle: npm run test:long');
console.log(`\n${passed} passed, ${failed} failed${skipped}`);
process.exitCode = failed > 0 ? 1 : 0;

/** runTests runs vitest and reads what its reporter has counted; a run that broke off counts as a failure. */
function runTests(words: readonly string[]): TestCounts {
  const directory = mkdtempSync(join(tmpdir(), 'test-counts-'));
  const file = join(directory, 'counts.json');
  try {
    const isGreen = run('vitest', ['run', ...words], { TEST_COUNTS: file, TEST_LONG: isLong ? '1' : '0' });
    const counts: TestCounts = existsSync(file)
      ? JSON.parse(readFileSync(file, 'utf8'))
      : { passed: 0, failed: 0, skipped: 0 };
    return isGreen || counts.failed > 0 ? counts : { ...counts, failed: 1 };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** run runs a tool of node_modules/.bin under this Node, and tells whether it ended well. */
function run(tool: string, args: readonly string[], environment: Record<string, string> = {}): boolean {
  // The tools' own first line is `#!/usr/bin/env node`.
  const path = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const { status, error } = spawnSync(join(root, 'node_modules', '.bin', tool), args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: path, ...environment },
  });
  if (error !== undefined) console.log(`${tool}: ${error.message}`);
  return status === 0;
}
