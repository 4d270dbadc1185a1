import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readArchive } from '../../../source/build-cache/archive-file.ts';
import { parseSymbols } from '../../../source/build-cache/archive-symbols.ts';
import { entryFacts } from '../../../source/build-cache/entry/entry-facts.ts';
import { listEntries } from '../../../source/build-cache/entry/entry-rows.ts';
import { probeEntry, probeSymbols } from '../../../source/build-cache/entry/probe.ts';
import { finish } from '../../../source/build-cache/index/steps.ts';
import type { OutputId } from '../../../source/go/ids.ts';
import { type ExportedPackage, type GoSample, libraries, listExported, makeGoSample } from '../go-sample.ts';
import { scanned } from '../index/go-cache.ts';

let sample: GoSample;
let truth: readonly ExportedPackage[];

beforeAll(() => {
  sample = makeGoSample({
    ...libraries(4),
    'text/text.go':
      'package text\n\nimport "strings"\n\nvar table [4096]int\n\nfunc Up(s string) string { table[len(s)]++; return strings.ToUpper(s) }\n',
    'cmd/app/main.go':
      'package main\n\nimport (\n\t"example.com/sample/lib0"\n\t"example.com/sample/text"\n)\n\nfunc main() { println(lib0.Value(), text.Up("x")) }\n',
  });
  truth = listExported(sample, './...');
}, 120_000);

afterAll(() => sample?.remove());

const fileOf = (importPath: string): string =>
  truth.find((each) => each.importPath === importPath)?.file ?? '';
const outputOf = (importPath: string) => basename(fileOf(importPath)).slice(0, 64) as OutputId;

test('the largest outputs are those that find and sort give', async () => {
  const { index, owners } = await scanned(sample.gocache);
  const sizes = execFileSync('find', [sample.gocache, '-name', '*-d', '-type', 'f', '-printf', '%s\\n'], {
    encoding: 'utf8',
  })
    .trim()
    .split('\n')
    .map(Number)
    .sort((one, other) => other - one);
  const list = finish(listEntries(index, owners, { by: 'all' }, 20));
  expect(list.rows.map(({ bytes }) => bytes)).toEqual(sizes.slice(0, 20));
  expect(list.count).toBe(sizes.length);
  expect(list.bytes).toBe(sizes.reduce((sum, each) => sum + each, 0));
  const all = finish(listEntries(index, owners, { by: 'all' }, sizes.length + 5));
  expect(all.rows.map(({ bytes }) => bytes)).toEqual(sizes);
});

test('the entries of a variant, of a kind and of an age are theirs alone', async () => {
  const { index, owners } = await scanned(sample.gocache);
  const lib = finish(entryFacts(index, owners, outputOf('example.com/sample/lib0')));
  const name = owners.outputs[index.outputs.find(outputOf('example.com/sample/lib0')) ?? -1] ?? -1;
  const ofName = finish(listEntries(index, owners, { by: 'name', name }, 100));
  expect(ofName.rows.map(({ id }) => id)).toContain(lib?.id);
  expect(new Set(ofName.rows.map(({ importPath }) => importPath))).toEqual(
    new Set(['example.com/sample/lib0']),
  );
  const archives = finish(listEntries(index, owners, { by: 'kind', kind: 'archive' }, 1000));
  expect(archives.count).toBe(truth.length);
  const now = Date.now();
  const aged = (from: number, until: number) =>
    finish(listEntries(index, owners, { by: 'age', from, until }, 10)).count;
  expect(aged(now - 86_400_000, Number.POSITIVE_INFINITY)).toBe(index.outputs.count);
  expect(aged(0, now - 86_400_000)).toBe(0);
});

describe('an archive', () => {
  test('is named with its action entry, its header, and what it imports, as go list says', async () => {
    const { index, owners } = await scanned(sample.gocache);
    const facts = finish(entryFacts(index, owners, outputOf('example.com/sample/cmd/app')));
    if (facts === undefined) throw new Error('it is not in the index');
    expect(facts).toMatchObject({
      kind: 'archive',
      importPath: 'example.com/sample/cmd/app',
      actionCount: 1,
    });
    const content = await probeEntry(sample.gocache, facts);
    const imports = sample.go('list', '-f', '{{join .Imports "\\n"}}', './cmd/app').trim().split('\n');
    // The compiler adds runtime to what a package imports.
    expect(content.imports?.filter((path) => path !== 'runtime')).toEqual(imports.sort());
    expect(content.header).toMatch(/^go object \w+ \w+ go1\.\d+/);
    const buildId = truth.find(({ importPath }) => importPath === 'example.com/sample/cmd/app')?.buildId;
    expect(content.buildId).toBe(buildId);
    expect(Buffer.from(facts.actions[0]?.id.slice(0, 30) ?? '', 'hex').toString('base64url')).toBe(
      buildId?.split('/')[0],
    );
    expect(content).toMatchObject({ isWhole: true, isText: false });
  });

  test('has the symbols that go tool nm lists, with their sizes', () => {
    const file = fileOf('example.com/sample/text');
    // Built by go tool in the GOCACHE of this machine, not in the one that is looked at.
    const listed = execFileSync('go', ['tool', 'nm', '-size', '-sort', 'size', file], { encoding: 'utf8' })
      .trim()
      .split('\n')
      // An address, a size, a letter, a name; what is not defined here has neither address nor size, and <1> says static.
      .flatMap((line) => {
        const [, size, name] = /^\s*[0-9a-f]+\s+(\d+) \w (.*)$/.exec(line) ?? [];
        return name === undefined ? [] : `${name.replace(/<1>$/, '')} ${size}`;
      });
    expect(listed.length).toBeGreaterThan(5);
    const table = readArchive(file, (read) => parseSymbols(read, 1000));
    if ('fault' in table) throw new Error(table.fault);
    const ours = table.symbols.map(({ name, bytes }) => `${name} ${bytes}`);
    expect(ours).toEqual(expect.arrayContaining(listed));
    expect(table.symbols[0]?.bytes).toBe(Math.max(...table.symbols.map(({ bytes }) => bytes)));
    expect(table.symbols.find(({ name }) => name.endsWith('text.table'))).toMatchObject({
      section: 'bss',
      bytes: 4096 * 8,
    });
    expect(table.symbols.find(({ name }) => name.endsWith('text.Up'))?.section).toBe('text');
    expect(probeSymbols(sample.gocache, outputOf('example.com/sample/text'), 3).symbols).toHaveLength(3);
  }, 120_000);

  test('was never used until a build reads it, and our own reads are none', async () => {
    sample.write({ 'fresh/fresh.go': 'package fresh\n\nfunc F() int { return 7 }\n' });
    sample.go('build', './fresh');
    const importPath = 'example.com/sample/fresh';
    const look = async () => {
      const { index, owners } = await scanned(sample.gocache);
      const row = finish(listEntries(index, owners, { by: 'kind', kind: 'archive' }, 1000)).rows.find(
        (each) => each.importPath === importPath,
      );
      const facts = row && finish(entryFacts(index, owners, row.id));
      if (facts === undefined) throw new Error('it is not in the index');
      return (await probeEntry(sample.gocache, facts)).wasUsed;
    };
    const first = await look();
    if (first === undefined) return expect(noAtimes(sample.gocache)).toBe(true); // nothing tells on this file system
    expect([first, await look()]).toEqual([false, false]);
    // The atime is kept to a second or finer: a use within one would look like the write itself.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    sample.go('build', './fresh');
    expect(await look()).toBe(true);
  }, 60_000);

  test('with wrong bytes is told, and one that is gone is no entry', async () => {
    const copy = makeGoSample(libraries(1));
    try {
      copy.go('build', './...');
      const { index, owners } = await scanned(copy.gocache);
      const [row] = finish(listEntries(index, owners, { by: 'kind', kind: 'archive' }, 1)).rows;
      const facts = row && finish(entryFacts(index, owners, row.id));
      if (facts === undefined) throw new Error('there is no archive');
      const file = (await probeEntry(copy.gocache, facts)).file;
      const bytes = readFileSync(file);
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
      writeFileSync(file, bytes);
      utimesSync(file, 1, 1);
      expect((await probeEntry(copy.gocache, facts)).isWhole).toBe(false);
      rmSync(file);
      await expect(probeEntry(copy.gocache, facts)).rejects.toThrow(/ENOENT/);
      expect(finish(entryFacts((await scanned(copy.gocache)).index, owners, facts.id))).toBeUndefined();
    } finally {
      copy.remove();
    }
  }, 60_000);
});

test('the empty output has many action entries, of which the newest are listed', async () => {
  const { index, owners } = await scanned(sample.gocache);
  const empty = createHash('sha256').digest('hex') as OutputId;
  const facts = finish(entryFacts(index, owners, empty));
  expect(facts?.actionCount).toBeGreaterThan(20);
  expect(facts?.actions).toHaveLength(20);
  expect(facts && (await probeEntry(sample.gocache, facts)).head).toHaveLength(0);
});

test('an executable of go run is a folder, and go version -m says what is in it', async () => {
  sample.go('run', './cmd/app');
  const { index, owners } = await scanned(sample.gocache);
  const [row] = finish(listEntries(index, owners, { by: 'kind', kind: 'executable' }, 1)).rows;
  const facts = row && finish(entryFacts(index, owners, row.id));
  if (facts === undefined) throw new Error('there is no executable');
  const content = await probeEntry(sample.gocache, facts);
  expect(basename(content.file)).toBe('app');
  expect(content.program?.join('\n')).toContain('example.com/sample/cmd/app');
  expect(content.isWhole).toBe(true);
}, 60_000);

function noAtimes(path: string): boolean {
  const options = execFileSync('findmnt', ['-no', 'OPTIONS', '-T', path], { encoding: 'utf8' });
  return options.includes('noatime');
}
