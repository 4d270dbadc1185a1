import { cpSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { formatActionEntry, parseActionEntry } from '../../../source/build-cache/action-entry.ts';
import { type GoSample, libraries, makeGoSample } from '../../build-cache/go-sample.ts';
import { type Ended, ours, run } from '../../plain/sandbox.ts';

const hour = 3_600_000;
const day = 24 * hour;

let sample: GoSample;

beforeEach(() => {
  sample = makeGoSample(libraries(4));
});

afterEach(() => sample?.remove());

function environment(more: Record<string, string> = {}): Record<string, string | undefined> {
  const { gocache, directory } = sample;
  const own = { GOCACHE: gocache, GOFLAGS: '', GOENV: 'off', GOPROXY: 'off', GOWORK: 'off' };
  return { ...process.env, ...own, XDG_STATE_HOME: join(directory, '..', 'state'), ...more };
}

/** shell runs a command as a user would type it, with gocachetop on the PATH. */
async function shell(command: string): Promise<Ended> {
  const program = `gocachetop() { ${ours().join(' ')} "$@"; }`;
  return run(['sh', '-c', `${program}\n${command}`], { cwd: sample.directory, environment: environment() });
}

// biome-ignore lint/suspicious/noExplicitAny: the form of the answer is what is tested
type Answer = any;

async function scan(more: Record<string, string> = {}): Promise<Answer> {
  const ended = await run(ours('scan', '--json'), {
    cwd: sample.directory,
    environment: environment(more),
  });
  expect([ended.code, ended.stderr.toString()]).toEqual([0, '']);
  return JSON.parse(ended.stdout.toString());
}

const findings = ({ diagnosis }: Answer, code: string): Answer[] =>
  diagnosis.filter((finding: Answer) => finding.code === code);

function entries(): string[] {
  return readdirSync(sample.gocache, { recursive: true, encoding: 'utf8' })
    .filter((name) => /^..\/[0-9a-f]{64}-[ad]$/.test(name))
    .map((name) => join(sample.gocache, name));
}

/** age makes entries as if they had been made and last used so long ago. */
function age(madeMs: number, usedMs: number, files: readonly string[] = entries()): void {
  const [made, used] = [Date.now() - madeMs, (Date.now() - usedMs) / 1000];
  for (const file of files) {
    if (file.endsWith('-a')) {
      const entry = parseActionEntry(readFileSync(file));
      if ('fault' in entry) throw new Error(`${file}: ${entry.fault}`);
      writeFileSync(file, formatActionEntry({ ...entry, addedAt: made }));
    }
    utimesSync(file, used, used);
  }
}

const bytesOf = (files: readonly string[]): number =>
  files.reduce((sum, file) => sum + statSync(file).size, 0);

/** expectCure runs a printed command: what it would take is what was promised, and that is what goes. */
async function expectCure(cure: Answer): Promise<void> {
  const before = entries();
  const dry = JSON.parse((await shell(`${cure.command} --dry-run --json`)).stdout.toString());
  expect([dry.selected, dry.rebuild]).toEqual([cure.frees, cure.rebuild]);
  expect(cure.frees.bytes).toBeGreaterThan(0);
  const done = JSON.parse((await shell(`${cure.command} --yes --json`)).stdout.toString());
  expect([done.removed, done.kept]).toEqual([cure.frees, []]);
  const after = entries();
  expect(before.length - after.length).toBe(cure.frees.entries);
}

/** copy is a second worktree of the module; what is built there is built on the same GOCACHE. */
function buildCopy(...flags: readonly string[]): string {
  const copy = join(sample.directory, '..', 'copy of module');
  cpSync(sample.directory, copy, { recursive: true });
  sample.go('build', '-C', copy, ...flags, './...');
  return copy;
}

describe('what was not used again', () => {
  test('is what no hit refreshed after the first day; the prune takes that and nothing else', async () => {
    sample.go('build', './...');
    age(3 * day, 3 * day - hour);
    // An ordinary build uses lib2 and lib3 again and refreshes their times.
    sample.go('build', './lib2');
    const kept = entries().filter((file) => Date.now() - statSync(file).mtimeMs < day);
    expect(kept.length).toBeGreaterThan(0);
    const found = findings(await scan(), 'never-reused');
    expect(found).toHaveLength(1);
    const names = found[0].packages.map(({ importPath }: Answer) => importPath).sort();
    expect(names).toEqual(['example.com/sample/lib0', 'example.com/sample/lib1']);
    expect(found[0].what).toMatch(/not used again after the day they were made, to an hour/);
    await expectCure(found[0].cures[0]);
    expect(findings(await scan(), 'never-reused')).toEqual([]);
    expect(entries()).toEqual(expect.arrayContaining(kept));
    // What vet needs of the packages that stay is there still, though nobody looked at it.
    const ran = (await shell('go vet -x ./lib2 2>&1')).stdout.toString();
    expect(ran).toContain('/vet ');
    expect(ran).not.toContain('/compile ');
  }, 60_000);

  test.each([
    ['whose first day is not over', 20 * hour, 19 * hour, 0],
    ['that was used on the next day', 3 * day, 3 * day - 25 * hour, 0],
    ['that was used within its first day', 3 * day, 3 * day - 23 * hour, 1],
  ])(
    'an entry %s',
    async (_, madeMs, usedMs, count) => {
      sample.go('build', './lib3');
      age(madeMs, usedMs);
      expect(findings(await scan(), 'never-reused')).toHaveLength(count);
    },
    60_000,
  );
});

test('a superseded archive is found, and the prune of it takes that alone', async () => {
  sample.go('build', './...');
  age(2 * day, 5 * hour);
  sample.write({ 'lib0/lib.go': 'package lib0\n\nfunc Value() int { return 77 }\n' });
  sample.go('build', './...');
  const [found, ...more] = findings(await scan(), 'superseded');
  expect(more).toEqual([]);
  expect(found.packages.map(({ importPath }: Answer) => importPath)).toEqual(['example.com/sample/lib0']);
  await expectCure(found.cures[0]);
  expect(findings(await scan(), 'superseded')).toEqual([]);
}, 60_000);

test('a variant that nobody used for a week is found, and its prune leaves the other', async () => {
  sample.go('build', './...');
  const plain = entries();
  sample.go('build', '-gcflags=all=-N -l', './...');
  age(
    9 * day,
    8 * day,
    entries().filter((file) => !plain.includes(file)),
  );
  const [found, ...more] = findings(await scan(), 'stale-variant');
  expect(more).toEqual([]);
  expect(found.variant).toMatch(/^\w+\/\w+ -N -l$/);
  expect(found.packages).toHaveLength(4);
  await expectCure(found.cures[0]);
  expect(entries()).toEqual(expect.arrayContaining(plain));
}, 60_000);

describe('the same packages from two folders', () => {
  test('are told with what -trimpath saves at most, and each folder with its prune', async () => {
    sample.go('build', './...');
    const single = bytesOf(entries());
    age(2 * day, 2 * day);
    const copy = buildCopy();
    const doubled = bytesOf(entries());
    const [found, ...more] = findings(await scan(), 'several-roots');
    expect(more).toEqual([]);
    expect(found.packages).toHaveLength(4);
    expect(found.roots.map(({ folder }: Answer) => folder)).toEqual([copy, sample.directory]);
    const [trimpath, prune] = found.cures;
    expect(trimpath).toMatchObject({
      command: 'go env -w GOFLAGS=-trimpath',
      frees: null,
      savesAtMost: found.bytes,
    });
    // The indexes of the second folder are there twice as well, whatever the flags.
    expect(found.bytes).toBeLessThanOrEqual(doubled - single);
    expect(found.bytes).toBeGreaterThan(0.5 * (doubled - single));
    await expectCure(prune);
    expect(findings(await scan(), 'several-roots')).toEqual([]);
    expect((await shell(`go build -C '${copy}' -x ./... 2>&1`)).stdout.toString()).not.toContain('/compile ');
  }, 60_000);

  test('with -trimpath they are the same, as promised', async () => {
    sample.go('build', '-trimpath', './...');
    const archives = (): number =>
      entries().filter((file) => readFileSync(file, 'latin1').startsWith('!<arch>\n')).length;
    expect(archives()).toBe(4);
    buildCopy('-trimpath');
    expect(archives()).toBe(4);
    expect(findings(await scan(), 'several-roots')).toEqual([]);
  }, 60_000);

  test('GOFLAGS that are there already stay; -trimpath is not advised to who has it', async () => {
    sample.go('build', './...');
    buildCopy();
    const cures = async (goflags: string): Promise<string[]> =>
      findings(await scan({ GOFLAGS: goflags }), 'several-roots')[0].cures.map(
        ({ command }: Answer) => command,
      );
    expect((await cures('-mod=mod -race'))[0]).toBe("go env -w 'GOFLAGS=-mod=mod -race -trimpath'");
    expect((await cures('-trimpath')).filter((command) => command.startsWith('go '))).toEqual([]);
  }, 60_000);
});

test('written and hit are unknown without a record, and then as recorded', async () => {
  sample.go('build', './...');
  expect((await scan()).diagnosis).toEqual([
    expect.objectContaining({ code: 'churn', builds: 0, written: null, hit: null, hits: null }),
  ]);
  rmSync(sample.gocache, { recursive: true });
  const report = async (): Promise<Answer> =>
    JSON.parse((await shell('gocachetop report --json -- go build ./...')).stdout.toString());
  const first = await report();
  sample.write({
    'lib0/lib.go': 'package lib0\n\nimport p "example.com/sample/lib1"\n\nvar V = p.Value()\n',
  });
  const second = await report();
  const compiled = [...first.packages, ...second.packages].filter(({ outcome }) => outcome === 'miss');
  expect(compiled).toHaveLength(5);
  const [found] = findings(await scan(), 'churn');
  expect(found).toMatchObject({ builds: 2, misses: 5, hits: 3 });
  expect(found.written).toEqual({
    archives: 5,
    bytes: compiled.reduce((sum, { outputBytes }) => sum + outputBytes, 0),
  });
  // Of three hits the compile of lib0 names the one that it imports.
  const lib1 = first.packages.find(({ importPath }: Answer) => importPath.endsWith('/lib1'));
  expect(found.hit).toEqual({ archives: 1, bytes: lib1.outputBytes });
  expect(found.what).toMatch(/at least .* \(1 measured\) read again; rate 37 %$/);
}, 60_000);

test('as text each finding stands with its cure', async () => {
  sample.go('build', './...');
  buildCopy();
  const text = (await shell('gocachetop scan')).stdout.toString();
  expect(text).toMatch(
    /the same from several folders: 4 packages were compiled from more than one of 2 folders/,
  );
  expect(text).toMatch(/\n {4}go env -w GOFLAGS=-trimpath {3}for builds from now on/);
  expect(text).toMatch(/\n {4}gocachetop prune --sources-in .* --gocache .* frees .*, to rebuild: unknown\n/);
}, 60_000);
