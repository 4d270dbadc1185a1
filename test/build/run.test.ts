import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseGoCommand } from '../../source/build/go-command.ts';
import type { BuildEvent } from '../../source/build/progress.ts';
import { type CommandEnd, type RunOptions, startCommand } from '../../source/build/run.ts';
import { makeShop, type Shop, shopFiles, warmCache } from './shop.ts';

type Ran = {
  readonly stdout: string;
  readonly stderr: string;
  readonly end: CommandEnd;
  readonly events: readonly BuildEvent[];
  readonly unrecognized: number;
};

/** start runs a command under startCommand and keeps what came of it; `change` sets options, as a slow reader. */
function start(shop: Shop, words: readonly string[], change: Partial<RunOptions> = {}) {
  const events: BuildEvent[] = [];
  const pieces = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const running = startCommand({
    words,
    goCommand: parseGoCommand(words),
    cwd: shop.directory,
    environment: shop.environment,
    goflags: shop.environment.GOFLAGS,
    stdin: 'ignore',
    isOwnGroup: false,
    emit: (event) => events.push(event),
    write: (stream, bytes) => {
      pieces[stream].push(Buffer.from(bytes));
      return undefined;
    },
    failed: (error) => {
      throw error;
    },
    ...change,
  });
  const text = (stream: 'stdout' | 'stderr'): string => Buffer.concat(pieces[stream]).toString('latin1');
  const ran = running.ended.then((end): Ran => {
    const { unrecognized } = running;
    return { stdout: text('stdout'), stderr: text('stderr'), end, events, unrecognized };
  });
  return { running, ran, text, pieces };
}

const files: Readonly<Record<string, string>> = {
  ...shopFiles,
  'red/red_test.go': 'package red\n\nimport "testing"\n\nfunc TestRed(t *testing.T) { t.Error("cd /tmp") }\n',
  'made/made.go': 'package made\n\n//go:generate echo made\n',
  'made/untidy.go': 'package made\n\nfunc  F( ) {}\n',
};

// Both are the same module, and run the same commands one after the other: what one has in its GOCACHE the other has.
let ours: Shop;
let plain: Shop;

beforeAll(() => {
  const warm = warmCache();
  try {
    [ours, plain] = [makeShop(warm.gocache, files), makeShop(warm.gocache, files)];
  } finally {
    warm.remove();
  }
}, 300_000);

afterAll(() => {
  ours?.remove();
  plain?.remove();
});

/** steady takes out what differs from run to run: times, the names of WORK folders, where the module lies. */
function steady(text: string, shop: Shop): string {
  return text
    .replaceAll(shop.directory, 'SHOP')
    .replaceAll(dirname(shop.directory), 'TOP')
    .replaceAll(/-buildid \S+/g, '-buildid')
    .replaceAll(/gocache\/\S+/g, 'gocache')
    .replaceAll(/go-build\d+/g, 'go-build')
    .replaceAll(/\t\d+\.\d{3}s/g, '\t0s')
    .replaceAll(/\\t\d+\.\d{3}s/g, '\\t0s')
    .replaceAll(/\(\d+\.\d\ds\)/g, '(0s)')
    .replaceAll(/"Time":"[^"]+"/g, '"Time":""')
    .replaceAll(/"Elapsed":[\d.e-]+/g, '"Elapsed":0');
}

async function runBoth(words: readonly string[], change: Partial<RunOptions> = {}): Promise<Ran> {
  const expected = plain.run(...words);
  const ran = await start(ours, words, change).ran;
  expect(steady(ran.stdout, ours)).toBe(steady(expected.stdout.toString('latin1'), plain));
  expect(steady(ran.stderr, ours)).toBe(steady(expected.stderr.toString('latin1'), plain));
  expect(ran.end.exitCode).toBe(expected.code);
  return ran;
}

const shell = (script: string): readonly string[] => ['sh', '-c', script];

const odd = [
  'WORK=/tmp/go-build1',
  'mkdir -p $WORK/b001/',
  'cd /tmp',
  '# get https://a.example/b',
  '# example.com/shop/price',
  "cat >/tmp/go-build1/b001/importcfg << 'EOF' # internal",
];

describe('output and exit code are those of a plain run', () => {
  test.each<[string, readonly string[], number, 'compiles' | 'compiles nothing']>([
    ['a build with warnings of gcc', ['go', 'build', '-p=1', './...'], 0, 'compiles'],
    ['the same again', ['go', 'build', '-p=1', './...'], 0, 'compiles nothing'],
    ['a compile error', ['go', 'build', '-p=1', '-tags=broken', './...'], 1, 'compiles'],
    ['an error in code of cgo', ['go', 'build', '-p=1', '-tags=badcgo', './weigh'], 1, 'compiles'],
    [
      'go build -json with an error',
      ['go', 'build', '-json', '-p=1', '-tags=broken', './price', './round'],
      1,
      'compiles',
    ],
    ['saved words', ['go', 'build', '-p=1', '-gcflags=-m', './price', './cart'], 0, 'compiles'],
    [
      'saved words, again',
      ['go', 'build', '-p=1', '-gcflags=-m', './price', './cart'],
      0,
      'compiles nothing',
    ],
    ['-work', ['go', 'build', '-work', './price'], 0, 'compiles nothing'],
    ['a load error', ['go', 'build', './nowhere'], 1, 'compiles nothing'],
    ['a wrong flag', ['go', 'build', '-strange'], 2, 'compiles nothing'],
    ['go test', ['go', 'test', '-p=1', './cart', './desk', './price'], 0, 'compiles'],
    ['go test, cached', ['go', 'test', '-p=1', './cart', './desk', './price'], 0, 'compiles nothing'],
    ['go test -v', ['go', 'test', '-v', '-p=1', '-count=1', './cart'], 0, 'compiles nothing'],
    ['go test -json', ['go', 'test', '-json', '-p=1', './cart', './desk'], 0, 'compiles nothing'],
    ['go test -json with an error', ['go', 'test', '-json', '-p=1', '-tags=broken', './cart'], 1, 'compiles'],
    ['a test that fails', ['go', 'test', '-p=1', './red'], 1, 'compiles'],
    ['go test -c', ['go', 'test', '-c', '-o', 'cart.test', './cart'], 0, 'compiles'],
    ['go vet with a finding', ['go', 'vet', '-p=1', '-tags=sloppy', './cart'], 1, 'compiles'],
    ['go vet without', ['go', 'vet', '-p=1', './round'], 0, 'compiles nothing'],
    ['go run of a program that prints odd lines', ['go', 'run', '.', ...odd], 0, 'compiles'],
    ['go run of one that fails', ['go', 'run', '.', ...odd, 'exit'], 1, 'compiles nothing'],
    ['go list', ['go', 'list', '-deps', './cart'], 0, 'compiles nothing'],
    ['go env', ['go', 'env', 'GOOS', 'GOFLAGS_NOT_THERE'], 0, 'compiles nothing'],
    ['go fmt', ['go', 'fmt', './...'], 0, 'compiles nothing'],
    ['go clean', ['go', 'clean', './...'], 0, 'compiles nothing'],
    ['go generate', ['go', 'generate', './...'], 0, 'compiles nothing'],
    ['go mod verify', ['go', 'mod', 'verify'], 0, 'compiles nothing'],
    [
      'no go at all',
      shell('printf "a\\r\\n\\377\\000b"; printf "cd /x\\nrm -f a.exe" >&2; exit 7'),
      7,
      'compiles nothing',
    ],
    [
      'a script',
      shell(
        'go build -p=1 -gcflags=-N ./cart; echo between >&2; cd /; echo "cd /" ; cd -; go vet ./price; go fmt ./...; go clean ./...; go test -p=1 ./desk; exit 5',
      ),
      5,
      'compiles',
    ],
    ['a killed command', shell('echo going; kill -TERM $$'), -1, 'compiles nothing'],
  ])('%s', async (name, words, code, compiles) => {
    if (name === 'a killed command') {
      const { end, stdout } = await start(ours, words).ran;
      expect([end.exitCode, end.signal, stdout]).toEqual([143, 'SIGTERM', 'going\n']);
      return;
    }
    const ran = await runBoth(words);
    expect(ran.end).toEqual({ exitCode: code, signal: undefined, startError: undefined });
    expect(ran.unrecognized).toBe(0);
    const compiled = ran.events.filter((event) => event.type === 'x' && event.event.type === 'compile');
    expect(compiled.length > 0 ? 'compiles' : 'compiles nothing').toBe(compiles);
    expect(ran.events.at(-1)).toMatchObject({ type: 'ended', exitCode: code, wasStopped: false });
  });

  test('-x of the user keeps its lines, and they are read all the same', async () => {
    const ran = await runBoth(['go', 'build', '-x', '-p=1', '-gcflags=-l', './price']);
    expect(ran.stderr).toContain('WORK=');
    expect(ran.events.filter((event) => event.type === 'x' && event.event.type === 'compile')).toHaveLength(
      1,
    );
  });

  test('-n and -x=false are left alone', async () => {
    await runBoth(['go', 'build', '-n', '-p=1', '-gcflags=-B', './price']);
    const ran = await runBoth(['go', 'build', '-x=false', './price']);
    expect(ran.events.map((event) => event.type)).toEqual(['ended']);
  });
});

test('a stored compile has the size and the build ID of its file', async () => {
  for (const shop of [ours, plain]) shop.write({ 'fresh/fresh.go': 'package fresh\n\nvar Fresh = 1\n' });
  const { events } = await runBoth(['go', 'build', './fresh']);
  const compiled = events.find((event) => event.type === 'x' && event.event.type === 'compile');
  const stored = events.find((event) => event.type === 'x' && event.event.type === 'stored');
  const buildId = compiled?.type === 'x' && compiled.event.type === 'compile' ? compiled.event.buildId : '';
  expect(stored).toMatchObject({ bytes: expect.any(Number), buildId });
});

test('results of tests are told, of lines and of records', async () => {
  for (const json of [[], ['-json']]) {
    const { events } = await runBoth(['go', 'test', ...json, '-p=1', './cart', './price']);
    expect(events.filter((event) => event.type === 'test')).toEqual([
      { type: 'test', importPath: 'example.com/shop/cart', outcome: 'cached' },
      { type: 'test', importPath: 'example.com/shop/price', outcome: 'no-test-files' },
    ]);
  }
});

describe('a command that cannot start', () => {
  test.each<[string, readonly string[], number, string]>([
    ['is not there', ['./nowhere'], 127, 'ENOENT'],
    ['may not run', ['./locked'], 126, 'EACCES'],
  ])('%s', async (_, words, exitCode, startError) => {
    writeFileSync(join(ours.directory, 'locked'), '#!/bin/sh\n');
    chmodSync(join(ours.directory, 'locked'), 0o644);
    const { end, events } = await start(ours, words).ran;
    expect(end).toEqual({ exitCode, signal: undefined, startError });
    expect(events).toMatchObject([{ type: 'ended', exitCode }]);
  });
});

describe('while it runs', () => {
  /** until resolves when the condition holds. */
  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  test.each<[string, string, 'stdout' | 'stderr']>([
    ['a prompt', 'Name: ', 'stderr'],
    ['a prompt on stdout', 'Name: ', 'stdout'],
    ['one that looks like ours', 'WORK=/tm', 'stderr'],
    ['one that looks like a record', '{"ImportPath":', 'stdout'],
    ['a folder', 'cd /x\n', 'stdout'],
  ])('%s is seen before its line ends', async (name, words, stream) => {
    const go = join(ours.directory, `go-on-${name.replaceAll(' ', '-')}`);
    const started = start(
      ours,
      shell(
        `printf '${words}' ${stream === 'stderr' ? '>&2' : ''}; while [ ! -e ${go} ]; do sleep 0.05; done; echo end`,
      ),
    );
    await until(() => started.text(stream).includes(words));
    writeFileSync(go, '');
    expect((await started.ran).stdout).toMatch(/end\n$/);
  });

  test('signals reach it', async () => {
    const started = start(
      ours,
      shell('trap "echo caught; exit 9" TERM; echo up; while :; do sleep 0.05; done'),
    );
    await until(() => started.text('stdout') === 'up\n');
    started.running.send('SIGTERM');
    const { end, stdout, events } = await started.ran;
    expect([end.exitCode, stdout]).toEqual([9, 'up\ncaught\n']);
    expect(events.at(-1)).toMatchObject({ type: 'ended', wasStopped: true });
  });

  test('what it leaves behind in the background does not hold us', async () => {
    const started = start(ours, shell('sleep 20 & echo $!'));
    const { end, stdout } = await started.ran;
    expect(end.exitCode).toBe(0);
    const pid = Number(stdout);
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    process.kill(pid);
  });

  test('a slow reader gets all, and none of our lines, however they are cut', async () => {
    // More than a pipe and our own buffers hold, with lines of ours where pieces of 64 kB end.
    const work = join(dirname(ours.directory), 'tmp', 'go-build4242');
    const words = Array.from({ length: 4000 }, (_, index) => `word ${index} of the user, and so on\n`);
    const all = words.map((word, index) => `mkdir -p $WORK/b${1000 + index}/\n${word}`);
    writeFileSync(join(ours.directory, 'all.txt'), `WORK=${work}\n${all.join('')}`);
    const script = `mkdir ${work}; cat all.txt >&2; rm -r ${work}`;
    const got: Buffer[] = [];
    const { ran } = start(ours, shell(script), {
      write: (_, bytes) => {
        got.push(Buffer.from(bytes));
        // Longer than anything of ours waits: what is held, and the end of the command.
        return new Promise((resolve) => setTimeout(resolve, 500));
      },
    });
    await ran;
    expect(Buffer.concat(got).toString()).toBe(words.join(''));
  });

  test('an analysis that breaks is told once, and the build goes on', async () => {
    const failures: unknown[] = [];
    const words = ['go', 'build', '-p=1', '-gcflags=-S=0', '-tags=broken', './price'];
    const expected = plain.run(...words);
    const { ran } = start(ours, words, {
      emit: () => {
        throw new Error('no more');
      },
      failed: (error) => failures.push(error),
    });
    await expect(ran).resolves.toMatchObject({ stderr: expected.stderr.toString(), end: { exitCode: 1 } });
    expect(failures).toEqual([new Error('no more')]);
  });
});
