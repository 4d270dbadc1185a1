import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Environment } from '../../../source/go/settings.ts';
import { examine } from '../../../source/operations/doctor/checks.ts';
import type { DoctorFacts } from '../../../source/operations/doctor/facts.ts';
import type { Finding } from '../../../source/operations/doctor/finding.ts';
import { runFix } from '../../../source/operations/doctor/run.ts';
import { clean, defined, openWard, versionOf, type Ward } from './ward.ts';

const isRoot = process.getuid?.() === 0;
const day = 86_400;

let ward: Ward;
const disposals: (() => void)[] = [];

beforeAll(() => {
  ward = openWard();
}, 120_000);
afterEach(() => {
  for (const dispose of disposals.splice(0).toReversed()) dispose();
  clean(ward);
});
afterAll(() => ward?.dispose());

function codes(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ severity, code }) => `${severity} ${code}`);
}

/** expectFault plants nothing: it holds that there is just this finding, and that each of its repairs takes it away. */
async function expectFault(expected: string, { more = {}, cwd, repairs, again }: Fault): Promise<Finding> {
  const planted = { ...ward.environment, ...more };
  const findings = await ward.examine(planted, cwd);
  expect(codes(findings)).toEqual([expected]);
  const [finding] = findings;
  if (finding === undefined) throw new Error('there is no finding');
  expect(finding.why).not.toBe('');
  for (const command of repairs ?? finding.repair) {
    const repaired = ward.repair(command, planted, cwd);
    expect(codes(await ward.examine(repaired, cwd)), `after: ${command}`).toEqual([]);
    again?.();
  }
  return finding;
}

type Fault = {
  /** more is set in the environment. */
  readonly more?: Environment;
  readonly cwd?: string;
  /** repairs are run in the place of those of the finding, where they are words for a person. */
  readonly repairs?: readonly string[];
  /** again plants it anew for the next repair. */
  readonly again?: () => void;
};

const writeGoenv = (text: string): void => writeFileSync(ward.goenv, `${text}\n`);

test('nothing is wrong', async () => {
  expect(await ward.examine(ward.environment)).toEqual([]);
});

test('nothing is wrong outside of a module, and before anything was built or downloaded', async () => {
  const [gocache, gomodcache] = [join(ward.folder, 'new', 'c'), join(ward.folder, 'new', 'm')];
  const planted = { ...ward.environment, GOCACHE: gocache, GOMODCACHE: gomodcache };
  expect(await ward.examine(planted, ward.folder)).toEqual([]);
  expect(existsSync(join(ward.folder, 'new'))).toBe(false);
});

test('what is set and works is no finding', async () => {
  writeGoenv('GOFLAGS=-modcacherw');
  const planted = {
    ...ward.environment,
    GOPROXY: 'https://a.example|https://b.example,direct',
    GOFLAGS: '-modcacherw',
    GOROOT: ward.goroot,
    GO111MODULE: 'on',
    CGO_ENABLED: '0',
    GOPRIVATE: 'corp.example/*,*.corp.example',
    GOINSECURE: 'corp.example',
    HTTPS_PROXY: 'proxy.example:3128',
    http_proxy: 'socks5://me@proxy.example',
    GOARCH: 'arm64',
  };
  expect(await ward.examine(planted)).toEqual([]);
});

describe('toolchain', () => {
  test('no go on PATH', async () => {
    const planted = { ...ward.environment, PATH: ward.folder };
    expect(codes(await ward.examine(planted))).toEqual(['error go-missing']);
  });

  test('another go of another version on PATH', async () => {
    const tree = ward.tree('other', 'go1.20.14\n');
    const more = { PATH: `${ward.environment.PATH}:${join(tree, 'bin')}` };
    const finding = await expectFault('warning several-go', { more, repairs: [`rm ${tree}/bin/go`] });
    expect(finding.what).toContain('go1.20.14');
  });

  test('links to the same go, and another tree of the same version, do no harm', async () => {
    const links = join(ward.folder, 'bin');
    mkdirSync(links);
    symlinkSync(join(ward.goroot, 'bin', 'go'), join(links, 'go'));
    const tree = ward.tree('other', `${versionOf(ward)}\n`);
    const { PATH = '' } = ward.environment;
    for (const path of [`${links}:${PATH}`, `${PATH}:${links}`, `${PATH}:${tree}/bin`])
      expect(await ward.examine({ ...ward.environment, PATH: path })).toEqual([]);
  });

  test.each([
    ['a script that runs it', (go: string) => `exec ${go} "$@"`, versionOf],
    ['a script that does something else', () => 'exit 1', () => 'unknown'],
  ])('%s, before it on PATH or behind', async (_, line, version) => {
    const folder = join(ward.folder, 'bin');
    mkdirSync(folder);
    writeFileSync(join(folder, 'go'), `#!/bin/sh\n${line(join(ward.goroot, 'bin', 'go'))}\n`);
    chmodSync(join(folder, 'go'), 0o755);
    const { PATH = '' } = ward.environment;
    const behind = await ward.examine({ ...ward.environment, PATH: `${PATH}:${folder}` });
    expect([codes(behind), behind[0]?.what]).toEqual([
      ['warning several-go'],
      expect.stringContaining(`its version is ${version(ward)}`),
    ]);
    const before = await ward.examine({ ...ward.environment, PATH: `${folder}:${PATH}` });
    expect(codes(before)).toEqual([version(ward) === 'unknown' ? 'error go-fails' : 'warning several-go']);
  });

  test('GOROOT of nothing, by a variable and by go env -w', async () => {
    const more = { GOROOT: join(ward.folder, 'nowhere') };
    await expectFault('error goroot-missing', { more });
    writeGoenv(`GOROOT=${ward.folder}/nowhere`);
    const finding = await expectFault('error goroot-missing', {});
    expect(finding.fix?.undo).toBe(`go env -w GOROOT=${ward.folder}/nowhere`);
    expect(readFileSync(ward.goenv, 'utf8').trim()).toBe('');
  });

  test('GOROOT that is no Go tree', async () => {
    await expectFault('error goroot-incomplete', { more: { GOROOT: ward.home } });
  });

  test('GOROOT of another version', async () => {
    const tree = ward.tree('other', 'go1.20.14\n');
    const finding = await expectFault('error goroot-mismatch', { more: { GOROOT: tree } });
    expect(finding.why).toContain('does not match go tool version');
  });

  const realOther = findOtherToolchain();
  test.skipIf(realOther === undefined)(
    'GOROOT of another version stops a real build (needs a second toolchain in the GOMODCACHE of this machine)',
    () => {
      const env = defined({ ...ward.environment, GOROOT: realOther, GOCACHE: join(ward.folder, 'other') });
      const built = spawnSync('go', ['build', '-o', '/dev/null', './...'], { cwd: ward.main, env });
      expect(String(built.stderr)).toContain('does not match go tool version');
    },
    60_000,
  );

  test('GOTOOLCHAIN that is none, by a variable and by go env -w', async () => {
    await expectFault('error gotoolchain-invalid', { more: { GOTOOLCHAIN: 'newest' } });
    writeGoenv('GOTOOLCHAIN=latest');
    await expectFault('error gotoolchain-invalid', { more: { GOTOOLCHAIN: undefined } });
  });

  test('go.mod wants a newer go than GOTOOLCHAIN=local gives', async () => {
    const file = join(ward.main, 'go.mod');
    const before = readFileSync(file, 'utf8');
    disposals.push(() => writeFileSync(file, before));
    writeFileSync(file, before.replace(/^go .*$/m, 'go 1.99'));
    const env = defined(ward.environment);
    const built = spawnSync('go', ['build', './...'], { cwd: ward.main, env });
    const finding = await expectFault('error go-older-than-wanted', {});
    const words = /go\.mod requires .*/.exec(finding.why)?.[0] ?? 'nothing';
    expect(String(built.stderr)).toContain(words);
  });

  test('a go.work that is older than its module wants', async () => {
    const folder = join(ward.folder, 'other');
    mkdirSync(join(folder, 'a'), { recursive: true });
    writeFileSync(join(folder, 'a', 'go.mod'), 'module example.com/a\n\ngo 1.25\n');
    writeFileSync(join(folder, 'a', 'a.go'), 'package a\n');
    writeFileSync(join(folder, 'go.work'), 'go 1.22\n\nuse ./a\n');
    const env = defined(ward.environment);
    const built = spawnSync('go', ['build', './a'], { cwd: folder, env });
    expect(String(built.stderr)).toContain('requires go >= 1.25, but go.work lists go 1.22');
    await expectFault('error go-work-older', { cwd: folder });
  });

  test('a toolchain that is looked for on PATH only, or may not be downloaded', async () => {
    const file = join(ward.main, 'go.mod');
    const before = readFileSync(file, 'utf8');
    disposals.push(() => writeFileSync(file, before));
    writeFileSync(file, before.replace(/^go .*$/m, 'go 1.99'));
    const repairs = ['export GOTOOLCHAIN=auto'];
    await expectFault('error toolchain-missing', { more: { GOTOOLCHAIN: 'path' }, repairs });
    const more = { GOTOOLCHAIN: 'auto', GOPROXY: 'off' };
    const found = await ward.examine({ ...ward.environment, ...more });
    expect(codes(found)).toEqual(['error toolchain-missing', 'warning goproxy-off']);
  });
});

/** findOtherToolchain is one that go has downloaded on this machine. */
function findOtherToolchain(): string | undefined {
  const cache = execFileSync('go', ['env', 'GOMODCACHE'], { encoding: 'utf8' }).trim();
  const version = execFileSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' }).trim();
  const folder = join(cache, 'golang.org');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const name = names.find((each) => each.startsWith('toolchain@') && !each.includes(`-${version}.`));
  return name === undefined ? undefined : join(folder, name);
}

describe('settings', () => {
  test('go env -w under a variable', async () => {
    const plant = (): void => writeGoenv('GOPRIVATE=corp.example');
    plant();
    const more = { GOPRIVATE: 'other.example' };
    const finding = await expectFault('warning setting-shadowed', { more, again: plant });
    expect(finding.repair).toEqual(['go env -u GOPRIVATE', 'unset GOPRIVATE']);
  });

  test('an empty variable over go env -w', async () => {
    const plant = (): void => writeGoenv('GOPRIVATE=corp.example');
    plant();
    await expectFault('warning setting-empty', { more: { GOPRIVATE: '' }, again: plant });
  });

  test('a target of go env -w that does not run here', async () => {
    const other = process.arch === 'arm64' ? 'amd64' : 'arm64';
    writeGoenv(`GOARCH=${other}`);
    const env = defined(ward.environment);
    const listed = spawnSync('go', ['list', '-f', '{{context.GOARCH}}', 'runtime'], { cwd: ward.main, env });
    expect(String(listed.stdout).trim()).toBe(other);
    await expectFault('warning target-foreign', {});
    expect(await ward.examine({ ...ward.environment, GOARCH: other })).toEqual([]);
  }, 90_000);

  test('a name that Go does not know', async () => {
    writeGoenv('GOPROXI=https://a.example');
    await expectFault('warning setting-unknown', {});
  });

  test('a file of go env -w that cannot be read', async () => {
    const folder = join(ward.folder, 'other');
    mkdirSync(folder);
    await expectFault('warning goenv-unreadable', { more: { GOENV: folder }, repairs: ['unset GOENV'] });
  });

  test.each([
    ['GOPATH', 'go', 'error gopath-invalid'],
    ['GOPATH', '~/go', 'error gopath-invalid'],
    ['GO111MODULE', 'yes', 'error go111module-invalid'],
    ['GOEXPERIMENT', 'nothing', 'error goexperiment-invalid'],
    ['GOWORK', 'go.work', 'error gowork-invalid'],
  ])('%s=%s lets no go command run', async (name, value, code) => {
    const finding = await expectFault(code, { more: { [name]: value } });
    const env = defined({ ...ward.environment, [name]: value });
    const ran = spawnSync('go', ['version'], { cwd: ward.main, env });
    const built = spawnSync('go', ['list', './...'], { cwd: ward.main, env });
    const words = finding.why.replace('no go command runs: ', '');
    expect(`${ran.stderr}${built.stderr}`).toContain(words);
  });

  test('two of them at once, by go env -w', async () => {
    writeGoenv(`GOROOT=${ward.folder}/nowhere\nGO111MODULE=yes`);
    const found = await ward.examine(ward.environment);
    expect(codes(found)).toEqual(['error goroot-missing', 'error go111module-invalid']);
  });

  test.each(['off', 'auto'])('GO111MODULE=%s', async (value) => {
    const severity = value === 'off' ? 'error' : 'warning';
    await expectFault(`${severity} go111module`, { more: { GO111MODULE: value } });
  });

  test('GOPATH is GOROOT', async () => {
    await expectFault('warning gopath-is-goroot', { more: { GOPATH: ward.goroot } });
  });

  test('a package in GOPATH without a go.mod', async () => {
    const cwd = join(ward.gopath, 'src', 'example.com', 'old');
    mkdirSync(cwd, { recursive: true });
    writeFileSync(join(cwd, 'old.go'), 'package old\n');
    await expectFault('warning gopath-source', { cwd });
    expect(readFileSync(join(cwd, 'go.mod'), 'utf8')).toContain('module example.com/old');
  });
});

describe('GOFLAGS', () => {
  test.each([
    ['-a', 'warning goflags-a'],
    ['-mod=mod', 'warning goflags-mod-mod'],
    ['-n', 'error goflags-n'],
    ['-work', 'warning goflags-work'],
    ['-count=1', 'warning goflags-count'],
    ['-insecure', 'error insecure-flag'],
    ['-nothing', 'error goflags-invalid'],
    ['nothing', 'error goflags-invalid'],
    ["'-ldflags=-s", 'error goflags-invalid'],
    ['-trimpath --a=true -v', 'warning goflags-a'],
    ['-trimpath -nothing=1', 'error goflags-invalid'],
  ])('%s', async (value, code) => {
    await expectFault(code, { more: { GOFLAGS: value } });
    writeGoenv(`GOFLAGS=${value}`);
    const finding = await expectFault(code, {});
    const kept = value.includes('-trimpath') ? value.replace(/ --a=true| -nothing=1/, '') : '';
    expect(readFileSync(ward.goenv, 'utf8').trim()).toBe(kept === '' ? '' : `GOFLAGS=${kept}`);
    expect(finding.fix?.before).toBe(value);
  });

  test('-a really compiles all anew, and -count=1 runs tests anew', () => {
    const run = (goflags: string, ...words: string[]): string => {
      const env = defined({ ...ward.environment, GOFLAGS: goflags });
      const ran = spawnSync('go', words, { cwd: ward.main, env });
      return `${ran.stdout}${ran.stderr}`;
    };
    const build = ['build', '-x', '-o', '/dev/null', './room'];
    run('', ...build);
    expect(run('', ...build)).not.toContain('/compile -o');
    expect(run('-a', ...build)).toContain('/compile -o');
    run('', 'test', './room');
    expect(run('', 'test', './room')).toContain('(cached)');
    expect(run('-count=1', 'test', './room')).not.toContain('(cached)');
  }, 120_000);

  test('builds with -trimpath and without it on one GOCACHE', async () => {
    const gocache = join(ward.folder, 'other');
    const build = (goflags: string): string => {
      const env = defined({ ...ward.environment, GOCACHE: gocache, GOFLAGS: goflags });
      const ran = spawnSync('go', ['build', '-x', './room'], { cwd: ward.main, env });
      return String(ran.stderr);
    };
    const more = { GOCACHE: gocache };
    build('');
    expect(await ward.examine({ ...ward.environment, ...more })).toEqual([]);
    expect(build('')).not.toContain('/compile -o');
    expect(build('-trimpath')).toContain('/compile -o');
    const finding = await expectFault('warning trimpath-mixed', { more });
    expect(finding.repair).toEqual(['go env -w GOFLAGS=-trimpath']);
    expect(readFileSync(ward.goenv, 'utf8')).toBe('GOFLAGS=-trimpath\n');
  }, 90_000);

  test('-mod=mod in a workspace stops every build', async () => {
    const work = join(ward.folder, 'other', 'go.work');
    mkdirSync(join(ward.folder, 'other'));
    writeFileSync(work, `go 1.24\n\nuse ${ward.main}\n`);
    const more = { GOFLAGS: '-mod=mod', GOWORK: work };
    const finding = await expectFault('error goflags-mod-mod', { more });
    const built = spawnSync('go', ['build', './...'], {
      cwd: ward.main,
      env: defined({ ...ward.environment, ...more }),
    });
    expect(String(built.stderr)).toContain(finding.why.replace(/^.*ends with: /, ''));
  });
});

describe('programs', () => {
  test('cgo without a C compiler', async () => {
    await expectFault('error cgo-no-compiler', { more: { CC: 'no-such-compiler' } });
    const PATH = join(ward.goroot, 'bin');
    const planted = { ...ward.environment, CGO_ENABLED: '1', PATH };
    const found = await ward.examine(planted);
    expect([codes(found), found[0]?.repair]).toEqual([['error cgo-no-compiler'], ['export CGO_ENABLED=0']]);
    expect(await ward.examine({ ...planted, CGO_ENABLED: '0' })).toEqual([]);
    // go switches cgo off by itself.
    expect(await ward.examine({ ...planted, CGO_ENABLED: undefined })).toEqual([]);
  });

  test('CGO_ENABLED that is neither 0 nor 1', async () => {
    await expectFault('warning cgo-enabled-invalid', { more: { CGO_ENABLED: 'true' } });
  });

  test('installed programs that no shell finds', async () => {
    const bin = join(ward.gopath, 'bin');
    mkdirSync(bin);
    expect(await ward.examine(ward.environment)).toEqual([]);
    writeFileSync(join(bin, 'tool'), '#!/bin/sh\n');
    expect(await ward.examine(ward.environment)).toEqual([]);
    chmodSync(join(bin, 'tool'), 0o755);
    await expectFault('warning bin-not-on-path', {});
  });

  test('GOBIN as a relative path', async () => {
    await expectFault('error gobin-relative', { more: { GOBIN: 'bin' } });
  });

  test('GOCACHEPROG that is not there', async () => {
    await expectFault('error cacheprog-missing', { more: { GOCACHEPROG: '/no/such/program -x' } });
  });
});

describe('caches', () => {
  test('GOCACHE off, relative, or a file', async () => {
    await expectFault('error gocache-off', { more: { GOCACHE: 'off' } });
    await expectFault('error gocache-off', { more: { GOCACHE: 'cache' } });
    await expectFault('error gocache-broken', { more: { GOCACHE: ward.goenv } });
  });

  test('a GOCACHE that every user may write into', async () => {
    disposals.push(() => chmodSync(ward.gocache, 0o755));
    chmodSync(ward.gocache, 0o777);
    await expectFault('warning gocache-everybodys', {});
  });

  test('a GOCACHE inside of the main module', async () => {
    const more = { GOCACHE: join(ward.main, '.cache') };
    await expectFault('warning gocache-inside', { more, repairs: ['unset GOCACHE'] });
  });

  test('a GOCACHE that was left behind', async () => {
    const caches = join(ward.home, '.cache');
    disposals.push(() => rmSync(caches, { recursive: true, force: true }));
    const cache = join(caches, 'go-build');
    mkdirSync(caches, { recursive: true });
    execFileSync('cp', ['-a', ward.gocache, cache]);
    writeFileSync(join(cache, 'trim.txt'), `${Math.floor(Date.now() / 1000) - 20 * day}`);
    // gocachetop clean leaves the folder, and its trim.txt of now.
    await expectFault('warning gocache-left-behind', { repairs: [`rm -r ${cache}`] });
    writeFileSync(join(ward.folder, 'other'), '');
  });

  test.skipIf(!isRoot)('files of root in the cache of a user (needs root)', async () => {
    const folder = join(ward.folder, 'other');
    execFileSync('cp', ['-a', ward.gocache, folder]);
    execFileSync('chown', ['-R', '65534:65534', folder]);
    const more = { GOCACHE: folder };
    expect(await ward.examine({ ...ward.environment, ...more })).toEqual([]);
    execFileSync('chown', ['0:0', join(folder, '00')]);
    const finding = await expectFault('warning gocache-foreign', { more });
    expect(finding.what).toMatch(/^1 of \d+ files looked at, not all, belong to root/);
  });

  test.skipIf(!isRoot)('files of another user in GOMODCACHE (needs root)', async () => {
    const lock = join(ward.gomodcache, 'cache', 'lock');
    execFileSync('chown', ['65534:65534', lock]);
    disposals.push(() => execFileSync('chown', ['0:0', lock]));
    await expectFault('warning gomodcache-foreign', {});
  });

  test('a trim.txt of the future, as after a wrong clock', async () => {
    const file = join(ward.gocache, 'trim.txt');
    const before = readFileSync(file);
    disposals.push(() => writeFileSync(file, before));
    writeFileSync(file, `${Math.floor(Date.now() / 1000) + 2 * day}`);
    const finding = await expectFault('warning trim-future', {});
    expect(finding.fix?.action).toEqual({ type: 'remove', file });
  });

  test('a trim.txt that was restored: what it says to be trimmed is there', async () => {
    const file = join(ward.gocache, 'trim.txt');
    const entry = someEntry();
    const before = readFileSync(file);
    disposals.push(() => writeFileSync(file, before));
    disposals.push(() => utimesSync(entry, new Date(), new Date()));
    const old = Date.now() / 1000 - 30 * day;
    utimesSync(entry, old, old);
    writeFileSync(file, `${Math.floor(Date.now() / 1000) - 3600}`);
    await expectFault('warning trim-restored', {});
  });

  test('a file of the future', async () => {
    const entry = someEntry();
    const ahead = Date.now() / 1000 + 3 * day;
    utimesSync(entry, ahead, ahead);
    await expectFault('warning gocache-future', {});
  });

  test('an extraction that did not end', async () => {
    const versions = join(ward.gomodcache, 'cache', 'download', 'example.org', 'wick', '@v');
    const file = join(versions, 'v0.4.0.partial');
    const plant = (): void => writeFileSync(file, '');
    plant();
    disposals.push(() => rmSync(file, { force: true }));
    const repairs = ['gocachetop redownload example.org/wick@v0.4.0 --yes'];
    const more = { GOSUMDB: 'off' };
    const found = await ward.examine(ward.environment);
    expect(codes(found)).toEqual(['warning partial']);
    expect(`${found[0]?.repair[0]} --yes`).toBe(repairs[0]);
    // No checksum database knows these modules: only go.sum does.
    ward.repair(repairs[0] ?? '', { ...ward.environment, ...more });
    expect(await ward.examine(ward.environment)).toEqual([]);
  }, 60_000);

  const canHold = process.platform === 'linux' && spawnSync('perl', ['-v']).status === 0;
  test.skipIf(!canHold)('a lock whose holder was stopped (needs Linux and perl)', async () => {
    const versions = join(ward.gomodcache, 'cache', 'download', 'example.org', 'wick', '@v');
    const lock = join(versions, 'v0.4.0.lock');
    const holder = await hold(lock);
    disposals.push(() => holder.kill('SIGKILL'));
    expect(await ward.examine(ward.environment)).toEqual([]);
    holder.kill('SIGSTOP');
    await untilState(holder.pid ?? 0, 'T');
    const finding = await expectFault('error lock-held', {});
    expect(finding.repair).toEqual([`kill -CONT ${holder.pid}`]);
  });
});

function someEntry(): string {
  // The first of the 256 folders is among those that are looked at.
  const folder = join(ward.gocache, '00');
  const name = readdirSync(folder)[0];
  if (name !== undefined) return join(folder, name);
  const made = join(folder, `00${'0'.repeat(62)}-d`);
  writeFileSync(made, '');
  disposals.push(() => rmSync(made, { force: true }));
  return made;
}

/** hold gives a process that holds flock(2) on a file. */
async function hold(file: string): Promise<ChildProcess> {
  const script = 'open F, "<", $ARGV[0] or die; flock F, 2 or die; $| = 1; print "held"; sleep 600';
  const child = spawn('perl', ['-e', script, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  return child;
}

async function untilState(pid: number, state: string): Promise<void> {
  while (!readFileSync(`/proc/${pid}/stat`, 'utf8').includes(`) ${state} `))
    await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('temporary folder and file systems', () => {
  test('a TMPDIR that is not there', async () => {
    const plant = (): void => rmSync(join(ward.folder, 'other'), { recursive: true, force: true });
    const more = { TMPDIR: join(ward.folder, 'other') };
    const finding = await expectFault('error tmpdir-missing', { more, again: plant });
    expect(finding.repair).toHaveLength(2);
    const env = defined({ ...ward.environment, ...more });
    expect(String(spawnSync('go', ['build', './...'], { cwd: ward.main, env }).stderr)).toContain(
      'creating work dir',
    );
  });

  const canMount =
    isRoot && spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

  /** mount puts a tmpfs on a folder for the time of a test. */
  function mount(folder: string, options: string): string {
    mkdirSync(folder, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `mode=755,${options}`, 'tmpfs', folder]);
    disposals.push(() => execFileSync('umount', ['-l', folder]));
    return folder;
  }

  test.skipIf(!canMount)('GOCACHE in memory (needs root and mount)', async () => {
    const folder = mount(join(ward.folder, 'other'), 'size=2g');
    const repairs = ['unset GOCACHE'];
    await expectFault('warning gocache-memory', { more: { GOCACHE: folder }, repairs });
    await expectFault('warning gomodcache-memory', {
      more: { GOMODCACHE: folder },
      repairs: ['unset GOMODCACHE'],
    });
  });

  test.skipIf(!canMount)(
    'a full file system, one with little room, one without inodes (needs root and mount)',
    async () => {
      const small = mount(join(ward.folder, 'other'), 'size=16m');
      const clear = [`rm ${small}/filler; mount -o remount,size=2g ${small}`];
      await expectFault('warning disk-low', {
        more: { TMPDIR: small },
        repairs: [`mount -o remount,size=2g ${small}`],
      });
      execFileSync('mount', ['-o', 'remount,size=16m', small]);
      spawnSync('dd', ['if=/dev/zero', `of=${small}/filler`, 'bs=64k']);
      await expectFault('error disk-full', { more: { TMPDIR: small }, repairs: clear });
      const few = mount(join(ward.folder, 'bin'), 'size=2g,nr_inodes=50');
      await expectFault('warning disk-inodes', {
        more: { TMPDIR: few },
        repairs: [`mount -o remount,nr_inodes=100000 ${few}`],
      });
    },
  );

  test.skipIf(!canMount)(
    'a TMPDIR with noexec, where no test can run (needs root and mount)',
    async () => {
      const folder = mount(join(ward.folder, 'other'), 'size=2g,noexec');
      const more = { TMPDIR: folder };
      const env = defined({ ...ward.environment, ...more });
      const ran = spawnSync('go', ['test', '-count=1', './room'], { cwd: ward.main, env });
      expect(`${ran.stdout}${ran.stderr}`).toContain('permission denied');
      await expectFault('error tmpdir-noexec', { more });
      expect(
        String(spawnSync('go', ['test', '-count=1', './room'], { cwd: ward.main, env }).stdout),
      ).toContain('ok');
    },
    60_000,
  );

  test.skipIf(!canMount)(
    'a GOCACHE on a file system that is mounted for reading only (needs root and mount)',
    async () => {
      const folder = mount(join(ward.folder, 'other'), 'size=2g');
      execFileSync('mount', ['-o', 'remount,ro', folder]);
      const found = await ward.examine({ ...ward.environment, GOCACHE: folder });
      expect(codes(found)).toEqual(['error gocache-unwritable', 'warning gocache-memory']);
    },
  );
});

test('a clock before the Go release', async () => {
  const tree = ward.tree('other', `${versionOf(ward)}\ntime 2099-01-01T00:00:00Z\n`);
  await expectFault('error clock-behind', { more: { GOROOT: tree }, repairs: ['unset GOROOT'] });
});

describe('what cannot be had here, so that facts of a healthy set-up are changed', () => {
  async function codesWith(change: (facts: DoctorFacts) => Partial<DoctorFacts>): Promise<readonly string[]> {
    const facts = await ward.facts(ward.environment);
    if ('failure' in facts) throw new Error('there is no go');
    return codes(examine({ ...facts, ...change(facts) }));
  }

  test.each([
    ['GOCACHE', 'nfs4', ['rw', 'vers=4.2', 'local_lock=none'], ['warning gocache-network']],
    ['GOCACHE', 'fuse.sshfs', [], ['warning gocache-network']],
    ['GOCACHE', 'overlay', [], []],
    ['GOMODCACHE', 'nfs4', ['vers=4.2', 'local_lock=none'], []],
    ['GOMODCACHE', 'nfs', ['vers=3', 'nolock'], ['warning gomodcache-no-locks']],
    ['GOMODCACHE', 'nfs', ['vers=3', 'local_lock=all'], ['warning gomodcache-no-locks']],
  ] as const)('%s on %s %s', async (name, fileSystem, mountOptions, expected) => {
    const field = name === 'GOCACHE' ? 'gocache' : 'gomodcache';
    const found = await codesWith((facts) => {
      const cache = facts[field];
      return cache === undefined ? {} : { [field]: { ...cache, fileSystem, mountOptions } };
    });
    expect(found).toEqual(expected);
  });

  test.each([
    [2000, []],
    [-60_000, ['warning clock-file-system']],
    [3_600_000, ['warning clock-file-system']],
  ] as const)('a file system whose clock is %i ms ahead', async (fileAheadMs, expected) => {
    expect(await codesWith(({ machine }) => ({ machine: { ...machine, fileAheadMs } }))).toEqual(expected);
  });

  test('a system without any root certificate', async () => {
    const certificates = { file: undefined, unreadable: [], hasRoots: false };
    expect(await codesWith(({ machine }) => ({ machine: { ...machine, certificates } }))).toEqual([
      'error no-roots',
    ]);
  });

  test('a lock that a go command holds for a minute is none that hangs; for two hours it is', async () => {
    const held = (runsForMs: number | undefined) =>
      codesWith(({ remainders }) => ({
        remainders: {
          folders: remainders?.folders ?? 0,
          isWhole: true,
          partials: [],
          locks: [
            {
              file: '/x/v1.0.0.lock',
              pid: 7,
              command: ['go', 'mod', 'download'],
              isStopped: false,
              runsForMs,
            },
          ],
        },
      }));
    expect(await held(60_000)).toEqual([]);
    expect(await held(undefined)).toEqual([]);
    expect(await held(7_200_000)).toEqual(['error lock-held']);
  });
});

describe('proxies', () => {
  test.each([
    ['GOPROXY', ',', 'error goproxy-invalid'],
    ['GOPROXY', 'ftp://a.example', 'error goproxy-invalid'],
    ['GOPROXY', 'off', 'warning goproxy-off'],
    ['GOSUMDB', 'sum.example', 'error gosumdb-invalid'],
    ['GOSUMDB', 'off', 'warning gosumdb-off'],
    ['GONOSUMDB', '*', 'warning nosumdb-wide'],
    ['GOPRIVATE', '*', 'warning nosumdb-wide'],
    ['GOPRIVATE', 'github.com,corp.example', 'warning nosumdb-wide'],
    ['GONOPROXY', '*', 'warning noproxy-wide'],
    ['GOINSECURE', '*', 'warning insecure-wide'],
    ['GOVCS', 'corp.example', 'error govcs-invalid'],
    ['GOPRIVATE', 'corp.example, other.example', 'warning glob-never-matches'],
    ['GOPRIVATE', 'https://corp.example/x', 'warning glob-never-matches'],
    ['GONOPROXY', 'corp.example/[a', 'warning glob-never-matches'],
    ['GONOPROXY', '10.0.0.0/8', 'warning glob-never-matches'],
  ])('%s=%s', async (name, value, code) => {
    await expectFault(code, { more: { [name]: value } });
    const finding = await withSetting(name, value, code);
    expect(finding.fix?.before).toBe(value);
  });

  /** withSetting plants it by go env -w, and repairs it as --fix does. */
  async function withSetting(name: string, value: string, code: string): Promise<Finding> {
    writeGoenv(`${name}=${value}`);
    const planted = { ...ward.environment, [name]: undefined };
    const [finding] = await ward.examine(planted);
    expect(finding === undefined ? [] : codes([finding])).toEqual([code]);
    if (finding?.fix === undefined) throw new Error('there is no fix');
    const place = { cwd: ward.main, environment: planted };
    const { failure } = await runFix(finding.fix, { place, goenv: ward.goenv, now: Date.now() });
    expect(failure).toBe('');
    expect(await ward.examine(planted)).toEqual([]);
    ward.repair(finding.fix.undo ?? '', planted);
    expect(codes(await ward.examine(planted))).toEqual([code]);
    return finding;
  }

  test('entries that are never asked, a password without TLS', async () => {
    const more = { GOPROXY: 'https://a.example,direct,https://b.example' };
    const repairs = ['export GOPROXY=https://a.example,direct'];
    const finding = await expectFault('warning goproxy-unreached', { more, repairs });
    expect(finding.what).toContain('https://b.example');
    const secret = { GOPROXY: 'http://me:geheim@127.0.0.1:1' };
    const found = await expectFault('error goproxy-credentials', {
      more: secret,
      repairs: ['unset GOPROXY'],
    });
    expect(JSON.stringify(found)).not.toContain('geheim');
    const env = defined({ ...ward.environment, ...secret });
    const asked = spawnSync('go', ['list', '-m', 'example.org/x@latest'], { cwd: ward.main, env });
    expect(String(asked.stderr)).toContain('refusing to pass credentials to insecure URL');
  });

  test('an empty line of go env -w hides the default', async () => {
    writeGoenv('GOPROXY=');
    await expectFault('error goproxy-invalid', { more: { GOPROXY: undefined } });
  });

  test.each([
    ['https', 'HTTPS_PROXY', 'http://a b'],
    ['http', 'http_proxy', 'http://me:geheim@a b'],
    ['https', 'https_proxy', 'me:geheim@a.example:99999'],
  ])('%s by %s=%s', async (scheme, name, value) => {
    const finding = await expectFault('error http-proxy-invalid', { more: { [name]: value } });
    expect(JSON.stringify(finding)).not.toContain('geheim');
    const more = { [name]: value, GOPROXY: `${scheme}://a.example` };
    const env = defined({ ...ward.environment, ...more });
    const asked = spawnSync('go', ['list', '-m', 'example.org/x@latest'], { cwd: ward.main, env });
    expect(String(asked.stderr)).toContain('proxyconnect tcp');
  });

  test('a .netrc that others can read', async () => {
    const file = join(ward.home, '.netrc');
    writeFileSync(file, 'machine a.example login me password geheim\n', { mode: 0o600 });
    expect(await ward.examine(ward.environment)).toEqual([]);
    chmodSync(file, 0o644);
    const finding = await expectFault('warning netrc-readable', {});
    expect(JSON.stringify(finding)).not.toContain('geheim');
  });

  test.skipIf(process.platform !== 'linux')(
    'SSL_CERT_FILE and SSL_CERT_DIR of nothing (needs Linux)',
    async () => {
      const nothing = join(ward.folder, 'pem');
      const fileFinding = await ward.examine({ ...ward.environment, SSL_CERT_FILE: nothing });
      expect(fileFinding.map(({ code }) => code)).toEqual(['ssl-cert-file']);
      await expectFault('error ssl-cert-file', { more: { SSL_CERT_FILE: nothing, SSL_CERT_DIR: ward.home } });
      writeFileSync(nothing, 'no certificate\n');
      await expectFault('error ssl-cert-file', { more: { SSL_CERT_FILE: nothing, SSL_CERT_DIR: ward.home } });
      const found = await ward.examine({ ...ward.environment, SSL_CERT_DIR: join(ward.folder, 'nowhere') });
      expect(found.map(({ code }) => code)).toEqual(['ssl-cert-dir']);
    },
  );
});
