import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sampleDirectory } from '../../../scripts/sample-environment.ts';
import { parseLockHolder } from '../../../source/operations/redownload/lock-holder.ts';
import { lockVersion } from '../../../source/operations/redownload/version-lock.ts';
import { clockwork, giveWorlds, shown, type World } from './world.ts';

let world: World;

giveWorlds((made) => {
  world = made;
});

describe('who holds a lock', () => {
  const locks = [
    '1: POSIX  ADVISORY  WRITE 700 08:01:42 0 EOF',
    '2: -> FLOCK  ADVISORY  WRITE 701 08:01:42 0 EOF',
    '3: FLOCK  ADVISORY  WRITE 702 08:01:421 0 EOF',
    '4: FLOCK  ADVISORY  WRITE 703 00:2e:42 0 EOF',
    '5: FLOCK  ADVISORY  READ 704 08:01:43 0 EOF',
  ].join('\n');

  test.each([
    [42, 703, 'not one that waits, nor a lock of another kind, nor an inode that begins alike'],
    [43, 704, 'a shared lock, too'],
    [4, undefined, 'nobody'],
  ])('of inode %d it is %s: %s', (inode, pid, _) => {
    expect(parseLockHolder(locks, inode)).toBe(pid);
  });
});

test.skipIf(!existsSync('/proc/locks'))(
  'a go command waits for us, and goes on when we are done',
  async () => {
    const { lock, zip, ziphash, dir } = world.files(clockwork);
    for (const file of [zip, ziphash]) rmSync(file);
    expect(existsSync(dir)).toBe(true);
    const answer = await lockVersion(lock, { environment: world.environment, isWaiting: true });
    if (answer.type !== 'held') throw new Error(answer.type);
    const go = goDownload(world);
    await until(() => hasWaiter(lock));
    expect(go.exitCode).toBeNull();
    expect(existsSync(zip)).toBe(false);
    answer.lock.release();
    expect(await ended(go)).toBe(0);
    expect(existsSync(zip)).toBe(true);
  },
);

describe('while a go command holds the lock', () => {
  let server: Server;
  /** letGo answers the request for a zip; asked says that one came. */
  let letGo: () => void;
  let asked: Promise<void>;

  beforeEach(async () => {
    let heard: () => void;
    asked = new Promise((resolve) => {
      heard = resolve;
    });
    server = createServer(async (request, response) => {
      const path = decodeURIComponent(request.url ?? '');
      if (path.endsWith('.zip')) {
        const free = new Promise<void>((resolve) => {
          letGo = resolve;
        });
        heard();
        await free;
      }
      response.end(readFileSync(join(sampleDirectory, 'proxy', path)));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => server.close());

  test('we wait, say for whom, and find nothing wrong afterwards', async () => {
    const { zip } = world.files(clockwork);
    rmSync(zip);
    rmSync(world.files(clockwork).ziphash);
    const { port } = server.address() as AddressInfo;
    const go = goDownload(world, { GOPROXY: `http://127.0.0.1:${port}` });
    await asked;
    let stderr = '';
    const running = world.cli(['redownload', shown(clockwork), '--yes', '--json'], {}, (child) => {
      child.stderr?.on('data', (chunk: Buffer) => {
        stderr += chunk.toString();
      });
    });
    await until(() => stderr.includes('which holds its lock'));
    expect(stderr).toMatch(
      /example\.org\/clockwork@v0\.3\.1: waiting for go mod download .* \(process \d+\), which holds its lock/,
    );
    expect(existsSync(zip)).toBe(false);
    letGo();
    expect(await ended(go)).toBe(0);
    const { code, stdout } = await running;
    expect(code).toBe(0);
    expect(JSON.parse(stdout.toString()).modules[0]).toMatchObject({
      done: 'nothing-wrong',
      networkBytes: 0,
    });
  });

  test('Ctrl-C gives up waiting, and nothing was changed', async () => {
    rmSync(world.files(clockwork).zip);
    rmSync(world.files(clockwork).ziphash);
    const { port } = server.address() as AddressInfo;
    const go = goDownload(world, { GOPROXY: `http://127.0.0.1:${port}` });
    await asked;
    const { code, stdout } = await world.cli(['redownload', shown(clockwork), '--yes'], {}, (child) => {
      child.stderr?.on('data', (chunk: Buffer) => {
        if (chunk.toString().includes('which holds its lock')) child.kill('SIGINT');
      });
    });
    expect(code).toBe(130);
    expect(stdout.toString()).toContain('stopped: nothing was changed');
    letGo();
    expect(await ended(go)).toBe(0);
  });
});

describe('the program that locks', () => {
  /** pathWith is a PATH of these programs alone. */
  function pathWith(...programs: readonly string[]): string {
    const folder = join(world.folder, 'bin');
    mkdirSync(folder);
    for (const program of programs) {
      const found = (process.env.PATH ?? '')
        .split(delimiter)
        .map((each) => join(each, program))
        .find((file) => existsSync(file));
      if (found === undefined) throw new Error(`${program} is not on PATH`);
      symlinkSync(found, join(folder, program));
    }
    return folder;
  }

  test('is perl where there is no flock', async () => {
    writeFileSync(world.files(clockwork).ziphash, 'h1:');
    const ended = await world.cli(['redownload', shown(clockwork), '--yes'], {
      PATH: pathWith('go', 'perl'),
    });
    expect(ended.code, ended.stderr.toString()).toBe(0);
    expect(ended.stdout.toString()).toContain('.ziphash written anew');
  });

  test('is missing: one line, and nothing is changed', async () => {
    writeFileSync(world.files(clockwork).ziphash, 'h1:');
    const ended = await world.cli(['redownload', shown(clockwork), '--yes'], { PATH: pathWith('go') });
    expect(ended.code).toBe(1);
    expect(ended.stderr.toString()).toContain(
      'without its lock nothing is changed: neither flock nor perl is on PATH; nothing was changed (install util-linux, which has flock)',
    );
    expect(readFileSync(world.files(clockwork).ziphash, 'utf8')).toBe('h1:');
  });
});

function goDownload({ main, environment }: World, more: Readonly<Record<string, string>> = {}): ChildProcess {
  return spawn('go', ['mod', 'download', shown(clockwork)], {
    cwd: main,
    env: { ...environment, ...more } as NodeJS.ProcessEnv,
    stdio: 'ignore',
  });
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null) await once(child, 'exit');
  return child.exitCode;
}

/** hasWaiter says whether a process waits for flock(2) on a file. */
function hasWaiter(file: string): boolean {
  const { ino } = statSync(file);
  const waiting = new RegExp(`^\\d+: -> FLOCK .*:${ino} `, 'm');
  return waiting.test(readFileSync('/proc/locks', 'utf8'));
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10));
}
