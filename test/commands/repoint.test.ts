import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type GoSample, libraries, makeGoSample } from '../build-cache/go-sample.ts';
import { writeAt } from '../operations/removal/cache.ts';
import { startGo } from '../operations/removal/hanging-go.ts';
import { type Ended, ours, run } from '../plain/sandbox.ts';

let sample: GoSample;
/** home is a user of his own: GOCACHE is where go puts it by default, and go env -w has a file of its own. */
let home: string;
let old: string;
let goenv: string;

beforeAll(() => {
  sample = makeGoSample({ ...libraries(6), 'main.go': 'package main\n\nfunc main() { println("run") }\n' });
  sample.go('build', './...');
  sample.go('run', '.'); // an executable in GOCACHE, which is a folder
}, 120_000);

afterAll(() => sample?.remove());

beforeEach(() => {
  home = join(sample.directory, '..', 'home');
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  old = join(home, 'caches', 'go-build');
  goenv = join(home, 'config', 'goenv');
  mkdirSync(join(home, 'caches'), { recursive: true });
  // Else a process of go's telemetry writes here after its test has ended (golang.org/x/telemetry).
  writeAt(join(home, '.config', 'go', 'telemetry', 'mode'), 'off');
  execFileSync('cp', ['-a', sample.gocache, old]);
});

type Environment = Readonly<Record<string, string | undefined>>;

function environment(more: Environment = {}): Environment {
  const { GOCACHE: _, ...rest } = process.env;
  const own = {
    HOME: home,
    XDG_CACHE_HOME: join(home, 'caches'),
    XDG_STATE_HOME: join(home, 'state'),
    GOENV: goenv,
    GOFLAGS: '',
    GOPROXY: 'off',
    GOWORK: 'off',
    GOTOOLCHAIN: 'local',
  };
  return { ...rest, ...own, ...more };
}

/** goVariables are the same for a go command of our own. */
function goVariables(): Readonly<Record<string, string>> {
  const isSet = (each: [string, string | undefined]): each is [string, string] => !!each[1];
  return Object.fromEntries(Object.entries(environment()).filter(isSet));
}

function cli(words: readonly string[], more: Environment = {}): Promise<Ended> {
  return run(ours(...words), { cwd: sample.directory, environment: environment(more) });
}

// biome-ignore lint/suspicious/noExplicitAny: the form of the answer is what is tested
type Answer = any;

async function json(
  words: readonly string[],
  more: Environment = {},
): Promise<{ code: number | null; answer: Answer; stderr: string }> {
  const ended = await cli([...words, '--json'], more);
  return { code: ended.code, answer: JSON.parse(ended.stdout.toString()), stderr: ended.stderr.toString() };
}

function go(...args: readonly string[]): string {
  const env = environment() as NodeJS.ProcessEnv;
  return execFileSync('go', args, { cwd: sample.directory, env, encoding: 'utf8' }).trim();
}

/** compiles builds and runs the module on the GOCACHE that go env gives, and counts compiles, and links of go run. */
function compiles(): number {
  const env = environment() as NodeJS.ProcessEnv;
  const words = ['-c', 'go build -x ./lib0 2>&1; go run -x . 2>&1'];
  const ran = execFileSync('sh', words, { cwd: sample.directory, env, encoding: 'utf8' });
  return ran.match(/\/(?:compile|link) -o /g)?.length ?? 0;
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort() : [];
}

/** namesAtHome leaves out what Node and go keep for themselves: compiled code, telemetry. */
function namesAtHome(): string[] {
  return namesIn(home).filter((name) => !/^(?:\.config|caches\/gocachetop)(?:\/|$)/.test(name));
}

const state = (): string => join(home, 'state', 'gocachetop', 'removals.ndjson');

describe.each(['copy', 'link', 'rename'])('--start %s', (start) => {
  test('the next build in the new folder hits everything, and undo brings back what was', async () => {
    const to = join(home, 'big', 'go cache');
    const names = namesIn(old);
    const { code, answer, stderr } = await json(['repoint', to, '--start', start, '--yes']);
    expect([code, answer.problems]).toEqual([0, []]);
    expect(answer).toMatchObject({
      schema: 'gocachetop.repoint/1',
      dryRun: false,
      from: old,
      to,
      start,
      moved: { entries: answer.entries, bytes: answer.bytes },
      command: ['go', 'env', '-w', `GOCACHE=${to}`],
      effective: to,
      shadowedBy: null,
      undo: { id: expect.any(String), command: ['go', 'env', '-u', 'GOCACHE'] },
    });
    expect(answer.entries).toBeGreaterThan(20);
    // A test folder lies where temporary ones do.
    expect(stderr).toMatch(/^gocachetop: warning: .*a temporary place.*\n$/);
    expect(go('env', 'GOCACHE')).toBe(to);
    expect(compiles()).toBe(0);
    expect(existsSync(old)).toBe(start !== 'rename');

    const undone = await json(['undo', '--yes']);
    expect(undone).toMatchObject({
      code: 0,
      answer: { batch: null, repoint: { from: to, to: old, effective: old }, problems: [] },
    });
    expect(go('env', 'GOCACHE')).toBe(old);
    expect(readFileSync(goenv, 'utf8')).not.toContain('GOCACHE');
    expect(namesIn(old).filter((name) => names.includes(name))).toEqual(names);
    expect(existsSync(to)).toBe(start !== 'rename');
    expect(compiles()).toBe(0);
    expect((await json(['undo', '--yes'])).code).toBe(1);
  }, 60_000);
});

describe('--start empty, which is the default', () => {
  test('begins cold, keeps the old folder, and says how to remove it', async () => {
    const to = join(home, 'big');
    const names = namesIn(old);
    const ended = await cli(['repoint', to, '--yes']);
    expect(ended.stderr.toString()).toContain('starts empty: every build begins cold');
    expect(ended.stdout.toString()).toBe(
      `GOCACHE is ${to}\n  ${old} stays, and Go trims it no more; to remove it: gocachetop clean --gocache ${old}\n  gocachetop undo puts it back\n`,
    );
    expect([ended.code, namesIn(to), namesIn(old)]).toEqual([0, [], names]);
    expect(compiles()).toBeGreaterThan(5);
  });

  test('uses a GOCACHE that lies there already', async () => {
    const to = join(home, 'big');
    execFileSync('cp', ['-a', sample.gocache, to]);
    const { code, answer } = await json(['repoint', to, '--yes']);
    expect([code, answer.target.state, answer.moved.entries]).toEqual([0, 'cache', 0]);
    expect(answer.target.entries).toBe(answer.entries);
    expect(compiles()).toBe(0);
  });

  test('undo gives back a value that was written before, and drops a folder that nothing came into', async () => {
    go('env', '-w', `GOCACHE=${old}`, 'GOPROXY=https://proxy.example');
    const to = join(home, 'big');
    expect((await cli(['repoint', to, '--yes'])).code).toBe(0);
    expect((await cli(['undo', '--yes'])).code).toBe(0);
    expect(readFileSync(goenv, 'utf8').split('\n').sort()).toEqual([
      '',
      `GOCACHE=${old}`,
      'GOPROXY=https://proxy.example',
    ]);
    expect(existsSync(to)).toBe(false);
  });

  test('two of them are undone one after the other', async () => {
    const [one, two] = [join(home, 'one'), join(home, 'two')];
    await cli(['repoint', one, '--yes']);
    await cli(['repoint', two, '--yes']);
    const seen: string[] = [go('env', 'GOCACHE')];
    for (let index = 0; index < 2; index++) {
      expect((await cli(['undo', '--yes'])).code).toBe(0);
      seen.push(go('env', 'GOCACHE'));
    }
    expect(seen).toEqual([two, one, old]);
  });

  test('to where it is already there is nothing to do', async () => {
    const { code, answer } = await json(['repoint', `${old}/`]);
    expect([code, answer.alreadyThere, answer.effective, answer.undo]).toEqual([0, true, old, null]);
    expect(existsSync(goenv)).toBe(false);
  });
});

describe('undo takes the later of a prune and a re-point', () => {
  test('a prune after a re-point goes first', async () => {
    const to = join(home, 'big');
    await cli(['repoint', to, '--start', 'copy', '--yes']);
    const pruned = await json(['prune', '--package', 'example.com/...', '--keep', '1d', '--yes']);
    expect(pruned.answer.removed.entries).toBeGreaterThan(0);
    const first = await json(['undo', '--yes']);
    expect(first.answer).toMatchObject({ batch: pruned.answer.undo, repoint: null });
    expect((await json(['undo', '--yes'])).answer.repoint).toMatchObject({ to: old });
  });

  test('nothing is undone that somebody else has changed since', async () => {
    await cli(['repoint', join(home, 'big'), '--start', 'rename', '--yes']);
    const other = join(home, 'other');
    go('env', '-w', `GOCACHE=${other}`);
    const { code, answer, stderr } = await json(['undo', '--yes']);
    expect([code, answer.repoint]).toEqual([1, null]);
    expect(stderr).toContain(`it has GOCACHE=${other} now`);
    expect(go('env', 'GOCACHE')).toBe(other);
    expect(existsSync(old)).toBe(false);
  });

  test('--dry-run says what it would do', async () => {
    await cli(['repoint', join(home, 'big'), '--start', 'rename', '--yes']);
    const ended = await cli(['undo', '--dry-run']);
    expect(ended.stdout.toString()).toBe(
      `would run go env -u GOCACHE, and ${join(home, 'big')} is ${old} again\n`,
    );
    expect(existsSync(old)).toBe(false);
  });
});

test('an undo of a rename waits for the go commands that run in the new folder', async () => {
  const to = join(home, 'big');
  await cli(['repoint', to, '--start', 'rename', '--yes']);
  const hanging = startGo(goVariables());
  try {
    const { code, answer, stderr } = await json(['undo', '--yes']);
    expect([code, answer.repoint, existsSync(to)]).toEqual([1, null, true]);
    expect(stderr).toContain('a go command runs on it and would fail');
  } finally {
    await hanging.stop();
  }
  expect((await json(['undo', '--yes'])).code).toBe(0);
  expect([existsSync(old), existsSync(to)]).toEqual([true, false]);
});

test('an undo under a variable that has come since says what counts', async () => {
  await cli(['repoint', join(home, 'big'), '--yes']);
  const ended = await cli(['undo', '--yes'], { GOCACHE: '/elsewhere' });
  expect(ended.stdout.toString()).toMatch(/^go env -w is as it was; go env says GOCACHE is \/elsewhere\n/);
  expect(go('env', 'GOCACHE')).toBe(old);
});

describe('an environment variable shadows it', () => {
  test('nothing is moved or written; it says which, where it is set, and the lines to change', async () => {
    writeFileSync(join(home, '.bashrc'), 'alias ll="ls -l"\nexport GOCACHE=/elsewhere/cache\n');
    const names = namesAtHome();
    const { code, answer, stderr } = await json(
      ['repoint', join(home, 'big'), '--start', 'rename', '--yes'],
      {
        GOCACHE: join(home, 'shadow'),
        SHELL: '/bin/bash',
      },
    );
    expect(code).toBe(1);
    expect(answer).toMatchObject({
      possible: false,
      effective: join(home, 'shadow'),
      undo: null,
      shadowedBy: {
        origin: 'environment',
        value: join(home, 'shadow'),
        places: [{ at: '~/.bashrc:2', text: 'export GOCACHE=/elsewhere/cache' }],
        lines: ['unset GOCACHE', `export GOCACHE=${join(home, 'big')}`],
      },
    });
    expect(answer.findings[0]).toMatchObject({ code: 'shadowed', severity: 'error' });
    expect(stderr).toMatch(/environment variable.*~\/\.bashrc:2.*unset GOCACHE; export GOCACHE=.*big/);
    expect(namesAtHome()).toEqual(names);
  });

  test('with GOENV=off go env -w would write a file that go does not read: refused', async () => {
    const { code, answer } = await json(['repoint', join(home, 'big'), '--yes'], { GOENV: 'off' });
    expect([code, answer.findings[0].code]).toEqual([1, 'goenv-off']);
    expect(namesIn(join(home, '.config', 'go'))).not.toContain('env');
  });
});

describe('refused targets: exit 1, a line that says why, and nothing is made', () => {
  test.each<readonly [string, (folder: string) => string]>([
    ['not-absolute', () => 'big'],
    ['not-a-folder', (folder) => join(folder, 'file')],
    ['not-a-folder', (folder) => join(folder, 'file', 'below')],
    ['not-a-folder', (folder) => join(folder, 'dangling')],
    ['foreign-files', (folder) => folder],
    ['in-module', () => join(sample.directory, '.gocache')],
    ['in-module', (folder) => join(folder, 'module', 'cache')],
    ['in-gocache', () => join(old, 'sub')],
    ['in-goroot', () => join(go('env', 'GOROOT'), 'cache')],
    ['in-gomodcache', () => join(go('env', 'GOMODCACHE'), 'cache')],
    ['not-writable', () => '/proc/gocache'],
  ])('%s', async (code, pathIn) => {
    const folder = join(home, 'target');
    mkdirSync(folder);
    writeFileSync(join(folder, 'file'), 'mine');
    symlinkSync('nowhere', join(folder, 'dangling'));
    symlinkSync(sample.directory, join(folder, 'module'));
    const to = pathIn(folder);
    const names = namesAtHome();
    const ended = await json(['repoint', to, '--start', 'copy', '--yes']);
    expect([ended.code, ended.answer.findings[0]?.code]).toEqual([1, code]);
    expect(ended.stderr).toMatch(/^gocachetop: \S.*: .*\n(?:.*\n)*gocachetop: nothing was changed\n$/);
    expect(namesAtHome()).toEqual(names);
    expect(existsSync(goenv)).toBe(false);
  });

  test('a rename while a go command runs on it; links are possible', async () => {
    const hanging = startGo(goVariables());
    try {
      const { code, answer } = await json(['repoint', join(home, 'big'), '--start', 'rename', '--yes']);
      expect([code, answer.findings[0].code]).toEqual([1, 'in-use']);
      expect(answer.findings[0].why).toContain(`(pid ${hanging.pid})`);
      expect(existsSync(old)).toBe(true);
      expect((await json(['repoint', join(home, 'big'), '--start', 'link', '--yes'])).code).toBe(0);
    } finally {
      await hanging.stop();
    }
  });

  const canDropRights =
    process.getuid?.() !== 0 || spawnSync('sh', ['-c', 'setpriv --bounding-set=-all true']).status === 0;
  test.skipIf(!canDropRights)('a folder without the right to write (root needs setpriv for it)', async () => {
    const to = join(home, 'locked');
    mkdirSync(to);
    chmodSync(to, 0o500);
    const drop = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-all', '--inh-caps=-all'] : [];
    const ended = await run([...drop, ...ours('repoint', to, '--yes')], {
      cwd: sample.directory,
      environment: environment(),
    });
    chmodSync(to, 0o700);
    expect(ended.code).toBe(1);
    expect(ended.stderr.toString()).toMatch(/locked: cannot be written: EACCES: permission denied/);
  });
});

test.each<readonly [readonly string[], RegExp]>([
  [['repoint'], /needs a folder/],
  [['repoint', '/a', '/b'], /unexpected word "\/b"/],
  [['repoint', '/a', '--start', 'move'], /it starts empty, copy, link, rename/],
  [['repoint', 'HOME/big'], /needs --yes/],
  [['repoint', 'HOME/big', '--yes', '--read-only'], /--read-only/],
  [['scan', '--start', 'copy'], /--start is a flag of repoint/],
  [['scan', 'big'], /unexpected word "big"/],
])('%j: exit 2, one reason, and nothing is changed', async (words, message) => {
  const names = namesAtHome();
  const ended = await cli(words.map((word) => word.replace('HOME', home)));
  expect(ended.stderr.toString()).toMatch(message);
  expect(ended.code).toBe(2);
  expect(namesAtHome()).toEqual(names);
});

test.each([[], ['--read-only']])(
  '--dry-run %j says what it would do, and touches nothing',
  async (...more) => {
    const names = namesAtHome();
    const { code, answer } = await json([
      'repoint',
      join(home, 'big'),
      '--start',
      'copy',
      '--dry-run',
      ...more,
    ]);
    expect(code).toBe(0);
    expect(answer).toMatchObject({ dryRun: true, possible: true, effective: old, undo: null });
    expect(answer.moved).toEqual({ entries: 0, bytes: 0 });
    expect(answer.target).toMatchObject({ state: 'missing', sameFileSystem: true });
    expect(answer.target.freeBytes - answer.target.freeBytesAfter).toBeGreaterThanOrEqual(answer.bytes);
    expect(namesAtHome()).toEqual(names);
  },
);

test('Ctrl-C in the middle of a copy: nothing is left of it, and nothing was changed', async () => {
  // 1,500 outputs more, so that there is a middle.
  for (let index = 0; index < 1500; index++) {
    const id = index.toString(16).padStart(64, '0');
    mkdirSync(join(old, '00'), { recursive: true });
    writeFileSync(join(old, '00', `${id}-d`), 'x'.repeat(5000));
  }
  const to = join(home, 'big');
  const ended = await run(ours('repoint', to, '--start', 'copy', '--yes'), {
    cwd: sample.directory,
    environment: environment(),
    started: (child) => {
      const look = setInterval(() => {
        if (!existsSync(join(to, '00'))) return;
        clearInterval(look);
        child.kill('SIGINT');
      }, 2);
      child.on('exit', () => clearInterval(look));
    },
  });
  expect(ended.stdout.toString()).toBe('stopped: nothing was changed\n');
  expect([ended.code, existsSync(to), existsSync(goenv), existsSync(state())]).toEqual([
    130,
    false,
    false,
    false,
  ]);
  expect(statSync(join(old, '00')).isDirectory()).toBe(true);
});
