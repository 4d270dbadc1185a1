import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type GoSample, libraries, listExported, makeGoSample } from '../build-cache/go-sample.ts';
import { type Ended, ours, run } from '../plain/sandbox.ts';

let sample: GoSample;
let copy: string;
let top: string;

/** The cache of a small module is built once; each test works on a copy of it. */
beforeAll(() => {
  sample = makeGoSample({
    ...libraries(6),
    'lib0/lib_test.go': 'package lib0\n\nimport "testing"\n\nfunc TestValue(t *testing.T) { Value() }\n',
  });
  sample.go('build', './...');
  top = join(sample.directory, '..');
}, 120_000);

afterAll(() => sample?.remove());

beforeEach(() => {
  copy = join(top, 'copy');
  rmSync(copy, { recursive: true, force: true });
  execFileSync('cp', ['-a', sample.gocache, copy]);
});

function cli(...words: readonly string[]): Promise<Ended> {
  return run(ours(...words, '--gocache', copy), {
    cwd: sample.directory,
    environment: { ...process.env, GOFLAGS: '', GOPROXY: 'off', XDG_STATE_HOME: join(top, 'state') },
  });
}

// biome-ignore lint/suspicious/noExplicitAny: the form of the answer is what is tested
type Answer = any;

async function json(
  ...words: readonly string[]
): Promise<{ code: number | null; answer: Answer; stderr: string }> {
  const ended = await cli(...words, '--json');
  return { code: ended.code, answer: JSON.parse(ended.stdout.toString()), stderr: ended.stderr.toString() };
}

/** compiles builds the module against the copy and names what was compiled. */
function compiles(...packages: readonly string[]): string[] {
  const ran = execFileSync('sh', ['-c', `go build -x ${packages.join(' ')} 2>&1`], {
    cwd: sample.directory,
    env: { ...process.env, GOCACHE: copy, GOFLAGS: '', GOPROXY: 'off' },
    encoding: 'utf8',
  });
  return [...ran.matchAll(/\/compile -o .*? -p (\S+)/g)].flatMap(([, path]) => path ?? []).sort();
}

/** age sets back the times of entries, as if they were last used then; without a filter all of them. */
function age(days: number, wanted: (name: string) => boolean = () => true): void {
  const at = Date.now() / 1000 - days * 86_400;
  for (const name of entries().filter(wanted)) utimesSync(join(copy, name), at, at);
}

function entries(): string[] {
  return readdirSync(copy, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /^..\/[0-9a-f]{64}-[ad]$/.test(name),
  );
}

function archiveOf(path: string): string {
  const file =
    listExported(sample, path).find(({ importPath }) => importPath.endsWith(path.slice(1)))?.file ?? '';
  const id = basename(file);
  return join(copy, id.slice(0, 2), id);
}

describe('scan', () => {
  test('names packages, and its sums are those of the files', async () => {
    const { code, answer, stderr } = await json('scan');
    expect([code, stderr]).toEqual([0, '']);
    const sizes = entries().map((name) => statSync(join(copy, name)).size);
    expect(answer).toMatchObject({
      schema: 'gocachetop.scan/1',
      gocache: copy,
      entries: {
        action: entries().filter((name) => name.endsWith('-a')).length,
        output: entries().filter((name) => name.endsWith('-d')).length,
      },
      bytes: sizes.reduce((sum, size) => sum + size, 0),
      fuzzBytes: 0,
      problems: [],
    });
    const paths = answer.packages.map(({ importPath }: { importPath: string }) => importPath);
    for (let index = 0; index < 6; index++) expect(paths).toContain(`example.com/sample/lib${index}`);
    const kinds = answer.kinds.reduce((sum: number, { bytes }: { bytes: number }) => sum + bytes, 0);
    expect(kinds).toBe(answer.bytes);
    const attributed = answer.packages.reduce((sum: number, { bytes }: { bytes: number }) => sum + bytes, 0);
    expect(attributed + answer.unattributed.bytes).toBe(answer.bytes);
  });

  test('tells what the next trim takes, as Go does it', async () => {
    age(6, (name) => name.startsWith('0'));
    const old = entries().filter((name) => name.startsWith('0'));
    const { answer } = await json('scan');
    expect(answer.trim.entries).toBe(old.length);
    writeFileSync(join(copy, 'trim.txt'), '1000000000');
    compiles('./lib5');
    expect(
      entries().filter(
        (name) => old.includes(name) && statSync(join(copy, name)).mtimeMs < Date.now() - 86_400_000,
      ),
    ).toEqual([]);
  });

  test('--check finds an archive of the right size with wrong bytes, and a prune of it cures the build', async () => {
    const archive = archiveOf('./lib3');
    const bytes = readFileSync(archive);
    const at = Math.floor(bytes.length / 2);
    bytes[at] = (bytes[at] ?? 0) ^ 0xff;
    writeFileSync(archive, bytes);
    const { code, answer } = await json('scan', '--check');
    expect(code).toBe(1);
    expect(answer.problems).toHaveLength(1);
    expect(answer.problems[0]).toMatchObject({
      where: archive,
      what: 'damaged: example.com/sample/lib3 (archive)',
    });
    expect((await json('prune', '--damaged', '--yes')).answer.removed.entries).toBeGreaterThan(0);
    expect((await json('scan', '--check')).answer.problems).toEqual([]);
    expect(compiles('./...')).toEqual(['example.com/sample/lib3']);
  });

  test('as text names the largest packages', async () => {
    const ended = await cli('scan');
    expect(ended.stdout.toString()).toMatch(/example\.com\/sample\/lib0 +\S+ [KM]?i?B/);
  });

  test('a GOCACHE that does not exist is empty', async () => {
    rmSync(copy, { recursive: true });
    const { code, answer } = await json('scan');
    expect([code, answer.bytes, answer.oldest]).toEqual([0, 0, null]);
  });
});

describe('prune', () => {
  test('--dry-run says what would go and touches nothing', async () => {
    const before = entries().length;
    const { code, answer } = await json('prune', '--package', 'example.com/sample/lib2', '--dry-run');
    expect([code, answer.dryRun, answer.packages]).toEqual([0, true, ['example.com/sample/lib2']]);
    expect(answer.selected.entries).toBeGreaterThanOrEqual(4);
    expect(answer.removed).toEqual({ entries: 0, bytes: 0 });
    expect(entries().length).toBe(before);
  });

  test('--package with ... takes those packages and nothing else', async () => {
    const { code, answer } = await json('prune', '--package', 'example.com/sample/lib1/...', '--yes');
    expect([code, answer.kept, answer.undo, answer.problems]).toEqual([0, [], null, []]);
    expect(answer.removed).toEqual(answer.selected);
    expect(compiles('./...')).toEqual(['example.com/sample/lib1']);
  });

  test('--unused-for keeps what was used since, by the newest time of an output and its action entries', async () => {
    age(20);
    // Go keeps the old time of an output that it made again: only its action entry is new.
    const lib4 = basename(archiveOf('./lib4')).slice(0, 64);
    for (const name of entries().filter((each) => each.endsWith('-a'))) {
      if (!readFileSync(join(copy, name), 'latin1').includes(lib4)) continue;
      utimesSync(join(copy, name), Date.now() / 1000, Date.now() / 1000);
    }
    const { code } = await json('prune', '--unused-for', '14d', '--yes');
    expect(code).toBe(0);
    expect(existsSync(archiveOf('./lib4'))).toBe(true);
    expect(compiles('./...')).not.toContain('example.com/sample/lib4');
  });

  test('--max-size takes the least recently used until it fits', async () => {
    age(3, (name) => name < '80');
    age(1, (name) => name >= '80');
    const { bytes } = (await json('scan')).answer;
    const limit = Math.floor(bytes * 0.6);
    const { answer } = await json('prune', '--max-size', String(limit), '--yes');
    const after = (await json('scan')).answer;
    expect(after.bytes).toBeLessThanOrEqual(limit);
    expect(after.bytes).toBeGreaterThan(limit * 0.5);
    expect(answer.removed.bytes).toBe(bytes - after.bytes);
    expect((await json('prune', '--max-size', String(limit), '--yes')).answer.removed.entries).toBe(0);
  });

  test('--superseded takes the archive that was not used last', async () => {
    const first = archiveOf('./lib5');
    age(2);
    writeFileSync(
      join(sample.directory, 'lib5', 'lib.go'),
      'package lib5\n\nfunc Value() int { return 77 }\n',
    );
    try {
      compiles('./lib5');
      const { answer } = await json('prune', '--superseded', '--yes');
      expect(answer.packages).toEqual(['example.com/sample/lib5']);
      expect(existsSync(first)).toBe(false);
      expect(compiles('./lib5')).toEqual([]);
    } finally {
      sample.write(libraries(6));
    }
  });

  test('--variant, --go-version and --sources-in take what they name', async () => {
    const only = async (...words: string[]): Promise<Answer> =>
      (await json('prune', ...words, '--dry-run')).answer.selected;
    const [{ variant }] = (await json('scan')).answer.packages[0].variants;
    const version = sample.go('env', 'GOVERSION').trim();
    const lib1 = join(sample.directory, 'lib1');
    const [all, one] = [await only('--package', '...'), await only('--package', 'example.com/sample/lib1')];
    expect(all.entries).toBeGreaterThan(one.entries);
    expect(await only('--variant', variant)).toEqual(all);
    expect(await only('--variant', `${variant} ${version}`)).toEqual(all);
    expect(await only('--go-version', version)).toEqual(all);
    expect(await only('--go-version', version.slice(2))).toEqual(all);
    expect(await only('--sources-in', sample.directory)).toEqual(all);
    expect(await only('--sources-in', `${lib1}/`, '--variant', variant)).toEqual(one);
    // The command runs in the module.
    expect(await only('--sources-in', 'lib1')).toEqual(one);
    for (const other of [
      ['--variant', `${variant} race`],
      ['--go-version', 'go1.2'],
      ['--sources-in', join(sample.directory, 'lib')],
    ])
      expect(await only(...other)).toEqual({ entries: 0, bytes: 0 });
  });

  test('--kind takes one kind', async () => {
    await json('prune', '--kind', 'index', '--yes');
    const { kinds } = (await json('scan')).answer;
    expect(kinds.find(({ kind }: { kind: string }) => kind === 'index')).toMatchObject({ entries: 0 });
    expect(compiles('./...')).toEqual([]);
  });

  test('--keep moves it to a trash, and undo puts it back with its times: the next build hits', async () => {
    age(1);
    const before = new Map(entries().map((name) => [name, statSync(join(copy, name)).mtimeMs]));
    const pruned = await json('prune', '--package', 'example.com/...', '--keep', '2d', '--yes');
    expect(pruned.answer.undo).toEqual(expect.any(String));
    expect(entries().length).toBe(before.size - pruned.answer.removed.entries);
    const undone = await json('undo', '--yes');
    expect(undone).toMatchObject({
      code: 0,
      answer: { restored: { entries: pruned.answer.removed.entries } },
    });
    expect(new Map(entries().map((name) => [name, statSync(join(copy, name)).mtimeMs]))).toEqual(before);
    expect(compiles('./...')).toEqual([]);
    const again = await cli('undo', '--yes');
    expect([again.code, again.stderr.toString()]).toEqual([1, expect.stringMatching(/nothing to put back/)]);
    expect(readFileSync(join(top, 'state', 'gocachetop', 'removals.ndjson'), 'utf8')).toMatch(
      /"what":"undo"/,
    );
  });

  test.each([
    [['prune'], /needs a selector/],
    [['prune', '--unused-for', 'old', '--yes'], /an age is a number and a unit/],
    [['prune', '--max-size', 'big', '--yes'], /a size is as 500MB/],
    [['prune', '--kind', 'nope', '--yes'], /kinds are archive, test/],
    [['prune', '--unused-for', '1d'], /needs --yes/],
    [['prune', '--superseded', '--yes', '--read-only'], /--read-only/],
    [['scan', '--yes'], /--yes is a flag of prune/],
    [['clean'], /needs --yes/],
  ])('%j: exit 2, one line, and nothing is touched', async (words, message) => {
    age(2);
    const before = entries();
    const ended = await cli(...words);
    expect(ended.stderr.toString()).toMatch(message);
    expect(ended.code).toBe(2);
    expect(entries()).toEqual(before);
  });

  test('refuses a folder that is no GOCACHE', async () => {
    rmSync(copy, { recursive: true });
    mkdirSync(join(copy, 'ab'), { recursive: true });
    const id = 'ab'.repeat(32);
    writeFileSync(join(copy, 'ab', `${id}-d`), 'mine');
    const ended = await cli('prune', '--unused-for', '0d', '--yes');
    expect([ended.code, ended.stdout.toString()]).toEqual([1, '']);
    expect(ended.stderr.toString()).toMatch(/^gocachetop: .*copy: nothing is removed there.*\n$/);
    expect(existsSync(join(copy, 'ab', `${id}-d`))).toBe(true);
  });
});

describe('clean', () => {
  test('--dry-run tells the price, --yes wipes through go clean', async () => {
    const dry = await json('clean', '--dry-run');
    expect(dry.answer).toMatchObject({ dryRun: true, selected: { entries: entries().length } });
    expect(entries().length).toBeGreaterThan(0);
    expect((await json('clean', '--yes')).code).toBe(0);
    expect(entries()).toEqual([]);
  });

  test('--tests lets results expire and removes nothing', async () => {
    const before = entries().length;
    expect((await json('clean', '--tests', '--yes')).code).toBe(0);
    expect(entries().length).toBe(before);
    expect(existsSync(join(copy, 'testexpire.txt'))).toBe(true);
  });
});
