import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { removeTree } from '../../../source/operations/redownload/stage.ts';
import { type Environment, ours, run } from '../../plain/sandbox.ts';
import {
  clockwork,
  columns,
  differences,
  giveWorlds,
  inFolder,
  leftInStaging,
  openWorld,
  type Snapshot,
  shown,
  snapshot,
  type World,
} from './world.ts';

let first: World;
let world: World;

giveWorlds((made, origin) => {
  [world, first] = [made, origin];
});

/** proxyOf answers everything with one status. */
async function proxyOf(status: number): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((_, response) => {
    response.statusCode = status;
    response.end('no such module');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => void server.close(),
  };
}

/** expectUnchanged: one line says why, and all is as before. */
async function expectRefusal(
  words: readonly string[],
  says: string | RegExp,
  options: { readonly code?: number; readonly more?: Environment } = {},
): Promise<void> {
  const before = snapshot(world.gomodcache);
  const ended = await world.cli(['redownload', ...words], options.more);
  expect(differences(before, snapshot(world.gomodcache))).toEqual([]);
  expect(leftInStaging(world)).toEqual([]);
  const said = ended.stderr.toString();
  expect(said).toMatch(says);
  expect(said.split('\n').filter((line) => line.startsWith('gocachetop: ')).length).toBe(1);
  expect(said).not.toMatch(/\n\s+at /);
  expect(ended.code).toBe(options.code ?? 1);
}

describe('what cannot be downloaded', () => {
  beforeEach(() => truncateSync(world.files(clockwork).zip, 100));
  const words = [shown(clockwork), '--yes'];

  test('with GOPROXY=off', () =>
    expectRefusal(words, /cannot be downloaded: module lookup disabled by GOPROXY=off; nothing was changed/, {
      more: { GOPROXY: 'off' },
    }));

  test.each([404, 410, 500])('a proxy that answers %d', async (status) => {
    const proxy = await proxyOf(status);
    await expectRefusal(
      words,
      new RegExp(`cannot be downloaded: .*v0\\.3\\.1\\.zip: ${status} .*; nothing was changed`),
      {
        more: { GOPROXY: proxy.url },
      },
    );
    proxy.close();
  });

  test('a proxy that is not there', () =>
    expectRefusal(words, /connection refused; nothing was changed/, {
      more: { GOPROXY: 'http://127.0.0.1:1' },
    }));

  test('a proxy that serves rubbish', async () => {
    const proxy = await proxyOf(200);
    await expectRefusal(words, /not a valid zip file; nothing was changed/, { more: { GOPROXY: proxy.url } });
    proxy.close();
  });

  test('without any damage to the folder: that is repaired without a network', async () => {
    const world = openWorld(first);
    removeTree(world.files(clockwork).dir);
    const ended = await world.cli(['redownload', ...words, '--json'], { GOPROXY: 'off' });
    expect(JSON.parse(ended.stdout.toString()).modules[0]).toMatchObject({
      done: 'extracted',
      networkBytes: 0,
    });
    world.dispose();
  });

  test('only the .info: the rest is repaired', async () => {
    const world = openWorld(first);
    writeFileSync(world.files(clockwork).info, '{');
    removeTree(world.files(clockwork).dir);
    const ended = await world.cli(['redownload', ...words, '--json'], {
      GOPROXY: 'off',
      GOSUMDB: 'sum.golang.org',
    });
    const [module] = JSON.parse(ended.stdout.toString()).modules;
    expect(module).toMatchObject({ done: 'extracted', replaced: ['dir'] });
    expect(module.notes.join()).toContain('only the .info could not be downloaded');
    expect(existsSync(world.files(clockwork).dir)).toBe(true);
    world.dispose();
  });
});

describe('what is not there', () => {
  test('a version that does not exist', () =>
    expectRefusal(
      ['example.org/clockwork@v9.9.9', '--yes'],
      /there is nothing to repair: it is not in .*go mod download/,
    ));
  test('a module that does not exist', () =>
    expectRefusal(['example.org/nothing@v1.0.0', '--yes'], /there is nothing to repair/));
});

describe('what is not there, and go.sum names it', () => {
  const words = ['redownload', shown(clockwork)];

  function takeAway(): void {
    const { versions, dir } = world.files(clockwork);
    for (const folder of [versions, dir]) removeTree(folder);
  }

  test('is downloaded, proven against go.sum, after its price; nothing is in the quarantine', async () => {
    const whole = snapshot(world.gomodcache);
    takeAway();
    const dry = await world.cli([...words, '--dry-run']);
    expect(dry.stdout.toString()).toContain('it is not in GOMODCACHE, and go.sum names it');
    expect(dry.stdout.toString()).toMatch(/all of it is downloaded from file:.*, how much only that knows/);
    expect(existsSync(world.files(clockwork).dir)).toBe(false);
    const ended = await world.cli([...words, '--yes', '--json']);
    expect([ended.code, JSON.parse(ended.stdout.toString()).modules[0]]).toMatchObject([
      0,
      {
        would: 'downloaded',
        done: 'downloaded',
        faults: [{ code: 'absent' }],
        replaced: ['mod', 'zip', 'dir', 'ziphash', 'info'],
        checkedBy: ['go.sum'],
        quarantine: null,
        suspicion: null,
      },
    ]);
    // The list of versions is not of one version.
    const other = differences(whole, snapshot(world.gomodcache)).filter(
      (each) => !each.includes('/@v/list: '),
    );
    expect(other).toEqual([]);
    expect(world.go('mod', 'verify')).toBe('all modules verified\n');
    expect((await world.cli(['redownload', '--quarantine'])).stdout.toString()).toContain('is empty');
  });

  test('is refused where the proxy serves what go.sum does not have', async () => {
    const file = join(world.main, 'go.sum');
    const goSum = readFileSync(file, 'utf8');
    writeFileSync(file, goSum.replace(/(clockwork v0\.3\.1 h1:)..../, '$1AAAA'));
    takeAway();
    const ended = await world.cli([...words, '--yes']);
    expect([ended.code, ended.stderr.toString()]).toEqual([
      1,
      expect.stringMatching(/refused, nothing was changed: .*go\.sum.* says h1:AAAA.*, the proxy serves h1:/),
    ]);
    const { dir, zip, ziphash } = world.files(clockwork);
    expect([dir, zip, ziphash].filter((path) => existsSync(path))).toEqual([]);
    expect(leftInStaging(world)).toEqual([]);
  });
});

describe('wrong words', () => {
  test.each([
    [[], /redownload needs a module version/],
    [['example.org/clockwork'], /which version\?/],
    [['example.org/clockwork@latest'], /a version is as v1\.6\.0, in full/],
    [['example.org/clockwork@v0.3'], /a version is as v1\.6\.0, in full/],
    [['../../etc@v1.0.0'], /malformed module path/],
    [[shown(clockwork), '--keep', '2d'], /--keep is a flag of prune only/],
    [[shown(clockwork), '--read-only', '--yes'], /redownload is refused: --read-only/],
    [['--quarantine', shown(clockwork)], /--quarantine lists all/],
  ])('%j', (words, says) => expectRefusal(words, says, { code: 2 }));

  test('without a terminal it needs --yes', async () => {
    truncateSync(world.files(clockwork).zip, 100);
    await expectRefusal([shown(clockwork)], /nothing was changed: without a terminal this needs --yes/, {
      code: 2,
    });
    await expectRefusal([shown(clockwork), '--json'], /without a terminal this needs --yes/, { code: 2 });
  });
});

describe('go.sum that says otherwise', () => {
  /** wrongLine puts another sum into go.sum, that of another module. */
  function wrongLine(): void {
    const file = join(world.main, 'go.sum');
    const lines = readFileSync(file, 'utf8').split('\n');
    const sumOf = (path: string): string =>
      lines.find((line) => line.startsWith(`${path} v`) && !line.includes('/go.mod'))?.split(' ')[2] ?? '';
    const changed = lines.map((line) => line.replace(sumOf(clockwork.path), sumOf(columns.path)));
    writeFileSync(file, changed.join('\n'));
  }

  test('than what the proxy serves: refused', async () => {
    wrongLine();
    const sums = readFileSync(join(world.main, 'go.sum'), 'utf8');
    truncateSync(world.files(clockwork).zip, 100);
    await expectRefusal(
      [shown(clockwork), '--yes'],
      /refused, nothing was changed: .*go\.sum.* says h1:.*the proxy serves h1:/,
    );
    expect(readFileSync(join(world.main, 'go.sum'), 'utf8')).toBe(sums);
  });

  test('than all that lies there: asked about first, then refused', async () => {
    wrongLine();
    const before = snapshot(world.gomodcache);
    const ended = await world.cli(['redownload', shown(clockwork), '--yes', '--json']);
    const [module] = JSON.parse(ended.stdout.toString()).modules;
    expect(module).toMatchObject({ done: 'refused', replaced: [], quarantine: null });
    expect(module.faults[0].code).toBe('gosum-mismatch');
    expect(ended.code).toBe(1);
    expect(differences(before, snapshot(world.gomodcache))).toEqual([]);
  });
});

describe('the main module', () => {
  test('replaces it: told, and repaired all the same', async () => {
    appendFileSync(join(world.main, 'go.mod'), `\nreplace ${clockwork.path} => ../clockwork\n`);
    removeTree(world.files(clockwork).dir);
    const ended = await world.cli(['redownload', shown(clockwork), '--yes']);
    expect(ended.code, ended.stderr.toString()).toBe(0);
    expect(ended.stdout.toString()).toContain(
      `${shown(clockwork)} is replaced by ${join(world.folder, 'clockwork')} here: builds use that`,
    );
    expect(existsSync(world.files(clockwork).dir)).toBe(true);
  });

  test('is vendored: told, and repaired all the same', async () => {
    truncateSync(world.files(clockwork).zip, 100);
    const ended = await world.cli(['redownload', shown(clockwork), '--yes'], { GOFLAGS: '-mod=vendor' });
    expect(ended.code, ended.stderr.toString()).toBe(0);
    expect(ended.stdout.toString()).toContain('GOFLAGS has -mod=vendor: builds here use vendor/, not this');
  });

  test('is of a workspace: its go.sum files count', async () => {
    const work = join(world.folder, 'work');
    mkdirSync(work);
    writeFileSync(join(work, 'go.work'), 'go 1.21\n\nuse ../main\n');
    writeFileSync(world.files(clockwork).ziphash, 'h1:');
    const ended = await run(ours('redownload', shown(clockwork), '--yes', '--json'), {
      cwd: work,
      environment: { ...world.environment, GOWORK: join(work, 'go.work') },
    });
    expect(JSON.parse(ended.stdout.toString()).modules[0]).toMatchObject({
      done: 'ziphash-written',
      checkedBy: ['go.sum'],
    });
  });

  test('is none, and the module private: .ziphash is what remembers its first download', async () => {
    removeTree(world.files(clockwork).dir);
    const ended = await run(ours('redownload', shown(clockwork), '--yes', '--json'), {
      cwd: world.folder,
      environment: world.environment,
    });
    expect(JSON.parse(ended.stdout.toString()).modules[0]).toMatchObject({
      done: 'extracted',
      networkBytes: 0,
      checkedBy: [],
    });
  });
});

/** asOther runs as a user that root's rights do not help; undefined when we are no root and need not. */
const asOther =
  process.getuid?.() === 0 && spawnSync('setpriv', ['--reuid=65534', '--clear-groups', 'true']).status === 0
    ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
    : undefined;

describe.skipIf(asOther === undefined)('as a user with rights of its own (needs root and setpriv)', () => {
  function redownload(): ReturnType<typeof run> {
    return run([...(asOther ?? []), ...ours('redownload', shown(clockwork), '--yes', '--json')], {
      cwd: world.main,
      environment: world.environment,
    });
  }
  function give(...folders: readonly string[]): void {
    chmodSync(world.folder, 0o755);
    for (const folder of folders) spawnSync('chown', ['-Rh', '65534:65534', folder]);
  }

  test('read-only folders are made writable only for the swap, and set back', async () => {
    give(world.folder);
    const whole: Snapshot = snapshot(world.gomodcache);
    const { dir } = world.files(clockwork);
    inFolder(join(dir, 'evil.go'), (file) => writeFileSync(file, 'package clockwork\n'));
    const ended = await redownload();
    const [module] = JSON.parse(ended.stdout.toString()).modules;
    expect(module, ended.stderr.toString()).toMatchObject({ done: 'extracted' });
    expect(differences(whole, snapshot(world.gomodcache))).toEqual([]);
    expect(statSync(join(module.quarantine, 'clockwork@v0.3.1')).mode & 0o777).toBe(0o555);
  });

  test('a GOMODCACHE of another user: one line, nothing changed', async () => {
    give(join(world.folder, 'home'), join(world.folder, 'gopath'));
    truncateSync(world.files(clockwork).zip, 100);
    const before = snapshot(world.gomodcache);
    const ended = await redownload();
    expect(ended.code).toBe(1);
    expect(ended.stderr.toString()).toMatch(
      /EACCES.*nothing was changed \(do it as the user that owns the folder/,
    );
    expect(differences(before, snapshot(world.gomodcache))).toEqual([]);
  });

  test('a folder above it that cannot be written: found before anything is downloaded', async () => {
    give(world.folder);
    const { dir } = world.files(clockwork);
    inFolder(join(dir, 'evil.go'), (file) => writeFileSync(file, 'package clockwork\n'));
    const above = dirname(dir);
    spawnSync('chown', ['root:root', above]);
    const before = snapshot(world.gomodcache);
    const ended = await redownload();
    expect(ended.code).toBe(1);
    expect(ended.stderr.toString()).toContain(`${above}: is not writable for us: EACCES`);
    expect(differences(before, snapshot(world.gomodcache))).toEqual([]);
  });
});

const canMount =
  process.platform === 'linux' &&
  spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

describe.skipIf(!canMount)('a disk that is full (needs unshare -rm)', () => {
  test.each([
    ['of bytes', 'size=256k', 'dd if=/dev/zero of="$1/filler" bs=1k 2>/dev/null;'],
    [
      'of bytes, when go extracts',
      'size=256k',
      'dd if=/dev/zero of="$1/filler" bs=1k 2>/dev/null; truncate -s -16k "$1/filler";',
    ],
    ['of names', 'nr_inodes=70', 'i=0; while true > "$1/filler$i"; do i=$((i+1)); done 2>/dev/null;'],
    [
      'of names, when go extracts',
      'nr_inodes=70',
      'i=0; while true > "$1/filler$i"; do i=$((i+1)); done 2>/dev/null; rm "$1"/filler[0-9];',
    ],
  ])('%s: one line, nothing changed', async (_, size, fill) => {
    const { dir } = world.files(clockwork);
    const away = `${world.gomodcache}.away`;
    spawnSync('cp', ['-a', world.gomodcache, away]);
    const evil = dir.replace(world.gomodcache, away);
    inFolder(join(evil, 'evil.go'), (file) => writeFileSync(file, 'package clockwork\n'));
    // What lies there is listed before and after, inside, where the disk is seen.
    const script = `
      list() { (cd "$cache" && find . -path '*gocachetop-*' -prune -o -type f ! -name 'filler*' -exec sha256sum {} + | sort); }
      mount -t tmpfs -o ${size} tmpfs "$1" && cp -a "$2/." "$1" || exit 3
      ${fill}
      cache="$1"; before=$(list); shift 2
      "$@"; code=$?
      [ "$before" = "$(list)" ] || echo CHANGED >&2
      [ -z "$(ls "$cache/cache/gocachetop-staging")" ] || echo LEFT >&2
      exit $code`;
    const ended = await run(
      [
        ...['unshare', '-rm', 'sh', '-c', script, 'sh', world.gomodcache, away],
        ...ours('redownload', shown(clockwork), '--yes'),
      ],
      { cwd: world.main, environment: world.environment },
    );
    const said = ended.stderr.toString();
    expect(ended.code, said).toBe(1);
    expect(said).toMatch(/(?:ENOSPC|no space left on device).*nothing was changed/);
    expect(said).not.toMatch(/CHANGED|LEFT/);
  });
});
