import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { sampleDirectory } from '../../../scripts/sample-environment.ts';
import { h1Of } from '../../../source/checksums/h1.ts';
import { hashZip } from '../../../source/checksums/hash-zip.ts';
import { isProblem, readGoEnv } from '../../../source/go/env.ts';
import { makeZip } from '../../checksums/zip-writer.ts';
import { buildOracle, type LocalSumdb, type Oracle } from '../../go/oracle.ts';
import { openHttpProxy } from '../../proxy/faults/http-proxies.ts';
import { clockwork, type ModulePlace, makeModulePlace } from './module-place.ts';

let oracle: Oracle | undefined;
let database: LocalSumdb | undefined;
let place: ModulePlace;

beforeAll(async () => {
  oracle = await buildOracle();
  database = await oracle?.serveSumdb(join(sampleDirectory, 'proxy'));
  if (database === undefined) return;
  // Of a tree with several tiles; then go asks it itself, since go.sum is empty.
  await fetch(`${database.url}/fill`);
  place = makeModulePlace({ GOSUMDB: `${database.key} ${database.url}`, GONOSUMDB: '' }, true);
}, 120_000);
beforeEach((context) => {
  if (database === undefined) context.skip('this Go has not got golang.org/x/mod');
});
afterEach(() => place?.restore());
afterAll(async () => {
  place?.remove();
  database?.stop();
  await oracle?.remove();
});

const kept = (...names: readonly string[]): string =>
  join(place.gomodcache, 'cache', 'download', 'sumdb', 'sumdb.example', ...names);

async function verdictOf(options: Parameters<ModulePlace['verify']>[0] = {}) {
  const { modules, problems } = await place.verify(options);
  expect(problems).toEqual([]);
  return modules.find(({ path }) => path === 'example.org/clockwork') ?? expect.fail('not verified');
}

function edit(file: string, change: (text: string) => string): void {
  writeFileSync(file, change(readFileSync(file, 'latin1')), 'latin1');
}

test('what go kept of the checksum database is proven without a network', async () => {
  expect(await verdictOf()).toMatchObject({ verdict: 'ok', database: 'proven' });
});

test('a wrong sum in go.sum is decided by it', async () => {
  edit(join(place.directory, 'go.sum'), (text) =>
    text.replace(/(clockwork v0\.3\.1) h1:.*/, `$1 h1:${'B'.repeat(43)}=`),
  );
  const verdict = await verdictOf();
  expect(verdict.faults.map(({ code }) => code)).toEqual(['gosum-mismatch']);
  expect(verdict.sentence).toMatch(
    /the line of go\.sum is wrong: the checksum database, \.ziphash, the zip and the folder agree/,
  );
});

test('another module, which go.sum agrees with: do not build', async () => {
  const zip = makeZip([
    { name: `${clockwork}/go.mod`, content: readFileSync(join(place.folder, 'go.mod')) },
    { name: `${clockwork}/clockwork.go`, content: 'package clockwork\n\nfunc init() { panic("evil") }\n' },
  ]);
  writeFileSync(place.file('.zip'), zip);
  const found = await hashZip(place.file('.zip'), `${clockwork}/`);
  const sum = h1Of(found.files, `${clockwork}/`);
  writeFileSync(place.file('.ziphash'), sum);
  edit(join(place.directory, 'go.sum'), (text) => text.replace(/(clockwork v0\.3\.1) h1:.*/, `$1 ${sum}`));
  rmSync(place.folder, { recursive: true });
  // Go extracts it and builds with it.
  expect(place.go('build', '-o', '/dev/null', './...').text).not.toMatch(/checksum|SECURITY/);
  const verdict = await verdictOf();
  expect(verdict.sentence).toMatch(
    /the zip differs from the checksum database although go\.sum agrees with it: someone recorded a wrong sum; do not build/,
  );
  expect(verdict.faults.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['zip-mismatch', 'gosum-mismatch']),
  );
});

test.each([
  [
    'its record changed',
    () => edit(kept('lookup/example.org/clockwork@v0.3.1'), (text) => text.replace(/ h1:.../, ' h1:AAA')),
    /its record is not the one in the signed tree/,
  ],
  [
    'its tree head changed',
    () => {
      rmSync(latest());
      edit(kept('lookup/example.org/clockwork@v0.3.1'), (text) => text.replace(/(tree\n)\d+/, '$19999'));
    },
    /its tree head is not signed with the key of sumdb\.example/,
  ],
  [
    'no answer at all',
    () => writeFileSync(kept('lookup/example.org/clockwork@v0.3.1'), 'hello\n'),
    /it is no answer of a checksum database/,
  ],
  [
    'a tile changed',
    () => {
      for (const tile of tiles())
        edit(tile, (text) => text.replace(/^./s, (first) => (first === 'x' ? 'y' : 'x')));
    },
    /its record is not the one in the signed tree/,
  ],
])('a kept answer with %s is not believed', async (_, plant, why) => {
  plant();
  const verdict = await verdictOf();
  expect(verdict).toMatchObject({ verdict: 'ok', database: undefined });
  expect(verdict.notes.join('\n')).toMatch(why);
});

const latest = (): string =>
  join(place.gomodcache, '..', 'gopath', 'pkg', 'sumdb', 'sumdb.example', 'latest');
const tiles = (): string[] =>
  readdirSync(kept('tile'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

test('without its tiles a kept answer is kept, and not proven; the network proves it', async () => {
  rmSync(kept('tile'), { recursive: true });
  expect(await verdictOf()).toMatchObject({ verdict: 'ok', database: 'kept' });
  const before = place.state();
  expect(await verdictOf({ asksNetwork: true })).toMatchObject({ verdict: 'ok', database: 'proven' });
  expect(place.state()).toEqual(before);
});

test('where nothing is kept the network is asked, and only when told to', async () => {
  rmSync(kept(), { recursive: true });
  expect(await verdictOf()).toMatchObject({ verdict: 'ok', database: undefined });
  expect(await verdictOf({ asksNetwork: true })).toMatchObject({ database: 'proven' });
});

test('it is asked through the proxy of the network, as go asks it', async () => {
  rmSync(kept(), { recursive: true });
  const { port } = new URL(database?.url ?? '');
  const [open, closed] = [await openHttpProxy('gopher:s3cret'), await openHttpProxy('nobody')];
  const verifyThrough = async (proxy: number) => {
    const network = {
      ...place.environment,
      GOSUMDB: `${database?.key} http://sums.example:${port}`,
      HTTP_PROXY: `http://gopher:s3cret@127.0.0.1:${proxy}`,
      NO_PROXY: '',
      no_proxy: '',
    };
    const env = await readGoEnv({ goCommand: 'go', cwd: place.directory, environment: network });
    return isProblem(env) ? expect.fail(env.why) : place.verify({ env, network });
  };
  try {
    const { modules } = await verifyThrough(open.port);
    expect(modules.map((each) => each.database)).toEqual(['proven', 'proven']);
    expect(open.asked.join('\n')).toContain('GET http://sums.example');

    const { problems } = await verifyThrough(closed.port);
    expect(problems.map(({ why }) => why).join('\n')).toContain('407 Proxy Authentication Required');
    expect(JSON.stringify(problems)).not.toContain('s3cret');
  } finally {
    open.close();
    closed.close();
  }
});

test.each(['GONOSUMDB', 'GOPRIVATE'])('%s keeps it out', async (setting) => {
  const other = makeModulePlace(
    {
      GOSUMDB: `${database?.key} ${database?.url}`,
      GONOSUMDB: '',
      GONOPROXY: 'none',
      [setting]: 'example.org',
    },
    true,
  );
  try {
    execFileSync('cp', [
      '-a',
      join(place.gomodcache, 'cache', 'download', 'sumdb'),
      join(other.gomodcache, 'cache', 'download'),
    ]);
    const { modules } = await other.verify({ asksNetwork: true });
    expect(modules.map((each) => each.database)).toEqual([undefined, undefined]);
  } finally {
    other.remove();
  }
});
