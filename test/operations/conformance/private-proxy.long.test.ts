import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { sampleDirectory, sampleEnvironment } from '../../../scripts/sample-environment.ts';
import { caddyVersion, findCaddy } from '../../caddy.ts';
import { type ChecksumDatabase, openChecksumDatabase } from '../../checksum-database.ts';
import { ours, run } from '../../plain/sandbox.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../../docs/private-proxy.md'), 'utf8');
const blocks = (language: string): readonly string[] =>
  [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
    .filter((each) => each[1] === language)
    .map((each) => each[2] ?? '');
const [makeCertificates = '', useIt = '', checkIt = ''] = blocks('sh');
const [caddyfile = '', sumdbPart = ''] = blocks('caddyfile');
const clockwork = 'example.org/clockwork@v0.3.1';

let top: string;
let caddy: string | undefined;
let whyNot = '';
let server: ChildProcess | undefined;
let database: ChecksumDatabase;
/** settings are of a machine that uses the proxy: with none but ours. */
let settings: Readonly<Record<string, string | undefined>>;
let site: string;

beforeAll(async () => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'private-proxy-')));
  const found = await findCaddy();
  if (typeof found === 'string') whyNot = found;
  else caddy = found.command;
  execFileSync('bash', ['-ec', makeCertificates], { cwd: top, stdio: 'pipe' });
  database = await openChecksumDatabase(readFileSync(join(sampleDirectory, 'go.sum'), 'utf8'));
}, 650_000);
beforeEach((context) => {
  if (caddy === undefined) context.skip(whyNot);
  rmSync(join(top, 'sample'), { recursive: true, force: true });
  rmSync(join(top, 'gomodcache'), { recursive: true, force: true });
  cpSync(sampleDirectory, join(top, 'sample'), { recursive: true });
});
afterEach(async () => {
  const ended = new Promise((resolve) => server?.once('exit', resolve) ?? resolve(undefined));
  server?.kill();
  await ended;
  server = undefined;
});
afterAll(() => {
  database?.close();
  rmSync(top, { recursive: true, force: true, maxRetries: 5 });
});

/** serve starts Caddy with the Caddyfile of the page, and waits until it listens. */
async function serve(tree: string, more: Readonly<Record<string, string>> = {}): Promise<void> {
  site = `https://localhost:${await freePort()}`;
  const folder = join(top, 'caddy');
  mkdirSync(folder, { recursive: true });
  const withSumdb = caddyfile.replace('\trespond "not found" 404\n', (line) => `${sumdbPart}${line}`);
  writeFileSync(join(folder, 'Caddyfile'), more.SUMDB_URL === undefined ? caddyfile : withSumdb);
  const environment = {
    PATH: process.env.PATH,
    HOME: folder,
    GOPROXY_SITE: site,
    GOPROXY_CERT: join(top, 'server.pem'),
    GOPROXY_KEY: join(top, 'server.key'),
    GOPROXY_TREE: tree,
    ...more,
  };
  const child = spawn(caddy ?? '', ['run', '--config', 'Caddyfile'], { cwd: folder, env: environment });
  server = child;
  await new Promise<void>((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (bytes: Buffer) => {
      said += bytes.toString();
      if (said.includes('serving initial configuration')) resolve();
    });
    child.once('exit', () => reject(new Error(said)));
  });
  settings = {
    ...process.env,
    ...sampleEnvironment(top),
    HOME: join(top, 'home'),
    GOPATH: join(top, 'gopath'),
    GOPROXY: site,
    GOSUMDB: 'sum.golang.org',
    GONOSUMDB: 'example.org',
    SSL_CERT_FILE: join(top, 'root.pem'),
    GOPROXY_SITE: site,
    XDG_STATE_HOME: join(top, 'state'),
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

type Ran = { readonly code: number | undefined; readonly text: string };

async function shell(script: string, more: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const options = {
    cwd: join(top, 'sample'),
    env: { ...settings, ...more },
    reject: false,
    all: true,
  } as const;
  const ran = await execa('bash', ['-ec', script], { ...options, extendEnv: false, timeout: 80_000 });
  return { code: ran.exitCode, text: ran.all };
}

async function fine(...words: Parameters<typeof shell>): Promise<void> {
  const { code, text } = await shell(...words);
  expect(`${text}\nexit code ${code}`).toMatch(/^exit code 0$/m);
}

/** conformance runs the command of the page; words follow it. */
async function conformance(...words: readonly string[]) {
  const [, ...command] = checkIt.trim().replace('$GOPROXY_SITE', site).split(' ');
  const ended = await run(ours(...command, ...words, '--json'), {
    cwd: join(top, 'sample'),
    environment: settings,
  });
  expect(ended.stderr.toString()).toBe('');
  const answer = JSON.parse(ended.stdout.toString());
  const failed: string[] = answer.checks
    .filter((each: { outcome: string }) => each.outcome === 'fail')
    .map((each: { id: string }) => each.id);
  return { code: ended.code, failed, answer };
}

const tree = join(sampleDirectory, 'proxy');

test('the version that the page names is the one that is tested', () => {
  expect(page).toContain(`github.com/caddyserver/caddy/v2/cmd/caddy@${caddyVersion}`);
});

test('a real go downloads and builds through it, as the page says; it conforms', async () => {
  await serve(tree);
  expect(await shell(useIt.replace('$PWD/root.pem', join(top, 'root.pem')))).toEqual({ code: 0, text: '' });
  expect(existsSync(join(top, 'gomodcache', clockwork))).toBe(true);
  const { code, failed, answer } = await conformance();
  // The tree has no toolchains: go would need another entry for them.
  expect([code, failed]).toEqual([0, ['toolchain']]);
  expect(answer).toMatchObject({ schema: 'gocachetop.conformance/1', conforms: true, url: site });
});

test('without its root go refuses it, and so do we', async () => {
  await serve(tree);
  const none = { SSL_CERT_FILE: join(top, 'none.pem'), SSL_CERT_DIR: join(top, 'none') };
  writeFileSync(none.SSL_CERT_FILE, '');
  expect(await shell('go mod download', none)).toMatchObject({
    code: 1,
    text: expect.stringContaining('x509: certificate signed by unknown authority'),
  });
  settings = { ...settings, ...none };
  const ended = await run(ours('proxy', '--conformance', site, clockwork), {
    cwd: join(top, 'sample'),
    environment: settings,
  });
  expect(ended.code).toBe(1);
  expect(ended.stdout.toString()).toContain('not checked');
});

test('an archive of prewarm --archive', async () => {
  const archive = join(top, 'archive');
  await serve(archive);
  const options = { cwd: join(top, 'sample'), environment: { ...settings, GOPROXY: `file://${tree}` } };
  const made = await run(ours('prewarm', '--archive', archive, '--no-proof', '--yes'), options);
  expect([made.code, made.stderr.toString()]).toEqual([0, expect.any(String)]);
  expect(readdirSync(archive)).toContain('manifest.json');
  rmSync(join(top, 'gomodcache'), { recursive: true, force: true });
  await fine('go mod download && go build ./...');
  expect(await conformance()).toMatchObject({ code: 0, failed: ['toolchain'] });
});

test("what go has downloaded, straight from GOMODCACHE; what is no module's file is kept back", async () => {
  const cache = join(top, 'served');
  await serve(join(cache, 'cache', 'download'));
  const env = { GOPROXY: `file://${tree}`, GOMODCACHE: cache, GOSUMDB: database.gosumdb, GONOSUMDB: '' };
  await fine('rm go.sum; go mod tidy', env);
  // What a build needs is there, .info is not.
  await fine('go build ./...');
  await fine(`rm -rf ${join(top, 'gomodcache')}`);
  expect((await shell('go mod download')).text).toMatch(/v0\.3\.1\.info: 404 Not Found/);
  await fine('go mod download', env);
  await fine('go mod download && go build ./...');
  expect(await conformance()).toMatchObject({ code: 0, failed: ['toolchain'] });
  const kept = readdirSync(join(cache, 'cache', 'download'), { recursive: true, encoding: 'utf8' });
  const others = kept.filter((name) => /\.(?:ziphash|lock)$|^sumdb\/.*\/(?:lookup|tile)\/.*\d$/.test(name));
  expect(others.length).toBeGreaterThan(3);
  for (const name of others) {
    const asked = `curl -s -o /dev/null -w '%{http_code}' --cacert ${join(top, 'root.pem')} '${site}/${name}'`;
    expect(await shell(asked)).toEqual({ code: 0, text: '404' });
  }
});

test('a path in the URL', async () => {
  await serve(sampleDirectory);
  await fine('go mod download && go build ./...', { GOPROXY: `${site}/proxy` });
  site = `${site}/proxy/`;
  expect(await conformance()).toMatchObject({ code: 0, failed: ['toolchain'] });
});

test('the checksum database is passed on: go proves it, and so do we', async () => {
  await serve(tree, { SUMDB_NAME: database.name, SUMDB_URL: database.url });
  settings = { ...settings, GOSUMDB: database.key, GONOSUMDB: '' };
  await fine('rm go.sum; go mod tidy');
  const { failed, answer } = await conformance();
  expect(failed).toEqual(['toolchain']);
  expect(answer.checks.at(-1)).toMatchObject({ id: 'sumdb-proven', outcome: 'pass' });
  const ended = await run(ours('proxy', '--sumdb', clockwork, '--json'), {
    cwd: join(top, 'sample'),
    environment: settings,
  });
  expect(JSON.parse(ended.stdout.toString())).toMatchObject({
    schema: 'gocachetop.sumdb/1',
    access: { kind: 'mirrored', url: `${site}/sumdb/${database.name}` },
    lookup: { state: 'answered', proof: 'proven' },
    findings: [],
  });
  database.fork(0);
  expect(await shell(`rm -rf ${join(top, 'gomodcache')} go.sum; go mod tidy`)).toMatchObject({ code: 1 });
});

test('a branch is no file: go is told 404, and asks the next entry', async () => {
  await serve(tree);
  const { code, text } = await shell('go get example.org/clockwork@main', { GOPROXY: `${site},off` });
  expect(code).toBe(1);
  expect(text).toMatch(/module lookup disabled by GOPROXY=off|404 Not Found/);
});
