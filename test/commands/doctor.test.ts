import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { clean, openWard, type Ward } from '../operations/doctor/ward.ts';
import { ours, run } from '../plain/sandbox.ts';

const isRoot = process.getuid?.() === 0;

let ward: Ward;
let servers: Server[] = [];

beforeAll(() => {
  ward = openWard();
}, 120_000);
afterEach(() => {
  clean(ward);
  for (const server of servers) server.close();
  servers = [];
});
afterAll(() => ward?.dispose());

// biome-ignore lint/suspicious/noExplicitAny: the form of the answer is what is tested
type Answer = any;

async function doctor(
  words: readonly string[] = [],
  more: Readonly<Record<string, string>> = {},
  around: readonly string[] = [],
) {
  const environment = { ...ward.environment, ...more };
  const ended = await run([...around, ...ours('doctor', ...words)], { cwd: ward.main, environment });
  const [stdout, stderr] = [ended.stdout.toString(), ended.stderr.toString()];
  expect(stderr).not.toMatch(/^\s+at /m);
  return { code: ended.code, stdout, stderr };
}

async function answer(words: readonly string[] = [], more: Readonly<Record<string, string>> = {}) {
  const { code, stdout, stderr } = await doctor([...words, '--json'], more);
  return { code, stderr, answer: JSON.parse(stdout) as Answer };
}

function codesOf({ findings }: Answer): readonly string[] {
  return findings.map(({ severity, code }: Answer) => `${severity} ${code}`);
}

describe('a healthy machine', () => {
  test('says so in one screen', async () => {
    const { code, stdout, stderr } = await doctor();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^go1\.\S+ \S+\/\S+ {3}nothing is wrong\n/);
    expect(stdout.split('\n').length).toBeLessThan(40);
    expect(stdout).toContain('network       not asked');
  });

  test('is told by the contract of gocachetop.doctor/1', async () => {
    const { code, answer: told } = await answer();
    expect(code).toBe(0);
    expect(told).toMatchObject({
      schema: 'gocachetop.doctor/1',
      findings: [],
      summary: { errors: 0, warnings: 0 },
    });
    const names = told.settings.map(({ name }: Answer) => name);
    expect(new Set(names).size).toBe(names.length);
    const goEnv = JSON.parse(
      execFileSync('go', ['env', '-json'], {
        cwd: ward.main,
        env: ward.environment as NodeJS.ProcessEnv,
        encoding: 'utf8',
      }),
    );
    for (const { name, value, origin, shadows } of told.settings) {
      if (name in goEnv && name !== 'GOGCCFLAGS') expect([name, value]).toEqual([name, goEnv[name]]);
      expect(['environment', 'go env -w', 'GOROOT', 'default', 'go.mod', 'flag']).toContain(origin);
      expect(shadows).toBeInstanceOf(Array);
    }
    for (const name of ['GOCACHE', 'GOMODCACHE', 'GOPROXY', 'GOSUMDB', 'GOPRIVATE', 'GOTOOLCHAIN', 'GOFLAGS'])
      expect(names).toContain(name);
  });

  test('changes nothing, and with --read-only writes nothing at all', async () => {
    const before = readdirSync(ward.gocache).sort();
    const trace = join(ward.folder, 'other');
    const strace = spawnSync('strace', ['-V']).status === 0;
    const around = strace ? ['strace', '-f', '-o', trace, '-e', 'trace=openat,unlink,rename,mkdir'] : [];
    expect((await doctor(['--read-only'], {}, around)).code).toBe(0);
    expect((await doctor()).code).toBe(0);
    expect(readdirSync(ward.gocache).sort()).toEqual(before);
    if (!strace) return;
    const written = readFileSync(trace, 'utf8')
      .split('\n')
      .filter((line) => /O_CREAT|unlink\(|rename\(|mkdir\(/.test(line) && line.includes(ward.folder))
      // V8's code cache and go's own telemetry are not about the set-up.
      .filter((line) => !/gocachetop\/node|telemetry|= -1 E/.test(line));
    expect(written).toEqual([]);
  });
});

describe('what is wrong', () => {
  test('is told errors first, with why and repair, and exit code 1', async () => {
    const more = { GOFLAGS: '-a', GOCACHE: 'off' };
    const { code, answer: told } = await answer([], more);
    expect([code, codesOf(told), told.summary]).toEqual([
      1,
      ['error gocache-off', 'warning goflags-a'],
      { errors: 1, warnings: 1 },
    ]);
    for (const { about, what, why, repair } of told.findings)
      for (const words of [about, what, why, ...repair]) expect(words).toMatch(/\S/);
    const { stdout } = await doctor([], more);
    expect(stdout).toMatch(/1 error, 1 warning\n\nx GOCACHE=off: .*\n {4}.*\n {4}repair: unset GOCACHE\n/);
  });

  test('without a go command', async () => {
    const { code, answer: told } = await answer([], { PATH: '/nowhere' });
    expect([code, codesOf(told), told.settings]).toEqual([1, ['error go-missing'], []]);
    expect((await doctor([], { PATH: '/nowhere' })).stdout).toContain('no go command on PATH');
  });

  test('with a go.mod that wants a toolchain which is not here: nothing is downloaded', async () => {
    const main = join(ward.folder, 'other');
    mkdirSync(main);
    writeFileSync(join(main, 'go.mod'), 'module example.com/new\n\ngo 1.99\n');
    const asked: string[] = [];
    const GOPROXY = await serve((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(404).end();
    });
    const { code, answer: told } = await answer(['-C', main], { GOPROXY, GOTOOLCHAIN: 'auto' });
    expect([code, asked]).toEqual([0, []]);
    expect(told.checked[0].what).toContain('runs go1.99.0 here, which go downloads first');
  });

  test('passwords are nowhere', async () => {
    writeFileSync(ward.goenv, 'GOPROXY=http://me:geheim1@a.example,direct,https://x:geheim2@b.example\n');
    writeFileSync(join(ward.home, '.netrc'), 'machine a.example password geheim3\n', { mode: 0o644 });
    const more = { GOPROXY: '', HTTPS_PROXY: 'http://me:geheim4@c d', GOAUTH: 'git geheim5dir' };
    const told = [
      await doctor([], more),
      await doctor(['--json'], more),
      await doctor(['--fix', 'goproxy-unreached', '--dry-run'], more),
    ];
    for (const { stdout, stderr } of told) expect(`${stdout}${stderr}`).not.toMatch(/geheim[1-4]/);
  });

  const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
  test.skipIf(!isRoot || spawnSync('setpriv', [...asNobody.slice(1), 'true']).status !== 0)(
    'caches of root, seen by another user (needs root and setpriv)',
    async () => {
      const home = join(ward.folder, 'other');
      mkdirSync(home);
      execFileSync('chown', ['65534:65534', home]);
      execFileSync('chmod', ['755', ward.folder]);
      const cache = join(home, 'cache');
      const more = {
        HOME: home,
        XDG_STATE_HOME: home,
        TMPDIR: home,
        GOENV: 'off',
        GOCACHE: cache,
        GOPATH: join(home, 'go'),
      };
      const look = async () => {
        const { stdout } = await doctor(['--json'], { ...more, GOMODCACHE: join(home, 'mod') }, asNobody);
        return JSON.parse(stdout) as Answer;
      };
      execFileSync('cp', ['-a', ward.gocache, cache]);
      expect(codesOf(await look())).toEqual(['error gocache-unwritable']);
      const built = spawnSync('setpriv', [...asNobody.slice(1), 'go', 'build', '-a', './room'], {
        cwd: ward.main,
        env: { ...ward.environment, ...more } as NodeJS.ProcessEnv,
        encoding: 'utf8',
      });
      expect(built.stderr).toContain('permission denied');
      execFileSync('chown', ['-R', '65534:65534', cache]);
      execFileSync('chown', ['0:0', join(cache, '00')]);
      execFileSync('chmod', ['700', join(cache, '00')]);
      const [finding] = (await look()).findings;
      expect([finding.severity, finding.code]).toEqual(['error', 'gocache-denied']);
      execFileSync('sh', ['-c', finding.repair[0].replace('sudo ', '').replace('"$(id -un)"', '65534')]);
      expect(codesOf(await look())).toEqual([]);
    },
    60_000,
  );
});

describe('--fix', () => {
  const goEnv = (name: string): string =>
    execFileSync('go', ['env', name], {
      cwd: ward.main,
      env: ward.environment as NodeJS.ProcessEnv,
      encoding: 'utf8',
    }).trim();

  test('says what it does, does it, and says how it is undone', async () => {
    writeFileSync(ward.goenv, 'GOFLAGS=-a -modcacherw\n');
    const refused = await doctor(['--fix', 'goflags-a']);
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining('nothing was changed: without a terminal this needs --yes'),
    ]);
    const planned = await doctor(['--fix', 'goflags-a', '--dry-run']);
    expect([planned.code, planned.stderr]).toEqual([
      0,
      expect.stringMatching(
        /it runs: go env -w GOFLAGS=-modcacherw\n {2}before: {2}-a -modcacherw\n {2}undo: {4}go env -w 'GOFLAGS=-a -modcacherw'\n/,
      ),
    ]);
    expect(goEnv('GOFLAGS')).toBe('-a -modcacherw');
    const fixed = await answer(['--fix', 'goflags-a', '--yes']);
    expect([fixed.code, fixed.answer.findings, fixed.answer.fixed.gone]).toEqual([0, [], true]);
    expect(goEnv('GOFLAGS')).toBe('-modcacherw');
    execFileSync('sh', ['-c', fixed.answer.fixed.undo], { env: ward.environment as NodeJS.ProcessEnv });
    expect(goEnv('GOFLAGS')).toBe('-a -modcacherw');
    expect((await doctor(['--fix', 'goflags-a', '--yes'])).code).toBe(0);
    const undone = await run(ours('undo', '--yes'), { cwd: ward.main, environment: ward.environment });
    expect([undone.code, goEnv('GOFLAGS')]).toEqual([0, '-a -modcacherw']);
  });

  test('is refused with --read-only', async () => {
    writeFileSync(ward.goenv, 'GOFLAGS=-a\n');
    expect(await doctor(['--fix', 'goflags-a', '--yes', '--read-only'])).toMatchObject({
      code: 2,
      stderr: 'gocachetop: doctor --fix is refused: --read-only\n',
    });
    expect(goEnv('GOFLAGS')).toBe('-a');
  });

  test('of several with one code the user has to choose', async () => {
    writeFileSync(ward.goenv, 'GOPRIVATE=a.example\nGOINSECURE=a.example\n');
    const more = { GOPRIVATE: 'b.example', GOINSECURE: 'b.example' };
    const refused = await doctor(['--fix', 'setting-shadowed', '--yes'], more);
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining("--fix 'setting-shadowed:GOINSECURE=b.example'"),
    ]);
    const fixed = await answer(['--fix', 'setting-shadowed:GOINSECURE=b.example', '--yes'], more);
    expect([fixed.code, codesOf(fixed.answer)]).toEqual([0, ['warning setting-shadowed']]);
    expect(readFileSync(ward.goenv, 'utf8').trim()).toBe('GOPRIVATE=a.example');
  });

  test('what only the user can do is said, and a code that is not here', async () => {
    const byHand = await doctor(['--fix', 'goflags-a', '--yes'], { GOFLAGS: '-a' });
    expect([byHand.code, byHand.stderr]).toEqual([
      1,
      'gocachetop: nothing was changed: only you can do this: unset GOFLAGS\n',
    ]);
    const missing = await doctor(['--fix', 'goflags-n', '--yes'], { GOFLAGS: '-a' });
    expect([missing.code, missing.stderr]).toEqual([
      1,
      'gocachetop: nothing was changed: there is no finding goflags-n here, but goflags-a\n',
    ]);
  });

  test('a GOROOT with which no go command runs', async () => {
    writeFileSync(ward.goenv, `GOROOT=${ward.folder}/nowhere\n`);
    expect(() => goEnv('GOROOT')).toThrow();
    const fixed = await answer(['--fix', 'goroot-missing', '--yes']);
    expect([fixed.code, fixed.answer.fixed.command]).toEqual([0, `GOROOT=${ward.goroot} go env -u GOROOT`]);
    expect(goEnv('GOROOT')).toBe(ward.goroot);
  });
});

function serve(listener: RequestListener): Promise<string> {
  return listen(createServer(listener), 'http');
}

async function listen(server: Server, scheme: 'http' | 'https'): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('--network', () => {
  test('asks the proxies for nothing but the checksum database, and without it nobody', async () => {
    const asked: string[] = [];
    const GOPROXY = await serve((request, response) => {
      asked.push(request.url ?? '');
      response.end(request.url?.endsWith('/latest') === true ? 'go.sum database tree\n1\n' : '');
    });
    const more = { GOPROXY, GOPRIVATE: 'corp.example' };
    expect((await answer([], more)).code).toBe(0);
    expect(asked).toEqual([]);
    const { code, answer: told } = await answer(['--network'], more);
    expect([code, told.findings]).toEqual([0, []]);
    expect(asked).toEqual(['/sumdb/sum.golang.org/supported', '/sumdb/sum.golang.org/latest']);
  });

  test('a proxy that refuses, one that fails, one that is passed over', async () => {
    const failing = await serve((_, response) => response.writeHead(503).end());
    const closed = await serve(() => undefined);
    servers.at(-1)?.close();
    const { code, answer: told } = await answer(['--network'], {
      GOPROXY: `${closed}|${failing}`,
      GOSUMDB: 'off',
    });
    expect(code).toBe(1);
    expect(codesOf(told)).toEqual(['error http-503', 'warning gosumdb-off', 'warning refused']);
  });

  const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
  test.skipIf(!hasOpenssl)(
    'a certificate that is not trusted here: go says the same (needs openssl)',
    async () => {
      const [key, certificate] = [join(ward.folder, 'pem'), join(ward.home, 'pem')];
      const subject = ['-subj', '/CN=proxy', '-addext', 'subjectAltName=IP:127.0.0.1'];
      const out = ['-keyout', key, '-out', certificate];
      execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject, ...out], {
        stdio: 'ignore',
      });
      const listener: RequestListener = (_, response) => response.end('');
      const server = createSecureServer(
        { key: readFileSync(key), cert: readFileSync(certificate) },
        listener,
      );
      const more = { GOPROXY: await listen(server, 'https'), GOSUMDB: 'off' };
      const { answer: told } = await answer(['--network'], more);
      expect(codesOf(told)).toEqual(['error tls-self-signed', 'warning gosumdb-off']);
      const environment = { ...ward.environment, ...more };
      const asked = await run(['go', 'list', '-m', 'example.org/x@latest'], { cwd: ward.main, environment });
      const says = /and says: (.*)$/.exec(told.findings[0].why)?.[1] ?? 'nothing';
      expect(asked.stderr.toString()).toContain(says);
    },
  );

  test('a clock that differs from the server', async () => {
    const GOPROXY = await serve((_, response) => {
      response.setHeader('Date', new Date(Date.now() + 3_600_000).toUTCString());
      response.end('');
    });
    const { answer: told } = await answer(['--network'], { GOPROXY });
    expect(codesOf(told)).toEqual(['warning clock-network']);
    expect(told.findings[0].what).toBe('it is 60 min behind that of a server');
  });
});
