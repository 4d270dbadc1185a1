import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createRawServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cabin, openCabin } from '../operations/offline/cabin.ts';
import { ours, run } from '../plain/sandbox.ts';

let cabin: Cabin;
/** url serves: `/ok/` the modules of the cabin, `/404/` and the like that status. */
let url: string;
/** silent takes connections and never answers. */
let silent: string;
/** outside is an HTTP proxy that answers for every host, and asked what it was asked. */
let outside: string;
const asked: string[] = [];
const servers: Server[] = [];
const sockets = new Set<Socket>();

beforeAll(async () => {
  cabin = openCabin();
  const files = cabin.environment.GOPROXY ?? '';
  url = await serve(
    createServer((request, response) => {
      const [, mode = '', path = ''] = /^\/([^/]+)\/(.*)$/.exec(request.url ?? '') ?? [];
      if (mode !== 'ok') return void response.writeHead(Number(mode)).end();
      return void import('node:fs/promises').then(({ readFile }) =>
        readFile(new URL(`${files}/${path}`)).then(
          (content) => response.end(content),
          () => response.writeHead(404).end(),
        ),
      );
    }),
  );
  silent = await serve(createRawServer());
  outside = await serve(
    createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(404).end();
    }),
  );
});
afterAll(() => {
  cabin?.dispose();
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
});

async function serve(server: Server): Promise<string> {
  servers.push(server);
  server.on('connection', (socket) => void sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

type Settings = Readonly<Record<string, string>>;

async function proxy(words: readonly string[], settings: Settings) {
  const environment = { ...cabin.environment, GOSUMDB: 'off', ...settings };
  const ended = await run(ours('proxy', ...words), { cwd: cabin.main, environment });
  const [stdout, stderr] = [ended.stdout.toString(), ended.stderr.toString()];
  expect(stderr).not.toMatch(/^\s+at /m);
  if (stdout === '' && ended.code !== 2) throw new Error(stderr);
  return { code: ended.code, stdout, stderr };
}

// biome-ignore lint/suspicious/noExplicitAny: the form of the answer is what is tested
type Answer = any;

async function json(
  words: readonly string[],
  settings: Settings,
): Promise<{ code: number | null; answer: Answer }> {
  const { code, stdout } = await proxy([...words, '--json'], settings);
  return { code, answer: JSON.parse(stdout) };
}

describe('the chain', () => {
  test('eight hops, three of which never answer, take one timeout', async () => {
    const hops = [
      `${url}/ok`,
      silent,
      `${url}/403/`,
      `${silent}/two`,
      'http://127.0.0.1:1',
      `${silent}/three`,
      pathToFileURL(cabin.folder).href,
      'direct',
      'https://never.example',
    ];
    const started = performance.now();
    const { code, answer } = await json([], { GOPROXY: hops.join('|') });
    // One timeout is 5 s; the rest is the start of the program on a busy machine.
    expect(performance.now() - started).toBeLessThan(9000);
    expect(code).toBe(1);
    expect(answer).toMatchObject({ schema: 'gocachetop.proxy/1', goproxy: hops.join('|'), route: null });
    const short = answer.chain.map((hop: Readonly<Record<string, { code: string } | null>>) => [
      hop.kind,
      hop.fallThrough,
      hop.reachable,
      hop.status,
      hop.fault?.code ?? null,
    ]);
    expect(short).toEqual([
      ['proxy', 'any-error', true, 404, null],
      ['proxy', 'any-error', false, null, 'timeout'],
      ['proxy', 'any-error', true, 403, 'http-403'],
      ['proxy', 'any-error', false, null, 'timeout'],
      ['proxy', 'any-error', false, null, 'refused'],
      ['proxy', 'any-error', false, null, 'timeout'],
      ['file', 'any-error', true, 200, null],
      ['direct', null, null, null, null],
      ['proxy', null, null, null, null],
    ]);
    expect(answer.chain[0].latencyMs).toEqual(expect.any(Number));
    expect(answer.sumdb).toMatchObject({ mode: 'off', risk: expect.stringContaining('GOSUMDB=off') });
  });

  test('where a setting comes from, and what it hides', async () => {
    const goenv = join(cabin.folder, 'goenv-proxy');
    writeFileSync(goenv, 'GOPROXY=https://u:hunter2@written.example\nGOPRIVATE=corp.dev\n');
    const { stdout } = await proxy(['example.org/Lamp@v1.2.0', '--plan'], {
      GOPROXY: `${url}/ok`,
      GOENV: goenv,
    });
    expect(stdout).toMatch(
      /^GOPROXY +\S+\/ok {3}environment\n +hides https:\/\/u:xxxxx@written\.example {3}go env -w$/m,
    );
    expect(stdout).toMatch(/^GONOPROXY +corp\.dev {3}from GOPRIVATE$/m);
    expect(stdout).not.toContain('hunter2');
  });

  test('a list that go refuses', async () => {
    const { code, answer } = await json([], { GOPROXY: 'ftp://u:hunter2@x.example' });
    expect([code, answer.problem]).toEqual([
      1,
      'invalid proxy URL scheme (must be https, http, file): ftp://u:xxxxx@x.example',
    ]);
    expect(JSON.stringify(answer)).not.toContain('hunter2');
  });
});

describe('a module', () => {
  test('comes from the first hop that has it', async () => {
    const { code, answer } = await json(['example.org/Lamp@v1.2.0'], { GOPROXY: `${url}/404,${url}/ok` });
    expect(code).toBe(0);
    expect(answer.route).toMatchObject({
      module: 'example.org/Lamp',
      version: 'v1.2.0',
      private: false,
      matched: { GONOPROXY: null, GONOSUMDB: null },
      servedBy: `${url}/ok`,
      end: 'served',
    });
    expect(answer.route.steps[0]).toMatchObject({
      entry: `${url}/404`,
      request: `${url}/404/example.org/%21lamp/@v/v1.2.0.info`,
      result: '404 Not Found',
      next: `goes on to ${url}/ok: it has not got it`,
    });
    expect(answer.chain.map(({ status }: { status: number }) => status)).toEqual([404, 200]);
  });

  test('is found as latest without a version', async () => {
    const { stdout, code } = await proxy(['example.org/wick'], { GOPROXY: `${url}/ok` });
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining(`example.org/wick@v0.4.0: served by ${url}/ok`),
    ]);
    expect(stdout).toContain('/example.org/wick/@v/list   200 OK');
  });

  test('stops at a hop that refuses it, with the rule, the fault and what go says', async () => {
    const { code, stdout } = await proxy(['example.org/wick@v0.4.0'], { GOPROXY: `${url}/403,${url}/ok` });
    expect(code).toBe(1);
    expect(stdout).toContain(
      `go fails: example.org/wick@v0.4.0: reading ${url}/403/example.org/wick/@v/v0.4.0.info: 403 Forbidden`,
    );
    expect(stdout).toContain(`stops: after a comma only 404 and 410 go on to ${url}/ok`);
  });

  test('of a pattern goes to its origin', async () => {
    const settings = { GOPROXY: `${url}/ok`, GOPRIVATE: 'github.com/acme' };
    const { code, answer } = await json(['github.com/acme/tool@v1.0.0'], settings);
    expect(code).toBe(0);
    expect(answer.route).toMatchObject({
      private: true,
      matched: { GONOPROXY: 'github.com/acme', GONOSUMDB: 'github.com/acme' },
      servedBy: 'direct',
      assumed: true,
      origin: { vcs: 'git', url: 'https://github.com/acme/tool', allowed: true },
    });
  });

  test('is not asked about again where go.sum has it', async () => {
    const settings = { GOPROXY: `${url}/ok`, GOSUMDB: 'sum.golang.org' };
    const { stdout } = await proxy(['example.org/Lamp@v1.2.0'], settings);
    expect(stdout).toContain('checksum database: not asked: go.sum has the sums');
  });
});

describe('a module that looks private', () => {
  // The hop is outside; what would reach it comes to a server of ours.
  const settings = () => ({ GOPROXY: 'http://proxy.public.dev', HTTP_PROXY: outside });

  test('is never told outside', async () => {
    asked.length = 0;
    const { code, answer } = await json(['git.acme.internal/secret@v1.0.0'], settings());
    expect(code).toBe(1);
    expect(answer.route).toMatchObject({ end: 'not-sent', servedBy: null });
    expect(answer.route.leaks[0]).toMatchObject({
      to: 'http://proxy.public.dev',
      pattern: 'git.acme.internal',
    });
    expect(answer.route.repair).toEqual(['go env -w GOPRIVATE=git.acme.internal']);
    expect(asked).toEqual(['http://proxy.public.dev/sumdb/sum.golang.org/supported']);
  });

  test('is told when the user insists', async () => {
    asked.length = 0;
    await proxy(['git.acme.internal/secret@v1.0.0', '--send-private'], settings());
    expect(asked).toContain('http://proxy.public.dev/git.acme.internal/secret/@v/v1.0.0.info');
  });

  test('--plan asks nobody and warns', async () => {
    asked.length = 0;
    const { code, stdout } = await proxy(['git.acme.internal/secret', '--plan'], settings());
    expect(code).toBe(1);
    expect(stdout).toContain(
      '! leak: the host git.acme.internal is not public, and go would ask http://proxy.public.dev',
    );
    expect(asked).toEqual([]);
  });
});

describe('--what-if', () => {
  test('which modules of go.mod go another way, before and after; nobody is asked', async () => {
    asked.length = 0;
    const settings = { GOPROXY: 'http://proxy.public.dev', HTTP_PROXY: outside, GOSUMDB: 'sum.golang.org' };
    const words = [
      '--what-if',
      'GOPRIVATE=example.org/Lamp',
      '--what-if',
      'GOPROXY=https://u:hunter2@b.example,direct',
    ];
    const { code, answer } = await json(words, settings);
    expect(code).toBe(0);
    expect(answer.whatIf.changes).toEqual({
      GOPRIVATE: 'example.org/Lamp',
      GOPROXY: 'https://u:xxxxx@b.example,direct',
    });
    const rows = new Map(answer.whatIf.modules.map((row: { module: string }) => [row.module, row]));
    expect(rows.get('example.org/Lamp')).toMatchObject({
      version: 'v1.2.0',
      before: { first: 'http://proxy.public.dev', sumdb: true },
      after: { first: 'direct', sumdb: false },
      changed: true,
    });
    expect(rows.get('example.org/chisel')).toMatchObject({
      after: { first: 'https://u:xxxxx@b.example', sumdb: true },
    });
    expect(asked).toEqual([]);
    const { stdout } = await proxy(words, settings);
    expect(stdout).toMatch(
      /example\.org\/Lamp@v1\.2\.0 +http:\/\/proxy\.public\.dev; checked +direct; not checked/,
    );
    expect(stdout).not.toContain('hunter2');
  });
});

test.each([
  [['foo'], 'malformed module path "foo": missing dot in first path element'],
  [['--plan'], '--plan needs a module'],
  [['--what-if', 'GOCACHE=/x'], 'NAME is one of GOPROXY'],
  [['--what-if', 'https://u:hunter2@x'], 'https://u:xxxxx@x: it must be NAME=VALUE'],
  [['a.example/b', 'c.example/d'], 'unexpected word "c.example/d"'],
])('%j is a wrong command line', async (words, expected) => {
  const { code, stderr } = await proxy(words, { GOPROXY: 'off' });
  expect([code, stderr]).toEqual([2, expect.stringContaining(expected)]);
});

test('outside of a module nothing is required', async () => {
  const empty = join(cabin.folder, 'empty');
  mkdirSync(empty, { recursive: true });
  const { code, answer } = await json(['-C', empty, '--what-if', 'GOPROXY=direct'], { GOPROXY: 'off' });
  expect([code, answer.whatIf.modules]).toEqual([0, []]);
});
