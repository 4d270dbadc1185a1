import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { makeZip } from '../checksums/zip-writer.ts';
import { clockwork, type ModulePlace, makeModulePlace } from '../operations/verify/module-place.ts';
import { type Ended, ours, run } from '../plain/sandbox.ts';

let place: ModulePlace;

beforeAll(() => {
  place = makeModulePlace();
}, 120_000);
afterEach(() => place.restore());
afterAll(() => place?.remove());

const isRoot = process.getuid?.() === 0;
/** withoutRights runs root without its right to go past permissions, so that they count as for anybody. */
const withoutRights = isRoot ? ['setpriv', '--bounding-set=-all', '--inh-caps=-all'] : [];

function cli(
  words: readonly string[],
  { cwd = place.directory, before = [] }: { cwd?: string; before?: readonly string[] } = {},
): Promise<Ended> {
  return run([...before, ...ours('verify', ...words)], { cwd, environment: place.environment });
}

async function jsonOf(words: readonly string[], options?: Parameters<typeof cli>[1]) {
  const { code, stdout } = await cli([...words, '--json'], options);
  return { code, ...JSON.parse(stdout.toString()) };
}

const tamper = (): void => writeFileSync(join(place.folder, 'evil.go'), 'package clockwork\n');

test('exit codes: 0 when all is fine, 1 when something is faulty, 2 for a wrong command line', async () => {
  expect((await cli([])).code).toBe(0);
  tamper();
  const ended = await cli([]);
  expect(ended.code).toBe(1);
  expect(ended.stdout.toString()).toMatch(
    /2 versions: 1 fine, 1 faulty[\s\S]*! example\.org\/clockwork v0\.3\.1\n {4}dir-extra-file: file evil\.go .* agree\n[\s\S]*needed by example\.com\/harbour\n {4}repair: /,
  );
  expect((await cli(['--check'])).code).toBe(2);
  expect((await cli(['--', 'go', 'build'])).code).toBe(2);
});

test('the JSON is that of the contract', async () => {
  tamper();
  const found = await jsonOf([]);
  expect(found).toMatchObject({
    code: 1,
    schema: 'gocachetop.verify/1',
    scope: 'main',
    summary: { modules: 2, ok: 1, faulty: 1, notChecked: 0 },
    problems: [],
  });
  expect(found.modules).toEqual([
    expect.objectContaining({
      path: 'example.org/Quay/columns',
      version: 'v1.2.0',
      verdict: 'ok',
      faults: [],
      repair: [],
    }),
    expect.objectContaining({
      path: 'example.org/clockwork',
      version: 'v0.3.1',
      verdict: 'faulty',
      faults: [
        {
          code: 'dir-extra-file',
          expected: expect.stringMatching(/^h1:/),
          actual: expect.stringMatching(/^h1:/),
          detail: expect.stringContaining('evil.go'),
          files: ['evil.go'],
        },
      ],
      repair: ['gocachetop redownload example.org/clockwork@v0.3.1'],
      trace: {
        chain: ['example.com/harbour', clockwork],
        asked: [{ by: 'example.com/harbour', version: 'v0.3.1' }],
      },
    }),
  ]);
});

test('without a main module everything is verified, and a named module alone anywhere', async () => {
  tamper();
  const outside = join(place.directory, '..');
  expect(await jsonOf([], { cwd: outside })).toMatchObject({
    code: 1,
    scope: 'all',
    summary: { modules: 2, faulty: 1 },
  });
  expect(await jsonOf(['example.org/Quay/columns'], { cwd: outside })).toMatchObject({
    code: 0,
    scope: 'named',
    summary: { modules: 1, ok: 1 },
  });
  expect(await jsonOf([clockwork])).toMatchObject({
    code: 1,
    scope: 'named',
    summary: { modules: 1, faulty: 1 },
  });
  const missing = await cli(['example.org/clockwork@v0.9.9']);
  expect(missing.code).toBe(1);
  expect(missing.stderr.toString()).toMatch(
    /clockwork@v0\.9\.9: cannot be verified: GOMODCACHE has v0\.3\.1 of it/,
  );
});

test('a version that the main module does not need is verified with --all only', async () => {
  const folder = join(place.gomodcache, 'example.org', 'other@v1.0.0');
  mkdirSync(folder);
  writeFileSync(join(folder, 'go.mod'), 'module example.org/other\n');
  expect(await jsonOf([])).toMatchObject({ summary: { modules: 2 } });
  const all = await jsonOf(['--all']);
  expect(all).toMatchObject({ scope: 'all', summary: { modules: 3, faulty: 1 } });
  expect(all.modules[2].faults[0]).toMatchObject({ code: 'ziphash-missing' });
});

test('a version that a go command writes right now is not called faulty', async () => {
  rmSync(join(place.folder, 'clockwork.go'));
  writeFileSync(place.file('.partial'), '');
  // As go does: flock(2) on the lock of the version, until the extraction is done.
  const holder = spawn('flock', [place.file('.lock'), 'sh', '-c', 'echo held; cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    const found = await jsonOf([]);
    expect(found).toMatchObject({ code: 0, summary: { ok: 1, faulty: 0, notChecked: 1 } });
    expect(found.modules[1].notes).toEqual([expect.stringContaining('a go command is writing it right now')]);
  } finally {
    holder.stdin.end();
    await new Promise((resolve) => holder.once('exit', resolve));
  }
  expect(await jsonOf([])).toMatchObject({ code: 1, modules: [{}, { faults: [{ code: 'partial' }] }] });
});

test.each(['.zip', '.ziphash', '.mod', '.info', 'clockwork.go', 'folder'] as const)(
  'without the right to read %s: it is said, nothing is called fine or changed, exit code 1',
  async (what) => {
    const path =
      what === 'folder'
        ? place.folder
        : what === 'clockwork.go'
          ? join(place.folder, what)
          : place.file(what);
    chmodSync(path, 0);
    const found = await jsonOf([], { before: withoutRights });
    chmodSync(path, 0o755);
    expect(found).toMatchObject({ code: 1, summary: { ok: 1, faulty: 0, notChecked: 1 } });
    expect(found.modules[1].unread).toEqual([expect.stringMatching(/cannot be read: .*EACCES/)]);
  },
);

test('a go.sum with the marks of a merge: the line is told', async () => {
  const file = join(place.directory, 'go.sum');
  writeFileSync(file, `<<<<<<< HEAD\n${readFileSync(file, 'utf8')}`);
  const ended = await cli([]);
  expect(ended.code).toBe(1);
  expect(ended.stderr.toString()).toContain(`${file}:1: malformed go.sum: wrong number of fields 2`);
  expect(place.go('build', './...').text).toContain('wrong number of fields 2');
});

test('a workspace: the sums of all its modules count, and two that differ are told apart', async () => {
  const second = join(place.directory, 'second');
  mkdirSync(second);
  writeFileSync(
    join(second, 'go.mod'),
    'module example.com/second\n\ngo 1.21\n\nrequire example.org/clockwork v0.3.1\n',
  );
  const sums = readFileSync(join(place.directory, 'go.sum'), 'utf8');
  writeFileSync(
    join(second, 'go.sum'),
    sums.replace(/(clockwork v0\.3\.1) h1:.*/, `$1 h1:${'C'.repeat(43)}=`),
  );
  writeFileSync(join(place.directory, 'go.work'), 'go 1.21\n\nuse .\nuse ./second\n');
  const environment = { ...place.environment, GOWORK: join(place.directory, 'go.work') };
  const ended = await run(ours('verify', '--json'), { cwd: place.directory, environment });
  const found = JSON.parse(ended.stdout.toString());
  expect(found.sumFiles).toHaveLength(2);
  expect(found.modules[1].faults).toEqual([
    expect.objectContaining({
      code: 'gosum-mismatch',
      detail: expect.stringMatching(/the line of go\.sum is wrong: .*agree/),
      files: [`${join(second, 'go.sum')}:3`],
    }),
  ]);
});

test('a module of 300 MB is read in little memory', async (context) => {
  if (!existsSync('/usr/bin/time')) return context.skip('no /usr/bin/time: memory NOT measured');
  const module = `${clockwork}/`;
  // Ten files of 30 MB, which a compressor makes small.
  const files = Array.from({ length: 10 }, (_, index) => ({
    name: `${module}data${index}.txt`,
    content: Buffer.alloc(30 * 2 ** 20, `line ${index}\n`),
  }));
  rmSync(place.folder, { recursive: true });
  mkdirSync(place.folder);
  for (const { name, content } of files)
    writeFileSync(join(place.folder, name.slice(module.length)), content);
  writeFileSync(place.file('.zip'), makeZip(files));
  const measured = join(place.directory, '..', 'measured');
  const timed = ['/usr/bin/time', '-o', measured, '-f', '%M'];
  const { code, modules } = await jsonOf([], { before: timed });
  expect(code).toBe(1); // it is not the module that go.sum knows
  expect(modules[1].faults.map((fault: { code: string }) => fault.code)).toContain('zip-mismatch');
  const kibibytes = Number(readFileSync(measured, 'utf8').trim().split('\n').at(-1));
  expect(kibibytes).toBeGreaterThan(10_000);
  expect(kibibytes).toBeLessThan(200 * 1024);
}, 120_000);
