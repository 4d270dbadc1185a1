import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { removeReadOnly, sizeOfTree, usedLab } from '../modules/module-lab.ts';
import { ours } from '../plain/sandbox.ts';

let lab: ReturnType<typeof usedLab>;

/** The lab is made once; each test has a fresh copy of its GOMODCACHE and proxy. */
beforeAll(() => {
  lab = usedLab();
  for (const name of ['mod', 'proxy']) copy(name, `${name}-kept`);
}, 120_000);
beforeEach(() => {
  for (const name of ['mod', 'proxy']) {
    if (existsSync(join(lab.folder, name))) removeReadOnly(join(lab.folder, name));
    copy(`${name}-kept`, name);
  }
});
afterAll(() => lab?.remove());

function copy(from: string, to: string): void {
  execFileSync('cp', ['-a', join(lab.folder, from), join(lab.folder, to)]);
}

let builds = 0;

/** rebuild compiles the modules anew, and nothing of the standard library: with a flag that was never used before. */
function rebuild(main: string): void {
  builds += 1;
  lab.go(main, 'build', `-gcflags=example.com/...=-D=${builds}`, './...');
}

// biome-ignore lint/suspicious/noExplicitAny: the form of the answer is what is tested
type Answer = any;

async function prune(
  cwd: string,
  ...words: readonly string[]
): Promise<{ code: number | null; answer: Answer; stderr: string }> {
  const ended = await lab.cli(cwd, 'prune', '--modules', '--json', ...words);
  const text = ended.stdout.toString();
  return {
    code: ended.code,
    answer: text === '' ? undefined : JSON.parse(text),
    stderr: ended.stderr.toString(),
  };
}

const namesOf = (answer: Answer): readonly string[] =>
  answer.modules.map(({ path, version }: Answer) => `${path}@${version}`).sort();

const download = (name: string): string => join(lab.gomodcache, 'cache/download', name);
const trash = (): readonly string[] => {
  const folder = join(lab.gomodcache, 'cache/gocachetop-trash');
  return existsSync(folder) ? readdirSync(folder) : [];
};

/** snapshot is each path below GOMODCACHE with its mode, size and mtime, but for folders whose entries come and go. */
function snapshot(): ReadonlyMap<string, string> {
  const entries = readdirSync(lab.gomodcache, { recursive: true, withFileTypes: true });
  return new Map(
    entries.flatMap((entry) => {
      const path = join(entry.parentPath, entry.name).slice(lab.gomodcache.length + 1);
      if (path.includes('gocachetop-trash')) return [];
      const { mode, size, mtimeMs } = lstatSync(join(lab.gomodcache, path));
      const isModule = path.includes('@') && !path.includes('@v');
      return [
        [
          path,
          entry.isDirectory() && !isModule ? 'folder' : `${mode.toString(8)} ${size} ${mtimeMs}`,
        ] as const,
      ];
    }),
  );
}

describe('what nobody needs', () => {
  test('is named with its price, and nothing happens in a dry run', async () => {
    const before = snapshot();
    const { code, answer } = await prune(lab.folder, '--unneeded', '--root', 'src', '--dry-run');
    expect(code).toBe(0);
    expect(answer).toMatchObject({
      schema: 'gocachetop.prune/1',
      dryRun: true,
      removed: { entries: 0, bytes: 0 },
      undo: null,
    });
    expect(namesOf(answer)).toEqual([
      'example.com/Team/a@v1.0.0',
      'example.com/Team/a@v1.3.0-rc.1',
      'example.com/old@v2.0.0+incompatible',
    ]);
    expect(answer.selected.entries).toBe(3);
    expect(answer.download.from).toMatchObject([{ hop: expect.stringMatching(/^file:/), versions: 3 }]);
    expect(snapshot()).toEqual(before);
  });

  test('goes; builds, go mod verify and a fresh download do not mind', async () => {
    const { code, answer } = await prune(lab.folder, '--unneeded', '--root', 'src', '--yes');
    expect(code).toBe(0);
    expect(answer.removed).toEqual(answer.selected);
    expect(existsSync(join(lab.gomodcache, 'example.com/old@v2.0.0+incompatible'))).toBe(false);
    expect(trash()).toEqual([]);
    for (const main of [lab.one, lab.two]) {
      rebuild(main);
      expect(lab.go(main, 'mod', 'verify')).toBe('all modules verified\n');
    }
    lab.go(lab.folder, 'mod', 'download', 'example.com/old@v2.0.0+incompatible');
    expect(existsSync(join(lab.gomodcache, 'example.com/old@v2.0.0+incompatible/old.go'))).toBe(true);
    expect(readFileSync(join(lab.folder, 'state/gocachetop/removals.ndjson'), 'utf8')).toContain(
      'example.com/old@v2.0.0+incompatible',
    );
  });

  test('with --keep comes back by undo, with times and modes; go commands do not see the trash', async () => {
    const before = snapshot();
    const { answer } = await prune(lab.folder, '--unneeded', '--root', 'src', '--keep', '1h', '--yes');
    expect(trash()).toEqual([answer.undo]);
    expect(snapshot().size).toBeLessThan(before.size);
    rebuild(lab.one);
    expect(lab.go(lab.one, 'mod', 'verify')).toBe('all modules verified\n');
    expect(lab.go(lab.one, 'list', '-m', 'all')).toContain('example.com/b v1.0.0');
    expect(
      JSON.parse((await lab.cli(lab.folder, 'modules', '--json')).stdout.toString()).other,
    ).toContainEqual(expect.objectContaining({ what: 'trash', bytes: expect.any(Number) }));
    const undone = await lab.cli(lab.folder, 'undo', '--yes');
    expect(undone.stdout.toString()).toMatch(/^put back \d+ files and folders/);
    expect(trash()).toEqual([]);
    const after = snapshot();
    for (const [path, state] of before) expect([path, after.get(path)]).toEqual([path, state]);
  });

  test('what came again meanwhile stays as it is', async () => {
    await prune(lab.folder, '--module', 'example.com/old', '--keep', '1h', '--yes');
    lab.go(lab.folder, 'mod', 'download', 'example.com/old@v2.0.0+incompatible');
    const fresh = lstatSync(join(lab.gomodcache, 'example.com/old@v2.0.0+incompatible')).ino;
    await lab.cli(lab.folder, 'undo', '--yes');
    expect(lstatSync(join(lab.gomodcache, 'example.com/old@v2.0.0+incompatible')).ino).toBe(fresh);
    expect(trash()).toEqual([]);
  });

  test('a kept batch is freed once its time is over; go clean -modcache takes one with the rest', async () => {
    await prune(lab.folder, '--module', 'example.com/old', '--keep', '1s', '--yes');
    expect(trash()).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await prune(lab.folder, '--module', 'example.com/b', '--keep', '1h', '--yes');
    expect(trash()).toHaveLength(1);
    lab.go(lab.folder, 'clean', '-modcache');
    expect(existsSync(lab.gomodcache)).toBe(false);
  });

  test('without a main module nobody is known to need it: refused', async () => {
    const { code, stderr } = await prune(lab.folder, '--unneeded', '--yes');
    expect(code).toBe(2);
    expect(stderr).toContain('--root DIR');
  });
});

describe('selectors', () => {
  test.each([
    [['--superseded', '--root', 'src'], ['example.com/Team/a@v1.0.0']],
    [
      ['--keep-newest', '2'],
      ['example.com/Team/a@v1.0.0', 'example.com/Team/a@v1.1.0'],
    ],
    [
      ['--keep-newest', '1', '--module', 'example.com/Team/...', '--superseded', '--root', 'src'],
      ['example.com/Team/a@v1.0.0'],
    ],
    [['--module', 'example.com/b@v1.0.0'], ['example.com/b@v1.0.0']],
    [['--unused-for', '1h'], []],
    [['--toolchains'], []],
  ])('%j', async (words, names) => {
    const { code, answer } = await prune(lab.folder, ...words, '--dry-run');
    expect(code).toBe(0);
    expect(namesOf(answer)).toEqual(names);
  });

  test('--zips-only leaves the folder and its hash, so that a build goes on without a network', async () => {
    const { answer } = await prune(lab.one, '--zips-only', '--yes');
    expect(answer.download).toEqual({ bytes: 0, unknown: 0, from: [] });
    expect(existsSync(download('example.com/!team/a/@v/v1.1.0.zip'))).toBe(false);
    expect(existsSync(download('example.com/!team/a/@v/v1.1.0.ziphash'))).toBe(true);
    rmSync(join(lab.folder, 'proxy'), { recursive: true });
    rebuild(lab.one);
  });

  test('--folders-only leaves the zip, and the next build extracts it without a network', async () => {
    await prune(lab.one, '--folders-only', '--yes');
    expect(existsSync(join(lab.gomodcache, 'example.com/!team/a@v1.1.0'))).toBe(false);
    rmSync(join(lab.folder, 'proxy'), { recursive: true });
    rebuild(lab.one);
    expect(existsSync(join(lab.gomodcache, 'example.com/!team/a@v1.1.0/a.go'))).toBe(true);
  });

  test('--tiles takes the kept answers of the checksum database', async () => {
    mkdirSync(download('sumdb/sum.example/tile/8/0'), { recursive: true });
    writeFileSync(download('sumdb/sum.example/tile/8/0/000'), 'x'.repeat(99));
    const { answer } = await prune(lab.folder, '--tiles', '--yes');
    expect(answer).toMatchObject({ modules: [], removed: { entries: 1, bytes: 99 } });
    expect(existsSync(download('sumdb'))).toBe(false);
  });

  test.each([
    [['--unneeded', '--kind', 'archive'], '--kind is about GOCACHE'],
    [['--zips-only', '--folders-only'], 'leave nothing'],
    [['--keep-newest', 'two'], 'a number of versions'],
    [[], 'needs a selector'],
  ])('%j is refused', async (words, why) => {
    const { code, stderr } = await prune(lab.one, ...words, '--yes');
    expect(code).toBe(2);
    expect(stderr).toContain(why);
  });

  test('without a terminal it needs --yes, and --read-only refuses', async () => {
    const before = snapshot();
    expect((await prune(lab.one, '--unneeded')).code).toBe(2);
    expect((await prune(lab.one, '--unneeded', '--yes', '--read-only')).code).toBe(2);
    expect(snapshot()).toEqual(before);
  });
});

describe('while others work', () => {
  const others: ChildProcess[] = [];
  afterEach(() => {
    for (const each of others.splice(0)) each.kill('SIGKILL');
  });

  /** standIn is a process that is named go, in a folder, with the lab's environment: what a running go command looks like. */
  function standIn(cwd: string, ...words: readonly string[]): Promise<void> {
    const program = join(lab.folder, 'bin/go');
    mkdirSync(join(lab.folder, 'bin'), { recursive: true });
    // A copy of sh: its name is what /proc tells.
    writeFileSync(program, readFileSync('/bin/sh'));
    chmodSync(program, 0o755);
    const child = spawn(program, ['-c', 'echo runs; read answer', ...words], { cwd, env: lab.environment });
    others.push(child);
    return new Promise((resolve) => child.stdout?.once('data', () => resolve()));
  }

  test('what the main module of a running go command needs stays; the rest goes', async ({ skip }) => {
    if (!existsSync('/proc/self/stat')) return skip('no /proc: NOT tested');
    await standIn(lab.two);
    const { answer } = await prune(lab.folder, '--keep-newest', '0', '--yes');
    expect(answer.kept).toEqual([{ reason: 'in use', entries: 1 }]);
    expect(existsSync(join(lab.gomodcache, 'example.com/!team/a@v1.2.0/a.go'))).toBe(true);
    expect(existsSync(join(lab.gomodcache, 'example.com/!team/a@v1.1.0'))).toBe(false);
  });

  test('one without a main module may use anything: all stays', async ({ skip }) => {
    if (!existsSync('/proc/self/stat')) return skip('no /proc: NOT tested');
    await standIn(lab.folder);
    const { answer } = await prune(lab.folder, '--keep-newest', '0', '--yes');
    expect(answer.removed.entries).toBe(0);
    expect(answer.kept).toEqual([{ reason: 'in use', entries: answer.selected.entries }]);
  });

  test('a version whose lock another process holds stays', async ({ skip }) => {
    const child = spawn('flock', [
      download('example.com/old/@v/v2.0.0+incompatible.lock'),
      'sh',
      '-c',
      'echo held; read answer',
    ]);
    others.push(child);
    const isHeld = await new Promise<boolean>((resolve) => {
      child.stdout?.once('data', () => resolve(true));
      child.once('error', () => resolve(false));
    });
    if (!isHeld) return skip('no flock(1): NOT tested');
    const { answer } = await prune(lab.folder, '--module', 'example.com/old', '--yes');
    expect(answer).toMatchObject({ removed: { entries: 0 }, kept: [{ reason: 'locked', entries: 1 }] });
    child.stdin?.end('\n');
  });
});

test('works on read-only folders as a user who may not write to them', async ({ skip }) => {
  if (process.getuid?.() !== 0) return skip('the tests of this file run as such a user already');
  const nobody = 65534;
  execFileSync('chown', ['-R', String(nobody), lab.folder]);
  const as = (...words: readonly string[]): Answer => {
    const [command = '', ...args] = ours(...words, '--json', '--yes');
    const options = {
      cwd: lab.one,
      env: lab.environment,
      uid: nobody,
      gid: nobody,
      encoding: 'utf8',
    } as const;
    return JSON.parse(execFileSync(command, args, options));
  };
  const folder = join(lab.gomodcache, 'example.com/!team/a@v1.1.0');
  const before = lstatSync(folder);
  expect(before.mode & 0o777).toBe(0o555);
  expect(
    as('prune', '--modules', '--module', 'example.com/Team/a@v1.1.0', '--keep', '1h').removed.entries,
  ).toBe(1);
  expect(existsSync(folder)).toBe(false);
  expect(as('undo').restored.entries).toBeGreaterThan(0);
  expect(lstatSync(folder)).toMatchObject({ mode: before.mode, mtimeMs: before.mtimeMs });
  expect(as('prune', '--modules', '--module', 'example.com/Team/a@v1.1.0').removed.entries).toBe(1);
  expect(existsSync(folder)).toBe(false);
});

test('the sum after a prune is that of the tree', async () => {
  const { answer } = await prune(lab.folder, '--unneeded', '--root', 'src', '--yes');
  const before = answer.removed.bytes;
  expect(before).toBeGreaterThan(0);
  const told = JSON.parse((await lab.cli(lab.folder, 'modules', '--json')).stdout.toString());
  expect(told.bytes).toBe(sizeOfTree(lab.gomodcache).bytes);
});
