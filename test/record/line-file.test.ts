import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { appendLines } from '../../source/record/line-file.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gocachetop-lines-'));
  file = join(folder, 'state', 'lines');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a line that was torn spoils no other', () => {
  appendLines(file, 'one\n', 1000);
  writeFileSync(file, 'one\ntwo is to', { flag: 'w' });
  appendLines(file, 'three\nfour\n', 1000);
  appendLines(file, 'five\n', 1000);
  expect(readFileSync(file, 'utf8').split('\n')).toEqual(['one', 'two is to', 'three', 'four', 'five', '']);
});

test('it stays below its limit: the oldest half goes, whole lines stay, and no file is left beside it', () => {
  for (let index = 0; index < 500; index++) {
    appendLines(file, `line ${index}\n`, 1000);
    expect(statSync(file).size).toBeLessThanOrEqual(1000);
  }
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const first = 500 - lines.length;
  expect(lines).toEqual(lines.map((_, index) => `line ${first + index}`));
  expect(lines.length).toBeGreaterThan(50);
  expect(readdirSync(join(folder, 'state'))).toEqual(['lines']);
});

test('four processes at once lose no line', async () => {
  const module = join(import.meta.dirname, '..', '..', 'source', 'record', 'line-file.ts');
  const code = `
    import { appendLines } from ${JSON.stringify(module)};
    for (let index = 0; index < 300; index++)
      appendLines(process.argv[1], \`\${process.argv[2]} \${index} \${'x'.repeat(40)}\\n\`, 1_000_000);`;
  const ended = ['a', 'b', 'c', 'd'].map(
    (name) =>
      new Promise((resolve) => {
        spawn(process.execPath, ['--input-type=module', '-e', code, file, name], { stdio: 'inherit' }).once(
          'exit',
          resolve,
        );
      }),
  );
  expect(await Promise.all(ended)).toEqual([0, 0, 0, 0]);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(lines).toHaveLength(1200);
  expect(lines.filter((line) => !/^[a-d] \d+ x{40}$/.test(line))).toEqual([]);
});
