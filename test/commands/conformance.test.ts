import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorld, type World } from '../operations/conformance/world.ts';
import { ours, run } from '../plain/sandbox.ts';

let world: World;
/** nasty answers 200 to anything, with what would do something to a terminal, and without end. */
let nasty: Server;

beforeAll(async () => {
  world = await openWorld();
  nasty = createServer((request, response) => {
    response.writeHead(200, 'O\x9bK', { 'content-type': 'text/plain' });
    if (request.url?.endsWith('.mod') === true) response.end('module \x1b]0;owned\x07\x9b2J\n');
    else if (request.method === 'GET' && request.url?.endsWith('.zip') === true)
      Readable.from(endless()).pipe(response);
    else response.end('\x1b[2Jv1.0.0\n');
  });
  await new Promise<void>((resolve) => nasty.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  world?.close();
  nasty?.closeAllConnections();
  nasty?.close();
});

function* endless(): Generator<Buffer> {
  while (true) yield Buffer.alloc(65_536, 0x1b);
}

async function proxy(words: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const environment = { ...world.settings, ...more };
  const ended = await run(ours('proxy', ...words), { cwd: join(world.top, 'sample'), environment });
  return { code: ended.code, stdout: ended.stdout.toString(), stderr: ended.stderr.toString() };
}

test('--conformance: two tables, JSON, and 0 where go can use it', async () => {
  const text = await proxy(['--conformance', world.server.url]);
  expect(text).toMatchObject({ code: 0, stderr: '' });
  expect(text.stdout).toContain('go can use it');
  const json = await proxy(['--conformance', world.server.url, 'example.org/clockwork', '--json']);
  expect(JSON.parse(json.stdout)).toMatchObject({
    schema: 'gocachetop.conformance/1',
    url: world.server.url,
    module: { path: 'example.org/clockwork', version: 'v0.3.1' },
    conforms: true,
    summary: { failedNeeded: 0, failedCustom: 0, skipped: 0 },
    problems: [],
  });
});

test('--conformance: 1 where something that go needs is wrong, with the reason', async () => {
  world.server.change((path, reply) => {
    if (path.includes('gocachetop')) reply.status = 500;
  });
  const { code, stdout } = await proxy(['--conformance', world.server.url]);
  world.server.change(undefined);
  expect(code).toBe(1);
  expect(stdout).toMatch(/! {2}unknown-module +a module that it has not: 404 or 410/);
  expect(stdout).toMatch(/@v\/list: 500 Internal Server Error/);
});

test('a password in the URL is shown nowhere', async () => {
  const url = world.server.url.replace('//', '//user:hunter2@');
  for (const words of [
    ['--conformance', url],
    ['--conformance', url, '--json'],
    ['--conformance', 'http://user:hunter2@127.0.0.1:1', 'example.org/clockwork@v0.3.1', '--json'],
    ['--conformance', 'ftp://user:hunter2@proxy.example'],
  ]) {
    const ran = await proxy(words);
    expect(ran.stdout + ran.stderr).not.toContain('hunter2');
  }
  const settings = { GOPROXY: url, GOSUMDB: world.database.key };
  for (const words of [['--sumdb'], ['--sumdb', '--json']]) {
    const ran = await proxy(words, settings);
    expect(ran.stdout).toContain('user:xxxxx@');
    expect(ran.stdout + ran.stderr).not.toContain('hunter2');
  }
});

test('what a server sends does nothing to the terminal, and ends', async () => {
  const { port } = nasty.address() as AddressInfo;
  const { code, stdout, stderr } = await proxy([
    '--conformance',
    `http://127.0.0.1:${port}`,
    'example.org/clockwork@v0.3.1',
  ]);
  expect(code).toBe(1);
  expect(stdout + stderr).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
  expect(stdout).toMatch(/too large to be read here/);
});

test('--sumdb: what is proven, as text and JSON', async () => {
  const settings = { GOPROXY: world.server.url, GOSUMDB: world.database.key };
  const text = await proxy(['--sumdb', 'example.org/clockwork'], settings);
  expect(text).toMatchObject({ code: 0, stderr: '' });
  expect(text.stdout).toMatch(/mirrors it[\s\S]*the signature holds[\s\S]*proven to be in the signed tree/);
  const json = await proxy(['--sumdb', 'example.org/clockwork@v0.3.1', '--json'], settings);
  expect(JSON.parse(json.stdout)).toMatchObject({
    schema: 'gocachetop.sumdb/1',
    name: 'sums.example.org',
    access: { kind: 'mirrored' },
    latest: { signed: true, size: 2 },
    kept: null,
    lookup: { state: 'answered', proof: 'proven' },
    findings: [],
    summary: { errors: 0, warnings: 0 },
  });
  const off = await proxy(['--sumdb', '--json'], { GOSUMDB: 'off' });
  expect(off.code).toBe(0);
  expect(JSON.parse(off.stdout)).toMatchObject({ name: null, findings: [{ code: 'sumdb-off' }] });
});

test.each([
  [['--conformance', 'ftp://proxy.example'], /its scheme must be https, http or file/],
  [['--conformance', 'proxy'], /it is no URL/],
  [['--sumdb', '--plan'], /do not go together/],
  [['--conformance', 'https://proxy.example', '--sumdb'], /do not go together/],
  [['--sumdb', 'example.org/nothing'], /give a version/],
])('%j: one line, exit code 2', async (words, message) => {
  const ran = await proxy(words);
  expect(ran.code).toBe(2);
  expect(ran.stderr).toMatch(message);
  expect(ran.stderr.trim().split('\n')).toHaveLength(1);
});
