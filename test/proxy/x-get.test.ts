import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseProxyChain } from '../../source/proxy/chain.ts';
import { parseXGet, type XGet } from '../../source/proxy/x-get.ts';

const chain = parseProxyChain('https://u:p@a.example/go,https://b.example,direct');

/** request gives what a URL asks for and the hop it goes to. */
function request(url: string) {
  const get = parseXGet(`# get ${url}`, chain);
  return { hop: get?.hop?.shown, ...get?.request };
}

describe('what a URL asks for', () => {
  const a = { hop: 'https://u:xxxxx@a.example/go' };
  const b = { hop: 'https://b.example' };
  test.each([
    [
      'https://u:xxxxx@a.example/go/github.com/%21azure/x/@v/v1.0.0.zip',
      { ...a, kind: 'zip', module: 'github.com/Azure/x', version: 'v1.0.0' },
    ],
    [
      'https://b.example/x.example/@v/v1.0.0-!r!c1.info',
      { ...b, kind: 'info', module: 'x.example', version: 'v1.0.0-RC1' },
    ],
    [
      'https://b.example/x.example/v2/@v/v2.0.0+incompatible.mod',
      { ...b, kind: 'mod', module: 'x.example/v2', version: 'v2.0.0+incompatible' },
    ],
    // A branch is asked for by its name, and a dot or slash in it is no extension.
    [
      'https://b.example/x.example/@v/release.zip.info',
      { ...b, kind: 'info', module: 'x.example', version: 'release.zip' },
    ],
    ['https://b.example/x.example/@v/list', { ...b, kind: 'list', module: 'x.example' }],
    ['https://b.example/x.example/@latest', { ...b, kind: 'latest', module: 'x.example' }],
    [
      'https://b.example/golang.org/toolchain/@v/v0.0.1-go1.27.0.linux-amd64.zip',
      { ...b, kind: 'zip', module: 'golang.org/toolchain', version: 'v0.0.1-go1.27.0.linux-amd64' },
    ],
    [
      'https://b.example/sumdb/sum.example/db/supported',
      { ...b, kind: 'sumdb', database: 'sum.example/db', path: 'supported' },
    ],
    [
      'https://b.example/sumdb/sum.example/tile/8/0/x281/247.p/52',
      { ...b, kind: 'sumdb', path: 'tile/8/0/x281/247.p/52' },
    ],
    [
      'https://b.example/sumdb/sum.example/lookup/github.com/!azure/x@v1.0.0',
      { ...b, kind: 'sumdb', database: 'sum.example', module: 'github.com/Azure/x', version: 'v1.0.0' },
    ],
    [
      'https://sum.example/lookup/x.example@v1.0.0',
      { hop: undefined, kind: 'sumdb', database: undefined, module: 'x.example' },
    ],
    [
      'https://git.example:8443/team/x?go-get=1',
      { hop: undefined, kind: 'go-get', importPath: 'git.example:8443/team/x' },
    ],
    ['https://b.example/favicon.ico', { ...b, kind: 'other' }],
    ['https://b.example/%zz', { ...b, kind: 'other' }],
  ])('%s', (url, expected) => {
    expect(request(url)).toMatchObject(expected);
  });
});

describe('how it ended', () => {
  test.each([
    ['', undefined],
    [': 200 OK (0.039s)', { status: 200, statusText: 'OK', durationMs: 39 }],
    [': 404 Not Found (1.500s)', { status: 404, statusText: 'Not Found', durationMs: 1500 }],
    // A server may leave the reason out.
    [': 200  (0.001s)', { status: 200, statusText: '', durationMs: 1 }],
    [': 200 (0.001s)', { status: 200, statusText: '', durationMs: 1 }],
    [
      ': 403 Forbidden (by policy) (0.286s)\r',
      { status: 403, statusText: 'Forbidden (by policy)', durationMs: 286 },
    ],
    [': insecure credentials', { status: undefined, fault: 'insecure credentials' }],
    [
      ': Get "https://u:***@a.example/go/x": dial tcp: lookup a.example: no such host',
      {
        status: undefined,
        fault: 'Get "https://u:xxxxx@a.example/go/x": dial tcp: lookup a.example: no such host',
      },
    ],
  ])('%j', (end, expected) => {
    const get = parseXGet(`# get https://b.example/x/@v/list${end}`, chain);
    expect(get?.url).toBe('https://b.example/x/@v/list');
    if (expected === undefined) expect(get?.answer).toBeUndefined();
    else expect(get?.answer).toMatchObject(expected);
  });
});

test.each([
  '# get',
  '# get x',
  '# github.com/a',
  'get https://a.example',
  '# getting https://a.example',
  '#get https://b.example/x',
])('%j is no such line', (line) => {
  expect(parseXGet(line, chain)).toBeUndefined();
});

describe('lines of the real go command', () => {
  let dir = '';
  let server: Server;
  let origin = '';
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'gocachetop-x-get-'));
    await writeFile(join(dir, 'go.mod'), 'module example.com/m\n\ngo 1.21\n');
    server = createServer((asked, answer) => {
      const status = Number(/^\/s(\d+)/.exec(asked.url ?? '')?.[1] ?? 404);
      if (status === 302) answer.writeHead(302, { location: '/s410/x' });
      else answer.writeHead(status);
      answer.end('no\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    origin = `http://127.0.0.1:${address.port}`;
  });
  afterAll(async () => {
    server.close();
    await rm(dir, { recursive: true });
  });

  async function get(goproxy: string): Promise<readonly XGet[]> {
    const env = {
      GOPROXY: goproxy,
      GONOPROXY: '',
      GOPRIVATE: '',
      GOENV: 'off',
      GOFLAGS: '-x',
      GOMODCACHE: join(dir, 'mod'),
    };
    const ran = await execa('go', ['list', '-m', 'github.com/Azure/x@v1.0.0'], {
      cwd: dir,
      env,
      reject: false,
    });
    return ran.stderr.split('\n').flatMap((line) => parseXGet(line, parseProxyChain(goproxy)) ?? []);
  }

  test('404 goes on to the next, a bar goes on after all, and each line names its hop', async () => {
    const gets = await get(`${origin}/s404/,${origin}/s500|${origin}/s302,${origin}/s403,off`);
    const asked = gets.filter((one) => one.answer === undefined);
    expect(asked.map((one) => one.hop?.shown)).toEqual([
      `${origin}/s404/`,
      `${origin}/s500`,
      `${origin}/s302`,
      `${origin}/s403`,
    ]);
    expect(gets.flatMap((one) => one.answer?.status ?? [])).toEqual([404, 500, 410, 403]);
    expect(asked.map((one) => one.request)).toEqual(
      asked.map(() => ({ kind: 'info', module: 'github.com/Azure/x', version: 'v1.0.0' })),
    );
    expect(new Set(gets.map((one) => one.url)).size).toBe(4);
  });

  test('no answer at all', async () => {
    expect(await get('http://127.0.0.1:1')).toMatchObject([
      { answer: undefined },
      {
        hop: { shown: 'http://127.0.0.1:1' },
        answer: { fault: expect.stringContaining('connection refused') },
      },
    ]);
  });

  test('a password over plain http is refused before anything is asked, and never seen', async () => {
    const gets = await get(origin.replace('//', '//user:secret@'));
    expect(gets).toMatchObject([{ answer: { fault: 'insecure credentials' } }]);
    expect(JSON.stringify(gets)).not.toContain('secret');
  });
});
