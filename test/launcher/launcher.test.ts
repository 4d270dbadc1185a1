import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, type TestContext, test } from 'vitest';
import { openTerminal } from '../pty/terminal.ts';
import { findOldNode, install, launcher, listTree, makeFolder, root, run } from './installation.ts';

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

describe('where it runs', () => {
  test('in any directory', async () => {
    const result = await run(process.execPath, [launcher, '--version'], { cwd: makeFolder() });
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toContain(version);
  });

  test('as a command, through a symlink', async () => {
    const link = join(makeFolder(), 'gct');
    symlinkSync(launcher, link);
    const result = await run(link, ['--version']);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toContain(version);
  });

  test('through a symlink to the whole folder, with a space and CJK in its name', async () => {
    const link = join(makeFolder(), 'go 缓存');
    symlinkSync(root, link);
    const result = await run(join(link, 'bin', 'gocachetop.js'), ['--version']);
    expect(result.stdout).toContain(version);
  });
});

// An app that says what it was given.
const telling = `
  export async function main(argv, { environment }) {
    const pick = (from) => ['NODE_ENV', 'NO_COLOR', 'FORCE_COLOR', 'GOCACHETOP_RELAUNCHED', 'MINE'].map((name) => from[name]);
    console.log(JSON.stringify({ argv, own: pick(process.env), users: pick(environment), node: process.versions.node }));
    return 7;
  }`;

type Told = {
  readonly argv: readonly string[];
  readonly own: readonly (string | null)[];
  readonly users: readonly (string | null)[];
  readonly node: string;
};

describe('what it hands over', () => {
  test.each([
    ['nothing special', {}, ['a b', '--', 'c'], ['production', null], [null, null]],
    ['NO_COLOR', { NO_COLOR: '1' }, [], ['production', '0'], [null, null]],
    ['an empty NO_COLOR, which means none', { NO_COLOR: '' }, [], ['production', null], [null, null]],
    ['NO_COLOR over FORCE_COLOR', { NO_COLOR: '1', FORCE_COLOR: '3' }, [], ['production', '0'], [null, '3']],
    ['--no-color', {}, ['--no-color', '--', 'make'], ['production', '0'], [null, null]],
    ['--no-color of the command', {}, ['--', 'make', '--no-color'], ['production', null], [null, null]],
    ['a NODE_ENV of the user', { NODE_ENV: 'test' }, [], ['test', null], ['test', null]],
  ] as const)('%s', async (_, environment, args, own, users) => {
    const result = await run(process.execPath, [install(telling), ...args], {
      environment: { ...environment, MINE: 'x' },
    });
    expect(result).toMatchObject({ code: 7, stderr: '' });
    const told = JSON.parse(result.stdout) as Told;
    expect(told.argv).toEqual(args);
    expect([told.own[0], told.own[2], told.own[4]]).toEqual([...own, 'x']);
    expect([told.users[0], told.users[2], told.users[4]]).toEqual([...users, 'x']);
  });

  test('leaves the temp folder empty, and its code cache with the other caches', async () => {
    const temp = makeFolder();
    const caches = makeFolder();
    const environment = { TMPDIR: temp, XDG_CACHE_HOME: caches };
    expect(await run(process.execPath, [launcher, '--version'], { environment })).toMatchObject({ code: 0 });
    expect(listTree(temp)).toEqual([]);
    expect(existsSync(join(caches, 'gocachetop', 'node'))).toBe(true);
  });

  test('works where no cache can be written', async () => {
    const caches = makeFolder();
    chmodSync(caches, 0o500);
    for (const place of [join(caches, 'x'), '/dev/null/x']) {
      const result = await run(process.execPath, [launcher, '--version'], {
        environment: { XDG_CACHE_HOME: place },
      });
      expect(result).toMatchObject({ code: 0, stderr: '' });
    }
  });
});

describe('what goes wrong', () => {
  test.each([
    ['no dist', undefined, /^gocachetop: .*dist is missing or incomplete: run npm ci in .*\n$/],
    [
      'a dist without its chunks',
      "import './chunk-x.js'; export async function main() {}",
      /^gocachetop: .*dist is missing or incomplete.*\n$/,
    ],
    [
      'an app that throws',
      "export async function main() { throw new Error('one\\ntwo'); }",
      /^gocachetop: internal error: one two\n$/,
    ],
    [
      'an app that breaks while it loads',
      "throw new Error('three')",
      /^gocachetop: internal error: three\n$/,
    ],
  ])('%s: one line, exit 1', async (_, app, line) => {
    const result = await run(process.execPath, [install(app)]);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toMatch(line);
  });
});

// An app that waits for a signal, and ends by its own decision or by the signal itself.
const waiting = `
  export function main([how]) {
    return new Promise((done) => {
      const clock = setInterval(() => {}, 1000);
      for (const signal of how === 'die' ? [] : ['SIGINT', 'SIGTERM', 'SIGHUP']) {
        process.on(signal, () => { console.log('got ' + signal); clearInterval(clock); done(42); });
      }
      console.log('ready');
    });
  }`;

describe('under a Node that is too old', () => {
  const old = findOldNode();
  const hasBundled = existsSync(join(root, 'node_modules', 'node', 'bin', 'node'));

  /** oldNode gives its path, or skips the test. */
  function oldNode({ skip }: TestContext): string {
    return old?.path ?? skip('no Node older than 22.22 on PATH');
  }

  /** relaunchingNode gives an old Node's path where there is a newer one to go to, or skips the test. */
  function relaunchingNode(context: TestContext): string {
    if (!hasBundled) context.skip('the node package has no binary: npm ci ran without scripts');
    return oldNode(context);
  }

  test('one line, exit 1', async (context) => {
    const result = await run(oldNode(context), [install(telling)]);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toBe(`gocachetop: needs Node.js >= 22.22 (this is ${old?.version})\n`);
  });

  test('one line when the other Node is too old as well', async (context) => {
    const node = oldNode(context);
    const file = install(telling);
    const binaries = join(dirname(dirname(file)), 'node_modules', 'node', 'bin');
    mkdirSync(binaries, { recursive: true });
    symlinkSync(node, join(binaries, 'node'));
    const result = await run(node, [file]);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toBe(`gocachetop: needs Node.js >= 22.22 (this is ${old?.version})\n`);
  });

  test('runs under the node package, in the same environment', async (context) => {
    const file = install(telling, { withNode: true });
    const environment = { NO_COLOR: '1', MINE: 'x' };
    const result = await run(relaunchingNode(context), [file, 'a b', '--', 'c'], { environment });
    expect(result).toMatchObject({ code: 7, stderr: '' });
    const told = JSON.parse(result.stdout) as Told;
    expect(told.argv).toEqual(['a b', '--', 'c']);
    expect(told.own).toEqual(['production', '1', '0', null, 'x']);
    expect(told.users).toEqual([null, '1', null, null, 'x']);
    expect(told.node).not.toBe(old?.version);
  });

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    test(`hands on ${signal}`, async (context) => {
      const result = await run(relaunchingNode(context), [install(waiting, { withNode: true })], {
        whenOutput: { text: 'ready', act: (pid) => process.kill(pid, signal) },
      });
      expect(result).toMatchObject({ code: 42, stdout: `ready\ngot ${signal}\n`, stderr: '' });
    });
  }

  for (const [signal, code] of [
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    test(`exits with ${code} when the app dies of ${signal}`, async (context) => {
      const result = await run(relaunchingNode(context), [install(waiting, { withNode: true }), 'die'], {
        whenOutput: { text: 'ready', act: (pid) => process.kill(pid, signal) },
      });
      expect(result).toMatchObject({ code, signal: null, stderr: '' });
    });
  }

  test('leaves Ctrl-C to the terminal, which reaches the app by itself', async (context) => {
    const args = [install(waiting, { withNode: true })];
    await using terminal = openTerminal({ command: relaunchingNode(context), args });
    await terminal.until('ready');
    terminal.key('ctrl+c');
    expect(await terminal.exited).toEqual({ code: 42, signal: undefined });
    expect(terminal.text().match(/got SIG[A-Z]+/g)).toEqual(['got SIGINT']);
  });

  test('runs this checkout', async (context) => {
    const result = await run(relaunchingNode(context), [launcher, '--version']);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toContain(version);
  });
});
