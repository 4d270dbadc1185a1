import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sampleDirectory, sampleEnvironment } from '../../../scripts/sample-environment.ts';
import { isProblem, readGoEnv } from '../../../source/go/env.ts';
import { checkSumdb, type SumdbCheck } from '../../../source/operations/sumdb-check/run.ts';
import { ask } from '../../../source/proxy/ask/run.ts';
import { type ChecksumDatabase, openChecksumDatabase } from '../../checksum-database.ts';

const goSum = readFileSync(join(sampleDirectory, 'go.sum'), 'utf8');
const clockwork = 'example.org/clockwork@v0.3.1';
let top: string;
let database: ChecksumDatabase;
let settings: Readonly<Record<string, string | undefined>>;

beforeEach(async () => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'sumdb-check-')));
  mkdirSync(join(top, 'work'));
  writeFileSync(join(top, 'work', 'go.mod'), 'module example.org/work\n\ngo 1.21\n');
  database = await openChecksumDatabase(goSum, { fill: 300 });
  settings = {
    ...process.env,
    ...sampleEnvironment(top),
    HOME: top,
    GOPATH: join(top, 'gopath'),
    GOSUMDB: database.gosumdb,
    // Nothing here speaks TLS: the roots of the system would be read for each request.
    SSL_CERT_FILE: '/dev/null',
    SSL_CERT_DIR: join(top, 'none'),
  };
});
afterEach(() => {
  database.close();
  rmSync(top, { recursive: true, force: true, maxRetries: 5 });
});

const latest = (): string => join(top, 'gopath', 'pkg', 'sumdb', database.name, 'latest');

/** forget empties GOMODCACHE, so that go asks again. It needs its tiles to notice a fork: those stay where that is said. */
function forget(what: 'modules' | 'tiles too' = 'modules'): void {
  const download = join(top, 'gomodcache', 'cache', 'download');
  const tiles = join(download, 'sumdb', database.name, 'tile');
  if (what === 'modules' && existsSync(tiles)) renameSync(tiles, join(top, 'tiles'));
  rmSync(join(top, 'gomodcache'), { recursive: true, force: true });
  if (!existsSync(join(top, 'tiles'))) return;
  mkdirSync(join(tiles, '..'), { recursive: true });
  renameSync(join(top, 'tiles'), tiles);
}

async function runGo(): Promise<{ readonly code: number | undefined; readonly text: string }> {
  const options = {
    cwd: join(top, 'work'),
    env: settings,
    reject: false,
    all: true,
    timeout: 60_000,
  } as const;
  const ran = await execa('go', ['mod', 'download', clockwork], options);
  return { code: ran.exitCode, text: ran.all };
}

async function check(module: string | undefined = clockwork): Promise<SumdbCheck> {
  const env = await readGoEnv({ goCommand: 'go', cwd: join(top, 'work'), environment: settings });
  if (isProblem(env)) throw new Error(env.why);
  const get: Parameters<typeof checkSumdb>[0]['get'] = (url, more) =>
    ask(url, { environment: settings, timeoutMs: 5000, maxBytes: 65_536, ...more });
  const found = await checkSumdb({ env, module, get });
  return typeof found === 'string' ? expect.fail(found) : found;
}

const codes = ({ findings }: SumdbCheck): readonly string[] => findings.map(({ code }) => code);

test('a database that is right: head signed, of one log with what go keeps, record proven', async () => {
  database.resize(350);
  expect((await runGo()).code).toBe(0);
  const then = readFileSync(latest(), 'utf8');
  database.resize(70_000);
  const found = await check();
  expect(codes(found)).toEqual([]);
  expect(found).toMatchObject({
    access: { kind: 'given' },
    kept: { state: 'read', tree: { size: 350 } },
    examination: {
      latest: { state: 'read', tree: { size: 70_000 } },
      withKept: { proof: 'proven' },
      record: { state: 'answered', proof: 'proven', zip: expect.stringMatching(/^h1:/) },
    },
  });
  expect(readFileSync(latest(), 'utf8')).toBe(then);
  forget();
  expect((await runGo()).code).toBe(0);
});

/** Each row: what is done to the database after go has seen it with 601 records, what we say, and what a real go says. */
test.each<[string, (database: ChecksumDatabase) => void, readonly string[], RegExp | undefined]>([
  ['grown', (one) => one.resize(1000), [], undefined],
  ['grown by whole tiles', (one) => one.resize(1024), [], undefined],
  ['as it was', () => undefined, [], undefined],
  [
    'forked and grown',
    (one) => {
      one.fork(450);
      one.resize(1000);
    },
    ['sumdb-fork'],
    /SECURITY ERROR\ngo\.sum database server misbehavior detected!/,
  ],
  ['forked at the same size', (one) => one.fork(450), ['sumdb-fork'], /SECURITY ERROR/],
  ['set back', (one) => one.resize(400), ['sumdb-behind'], undefined],
  [
    'set back, and the tiles that go had kept are gone',
    (one) => {
      forget('tiles too');
      one.resize(400);
    },
    ['sumdb-unproven'],
    /checking tree#602: .*404 Not Found/,
  ],
  [
    'set back and forked',
    (one) => {
      one.fork(350);
      one.resize(400);
    },
    ['sumdb-fork'],
    /SECURITY ERROR/,
  ],
  [
    'its head signed by another key',
    (one) =>
      one.change((path, body) =>
        path === '/latest' || path.startsWith('/lookup/')
          ? Buffer.from(String(body).replace(/(— \S+ .{20})./, (_, start) => `${start}_`))
          : undefined,
      ),
    ['sumdb-bad-signature', 'sumdb-bad-signature'],
    /reading tree note: malformed note|unverifiable|invalid signature/,
  ],
  [
    'the record changed',
    (one) =>
      one.change((path, body) =>
        path.startsWith('/lookup/') ? Buffer.from(String(body).replace('h1:3', 'h1:4')) : undefined,
      ),
    ['sumdb-record-false'],
    /cannot authenticate record data in server response/,
  ],
  [
    'tiles that are of no tree',
    (one) => {
      one.resize(1000);
      one.change((path, body) =>
        path.startsWith('/tile/') ? Buffer.alloc(body?.length ?? 0, 7) : undefined,
      );
    },
    ['sumdb-unproven', 'sumdb-record-false'],
    /downloaded inconsistent tile/,
  ],
  [
    'no tiles',
    (one) => {
      one.resize(1000);
      one.change((path) => (path.startsWith('/tile/') ? 404 : undefined));
    },
    ['sumdb-unproven', 'sumdb-unproven'],
    /404 Not Found/,
  ],
  [
    'a record that it has not',
    (one) => one.change((path) => (path.startsWith('/lookup/') ? 410 : undefined)),
    ['sumdb-410'],
    /410 Gone/,
  ],
  [
    'out of order',
    (one) => one.change(() => 500),
    ['sumdb-unreachable', 'sumdb-unreachable'],
    /500 Internal Server Error/,
  ],
])('%s', async (_, change, expected, goSays) => {
  expect(await runGo()).toEqual({ code: 0, text: '' });
  forget();
  change(database);
  const found = await check();
  expect(codes(found)).toEqual(expected);
  const ran = await runGo();
  expect(ran.text).toMatch(goSays ?? /^$/);
  expect(ran.code).toBe(goSays === undefined ? 0 : 1);
});

test('a 410 is explained with the globs that keep the module away from the database', async () => {
  settings = { ...settings, GOPRIVATE: 'corp.example' };
  const { findings } = await check('github.com/acme/secret@v1.0.0');
  expect(findings).toMatchObject([
    {
      code: 'sumdb-404',
      repair: [
        expect.stringContaining('go env -w GOPRIVATE=corp.example,github.com/acme '),
        expect.stringContaining('go env -w GONOSUMDB='),
        expect.any(String),
      ],
    },
  ]);
});

test.each([
  ['by GOPRIVATE', { GOPRIVATE: 'corp.example' }, 'corp.example/secret@v1.0.0', /GONOSUMDB matches/],
  ['by GONOSUMDB', { GONOSUMDB: 'corp.example/*' }, 'corp.example/secret@v1.0.0', /GONOSUMDB matches/],
  ['by its host', {}, 'git.acme.internal/secret@v1.0.0', /looks private/],
  [
    'by GOPRIVATE where GONOSUMDB is none',
    { GOPRIVATE: 'corp.example', GONOSUMDB: 'none' },
    'corp.example/secret@v1.0.0',
    /looks private|names it/,
  ],
])('the name of a module that is private %s is not sent', async (_, more, module, why) => {
  settings = { ...settings, ...more };
  const found = await check(module);
  expect(found.notAsked).toMatch(why);
  expect(found.examination).toMatchObject({ latest: { state: 'read' }, record: undefined });
  expect(database.asked.join('\n')).not.toMatch(/secret/);
});

test('risks: GOSUMDB=off, and globs that cover what is public', async () => {
  settings = { ...settings, GONOSUMDB: 'github.com,corp.example' };
  expect((await check()).findings).toMatchObject([
    {
      code: 'nosumdb-too-wide',
      about: 'GONOSUMDB',
      what: expect.stringContaining('the glob github.com keeps'),
    },
  ]);
  settings = { ...settings, GONOSUMDB: '', GOPRIVATE: '*' };
  expect(codes(await check())).toEqual(['nosumdb-too-wide']);
  settings = { ...settings, GOSUMDB: 'off', GOPRIVATE: '' };
  const before = database.asked.length;
  expect(codes(await check())).toEqual(['sumdb-off']);
  expect(database.asked.length).toBe(before);
});

test('a sum of this machine that the database contradicts', async () => {
  writeFileSync(
    join(top, 'work', 'go.mod'),
    `module w\n\ngo 1.21\n\nrequire ${clockwork.replace('@', ' ')}\n`,
  );
  writeFileSync(
    join(top, 'work', 'go.sum'),
    `example.org/clockwork v0.3.1 h1:${'B'.repeat(43)}=\n${goSum.split('\n').at(-2)}\n`,
  );
  const found = await check(undefined);
  expect(found.module).toEqual({ path: 'example.org/clockwork', version: 'v0.3.1' });
  expect(found.findings).toMatchObject([{ code: 'sum-differs', about: expect.stringContaining('go.sum') }]);
});

/** way is where the database was asked: go's own way is seen by what its server was asked. */
test.each<[string, (url: string) => string, number | undefined, string, RegExp | undefined]>([
  ['mirrors it', (url) => url, undefined, 'mirrored', undefined],
  ['refuses, and a bar follows', (url) => `http://127.0.0.1:1|${url}`, undefined, 'mirrored', undefined],
  ['refuses, and a comma follows', (url) => `http://127.0.0.1:1,${url}`, undefined, 'unavailable', /refused/],
  // Go tells of what it tried next; it fails, while the same row with a yes succeeds.
  ['answers 500', (url) => `${url},${url}`, 500, 'unavailable', /404 Not Found/],
  ['answers 500 before a bar and off', (url) => `${url}|off`, 500, 'unavailable', /GOPROXY=off/],
  ['answers 403', (url) => `${url}`, 403, 'unavailable', /404 Not Found/],
])('a proxy that %s', async (_, chain, supported, kind, goSays) => {
  settings = { ...settings, GOSUMDB: database.key, GOPROXY: `${chain(database.url)}` };
  if (supported !== undefined) database.change((path) => (path === '/supported' ? supported : undefined));
  const found = await check();
  expect(found.access?.kind).toBe(kind);
  expect(codes(found)).toEqual(kind === 'unavailable' ? ['sumdb-unavailable'] : []);
  // What go would fetch is there already: it only asks for the sums.
  cpSync(join(sampleDirectory, 'proxy'), join(top, 'gomodcache', 'cache', 'download'), { recursive: true });
  const ran = await runGo();
  expect(ran.text).toMatch(goSays ?? /^$/);
  expect(ran.code).toBe(goSays === undefined ? 0 : 1);
});

test('the real checksum database of this machine, when it can be reached', async (context) => {
  const asked = await readGoEnv({ goCommand: 'go', cwd: top, environment: process.env });
  if (isProblem(asked)) throw new Error(asked.why);
  const get: Parameters<typeof checkSumdb>[0]['get'] = (url, more) =>
    ask(url, { environment: process.env, timeoutMs: 20_000, maxBytes: 65_536, ...more });
  const found = await checkSumdb({
    env: { ...asked, gopath: join(top, 'gopath'), gomodcache: join(top, 'gomodcache') },
    module: 'rsc.io/quote@v1.5.2',
    get,
  });
  if (typeof found === 'string') throw new Error(found);
  if (found.examination?.latest.state !== 'read')
    return context.skip(`no checksum database answers here: ${JSON.stringify(found.findings[0]?.what)}`);
  expect(codes(found)).toEqual([]);
  expect(found.examination.record).toMatchObject({
    state: 'answered',
    proof: 'proven',
    zip: 'h1:w5fcysjrx7yqtD/aO+QwRjYZOKnaM9Uh2b40tElTs3Y=',
  });
});
