import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Cabin, canCutNetwork, openCabin, readTree, writeFiles } from '../operations/offline/cabin.ts';
import { ours, run } from '../plain/sandbox.ts';

let cabin: Cabin;
let goMod: string;
let goSum: string;
let temp: string;
const servers: Server[] = [];

beforeAll(() => {
  cabin = openCabin();
  goMod = readFileSync(join(cabin.main, 'go.mod'), 'utf8');
  goSum = readFileSync(join(cabin.main, 'go.sum'), 'utf8');
  temp = join(cabin.folder, 'tmp');
  mkdirSync(temp);
}, 60_000);
afterAll(() => cabin?.dispose());
beforeEach(() => {
  cabin.empty();
  writeFiles(cabin.main, { 'go.mod': goMod, 'go.sum': goSum });
});
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  expect(readdirSync(temp)).toEqual([]);
});

// biome-ignore lint/suspicious/noExplicitAny: the form of the answer is what is tested
type Answer = any;
type Ran = { readonly code: number | null; readonly answer: Answer; readonly stderr: string };

async function json(
  words: readonly string[],
  more: Readonly<Record<string, string>> = {},
  cwd = cabin.main,
): Promise<Ran> {
  const environment = { ...cabin.environment, TMPDIR: temp, ...more };
  const ended = await run(ours(...words, '--json'), { cwd, environment });
  const [stdout, stderr] = [ended.stdout.toString(), ended.stderr.toString()];
  expect(stderr).not.toMatch(/^\s+at /m);
  return { code: ended.code, answer: stdout === '' ? undefined : JSON.parse(stdout), stderr };
}

const prewarm = (...words: readonly string[]): Promise<Ran> => json(['prewarm', ...words]);

function modulesIn(list: readonly { readonly module: string }[]): readonly string[] {
  return list.map(({ module }) => module).sort();
}

const onLinux = [
  'example.org/Lamp',
  'example.org/chisel',
  'example.org/gauge',
  'example.org/steel',
  'example.org/wick',
];

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** serveFolder is a module proxy over HTTP, of the same files. */
const serveFolder: RequestListener = (request, response) => {
  try {
    response.end(readFileSync(join(cabin.proxy, decodeURIComponent(request.url ?? ''))));
  } catch {
    response.writeHead(404).end('not found');
  }
};

describe('prewarm', () => {
  test('downloads exactly what is needed, proves it, and changes no file of the module', async () => {
    const before = readTree(cabin.main);
    const { code, answer } = await prewarm();
    expect([code, answer.failed, answer.problems, answer.missing]).toEqual([0, [], [], []]);
    expect(answer).toMatchObject({
      schema: 'gocachetop.prewarm/1',
      dryRun: false,
      ready: true,
      gomodcache: cabin.gomodcache,
      platforms: ['linux/amd64'],
      packages: { needed: 7, missing: 0, complete: true },
      alreadyThere: [],
      proof: {
        ran: true,
        passed: true,
        isolated: canCutNetwork ? 'network namespace' : 'GOPROXY=off only',
        output: null,
      },
    });
    expect(modulesIn(answer.downloaded)).toEqual(onLinux);
    const url = pathToFileURL(cabin.proxy).href;
    for (const each of answer.downloaded) {
      expect([each.file, each.hop, Number.isInteger(each.bytes)]).toEqual(['zip', url, true]);
    }
    expect(answer.proof.steps.map(({ command }: Answer) => / go (.*) -mod/.exec(command)?.[1])).toEqual([
      'build',
      'vet',
      'build',
    ]);
    expect(readTree(cabin.main)).toEqual(before);
    cabin.offlineAll();

    // Again: nothing to do.
    const cache = readTree(cabin.gomodcache);
    const again = await prewarm('--no-proof');
    expect([again.code, again.answer.downloaded, modulesIn(again.answer.alreadyThere)]).toEqual([
      0,
      [],
      onLinux,
    ]);
    expect(again.answer.proof).toMatchObject({ ran: false, passed: null, isolated: null });
    expect(readTree(cabin.gomodcache)).toEqual(cache);
  }, 180_000);

  test('for another platform, without tests and tools', async () => {
    const { code, answer } = await prewarm(
      '--platform',
      'windows/amd64',
      '--no-tests',
      '--no-tools',
      '--no-proof',
    );
    expect([code, modulesIn(answer.downloaded)]).toEqual([
      0,
      ['example.org/Lamp', 'example.org/shutters', 'example.org/wick'],
    ]);
    expect(existsSync(join(cabin.gomodcache, 'example.org', 'gauge@v1.0.0'))).toBe(false);
  });

  test('names the hop that served each file', async () => {
    const [empty, full] = [
      await serve((_, response) => response.writeHead(404).end()),
      await serve(serveFolder),
    ];
    const { code, answer } = await json(['prewarm', '--no-proof'], { GOPROXY: `${empty},${full}` });
    expect([code, modulesIn(answer.downloaded)]).toEqual([0, onLinux]);
    expect(new Set(answer.downloaded.map(({ hop }: Answer) => hop))).toEqual(new Set([full]));
  });

  test('--dry-run and --read-only write nothing and ask nobody', async () => {
    const asked: string[] = [];
    const url = await serve((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(404).end();
    });
    const dry = await json(['prewarm', '--dry-run'], { GOPROXY: url, GOTOOLCHAIN: 'auto' });
    expect([dry.code, dry.answer.dryRun, dry.answer.ready, dry.answer.downloaded]).toEqual([
      0,
      true,
      false,
      [],
    ]);
    expect(modulesIn(dry.answer.missing)).toContain('example.org/Lamp');
    const refused = await json(['prewarm', '--read-only'], { GOPROXY: url });
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('refused: --read-only')]);
    expect(asked).toEqual([]);
    expect(existsSync(join(cabin.gomodcache, 'cache', 'download', 'example.org', 'wick'))).toBe(false);
  });

  test('what the proxy has not is told in go’s words; the others come all the same', async () => {
    const url = await serve((request, response) => {
      if (request.url?.endsWith('/wick/@v/v0.4.0.zip')) response.writeHead(410).end('gone');
      else serveFolder(request, response);
    });
    const { code, answer } = await json(['prewarm'], { GOPROXY: url });
    expect([code, answer.ready, answer.proof.ran]).toEqual([1, false, false]);
    expect(answer.failed).toEqual([
      {
        module: 'example.org/wick',
        version: 'v0.4.0',
        file: 'zip',
        why: expect.stringContaining('410 Gone'),
      },
    ]);
    expect(modulesIn(answer.downloaded)).toEqual(onLinux.filter((path) => path !== 'example.org/wick'));
    expect(answer.missing).toMatchObject([{ module: 'example.org/wick', files: ['zip'] }]);
  });

  test('a module that go.sum contradicts is not taken', async () => {
    writeFileSync(join(cabin.main, 'go.sum'), goSum.replace('wick v0.4.0 h1:Hw5t', 'wick v0.4.0 h1:AAAA'));
    const { code, answer } = await prewarm('--no-proof');
    expect([code, modulesIn(answer.failed)]).toEqual([1, ['example.org/wick']]);
    expect(answer.failed[0].why).toContain('checksum mismatch');
    const versions = join(cabin.gomodcache, 'cache', 'download', 'example.org', 'wick', '@v');
    expect(readdirSync(versions)).not.toContain('v0.4.0.zip');
  });

  test('the proof finds what go list does not: a file gone from an extracted module', async () => {
    cabin.go(['mod', 'download']);
    cabin.go(['list', '-deps', './...']); // go keeps what it read of the module's folder
    rmSync(join(cabin.gomodcache, 'example.org', 'wick@v0.4.0', 'thread', 'thread.go'));
    const { code, answer } = await prewarm('--no-tools');
    expect([code, answer.ready, answer.proof.passed]).toEqual([1, true, false]);
    expect(answer.proof.output).toMatch(/thread\.go: no such file or directory/);
  }, 120_000);

  test('ctrl-c ends it with 130, and leaves nothing behind', async () => {
    const url = await serve(() => undefined); // never answers
    const environment = { ...cabin.environment, TMPDIR: temp, GOPROXY: url };
    let stop: () => void = () => undefined;
    // Once: a second ctrl-c ends it at once, with what it has not removed yet.
    servers.at(-1)?.once('request', () => stop());
    const ended = await run(ours('prewarm', '--json'), {
      cwd: cabin.main,
      environment,
      started: (child) => {
        stop = () => child.kill('SIGINT');
      },
    });
    expect(ended.code).toBe(130);
    expect(ended.stderr.toString()).not.toMatch(/^\s+at /m);
  });
});

test('a workspace: all its modules, and no go.work.sum', async () => {
  const work = join(cabin.folder, 'work');
  writeFiles(work, {
    'one/go.mod': 'module example.com/one\n\ngo 1.24\n\nrequire example.org/Lamp v1.2.0\n',
    'one/one.go': 'package one\n\nimport lamp "example.org/Lamp"\n\nvar Light = lamp.Light()\n',
    'two/go.mod': 'module example.com/two\n\ngo 1.24\n\nrequire example.org/wick v0.4.0\n',
    'two/two.go': 'package two\n\nimport "example.org/wick/store"\n\nvar Pages = store.Pages\n',
  });
  for (const name of ['one', 'two']) cabin.go(['mod', 'tidy'], {}, join(work, name));
  cabin.go(['work', 'init', './one', './two'], {}, work);
  cabin.empty();
  const before = readTree(work);
  const { code, answer } = await json(['prewarm'], {}, join(work, 'two'));
  expect([code, answer.failed, answer.proof.passed]).toEqual([0, [], true]);
  expect(
    answer.downloaded
      .filter(({ file }: Answer) => file === 'zip')
      .map(({ module }: Answer) => module)
      .sort(),
  ).toEqual(['example.org/Lamp', 'example.org/ledger', 'example.org/wick']);
  expect(readTree(work)).toEqual(before);
}, 120_000);

describe('an archive', () => {
  let archive: string;
  beforeEach(() => {
    archive = join(cabin.folder, 'archive');
    rmSync(archive, { recursive: true, force: true });
  });

  /** make prewarms and makes the archive. */
  async function make(): Promise<Answer> {
    const { code, answer } = await prewarm('--archive', archive, '--no-proof');
    expect([code, answer.archive.problems]).toEqual([0, []]);
    return answer;
  }

  test('holds exactly what is needed, the bytes of the proxy, and each sum', async () => {
    const { code, answer } = await prewarm('--archive', '../archive');
    expect([code, answer.archive]).toEqual([
      0,
      {
        directory: archive,
        modules: 5,
        zips: 5,
        bytes: answer.bytes,
        proven: true,
        missing: [],
        problems: [],
      },
    ]);
    const tree = readTree(archive);
    const proxy = readTree(cabin.proxy);
    const files = [...tree.keys()].filter((name) => /\.(?:mod|zip)$/.test(name));
    expect(files).toHaveLength(10);
    for (const file of files) expect(tree.get(file)).toBe(proxy.get(file));
    const manifest = JSON.parse(readFileSync(join(archive, 'manifest.json'), 'utf8'));
    const sums = manifest.modules.flatMap(({ module, version, zip, mod }: Answer) => [
      `${module} ${version} ${zip}`,
      `${module} ${version}/go.mod ${mod}`,
    ]);
    expect(
      goSum
        .split('\n')
        .filter((line) => line !== '' && !line.includes('shutters'))
        .sort(),
    ).toEqual(sums.sort());
  }, 120_000);

  test.skipIf(!canCutNetwork)(
    'is all that another machine needs: no network, GOSUMDB on, go.sum alone (needs unshare -rn)',
    async () => {
      await make();
      cabin.empty();
      const words = ['unshare', '-rn', 'go', 'build', '-o', '/dev/null', './...'];
      const environment = {
        ...cabin.environment,
        GOPROXY: pathToFileURL(archive).href,
        GOSUMDB: 'sum.golang.org',
      };
      const built = await run(words, { cwd: cabin.main, environment });
      expect([built.code, built.stderr.toString()]).toEqual([0, expect.not.stringContaining('sum.golang')]);
      // Without the lines of go.sum the database would have to be asked.
      cabin.empty();
      writeFileSync(join(cabin.main, 'go.sum'), '');
      expect((await run(words, { cwd: cabin.main, environment })).code).not.toBe(0);
    },
    120_000,
  );

  test('is taken in without a network, by prewarm and by offline, also where nothing is built', async () => {
    await make();
    const offline = { GOPROXY: 'off', GOSUMDB: 'sum.golang.org' };
    for (const [command, cwd] of [
      ['prewarm', cabin.main],
      ['offline', cabin.main],
      ['prewarm', cabin.folder],
    ] as const) {
      cabin.empty();
      const { code, answer } = await json([command, '--from', archive, '--no-proof'], offline, cwd);
      expect([code, answer.taken]).toEqual([
        0,
        {
          directory: archive,
          modules: 5,
          bytes: expect.any(Number),
          downloaded: 5,
          failed: [],
          problems: [],
        },
      ]);
      expect(answer.missing).toEqual([]);
      cabin.offlineAll();
    }
  }, 120_000);

  test.each<[string, () => void, string]>([
    [
      'a zip with another byte',
      () => {
        const zip = join(archive, 'example.org', 'wick', '@v', 'v0.4.0.zip');
        const bytes = readFileSync(zip);
        bytes[bytes.indexOf('thread"')] = 0x54;
        writeFileSync(zip, bytes);
      },
      'wick/@v/v0.4.0.zip',
    ],
    [
      'a go.mod that was edited',
      () =>
        writeFileSync(join(archive, 'example.org', 'wick', '@v', 'v0.4.0.mod'), 'module example.org/wick\n'),
      'wick/@v/v0.4.0.mod: nothing was taken in: its sum is h1:',
    ],
    [
      'a file that is gone',
      () => rmSync(join(archive, 'example.org', 'gauge', '@v', 'v1.0.0.zip')),
      'gauge/@v/v1.0.0.zip: nothing was taken in: it is not there',
    ],
    [
      'go.sum says otherwise than the manifest',
      () =>
        writeFileSync(
          join(cabin.main, 'go.sum'),
          goSum.replace('wick v0.4.0 h1:Hw5t', 'wick v0.4.0 h1:AAAA'),
        ),
      'go.sum has h1:AAAA',
    ],
    [
      'a manifest that leads out of the folder',
      () => {
        const manifest = join(archive, 'manifest.json');
        writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('example.org/wick', '../../etc'));
      },
      'malformed module path',
    ],
    ['no manifest', () => rmSync(join(archive, 'manifest.json')), 'manifest.json: cannot be read: ENOENT'],
  ])('is refused as a whole: %s', async (_, spoil, said) => {
    await make();
    spoil();
    cabin.empty();
    const { code, answer } = await prewarm('--from', archive);
    expect([code, answer.taken.downloaded, answer.taken.problems.length]).toEqual([1, 0, 1]);
    expect(answer.taken.problems[0].line).toContain(said);
    expect(existsSync(cabin.gomodcache)).toBe(false);
  });

  test('is not made of a module that was tampered with, nor into a folder with other files', async () => {
    cabin.go(['mod', 'download']);
    const zip = join(cabin.gomodcache, 'cache', 'download', 'example.org', 'wick', '@v', 'v0.4.0.zip');
    const bytes = readFileSync(zip);
    bytes[bytes.indexOf('thread"')] = 0x54;
    chmodSync(zip, 0o644);
    writeFileSync(zip, bytes);
    const tampered = await prewarm('--archive', archive, '--no-proof');
    expect([tampered.code, tampered.answer.archive.problems.length]).toEqual([1, 1]);
    expect(tampered.answer.archive.problems[0].line).toContain('v0.4.0.zip: is not archived');
    expect(readdirSync(cabin.folder).filter((name) => name.includes('archive'))).toEqual([]);

    mkdirSync(archive);
    writeFileSync(join(archive, 'mine'), 'mine');
    const full = await json(['offline', '--archive', archive]);
    expect([full.code, full.answer.archive.problems[0].why]).toEqual([1, 'the folder is not empty']);
    expect(readdirSync(archive)).toEqual(['mine']);
  });

  test('--read-only refuses to make and to take in one', async () => {
    for (const words of [
      ['offline', '--archive', archive],
      ['offline', '--from', archive],
    ])
      expect((await json([...words, '--read-only'])).code).toBe(2);
    expect(existsSync(archive)).toBe(false);
  });
});
