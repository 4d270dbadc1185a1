import { chmod, lstat, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ModuleVersion } from '../../source/module-cache/module-version.ts';
import { type ModuleCacheTotals, scanModuleCache } from '../../source/module-cache/scan.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'gocachetop-modcache-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** fill writes files of the given lengths below a new folder. */
async function fill(name: string, files: Readonly<Record<string, number>>): Promise<string> {
  const root = join(dir, name);
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), 'x'.repeat(bytes));
  }
  return root;
}

/** measure sums a folder up without any knowledge of module caches. */
async function measure(root: string): Promise<{ files: number; bytes: number }> {
  let files = 0;
  let bytes = 0;
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    files++;
    bytes += (await lstat(join(entry.parentPath, entry.name))).size;
  }
  return { files, bytes };
}

function sumOfParts(totals: ModuleCacheTotals): { files: number; bytes: number } {
  const parts = [
    totals.zips,
    totals.extracted,
    totals.metadata,
    totals.toolchains,
    totals.sumdb,
    totals.vcs,
    totals.trash,
    totals.leftovers,
    totals.other,
  ];
  return {
    files: parts.reduce((sum, part) => sum + part.files, 0),
    bytes: parts.reduce((sum, part) => sum + part.bytes, 0),
  };
}

const uuid = 'cache/download/github.com/!google/uuid/@v';
const toolchain = 'golang.org/toolchain@v0.0.1-go1.27.0.linux-amd64';

describe('every kind of file has its part', () => {
  let root = '';
  let totals: ModuleCacheTotals;
  beforeAll(async () => {
    root = await fill('kinds', {
      'cache/lock': 0,
      [`${uuid}/list`]: 7,
      [`${uuid}/v1.6.0.info`]: 10,
      [`${uuid}/v1.6.0.mod`]: 20,
      [`${uuid}/v1.6.0.zip`]: 1000,
      [`${uuid}/v1.6.0.ziphash`]: 47,
      [`${uuid}/v1.6.0.lock`]: 0,
      // Only its go.mod was needed.
      [`${uuid}/v1.5.0.mod`]: 20,
      // An extraction that was killed.
      [`${uuid}/v1.4.0.zip`]: 500,
      [`${uuid}/v1.4.0.partial`]: 0,
      // A download that failed leaves its lock and part of a zip.
      [`${uuid}/v1.3.0.lock`]: 0,
      [`${uuid}/v1.3.0.zip42.tmp`]: 99,
      'github.com/!google/uuid@v1.6.0/uuid.go': 300,
      'github.com/!google/uuid@v1.6.0/internal/a@b/x.go': 30,
      'github.com/!google/uuid@v1.4.0/uuid.go': 3,
      // A folder whose zip was removed.
      'rsc.io/quote/v2@v2.0.1/quote.go': 50,
      'cache/download/golang.org/toolchain/@v/v0.0.1-go1.27.0.linux-amd64.zip': 5000,
      [`${toolchain}/bin/go`]: 9000,
      'cache/download/sumdb/sum.example/tile/8/0/000': 256,
      'cache/download/sumdb/sum.example/lookup/a@v1': 44,
      'cache/vcs/abc123/HEAD': 21,
      'cache/vcs/abc123.info': 12,
      'rsc.io/quote@v1.5.2.tmp-77/quote.go': 5,
      'cache/gocachetop-trash/batch/x': 8,
      'README.txt': 6,
    });
    await symlink('/nowhere', join(root, 'github.com/!google/uuid@v1.6.0/link'));
    totals = await scanModuleCache(root);
  });

  test('parts', () => {
    const link = '/nowhere'.length;
    expect(totals).toMatchObject({
      zips: { files: 2, bytes: 1500 },
      extracted: { files: 5, bytes: 300 + 30 + 3 + 50 + link },
      metadata: { files: 9, bytes: 7 + 10 + 20 + 47 + 20 },
      toolchains: { files: 2, bytes: 14000 },
      sumdb: { files: 2, bytes: 300 },
      vcs: { files: 2, bytes: 33 },
      leftovers: { files: 2, bytes: 99 + 5 },
      trash: { files: 1, bytes: 8 },
      other: { files: 1, bytes: 6 },
      unreadable: 0,
      vanished: 0,
      isThere: true,
    });
  });

  test('together they are all there is', async () => {
    expect(sumOfParts(totals)).toEqual({ files: totals.files, bytes: totals.bytes });
    expect(await measure(root)).toEqual({ files: totals.files, bytes: totals.bytes });
  });

  test('and du counts the same blocks', async ({ skip }) => {
    const du = await execa('du', ['-sk', root], { reject: false });
    if (du.exitCode !== 0) return skip(`no du: NOT tested: ${du.stderr}`);
    expect(totals.diskBytes).toBe(Number(du.stdout.split('\t')[0]) * 1024);
  });

  test('versions', () => {
    expect(totals).toMatchObject({
      modules: 3,
      versions: 5,
      downloaded: 4,
      toolchainVersions: 1,
      partial: 1,
    });
    expect(namesOf(totals.sizes)).toEqual([
      'github.com/Google/uuid@v1.4.0 partial zip 500 folder 3 in 1',
      'github.com/Google/uuid@v1.5.0 graph-only zip - folder - in -',
      'github.com/Google/uuid@v1.6.0 complete zip 1000 folder 338 in 3',
      'golang.org/toolchain@v0.0.1-go1.27.0.linux-amd64 complete zip 5000 folder 9000 in 1',
      'rsc.io/quote/v2@v2.0.1 folder-only zip - folder 50 in 1',
    ]);
    expect(totals.sizes.find(({ version }) => version === 'v1.6.0')).toMatchObject({
      metadataBytes: 10 + 20 + 47,
      hasDir: true,
    });
  });
});

/** namesOf writes versions in a line each, in the order of their names. */
function namesOf(versions: readonly ModuleVersion[]): readonly string[] {
  return versions
    .map(
      ({ path, version, state, zipBytes = '-', dirBytes = '-', files = '-' }) =>
        `${path}@${version} ${state} zip ${zipBytes} folder ${dirBytes} in ${files}`,
    )
    .sort();
}

test('a GOMODCACHE that is not there is empty, not wrong', async () => {
  expect(await scanModuleCache(join(dir, 'gone'))).toMatchObject({
    isThere: false,
    bytes: 0,
    versions: 0,
    problems: [],
  });
});

test('a GOMODCACHE behind a symbolic link', async () => {
  await fill('real', { 'rsc.io/quote@v1.5.2/quote.go': 5 });
  await symlink(join(dir, 'real'), join(dir, 'linked'));
  expect(await scanModuleCache(join(dir, 'linked'))).toMatchObject({ isThere: true, versions: 1, bytes: 5 });
});

test('a GOMODCACHE that is a file', async () => {
  const root = await fill('file', { plain: 3 });
  expect(await scanModuleCache(join(root, 'plain'))).toMatchObject({
    unreadable: 1,
    problems: [{ where: join(root, 'plain'), what: 'cannot be read' }],
  });
});

test('what cannot be read is counted and named', async ({ skip }) => {
  if (process.getuid?.() === 0) return skip('root reads everything: NOT tested');
  const root = await fill('closed', { 'rsc.io/quote@v1.5.2/quote.go': 5, 'rsc.io/other@v1.0.0/a.go': 7 });
  await chmod(join(root, 'rsc.io/quote@v1.5.2'), 0o000);
  const totals = await scanModuleCache(root);
  await chmod(join(root, 'rsc.io/quote@v1.5.2'), 0o755);
  expect(totals).toMatchObject({
    unreadable: 1,
    bytes: 7,
    problems: [{ why: expect.stringContaining('EACCES') }],
  });
});

test('a scan can be stopped, before and while it runs', async () => {
  await expect(scanModuleCache(dir, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow(
    'enough',
  );
  const stop = new AbortController();
  const scan = scanModuleCache(dir, { signal: stop.signal });
  stop.abort(new Error('enough now'));
  await expect(scan).rejects.toThrow('enough now');
});

test('progress grows up to the totals', async () => {
  const many = Object.fromEntries(
    Array.from({ length: 4000 }, (_, index) => [`rsc.io/m${index % 40}@v1.0.0/f${index}.go`, 1] as const),
  );
  const root = await fill('many', many);
  const seen: number[] = [];
  const totals = await scanModuleCache(root, { onProgress: (progress) => seen.push(progress.files) });
  expect(totals).toMatchObject({ files: 4000, bytes: 4000, versions: 40 });
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(seen.every((files) => files <= totals.files)).toBe(true);
});

test('a real module cache, filled by the go command', async ({ skip }) => {
  const gomodcache = join(dir, 'go-made');
  const env = { GOMODCACHE: gomodcache, GOFLAGS: '-modcacherw', GOTOOLCHAIN: 'local', GOWORK: 'off' };
  const args = ['mod', 'download', '-json', 'github.com/BurntSushi/toml@v1.4.0'];
  const ran = await execa('go', args, { cwd: dir, env, reject: false, timeout: 60_000 });
  if (ran.exitCode !== 0) return skip(`no module from GOPROXY: NOT tested: ${ran.stdout}${ran.stderr}`);
  const { Zip, Dir } = JSON.parse(ran.stdout) as { readonly Zip: string; readonly Dir: string };
  const totals = await scanModuleCache(gomodcache);
  const extracted = await measure(Dir);
  expect(totals.sizes).toEqual([
    {
      path: 'github.com/BurntSushi/toml',
      version: 'v1.4.0',
      state: 'complete',
      kinds: expect.arrayContaining(['info', 'mod', 'zip', 'ziphash', 'lock']),
      zipBytes: (await lstat(Zip)).size,
      hasDir: true,
      dirBytes: extracted.bytes,
      files: extracted.files,
      metadataBytes: expect.any(Number),
      usedAt: expect.any(Number),
    },
  ]);
  expect(await measure(gomodcache)).toEqual({ files: totals.files, bytes: totals.bytes });
  expect(totals.other).toEqual({ files: 0, bytes: 0 });
}, 90_000);
