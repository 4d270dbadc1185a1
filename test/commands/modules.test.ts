import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mountOf } from '../../source/platform/mounts.ts';
import { sizeOfTree, usedLab } from '../modules/module-lab.ts';

let lab: ReturnType<typeof usedLab>;
beforeAll(() => {
  lab = usedLab();
}, 120_000);
afterAll(() => lab?.remove());

// biome-ignore lint/suspicious/noExplicitAny: the form of the answer is what is tested
type Answer = any;

async function json(cwd: string, ...words: readonly string[]): Promise<Answer> {
  const ended = await lab.cli(cwd, 'modules', '--json', ...words);
  expect(ended.stderr.toString()).toBe('');
  expect(ended.code).toBe(0);
  return JSON.parse(ended.stdout.toString());
}

const version = (answer: Answer, name: string): Answer =>
  answer.modules.find((each: Answer) => `${each.path}@${each.version}` === name);

describe('modules --json', () => {
  test('has all of the contract, and its parts are the whole', async () => {
    const answer = await json(lab.folder, '--root', 'src');
    expect(answer).toMatchObject({
      schema: 'gocachetop.modules/1',
      gomodcache: lab.gomodcache,
      problems: [],
    });
    const sum = (values: readonly number[]) => values.reduce((total, each) => total + each, 0);
    const parts =
      sum(answer.modules.map(({ zipBytes, dirBytes }: Answer) => zipBytes + dirBytes)) +
      sum(answer.other.map(({ bytes }: Answer) => bytes));
    const { bytes, files } = sizeOfTree(lab.gomodcache);
    expect({ parts, bytes: answer.bytes, files: answer.files }).toEqual({ parts: bytes, bytes, files });
    const du = execFileSync('du', ['-sk', lab.gomodcache], { encoding: 'utf8' });
    expect(answer.diskBytes).toBe(Number(du.split('\t')[0]) * 1024);
    expect(version(answer, 'example.com/Team/a@v1.1.0')).toMatchObject({
      state: 'complete',
      files: 3,
      missing: [],
      lastUsed: expect.stringMatching(/^\d{4}-.*Z$/),
      from: expect.stringMatching(/^file:/),
    });
    expect(version(answer, 'example.com/old@v2.0.0+incompatible')).toMatchObject({ state: 'complete' });
  });

  test('says who needs what, through which path', async () => {
    const answer = await json(lab.folder, '--root', 'src');
    const [one, two] = [join(lab.one, 'go.mod'), join(lab.two, 'go.mod')];
    expect(answer.roots.map(({ file }: Answer) => file)).toEqual([one, two]);
    expect(version(answer, 'example.com/Team/a@v1.1.0')).toMatchObject({
      neededBy: [one],
      neededFor: 'build',
    });
    expect(version(answer, 'example.com/Team/a@v1.2.0')).toMatchObject({
      neededBy: [two],
      neededFor: 'build',
    });
    expect(version(answer, 'example.com/b@v1.0.0').needs).toEqual([
      { file: one, root: one, kind: 'build', path: ['example.org/one', 'example.com/b@v1.0.0'] },
    ]);
    // b requires it, one has a newer one: its go.mod is still read... no longer, since a prunes what is behind b.
    expect(version(answer, 'example.com/Team/a@v1.0.0')).toMatchObject({ supersededBy: 'v1.1.0' });
    expect(version(answer, 'example.com/Team/a@v1.3.0-rc.1')).toMatchObject({
      neededBy: [],
      neededFor: 'nobody',
      supersededBy: null,
    });
  });

  test('the main module here counts, and no other', async () => {
    const answer = await json(lab.two);
    expect(answer.roots.map(({ file }: Answer) => file)).toEqual([join(lab.two, 'go.mod')]);
    expect(version(answer, 'example.com/b@v1.0.0')).toMatchObject({ neededBy: [], neededFor: 'nobody' });
  });

  test('without a root it does not know', async () => {
    const answer = await json(lab.folder);
    expect(version(answer, 'example.com/b@v1.0.0')).toMatchObject({
      neededBy: null,
      neededFor: null,
      needs: [],
    });
  });

  test('only the modules asked for; the sum stays that of all', async () => {
    const answer = await json(lab.folder, 'example.com/Team/...', 'example.com/b@v1.0.0');
    expect(new Set(answer.modules.map(({ path }: Answer) => path))).toEqual(
      new Set(['example.com/Team/a', 'example.com/b']),
    );
    expect(answer.bytes).toBe(sizeOfTree(lab.gomodcache).bytes);
  });
});

test('a root that is none is a problem, exit 1', async () => {
  const ended = await lab.cli(lab.folder, 'modules', '--json', '--root', 'nowhere');
  expect(ended.code).toBe(1);
  expect(JSON.parse(ended.stdout.toString()).problems).toMatchObject([
    { where: join(lab.folder, 'nowhere'), what: 'cannot be a root' },
  ]);
});

test('a page of text', async () => {
  const ended = await lab.cli(lab.one, 'modules');
  expect(ended.stdout.toString()).toContain('needed by none of 1 root');
  expect(ended.stdout.toString()).toMatch(/complete +example\.com\/Team\/a@v1\.1\.0 {2}for one\n/);
});

describe('last use', () => {
  const hashFile = () => join(lab.gomodcache, 'cache/download/example.com/!team/a/@v/v1.1.0.ziphash');

  test('is when a build read the .ziphash, also a warm one; our own look leaves it', async ({ skip }) => {
    if (mountOf(lab.gomodcache)?.options.includes('noatime') !== false)
      return skip('no access times here: NOT tested');
    const old = Date.now() / 1000 - 40 * 3600;
    const lastUsed = async () =>
      Date.parse(version(await json(lab.one), 'example.com/Team/a@v1.1.0').lastUsed);
    for (const kind of ['ziphash', 'mod', 'info', 'zip'])
      utimesSync(hashFile().replace(/ziphash$/, kind), old, old);
    expect(Math.abs((await lastUsed()) / 1000 - old)).toBeLessThan(1);
    await lab.cli(lab.one, 'modules', '--root', lab.folder);
    expect(Math.abs((await lastUsed()) / 1000 - old)).toBeLessThan(1);
    expect(statSync(hashFile().replace(/ziphash$/, 'mod')).atimeMs / 1000).toBeCloseTo(old, 0);
    const before = Date.now();
    lab.go(lab.one, 'build', './...');
    expect(await lastUsed()).toBeGreaterThanOrEqual(before - 20);
  });
});

test('vendored modules, a go.sum that says more, and a graph that is not whole', async () => {
  const vendored = lab.main('more/vendored', {
    'go.mod': readFileSync(join(lab.one, 'go.mod'), 'utf8'),
    'go.sum': readFileSync(join(lab.one, 'go.sum'), 'utf8'),
    'main.go': readFileSync(join(lab.one, 'main.go'), 'utf8'),
  });
  lab.go(vendored, 'mod', 'vendor');
  const list = join(vendored, 'vendor/modules.txt');
  const first = await json(vendored);
  expect(version(first, 'example.com/b@v1.0.0')).toMatchObject({
    neededBy: [list],
    needs: [{ kind: 'vendor' }],
  });

  const chatty = lab.main('more/chatty', {
    'go.mod': readFileSync(join(lab.two, 'go.mod'), 'utf8'),
    'go.sum': readFileSync(join(lab.two, 'go.sum'), 'utf8'),
  });
  appendFileSync(join(chatty, 'go.sum'), readFileSync(join(lab.one, 'go.sum')));
  expect(version(await json(chatty), 'example.com/b@v1.0.0')).toMatchObject({
    neededBy: [],
    neededFor: 'nobody',
    needs: [{ kind: 'sum', file: join(chatty, 'go.sum') }],
  });
  // Its own go.mod names a version whose go.mod is gone: what it needs is not known, so all of go.sum counts.
  const mod = join(lab.gomodcache, 'cache/download/example.com/!team/a/@v/v1.2.0.mod');
  const text = readFileSync(mod);
  rmSync(mod);
  try {
    const answer = await json(chatty);
    expect(answer.roots[0].missing).toEqual(['example.com/Team/a@v1.2.0']);
    expect(version(answer, 'example.com/b@v1.0.0')).toMatchObject({ neededFor: 'build' });
  } finally {
    appendFileSync(mod, text);
  }
});
