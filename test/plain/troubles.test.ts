import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  copyDist,
  type Ended,
  type Environment,
  leftIn,
  openSandbox,
  ours,
  processesOf,
  run,
  type Sandbox,
  writeFiles,
} from './sandbox.ts';

let warm: Sandbox;
let sandbox: Sandbox;
let folder: string;

beforeAll(async () => {
  warm = openSandbox();
  const module = writeFiles(warm, 'warming', {
    'go.mod': 'module example.com/warming\n\ngo 1.21\n',
    'w.go': 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println() }\n',
  });
  await run(['go', 'build', '-o', 'x', '.'], { cwd: module, environment: warm.environment });
}, 240_000);

afterAll(() => warm.dispose());

beforeEach(() => {
  sandbox = openSandbox(warm);
  folder = writeFiles(sandbox, 'module', {
    'go.mod': 'module example.com/app\n\ngo 1.21\n',
    'main.go': 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("hello") }\n',
    'lib/lib.go': 'package lib\n\nconst Name = "lib"\n',
  });
});

afterEach(() => {
  const left = [leftIn(sandbox).filter((name) => !name.startsWith('go-build')), processesOf(sandbox)];
  sandbox.dispose();
  expect(left).toEqual([[], []]);
});

type Change = { readonly environment?: Environment; readonly flags?: readonly string[] };

/** report runs a command under `gocachetop report` in the module; `environment` changes that of the sandbox. */
function report(words: readonly string[], { environment = {}, flags = [] }: Change = {}): Promise<Ended> {
  return run(ours('report', ...flags, '--', ...words), {
    cwd: folder,
    environment: { ...sandbox.environment, ...environment },
  });
}

/** ownLines are the lines of ours on stderr, less the summary's indented ones. */
function ownLines({ stderr }: Ended): string[] {
  return stderr
    .toString()
    .split('\n')
    .filter((line) => line.startsWith('gocachetop: ') && !/ exit code \d+$/.test(line));
}

/** expectNoTrace: what a user can cause never shows a stack. */
function expectNoTrace({ stdout, stderr }: Ended): void {
  expect(`${stdout}${stderr}`).not.toMatch(/^\s+at |node:internal|Error:.*\n\s+at /m);
}

describe('the command', () => {
  test('that does not exist: 127', async () => {
    const ended = await report(['no-such-command', 'x']);
    expect([ended.code, ownLines(ended)]).toEqual([
      127,
      ['gocachetop: no-such-command: cannot run: command not found (check the name and PATH)'],
    ]);
    expectNoTrace(ended);
  });

  test('that may not be run: 126', async () => {
    writeFileSync(join(folder, 'script'), 'echo no\n', { mode: 0o644 });
    const ended = await report(['./script']);
    expect(ended.code).toBe(126);
    expect(ownLines(ended)).toEqual([
      'gocachetop: ./script: cannot run: permission denied (check that it is a program that you may run)',
    ]);
  });

  test('that is a folder: 126', async () => {
    const ended = await report(['./lib']);
    expect([ended.code, ownLines(ended).length]).toEqual([126, 1]);
  });
});

describe('the go command', () => {
  const noGo = (): Environment => {
    const bin = join(sandbox.folder, 'bin');
    mkdirSync(bin, { recursive: true });
    for (const tool of ['sh', 'echo']) {
      const file = spawnSync('sh', ['-c', `command -v ${tool === 'echo' ? '/bin/echo' : tool}`], {
        encoding: 'utf8',
      });
      const target = join(bin, tool);
      if (!existsSync(target)) execFileSync('ln', ['-s', file.stdout.trim(), target]);
    }
    return { PATH: bin };
  };

  test('is not on PATH, and was asked for: one line, 127', async () => {
    const ended = await report(['go', 'build', './...'], { environment: noGo() });
    expect(ended.code).toBe(127);
    expect(ownLines(ended)).toHaveLength(1);
    expect(ownLines(ended)[0]).toMatch(/^gocachetop: go: not found on PATH: .* \(install Go/);
    expectNoTrace(ended);
  });

  test('is not on PATH, and a script runs without it: its output and exit code, and one line', async () => {
    const ended = await report(['sh', '-c', 'echo out; exit 4'], { environment: noGo() });
    expect([ended.code, ended.stdout.toString()]).toEqual([4, 'out\n']);
    expect(ownLines(ended)).toHaveLength(1);
  });

  test('is older than we know: says so, and the build runs', async () => {
    // No go so old can be had as a module: this one only says that it is.
    const bin = join(sandbox.folder, 'bin');
    mkdirSync(bin);
    writeFileSync(
      join(bin, 'go'),
      '#!/bin/sh\nif [ "$1" = env ]; then echo \'{"GOVERSION":"go1.20.14"}\'; else echo "built $*"; fi\n',
    );
    chmodSync(join(bin, 'go'), 0o755);
    const environment = { PATH: `${bin}:${process.env.PATH}` };
    const ended = await report(['go', 'build', './...'], { environment });
    expect([ended.code, ended.stdout.toString()]).toEqual([0, 'built build ./...\n']);
    expect(ownLines(ended)).toEqual([
      expect.stringMatching(/needs go1\.21 or newer: this is go1\.20\.14 \(install a newer Go\)/),
    ]);
  });

  test('fails on its own settings: its words, its exit code', async () => {
    const ended = await report(['go', 'build', './...'], { environment: { GOTOOLCHAIN: 'bash' } });
    expect(ended.code).toBe(1);
    expect(ended.stderr.toString()).toMatch(/^go: invalid GOTOOLCHAIN "bash"/);
    expect(ownLines(ended)).toHaveLength(1);
  });

  test('needs another version that it may not fetch: its words, its exit code', async () => {
    writeFileSync(join(folder, 'go.mod'), 'module example.com/app\n\ngo 1.99\n');
    const ended = await report(['go', 'build', './...']);
    expect(ended.code).toBe(1);
    expect(ended.stderr.toString()).toMatch(/go\.mod requires go >= 1\.99/);
    expectNoTrace(ended);
  });

  test('is not in a module: its words, its exit code, and no claim about packages', async () => {
    rmSync(join(folder, 'go.mod'));
    const ended = await report(['go', 'build', './...'], { flags: ['--json'] });
    expect(ended.code).toBe(1);
    expect(JSON.parse(ended.stdout.toString())).toMatchObject({
      exitCode: 1,
      summary: { hits: 0, misses: 0, failed: 0 },
    });
  });
});

describe('GOCACHE', () => {
  test.each([
    ['off', 'off', /build cache is disabled by GOCACHE=off/],
    ['relative', 'some/where', /GOCACHE is not an absolute path/],
  ])('is %s: the words of go, one line of ours, exit code 1', async (_, GOCACHE, words) => {
    const ended = await report(['go', 'build', './...'], { environment: { GOCACHE } });
    expect(ended.code).toBe(1);
    expect(ownLines(ended)).toHaveLength(1);
    expect(ownLines(ended)[0]).toMatch(words);
    expectNoTrace(ended);
  });

  test('cannot be made: the words of go, one line of ours, exit code 1', async () => {
    writeFileSync(join(sandbox.folder, 'file'), '');
    const GOCACHE = join(sandbox.folder, 'file', 'gocache');
    const ended = await report(['go', 'build', './...'], { environment: { GOCACHE } });
    expect(ended.code).toBe(1);
    expect(ended.stderr.toString()).toMatch(/failed to initialize build cache at .*not a directory/);
    expect(ownLines(ended)).toHaveLength(1);
    expectNoTrace(ended);
  });

  // In a small one Go cannot write its package indexes, in a larger one not its archives: the latter stops no build.
  test.for([
    ['256k', 1, /is not in std/],
    ['3m', 0, /^/],
  ] as const)(
    'of %s is full: go ends with %d, one line of ours, and no hit is claimed',
    async ([size, code, words], { skip }) => {
      const GOCACHE = join(sandbox.folder, 'small');
      mkdirSync(GOCACHE);
      const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', GOCACHE]);
      if (mounted.status !== 0) skip('mounting a tmpfs needs root: a full GOCACHE is NOT tested');
      try {
        const ended = await report(['go', 'build', './...'], { environment: { GOCACHE }, flags: ['--json'] });
        expect(ended.code).toBe(code);
        expect(ended.stderr.toString()).toMatch(words);
        expect(ownLines(ended)).toEqual([
          expect.stringMatching(/small: the file system is full: \d+ of \d+ bytes/),
        ]);
        expect(JSON.parse(ended.stdout.toString())).toMatchObject({ exitCode: code, summary: { hits: 0 } });
        expectNoTrace(ended);
      } finally {
        execFileSync('umount', [GOCACHE]);
      }
    },
  );
});

describe('signals', () => {
  /** slow is a build that waits in its first compile until it is ended. */
  const slow = (): readonly string[] => {
    const wrapper = join(sandbox.folder, 'slow.sh');
    const marker = join(sandbox.folder, 'compiling');
    writeFileSync(
      wrapper,
      `#!/bin/sh\ncase "$*" in *-V=full*) ;; */compile*) touch ${marker}; exec sleep 600 ;; esac\nexec "$@"\n`,
    );
    chmodSync(wrapper, 0o755);
    return ['go', 'build', '-toolexec', wrapper, './lib'];
  };

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s reaches the build, and we exit %d', async (signal, code) => {
    const words = slow();
    const ended = await run(ours('report', '--json', '--', ...words), {
      cwd: folder,
      environment: sandbox.environment,
      async started(child) {
        while (!existsSync(join(sandbox.folder, 'compiling'))) await delay(20);
        child.kill(signal);
      },
    });
    // The sleep of the wrapper is a child of go's that go does not end; it is not ours to end either.
    execFileSync('pkill', ['-f', 'sleep 600']);
    // Go ends by SIGINT with exit code 1 once its tools are done; by the other two it dies.
    const json = JSON.parse(ended.stdout.toString());
    expect(json.exitCode).toBe(ended.code);
    if (signal !== 'SIGINT') expect(ended.code).toBe(code);
    expect(json.summary).toMatchObject({ hits: 0, misses: 0 });
    expectNoTrace(ended);
  });

  test('SIGKILL of the build: 137, and its package is not called anything that we do not know', async () => {
    const words = slow();
    const running = run(ours('report', '--json', '--', ...words), {
      cwd: folder,
      environment: sandbox.environment,
    });
    while (!existsSync(join(sandbox.folder, 'compiling'))) await delay(20);
    execFileSync('pkill', ['-KILL', '-f', '^go build -toolexec']);
    execFileSync('pkill', ['-f', 'sleep 600']);
    const ended = await running;
    expect(ended.code).toBe(137);
    expect(JSON.parse(ended.stdout.toString())).toMatchObject({
      exitCode: 137,
      packages: [{ importPath: 'example.com/app/lib', outcome: 'not-reached' }],
    });
  });
});

describe('a reader that goes away', () => {
  test('ends a command that goes on writing, as without us, and shows no trace', async () => {
    const shell = `set -o pipefail; ${quote(ours('report', '--', 'sh', '-c', 'while echo line; do :; done'))} | head -n 2`;
    const ended = await run(['bash', '-c', shell], { cwd: folder, environment: sandbox.environment });
    expect(ended.stdout.toString()).toBe('line\nline\n');
    expect(ended.code).not.toBe(0);
    expectNoTrace(ended);
  });

  test('does not end a build that writes nothing there', async () => {
    const shell = `${quote(ours('report', '--', 'go', 'build', './lib'))} | true; echo \${PIPESTATUS[0]}`;
    const ended = await run(['bash', '-c', shell], { cwd: folder, environment: sandbox.environment });
    expect(ended.stdout.toString()).toBe('0\n');
  });
});

test('a command may open its stdout and stderr again, as tee /dev/stderr in a Makefile does', async () => {
  const ended = await report([
    'sh',
    '-c',
    'echo one > /dev/stdout; echo two | tee /dev/stderr; test -p /dev/stdout',
  ]);
  expect([ended.code, ended.stdout.toString()]).toEqual([0, 'one\ntwo\n']);
  expect(ended.stderr.toString()).toMatch(/^two\n/);
});

describe('an exception of our own', () => {
  test('while a build runs: the build goes on, its output comes through, and one line says so', async () => {
    const copy = copyDist(sandbox);
    breakProgress(copy);
    const environment = { ...sandbox.environment, NODE_PATH: '' };
    const words = ['go', 'test', '-v', '-count=1', './lib'];
    writeFileSync(
      join(folder, 'lib', 'lib_test.go'),
      'package lib\n\nimport "testing"\n\nfunc TestName(t *testing.T) { t.Log(Name) }\n',
    );
    const ended = await run(
      [process.execPath, join(copy, 'bin', 'gocachetop.js'), 'report', '--', ...words],
      { cwd: folder, environment },
    );
    expect(ended.code).toBe(0);
    expect(ended.stdout.toString()).toMatch(/--- PASS: TestName/);
    expect(ownLines(ended)).toEqual([
      expect.stringMatching(
        /^gocachetop: gocachetop: the analysis of this build stopped: .*planted.* \(the build itself goes on/,
      ),
    ]);
    expectNoTrace(ended);
  });
});

/** breakProgress plants an exception where the bundle reads a compile line. */
function breakProgress(copy: string): void {
  const names = execFileSync('grep', ['-rlE', 'build-id-written', join(copy, 'dist')], { encoding: 'utf8' });
  let planted = 0;
  for (const file of names
    .trim()
    .split('\n')
    .filter((name) => name.endsWith('.js'))) {
    const text = readFileSync(file, 'utf8');
    const broken = text.replace(/case\s*"compile":/g, (found) => {
      planted += 1;
      return `${found}throw new Error("planted");`;
    });
    if (broken !== text) writeFileSync(file, broken);
  }
  expect(planted).toBeGreaterThan(0);
}

function quote(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
}
