import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type GoEnv, isProblem, readGoEnv } from '../../../source/go/env.ts';
import { isReady, type Needs } from '../../../source/operations/offline/needs.ts';
import type { Platform } from '../../../source/operations/offline/platform.ts';
import { probeNeeds } from '../../../source/operations/offline/probe.ts';
import { type Cabin, openCabin, readTree, writeFiles } from './cabin.ts';

const linux: Platform = { goos: 'linux', goarch: 'amd64' };
const windows: Platform = { goos: 'windows', goarch: 'amd64' };

let cabin: Cabin;
/** warm is a GOMODCACHE with all that the cabin may need. */
let warm: string;
let goMod: string;
let goSum: string;

beforeAll(() => {
  cabin = openCabin();
  cabin.go(['mod', 'download']);
  warm = join(cabin.folder, 'warm');
  cpSync(cabin.gomodcache, warm, { recursive: true });
  goMod = readFileSync(join(cabin.main, 'go.mod'), 'utf8');
  goSum = readFileSync(join(cabin.main, 'go.sum'), 'utf8');
}, 60_000);
afterAll(() => cabin?.dispose());
beforeEach(() => {
  cabin.empty();
  cpSync(warm, cabin.gomodcache, { recursive: true });
  writeFiles(cabin.main, { 'go.mod': goMod, 'go.sum': goSum });
});

type Options = {
  readonly platforms?: readonly Platform[];
  readonly withTests?: boolean;
  readonly withTools?: boolean;
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
};

async function needsOf({ cwd = cabin.main, environment = {}, ...options }: Options = {}): Promise<Needs> {
  const all = { ...cabin.environment, ...environment };
  return probeNeeds({
    env: await goEnv(cwd, all),
    cwd,
    environment: all,
    platforms: [linux],
    withTests: true,
    withTools: true,
    ...options,
  });
}

async function goEnv(cwd: string, environment: Readonly<Record<string, string>>): Promise<GoEnv> {
  const env = await readGoEnv({
    goCommand: 'go',
    cwd,
    environment: { ...environment, GOTOOLCHAIN: 'local' },
  });
  if (isProblem(env)) throw new Error(env.why);
  return env;
}

/** missingOf names what is missing, a `?` behind what only may be. */
function missingOf({ missing }: Needs): readonly string[] {
  return missing.flatMap(({ path, version, files, isCertain }) =>
    files.map((file) => `${path}@${version} ${file}${isCertain ? '' : ' ?'}`),
  );
}

function remove(...paths: readonly string[]): void {
  for (const path of paths) {
    expect(existsSync(join(cabin.gomodcache, path))).toBe(true);
    rmSync(join(cabin.gomodcache, path), { recursive: true });
  }
}

const wick = 'cache/download/example.org/wick/@v/v0.4.0';
const wickFolder = 'example.org/wick@v0.4.0';

test('a warm cache is ready, for go as well', async () => {
  const needs = await needsOf();
  expect(needs.problems).toEqual([]);
  expect([isReady(needs), missingOf(needs), needs.toolchain]).toEqual([true, [], undefined]);
  expect(needs.packages).toEqual({ needed: 7, missing: 0 });
  expect(needs.modules.map(({ path }) => path)).toEqual([
    'example.org/Lamp',
    'example.org/chisel',
    'example.org/gauge',
    'example.org/steel',
    'example.org/wick',
  ]);
  cabin.offline(['build', './...']);
  cabin.offline(['vet', './...']);
  cabin.offline(['tool', 'chisel']);
});

describe('one thing taken out of a warm cache', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['the zip alone: go has the folder', [`${wick}.zip`], []],
    ['the folder alone: go unpacks the zip', [wickFolder], []],
    ['the ziphash alone: go makes it from the zip', [`${wick}.ziphash`], []],
    ['the info: a build does not read it', [`${wick}.info`], []],
    ['the list of versions', ['cache/download/example.org/wick/@v/list'], []],
    ['zip and folder', [`${wick}.zip`, wickFolder], ['example.org/wick@v0.4.0 zip']],
    [
      'zip and ziphash: the folder alone is not trusted',
      [`${wick}.zip`, `${wick}.ziphash`],
      ['example.org/wick@v0.4.0 zip'],
    ],
    ['the go.mod', [`${wick}.mod`], ['example.org/wick@v0.4.0 mod']],
    [
      'all of it',
      ['cache/download/example.org/wick', wickFolder],
      ['example.org/wick@v0.4.0 zip', 'example.org/wick@v0.4.0 mod'],
    ],
    [
      'a module with a capital letter',
      ['cache/download/example.org/!lamp/@v/v1.2.0.zip', 'example.org/!lamp@v1.2.0'],
      ['example.org/Lamp@v1.2.0 zip'],
    ],
    [
      'a module of a test alone',
      ['cache/download/example.org/gauge/@v/v1.0.0.zip', 'example.org/gauge@v1.0.0'],
      ['example.org/gauge@v1.0.0 zip'],
    ],
    [
      'a tool',
      ['cache/download/example.org/chisel/@v/v0.9.0.zip', 'example.org/chisel@v0.9.0'],
      ['example.org/chisel@v0.9.0 zip'],
    ],
    [
      'what a tool needs',
      ['cache/download/example.org/steel/@v/v1.0.0.zip', 'example.org/steel@v1.0.0'],
      ['example.org/steel@v1.0.0 zip'],
    ],
    [
      'what another platform needs',
      ['cache/download/example.org/shutters/@v/v1.1.0.zip', 'example.org/shutters@v1.1.0'],
      [],
    ],
  ])('%s', async (_, paths, expected) => {
    remove(...paths);
    const needs = await needsOf();
    expect(missingOf(needs)).toEqual(expected);
    expect(isReady(needs)).toBe(expected.length === 0);
    expect(needs.problems).toEqual([]);
    // go says the same, and with just these files it builds.
    if (expected.length > 0) expect(() => cabin.offlineAll()).toThrow();
    for (const { path, version, files } of needs.missing) {
      for (const file of files) {
        const name = `cache/download/${path.replace('L', '!l')}/@v/${version}.${file}`;
        mkdirSync(dirname(join(cabin.gomodcache, name)), { recursive: true });
        cpSync(join(warm, name), join(cabin.gomodcache, name));
      }
    }
    cabin.offlineAll();
  });

  test('says for which packages, and on which platforms', async () => {
    remove(`${wick}.zip`, wickFolder);
    remove('cache/download/example.org/shutters/@v/v1.1.0.zip', 'example.org/shutters@v1.1.0');
    const { missing, packages } = await needsOf({ platforms: [linux, windows] });
    expect(missing).toMatchObject([
      {
        path: 'example.org/shutters',
        neededFor: ['example.org/shutters'],
        importedBy: ['example.com/cabin/room', 'example.com/cabin'],
        platforms: ['windows/amd64'],
      },
      {
        path: 'example.org/wick',
        neededFor: ['example.org/wick/thread'],
        importedBy: ['example.com/cabin/room', 'example.com/cabin'],
        platforms: ['linux/amd64', 'windows/amd64'],
      },
    ]);
    expect(packages).toEqual({ needed: 8, missing: 2 });
  });

  test('without tests and tools their modules are not asked for', async () => {
    remove('cache/download/example.org/gauge/@v/v1.0.0.zip', 'example.org/gauge@v1.0.0');
    remove('cache/download/example.org/chisel', 'example.org/chisel@v0.9.0');
    expect(missingOf(await needsOf({ withTests: false, withTools: false }))).toEqual([]);
    expect(missingOf(await needsOf({ withTools: false }))).toEqual(['example.org/gauge@v1.0.0 zip']);
  });
});

describe('what stands behind a missing module', () => {
  test('is what its go.mod requires: not certain, named all the same', async () => {
    for (const [folder, extracted] of [
      ['!lamp', '!lamp@v1.2.0'],
      ['wick', 'wick@v0.4.0'],
      ['shutters', 'shutters@v1.1.0'],
    ] as const)
      remove(
        `cache/download/example.org/${folder}/@v/${folder === 'shutters' ? 'v1.1.0' : folder === 'wick' ? 'v0.4.0' : 'v1.2.0'}.zip`,
        `example.org/${extracted}`,
      );
    const needs = await needsOf();
    // shutters is no module that Lamp requires: it cannot stand behind it.
    expect(missingOf(needs)).toEqual(['example.org/Lamp@v1.2.0 zip', 'example.org/wick@v0.4.0 zip ?']);
    expect(needs.isComplete).toBe(false);
  });

  test('in an empty cache is all that go.sum knows', async () => {
    cabin.empty();
    const needs = await needsOf();
    expect(missingOf(needs).filter((each) => !each.endsWith('?'))).toEqual([
      'example.org/Lamp@v1.2.0 zip',
      'example.org/Lamp@v1.2.0 mod',
      'example.org/chisel@v0.9.0 zip',
      'example.org/chisel@v0.9.0 mod',
      'example.org/gauge@v1.0.0 zip',
      'example.org/gauge@v1.0.0 mod',
    ]);
    expect(missingOf(needs).filter((each) => each.endsWith('zip ?'))).toEqual([
      'example.org/shutters@v1.1.0 zip ?',
      'example.org/steel@v1.0.0 zip ?',
      'example.org/wick@v0.4.0 zip ?',
    ]);
  });
});

describe('lines of go.sum', () => {
  test.each([
    ['of a zip', /^example\.org\/wick v0\.4\.0 h1.*\n/m, ['example.org/wick@v0.4.0 go.sum']],
    ['of a go.mod', /^example\.org\/wick v0\.4\.0\/go\.mod.*\n/m, ['example.org/wick@v0.4.0 go.sum/go.mod']],
  ])('%s', async (_, line, expected) => {
    writeFileSync(join(cabin.main, 'go.sum'), goSum.replace(line, ''));
    const needs = await needsOf();
    expect(missingOf(needs)).toEqual(expected);
    expect(needs.missing[0]?.neededFor).toEqual(['example.org/wick/thread']);
  });

  test('all of them', async () => {
    rmSync(join(cabin.main, 'go.sum'));
    const needs = await needsOf();
    expect(missingOf(needs).filter((each) => !each.endsWith('?'))).toEqual([
      'example.org/Lamp@v1.2.0 go.sum',
      'example.org/chisel@v0.9.0 go.sum',
      'example.org/gauge@v1.0.0 go.sum',
    ]);
  });

  test('one that is wrong is a problem, in go’s words', async () => {
    writeFileSync(join(cabin.main, 'go.sum'), goSum.replace('wick v0.4.0 h1:Hw5t', 'wick v0.4.0 h1:AAAA'));
    const needs = await needsOf();
    expect([isReady(needs), needs.problems.length]).toEqual([false, 1]);
    expect(needs.problems[0]?.why).toContain('verifying example.org/wick@v0.4.0: checksum mismatch');
  });
});

test('a fork in the place of a module is named by its own path', async () => {
  cabin.addModule('example.org/fork@v0.4.1', {
    'go.mod': 'module example.org/wick\n\ngo 1.21\n',
    'thread/thread.go': 'package thread\n\nfunc Of(what string) string { return what + " of a fork" }\n',
  });
  writeFileSync(
    join(cabin.main, 'go.mod'),
    `${goMod}\nreplace example.org/wick => example.org/fork v0.4.1\n`,
  );
  cabin.go(['mod', 'tidy']);
  remove('cache/download/example.org/fork/@v/v0.4.1.zip', 'example.org/fork@v0.4.1');
  expect(missingOf(await needsOf())).toEqual(['example.org/fork@v0.4.1 zip']);
});

test('a toolchain that is not there is missing, and the network is not asked for it', async () => {
  writeFileSync(join(cabin.main, 'go.mod'), goMod.replace('go 1.24', 'go 1.24\n\ntoolchain go1.99.2'));
  cabin.empty();
  const needs = await needsOf({ environment: { GOTOOLCHAIN: 'auto' } });
  const { goos, goarch } = linux;
  expect(needs.toolchain).toEqual({
    name: 'go1.99.2',
    isThere: false,
    module: { path: 'golang.org/toolchain', version: `v0.0.1-go1.99.2.${goos}-${goarch}` },
  });
  expect([isReady(needs), needs.packages]).toEqual([false, undefined]);
  expect(missingOf(needs)).toContain('example.org/Lamp@v1.2.0 zip ?');
});

describe('a workspace', () => {
  const work = () => join(cabin.folder, 'work');
  beforeAll(() => {
    writeFiles(work(), {
      'one/go.mod': 'module example.com/one\n\ngo 1.24\n\nrequire example.org/Lamp v1.2.0\n',
      'one/one.go': 'package one\n\nimport lamp "example.org/Lamp"\n\nvar Light = lamp.Light()\n',
      'two/go.mod': 'module example.com/two\n\ngo 1.24\n\nrequire example.org/wick v0.4.0\n',
      'two/two.go': 'package two\n\nimport "example.org/wick/store"\n\nvar Pages = store.Pages\n',
    });
    for (const name of ['one', 'two']) cabin.go(['mod', 'tidy'], {}, join(work(), name));
    cabin.go(['work', 'init', './one', './two'], {}, work());
    cpSync(cabin.gomodcache, warm, { recursive: true });
  });

  test('is all its modules, wherever it is asked', async () => {
    for (const cwd of [work(), join(work(), 'one')]) {
      const needs = await needsOf({ cwd });
      expect(needs.mainModules.map(({ path }) => path)).toEqual(['example.com/one', 'example.com/two']);
      expect([isReady(needs), needs.problems]).toEqual([true, []]);
    }
    remove('cache/download/example.org/ledger/@v/v0.1.0.zip', 'example.org/ledger@v0.1.0');
    const needs = await needsOf({ cwd: join(work(), 'one') });
    expect(needs.missing).toMatchObject([
      { path: 'example.org/ledger', files: ['zip'], importedBy: ['example.com/two'] },
    ]);
  });

  test('go.work.sum is not written, though go would write it', async () => {
    const sums = join(work(), 'two', 'go.sum');
    const before = readFileSync(sums, 'utf8');
    writeFileSync(sums, '');
    try {
      const files = readTree(work());
      const needs = await needsOf({ cwd: work() });
      expect(needs.problems).toEqual([]);
      expect(readTree(work())).toEqual(files);
      cabin.go(['list', '-e', '-deps', './one', './two'], {}, work());
      expect([...readTree(work()).keys()]).toContain('go.work.sum');
    } finally {
      writeFileSync(sums, before);
      rmSync(join(work(), 'go.work.sum'), { force: true });
    }
  });
});

test('with a vendor folder nothing of GOMODCACHE is needed', async () => {
  writeFileSync(join(cabin.main, 'go.mod'), goMod.replace(/^tool.*\n/m, ''));
  cabin.go(['mod', 'tidy']);
  cabin.go(['mod', 'vendor']);
  try {
    cabin.empty();
    const needs = await needsOf();
    expect([isReady(needs), missingOf(needs), needs.problems]).toEqual([true, [], []]);
  } finally {
    rmSync(join(cabin.main, 'vendor'), { recursive: true });
  }
});

test('nobody is asked, whatever the settings say', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  try {
    cabin.empty();
    writeFileSync(join(cabin.main, 'go.sum'), '');
    const environment = { GOPROXY: url, GOSUMDB: `sum.golang.org ${url}`, GOFLAGS: '-mod=mod' };
    const needs = await needsOf({ environment });
    expect(needs.missing.length + needs.problems.length).toBeGreaterThan(0);
    expect(asked).toEqual([]);
    expect(readFileSync(join(cabin.main, 'go.mod'), 'utf8')).toBe(goMod);
    // go alone would have asked.
    const env = { ...cabin.environment, ...environment };
    await promisify(execFile)('go', ['list', '-e', '-deps', './...'], { cwd: cabin.main, env });
    expect(asked.length).toBeGreaterThan(0);
  } finally {
    server.close();
  }
});
