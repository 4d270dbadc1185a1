import { type ChildProcess, execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Ended, openSandbox, ours, run, type Sandbox, writeFiles } from '../plain/sandbox.ts';

let sandbox: Sandbox;
let disk: string;

beforeAll(() => {
  sandbox = openSandbox();
  disk = join(sandbox.folder, 'disk');
}, 60_000);

afterAll(() => sandbox?.dispose());

beforeEach(() => {
  rmSync(disk, { recursive: true, force: true });
  mkdirSync(disk);
});

type Options = {
  readonly cwd?: string;
  /** around is what the command is run in, as a namespace with a mount of its own. */
  readonly around?: readonly string[];
  readonly started?: (child: ChildProcess) => void;
};

function bench(words: readonly string[], { cwd, around = [], started }: Options = {}): Promise<Ended> {
  return run([...around, ...ours('bench', ...words)], {
    cwd: cwd ?? sandbox.folder,
    environment: sandbox.environment,
    ...(started === undefined ? {} : { started }),
  });
}

// biome-ignore lint/suspicious/noExplicitAny: the form of the answer is what is tested
type Answer = any;

async function json(words: readonly string[], options: Options = {}) {
  const ended = await bench([...words, '--json'], options);
  const answer: Answer = JSON.parse(ended.stdout.toString());
  return { code: ended.code, answer, stderr: ended.stderr.toString() };
}

const times = {
  medianMs: expect.any(Number),
  minMs: expect.any(Number),
  maxMs: expect.any(Number),
};
const replayed = {
  ...times,
  operationsPerSecond: expect.any(Number),
  bytesPerSecond: expect.any(Number),
};

describe('a measurement', () => {
  test('of a directory on disk, as JSON', async () => {
    const { code, answer } = await json([disk, '--rounds', '2']);
    expect(code).toBe(0);
    expect(answer).toMatchObject({
      schema: 'gocachetop.bench/1',
      dryRun: false,
      stopped: false,
      trace: { packages: 81, cold: { calls: expect.any(Number) } },
      rounds: 2,
      directories: [{ directory: disk, rounds: 2, cold: replayed, warm: replayed, build: null }],
      comparisons: [],
      problems: [],
    });
    const [{ cold, warm, freeBytes, ioWaitMs }] = answer.directories;
    for (const { minMs, medianMs, maxMs } of [cold, warm]) {
      expect(minMs).toBeGreaterThan(0);
      expect(medianMs).toBeGreaterThanOrEqual(minMs);
      expect(maxMs).toBeGreaterThanOrEqual(medianMs);
    }
    expect(freeBytes).toBeGreaterThan(0);
    expect(ioWaitMs === null || ioWaitMs >= 0).toBe(true);
    expect(readdirSync(disk)).toEqual([]);
  });

  test('of two, as a table: each once cold and once warm, and what may be said of it', async () => {
    mkdirSync(join(disk, 'other'));
    const { code, stdout, stderr } = await bench([disk, join('disk', 'other'), '--rounds', '2']);
    const text = stdout.toString();
    expect(code).toBe(0);
    expect(text.match(new RegExp(`^ {4}${disk} .* m?s .* to .* m?s\\b`, 'gm'))).toHaveLength(2);
    expect(text.match(new RegExp(`^ {4}${disk}/other .* m?s .* to .* m?s\\b`, 'gm'))).toHaveLength(2);
    expect(text).toMatch(/cold: too few rounds to tell .*: at least 4 are needed/);
    expect(stderr.toString()).toContain('2 times in each directory in turn');
    expect(readdirSync(disk)).toEqual(['other']);
  });

  test('nothing else in the directory is touched', async () => {
    const names = ['3f', 'README', 'gocachetop-bench-notes'];
    for (const name of names) writeFileSync(join(disk, name), name);
    expect((await bench([disk, '--rounds', '1'])).code).toBe(0);
    expect(readdirSync(disk)).toEqual(names);
  });

  test('--dry-run makes nothing and says what would be done', async () => {
    const { code, stdout } = await bench([disk, '--dry-run', '--build', './...', '--read-only']);
    expect(code).toBe(0);
    expect(stdout.toString()).toContain(`${disk}: `);
    expect(stdout.toString()).toContain(
      'go build ./..., cold and warm, 4 times in each in turn: 5 cold builds',
    );
    const { answer } = await json([disk, '--dry-run']);
    expect(answer).toMatchObject({
      dryRun: true,
      directories: [{ directory: disk, cold: null, warm: null, ioWaitMs: null, build: null }],
    });
    expect(readdirSync(disk)).toEqual([]);
  });
});

describe('a command line that is wrong', () => {
  test.each([
    ['no directory', [], 'bench needs a directory'],
    ['rounds that are no number', ['.', '--rounds', 'many'], '--rounds many: a number from 1 to 50'],
    ['no rounds', ['.', '--rounds', '0'], '--rounds 0: a number from 1 to 50'],
    ['a flag as a package', ['.', '--build=-race'], '--build takes packages'],
    ['read-only', ['.', '--read-only'], 'bench is refused: --read-only'],
    ['a flag of prune', ['.', '--keep', '2d'], '--keep is a flag of prune only'],
    ['a command', ['.', '--', 'go', 'build'], 'bench runs no command'],
  ])('%s', async (_, words, message) => {
    const { code, stdout, stderr } = await bench(words);
    expect(code).toBe(2);
    expect(stdout.toString()).toBe('');
    expect(stderr.toString()).toContain(message);
    expect(stderr.toString().trim().split('\n')).toHaveLength(1);
  });

  test('its own flags elsewhere', async () => {
    const ended = await run(ours('scan', '--rounds', '3'), {
      cwd: sandbox.folder,
      environment: sandbox.environment,
    });
    expect(ended.code).toBe(2);
    expect(ended.stderr.toString()).toContain('--rounds is a flag of bench only');
  });
});

describe('a directory that cannot be measured', () => {
  const asUser = ['setpriv', '--bounding-set=-all', '--inh-caps=-all'];

  test.each<[string, () => string, string, (readonly string[])?]>([
    ['does not exist', () => join(disk, 'nowhere'), 'it does not exist'],
    ['is a file', () => makeFile('file'), 'it is not a directory'],
    ['lies below a file', () => join(makeFile('file'), 'below'), 'ENOTDIR'],
    ['may not be written', () => makeLocked(), 'you may not write in it', asUser],
    ['is none of a disk', () => '/proc', '0 bytes are free'],
  ])('%s: one line, exit 1, and it is not made', async (_, make, why, around = []) => {
    const directory = make();
    const before = existsSync(directory);
    const { code, stderr, answer } = await json([directory, '--rounds', '1'], { around });
    expect(code).toBe(1);
    expect(answer.problems).toHaveLength(1);
    expect(answer.problems[0]).toMatchObject({ where: directory, why: expect.stringMatching(why) });
    const ofIt = stderr.split('\n').filter((line) => line.includes(`${directory}: `));
    expect(ofIt).toHaveLength(1);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(existsSync(directory)).toBe(before);
  });

  test('the others are measured all the same', async () => {
    const { code, answer } = await json([join(disk, 'nowhere'), disk, '--rounds', '1']);
    expect(code).toBe(1);
    expect(answer.directories).toMatchObject([{ directory: disk, cold: replayed }]);
    expect(answer.problems).toMatchObject([{ where: join(disk, 'nowhere') }]);
  });

  function makeFile(name: string): string {
    writeFileSync(join(disk, name), '');
    return join(disk, name);
  }

  function makeLocked(): string {
    mkdirSync(join(disk, 'locked'), { mode: 0o555 });
    return join(disk, 'locked');
  }
});

describe('what happens meanwhile', () => {
  test('Ctrl-C: exit 130, the rounds so far are told, nothing is left behind', async () => {
    let child: ChildProcess | undefined;
    const running = json([disk, '--rounds', '50'], { started: (started) => (child = started) });
    await untilReplaying();
    child?.kill('SIGINT');
    const { code, answer, stderr } = await running;
    expect(code).toBe(130);
    expect(answer.stopped).toBe(true);
    expect(stderr).toContain('stopped; nothing was left behind');
    expect(readdirSync(disk)).toEqual([]);
  });

  test('kill -9: what it leaves behind, the next run removes', async () => {
    let child: ChildProcess | undefined;
    const running = bench([disk, '--rounds', '50'], { started: (started) => (child = started) });
    await untilReplaying();
    child?.kill('SIGKILL');
    expect((await running).signal).toBe('SIGKILL');
    expect(readdirSync(disk)).toHaveLength(1);
    expect((await bench([disk, '--rounds', '1'])).code).toBe(0);
    expect(readdirSync(disk)).toEqual([]);
  });

  test('two at once do not disturb each other', async () => {
    const ended = await Promise.all([bench([disk, '--rounds', '2']), bench([disk, '--rounds', '2'])]);
    expect(ended.map(({ code }) => code)).toEqual([0, 0]);
    expect(readdirSync(disk)).toEqual([]);
  });

  test('the directory goes away: one line says so', async () => {
    const directory = join(disk, 'vanishing');
    mkdirSync(directory);
    const running = json([directory, '--rounds', '50']);
    await untilReplaying(directory);
    renameSync(directory, join(disk, 'elsewhere'));
    const { code, answer } = await running;
    expect(code).toBe(1);
    expect(answer.problems).toMatchObject([{ where: directory, why: expect.stringContaining('removed') }]);
    expect(existsSync(directory)).toBe(false);
  });

  /** untilReplaying waits until a file of an entry is there. */
  function untilReplaying(directory = disk): Promise<void> {
    return untilThere(directory, /\/[0-9a-f]{64}-d$/);
  }
});

/** untilThere waits until a path below a directory looks so. */
async function untilThere(directory: string, form: RegExp): Promise<void> {
  for (;;) {
    try {
      if (readdirSync(directory, { recursive: true, encoding: 'utf8' }).some((name) => form.test(name)))
        return;
    } catch {
      // A folder was removed while it was listed.
    }
    await wait(5);
  }
}

const canMount =
  process.platform === 'linux' &&
  spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

/** mounted runs a command with something of its own mounted at `disk`; `how` are the words of mount. */
function mounted(how: string): readonly string[] {
  return ['unshare', '-rm', 'sh', '-c', `mount ${how} "$1" && shift && exec "$@"`, 'sh', disk];
}

describe.skipIf(!canMount)('a tmpfs of its own (needs unshare -rm)', () => {
  test('is measured, and called so', async () => {
    const { code, answer } = await json([disk, '--rounds', '1'], { around: mounted('-t tmpfs tmpfs') });
    expect(code).toBe(0);
    expect(answer.directories).toMatchObject([{ fileSystem: 'tmpfs', cold: replayed, warm: replayed }]);
  });

  test('too small: said before anything is written', async () => {
    const { code, answer } = await json([disk], { around: mounted('-t tmpfs -o size=10m tmpfs') });
    expect(code).toBe(1);
    expect(answer.problems[0].why).toMatch(/^10485760 bytes are free, the files of the replay take \d+$/);
  });

  test('that gets full in the middle: one line says where, why, and what to do', async () => {
    const around = mounted('-t tmpfs -o size=200m,nr_inodes=400 tmpfs');
    const { code, answer, stderr } = await json([disk, '--rounds', '2'], { around });
    expect(code).toBe(1);
    expect(answer.directories).toMatchObject([{ cold: null, warm: null }]);
    expect(stderr).toContain(
      `${disk}: could not be measured to the end: no space is left on its file system (free some room there`,
    );
  });

  test('that is mounted for reading only', async () => {
    const { code, answer } = await json([disk], { around: mounted('-t tmpfs -o ro tmpfs') });
    expect(code).toBe(1);
    expect(answer.problems[0].why).toBe('its file system is mounted for reading only');
  });
});

/** canLoop says whether an image can be mounted: it takes root and a free loop device. */
const canLoop =
  process.getuid?.() === 0 &&
  spawnSync('sh', [
    '-c',
    'f=$(mktemp) && truncate -s 8M $f && mkfs.ext4 -q $f && unshare -m mount -o loop $f /mnt; r=$?; rm -f $f; exit $r',
  ]).status === 0;

test.skipIf(!canLoop)('a file system in an image (needs root, mkfs.ext4 and a loop device)', async () => {
  const image = join(sandbox.folder, 'image');
  execFileSync('sh', ['-c', 'truncate -s 200M "$1" && mkfs.ext4 -q "$1"', 'sh', image]);
  const script = 'mount -o loop "$1" "$2" && shift 2 && exec "$@"';
  const around = ['unshare', '-m', 'sh', '-c', script, 'sh', image, disk];
  const { code, answer } = await json([disk, '--rounds', '1'], { around });
  expect(code).toBe(0);
  expect(answer.directories).toMatchObject([{ fileSystem: 'ext4', cold: replayed, warm: replayed }]);
  // That it was in the image and not on the disk below is told by its size.
  expect(answer.directories[0].freeBytes).toBeLessThan(200 * 1024 * 1024);
  expect(statfsSync(disk).blocks * statfsSync(disk).bsize).toBeGreaterThan(200 * 1024 * 1024);
});

describe('a real build', () => {
  const module = {
    'go.mod': 'module example.com/small\n\ngo 1.21\n',
    'main.go': 'package main\n\nimport "example.com/small/a"\n\nfunc main() { println(a.A) }\n',
    'a/a.go': 'package a\n\nconst A = 1\n',
  };

  test('cold and warm: all packages compiled, then all hits, and no program is left', async () => {
    const cwd = writeFiles(sandbox, 'small', module);
    const { code, answer, stderr } = await json([disk, '--build', './...', '--rounds', '1'], { cwd });
    expect(stderr).toMatch(/one cold build takes .*, a warm one .*: about .* for all/);
    expect(code).toBe(0);
    const listed = execFileSync('go', ['list', '-deps', './...'], {
      cwd,
      env: { ...process.env, ...sandbox.environment },
      encoding: 'utf8',
    });
    const packages = listed.split('\n').filter((path) => path !== '' && path !== 'unsafe').length;
    expect(answer).toMatchObject({ packages: ['./...'], buildRounds: 1 });
    expect(answer.directories[0].build).toMatchObject({
      rounds: 1,
      packages,
      cold: { ...times, hitRate: 0 },
      warm: { ...times, hitRate: 1 },
    });
    const { cold, warm } = answer.directories[0].build;
    expect(cold.medianMs).toBeGreaterThan(warm.medianMs);
    expect(readdirSync(cwd).sort()).toEqual(['a', 'go.mod', 'main.go']);
    expect(readdirSync(disk)).toEqual([]);
    expect(readdirSync(sandbox.temp)).toEqual([]);
  }, 240_000);

  test('that fails is told in the words of go, and the replay counts all the same', async () => {
    const cwd = writeFiles(sandbox, 'broken', { ...module, 'a/a.go': 'package a\n\nconst B = 1\n' });
    const { code, answer } = await json([disk, '--build', '.', '--rounds', '1'], { cwd });
    expect(code).toBe(1);
    expect(answer.problems).toMatchObject([
      { where: `go build . in ${cwd}`, why: expect.stringMatching(/undefined: a\.A/) },
    ]);
    expect(answer.directories).toMatchObject([{ cold: replayed, build: null }]);
    expect(readdirSync(disk)).toEqual([]);
  }, 240_000);

  test('SIGTERM during the build: go has ended, and nothing is left behind', async () => {
    const cwd = writeFiles(sandbox, 'stopped', module);
    let child: ChildProcess | undefined;
    const started = (it: ChildProcess) => {
      child = it;
    };
    const running = json([disk, '--build', './...', '--rounds', '1'], { cwd, started });
    await untilThere(disk, /[0-9a-f]{64}-a$/); // the replay has no action entries by name
    child?.kill('SIGTERM');
    const { code, answer } = await running;
    expect(code).toBe(130);
    expect(answer).toMatchObject({ stopped: true, directories: [{ cold: replayed, build: null }] });
    expect(readdirSync(disk)).toEqual([]);
    expect(readdirSync(sandbox.temp)).toEqual([]);
  }, 240_000);
});
