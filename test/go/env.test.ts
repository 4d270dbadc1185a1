import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isProblem, parseGoEnvJson, readGoEnv, readSettingFiles } from '../../source/go/env.ts';
import type { Environment } from '../../source/go/settings.ts';
import { formatProblem } from '../../source/platform/problem.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'gocachetop-env-'));
  await writeFile(join(dir, 'env'), 'GOFLAGS=-mod=mod\nGOCACHE=off\n');
});
afterAll(() => rm(dir, { recursive: true }));

/** plain is an environment without any setting of Go's, whatever the tests run under. */
const plain: Environment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GO'))),
  GOENV: 'off',
};

/** fakeGo writes a go command that behaves as the script says. */
async function fakeGo(name: string, script: string): Promise<string> {
  const path = join(dir, name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

async function problemOf(goCommand: string, environment: Environment = plain, cwd = dir): Promise<string> {
  const answer = await readGoEnv({ goCommand, cwd, environment });
  if (!isProblem(answer)) throw new Error(`no problem, but ${answer.goversion}`);
  return formatProblem(answer);
}

test('the go command says what it uses', async () => {
  const environment = {
    ...plain,
    GOCACHE: join(dir, 'cache'),
    GOPROXY: 'off',
    GOFLAGS: '-v',
    CGO_ENABLED: '0',
  };
  const env = await readGoEnv({ goCommand: 'go', cwd: dir, environment });
  if (isProblem(env)) throw new Error(formatProblem(env));
  expect(env).toMatchObject({
    gocache: join(dir, 'cache'),
    goproxy: 'off',
    goflags: '-v',
    cgoEnabled: false,
  });
  expect(env.goversion).toMatch(/^(devel )?go1\./);
  expect(env.goenv).toBe('');
  expect(env.raw.GOHOSTOS).toBe(process.platform === 'win32' ? 'windows' : process.platform);
  expect(env.problems).toEqual([]);
});

test('go.mod of the working directory is found', async () => {
  const module = join(dir, 'module');
  await mkdir(module);
  await writeFile(join(module, 'go.mod'), 'module example.com/m\n\ngo 1.21\n');
  expect(await readGoEnv({ goCommand: 'go', cwd: module, environment: plain })).toMatchObject({
    gomod: join(module, 'go.mod'),
  });
  // Outside of a module it is the null device.
  expect(await readGoEnv({ goCommand: 'go', cwd: dir, environment: plain })).toMatchObject({
    gomod: '/dev/null',
  });
});

describe('GOCACHE that Go cannot use is said in the words of go build', () => {
  test.each([
    [{ GOCACHE: 'off' }, 'build cache is disabled by GOCACHE=off, but required as of Go 1.12'],
    [{ GOCACHE: 'relative/dir' }, 'GOCACHE is not an absolute path'],
    [{ GOENV: 'file' }, 'build cache is disabled by GOCACHE=off, but required as of Go 1.12'],
    [
      { HOME: undefined, XDG_CACHE_HOME: undefined },
      'GOCACHE is not defined and neither $XDG_CACHE_HOME nor $HOME are defined',
    ],
  ])('%j', async (settings: Environment, why) => {
    const goenv = settings.GOENV === 'file' ? { GOENV: join(dir, 'env') } : {};
    const env = await readGoEnv({
      goCommand: 'go',
      cwd: dir,
      environment: { ...plain, ...settings, ...goenv },
    });
    if (isProblem(env)) throw new Error(formatProblem(env));
    expect(env.gocache).toBe('off');
    expect(env.problems.map((problem) => problem.why)).toEqual([why]);
  });
});

describe('what keeps the go command from answering is one line', () => {
  test('no go on PATH', async () => {
    expect(await problemOf('go', { PATH: '/nowhere:/empty' })).toBe(
      'go: not found on PATH: /nowhere:/empty (install Go from https://go.dev/dl/)',
    );
  });

  test('a go that is not there, may not be run, or is none', async () => {
    expect(await problemOf(join(dir, 'no/go'))).toMatch(/no\/go: not found: there is no such file/);
    expect(await problemOf(join(dir, 'env'))).toMatch(/env: cannot be run: permission denied/);
    expect(await problemOf(await fakeGo('echo-go', 'echo hello'))).toMatch(
      /cannot be read: .*not a JSON object/,
    );
  });

  test('a working directory that is not there', async () => {
    expect(await problemOf('go', plain, join(dir, 'gone'))).toMatch(
      /gone: cannot be the working directory: ENOENT/,
    );
  });

  test('a go that fails, in its own words', async () => {
    expect(await problemOf('go', { ...plain, GOTOOLCHAIN: 'bash' })).toBe(
      'go env: failed: go: invalid GOTOOLCHAIN "bash" (run it yourself to see the same)',
    );
  });

  test('passwords in its words are hidden', async () => {
    const go = await fakeGo('leaky-go', 'echo "parse https://user:secret@host.example: no" >&2; exit 1');
    expect(await problemOf(go)).toContain('parse https://user:xxxxx@host.example: no');
  });

  test('a go that is too old', async () => {
    const old = await fakeGo('old-go', `echo '{"GOVERSION":"go1.20.14"}'`);
    expect(await problemOf(old)).toMatch(
      /old-go: needs go1.21 or newer: this is go1.20.14 \(install a newer Go\)/,
    );
    const ancient = await fakeGo('ancient-go', `echo '{"GOCACHE":"/c"}'`);
    expect(await problemOf(ancient)).toMatch(/older than go1.16/);
  });

  test('stopped in between', async () => {
    const go = await fakeGo('slow-go', 'exec sleep 60');
    const signal = AbortSignal.timeout(50);
    expect(await readGoEnv({ goCommand: go, cwd: dir, environment: plain, signal })).toMatchObject({
      what: 'stopped',
    });
  });
});

test('a development version is not taken for an old one', async () => {
  const go = await fakeGo('devel-go', `echo '{"GOVERSION":"devel +a1b2c3d","GOCACHE":"/c"}'`);
  expect(await readGoEnv({ goCommand: go, cwd: dir, environment: plain })).toMatchObject({ gocache: '/c' });
});

test.each(['', '[]', 'null', '"x"', '{"A":1}', '{'])('parseGoEnvJson(%j) is undefined', (text) => {
  expect(parseGoEnvJson(text)).toBeUndefined();
});

test('a settings file that cannot be read is a problem, a missing one is empty', async () => {
  const files = await readSettingFiles({ goenv: dir, goroot: join(dir, 'gone') });
  expect(files.problems.map(formatProblem)).toEqual([
    expect.stringMatching(/cannot be read, and Go ignores it silently: EISDIR/),
  ]);
  expect(files.goroot.size).toBe(0);
  expect((await readSettingFiles({ goenv: join(dir, 'env'), goroot: '' })).goenv.get('GOFLAGS')).toBe(
    '-mod=mod',
  );
});
