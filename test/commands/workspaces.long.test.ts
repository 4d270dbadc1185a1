import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cabin, openCabin, readTree, writeFiles } from '../operations/offline/cabin.ts';
import { ours, run } from '../plain/sandbox.ts';

let cabin: Cabin;
let hut: string;
let temp: string;

beforeAll(() => {
  cabin = openCabin();
  hut = join(cabin.folder, 'hut');
  temp = join(cabin.folder, 'tmp');
  mkdirSync(temp);
  writeFiles(hut, {
    'go.mod': 'module example.com/hut\n\ngo 1.24\n\nrequire example.org/Lamp v1.2.0\n',
    'hut.go': 'package hut\n\nimport lamp "example.org/Lamp"\n\nvar Light = lamp.Light()\n',
  });
  cabin.go(['mod', 'tidy'], {}, hut);
  cabin.go(['mod', 'download']);
}, 60_000);
afterAll(() => cabin?.dispose());

// biome-ignore lint/suspicious/noExplicitAny: the form of the answer is what is tested
type Answer = any;

async function workspaces(
  words: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly answer: Answer; readonly stderr: string }> {
  const environment = { ...cabin.environment, TMPDIR: temp, ...more };
  const ended = await run(ours('workspaces', ...words, '--json'), { cwd: cabin.folder, environment });
  const [stdout, stderr] = [ended.stdout.toString(), ended.stderr.toString()];
  expect(stderr).not.toMatch(/^\s+at /m);
  return { code: ended.code, answer: stdout === '' ? undefined : JSON.parse(stdout), stderr };
}

test('one GOMODCACHE for two: what both have counts once', async () => {
  const { code, answer } = await workspaces(['cabin', 'hut']);
  expect([code, answer.schema, answer.problems, answer.ways]).toEqual([
    0,
    'gocachetop.workspaces/1',
    [],
    null,
  ]);
  const [first, second] = answer.workspaces;
  expect([first.mainModules, first.modules, first.missing]).toEqual([['example.com/cabin'], 5, 0]);
  expect([second.mainModules, second.modules, second.missing]).toEqual([['example.com/hut'], 2, 0]);
  // All that hut needs, Lamp and wick, the cabin has.
  expect(answer.caches).toEqual([
    {
      gomodcache: cabin.gomodcache,
      directories: [cabin.main, hut],
      modules: 5,
      bytes: first.isolatedBytes,
      isolatedBytes: first.isolatedBytes + second.isolatedBytes,
    },
  ]);
  const folders = ['example.org/!lamp@v1.2.0', 'example.org/wick@v0.4.0'];
  const du = spawnSync('du', ['-sk', ...folders], { cwd: cabin.gomodcache, encoding: 'utf8' });
  const kibibytes = du.stdout.split('\n').reduce((sum, line) => sum + Number.parseInt(line || '0', 10), 0);
  expect(second.isolatedBytes).toBeGreaterThan(kibibytes * 1024);
});

test('a link to the same folder is the same cache, another folder is not', async () => {
  symlinkSync(cabin.gomodcache, join(cabin.folder, 'link'));
  const linked = await workspaces(['cabin', 'hut=link']);
  expect(linked.answer.caches).toMatchObject([{ directories: [cabin.main, hut] }]);
  const { answer } = await workspaces(['cabin', 'hut=other']);
  expect(answer.caches.map(({ directories }: Answer) => directories)).toEqual([[cabin.main], [hut]]);
  // Lamp, wick behind it, and gauge and the others only go.sum of the cabin knows.
  expect(answer.workspaces[1]).toMatchObject({
    gomodcache: join(cabin.folder, 'other'),
    modules: 0,
    missing: 2,
  });
  expect(answer.recommendations[0].commands).toEqual([`go env -w GOMODCACHE=${cabin.gomodcache}`]);
});

const canMount =
  spawnSync('unshare', [
    '-rm',
    'sh',
    '-c',
    'd=$(mktemp -d) && mkdir $d/l $d/u $d/w $d/m && mount -t overlay overlay -o lowerdir=$d/l,upperdir=$d/u,workdir=$d/w,userxattr $d/m; s=$?; umount $d/m; chmod 700 $d/w/work; rm -r $d; exit $s',
  ]).status === 0;

describe('--measure', () => {
  test('each way is used by go for real: what reaches the other workspace', async () => {
    const before = [readTree(cabin.main), readTree(cabin.gomodcache), readTree(hut)];
    const { code, answer } = await workspaces(['cabin', 'hut', '--measure'], {
      GOCACHE: join(cabin.folder, 'never'),
    });
    expect([code, answer.problems]).toEqual([0, []]);
    const told = answer.ways.map(({ way, poisonReaches, cleanReaches }: Answer) => [
      way,
      poisonReaches,
      cleanReaches,
    ]);
    expect(told.filter(([way]: Answer) => way !== 'overlayfs')).toEqual([
      ['own', false, false],
      ['shared', true, true],
      ['symlink', true, false],
      ['file proxy', false, false],
    ]);
    const disk = Object.fromEntries(answer.ways.map(({ way, diskBytes }: Answer) => [way, diskBytes]));
    expect(disk.own).toBeGreaterThan(disk.shared);
    expect(disk['file proxy']).toBeGreaterThan(disk.own);
    expect(disk.symlink - disk.shared).toBeLessThanOrEqual(8192);
    for (const { way, durationsMs } of answer.ways)
      if (way !== 'overlayfs') expect(durationsMs).toHaveLength(2);
    // Nothing of the user's was touched, nothing is left.
    expect([readTree(cabin.main), readTree(cabin.gomodcache), readTree(hut)]).toEqual(before);
    expect(readdirSync(temp)).toEqual([]);
  }, 180_000);

  test.skipIf(!canMount)(
    'an overlayfs keeps what is written apart, and cleaning (needs unshare -rm and overlayfs)',
    async () => {
      const { answer } = await workspaces(['cabin', 'hut', '--measure']);
      const overlay = answer.ways.find(({ way }: Answer) => way === 'overlayfs');
      const proxy = answer.ways.find(({ way }: Answer) => way === 'file proxy');
      expect(overlay).toMatchObject({ measured: true, why: null, poisonReaches: false, cleanReaches: false });
      expect(overlay.diskBytes).toBeLessThan(proxy.diskBytes);
    },
    180_000,
  );

  test('where nothing may be mounted it says so, and the other ways are measured', async () => {
    // A PATH with go, and without unshare.
    const pathOf = (name: string): string =>
      spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim();
    const bin = join(cabin.folder, 'bin');
    mkdirSync(bin);
    for (const name of ['sh', 'cp', 'mv', 'chmod']) symlinkSync(pathOf(name), join(bin, name));
    const { code, answer } = await workspaces(['cabin', 'hut', '--measure'], {
      PATH: `${dirname(pathOf('go'))}:${bin}`,
    });
    const overlay = answer.ways.find(({ way }: Answer) => way === 'overlayfs');
    expect([code, overlay.measured, overlay.diskBytes]).toEqual([0, false, null]);
    expect(overlay.why).toContain('unshare');
    expect(answer.ways.filter(({ measured }: Answer) => measured)).toHaveLength(4);
    expect(answer.recommendations[1]).toMatchObject({
      way: 'file proxy',
      commands: [
        'export GOMODCACHE=$PWD/.modcache',
        `export GOPROXY=file://${cabin.gomodcache}/cache/download,$(go env GOPROXY)`,
      ],
    });
  }, 180_000);

  test('is refused under --read-only', async () => {
    const { code, stderr } = await workspaces(['cabin', '--measure', '--read-only']);
    expect([code, stderr]).toEqual([2, 'gocachetop: workspaces --measure is refused: --read-only\n']);
  });
});

test('the recommended file proxy is one that go takes', () => {
  const own = join(cabin.folder, 'isolated');
  const environment = {
    GOMODCACHE: own,
    GOPROXY: `file://${cabin.gomodcache}/cache/download,off`,
  };
  cabin.go(['list', '-deps', './...'], environment, hut);
  writeFileSync(join(own, 'example.org', 'wick@v0.4.0', 'thread', 'thread.go'), 'package poisoned\n');
  expect(cabin.go(['list', '-deps', './...'], {}, hut)).toContain('example.org/wick/thread');
});

test('a folder that is no workspace is a problem, and the others are told', async () => {
  const { code, answer } = await workspaces(['cabin', 'home', 'nowhere']);
  expect([code, answer.workspaces.length, answer.problems.length]).toEqual([1, 1, 2]);
  expect(answer.problems[0].line).toContain('there is no go.mod here or above');
});
