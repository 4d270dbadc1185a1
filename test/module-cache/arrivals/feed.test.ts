import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, linkSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sampleDirectory, sampleEnvironment } from '../../../scripts/sample-environment.ts';
import { type Arrival, parseArrival } from '../../../source/module-cache/arrivals/arrival.ts';
import { listArrivals, openArrivalFeed } from '../../../source/module-cache/arrivals/feed.ts';
import { writeAt } from '../../operations/removal/cache.ts';

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'arrivals-')));
  // Else a process of go's telemetry writes there when all is removed (golang.org/x/telemetry).
  writeAt(join(folder, '.config', 'go', 'telemetry', 'mode'), 'off');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** download is a real go mod download of the sample's modules, from its file:// proxy. */
function download(): void {
  const env = { ...process.env, ...sampleEnvironment(folder), HOME: folder };
  execFileSync('go', ['mod', 'download'], { cwd: sampleDirectory, env, stdio: 'pipe' });
}

const gomodcache = (): string => join(folder, 'gomodcache');
const downloads = (): string => join(gomodcache(), 'cache', 'download');

/** files are those of the sample's modules with this ending. */
const files = (ending: string): readonly string[] => [
  join(downloads(), 'example.org', 'clockwork', '@v', `v0.3.1.${ending}`),
  join(downloads(), 'example.org', '!quay', 'columns', '@v', `v1.2.0.${ending}`),
];

/** everything is what a real go mod download of the sample brings. */
const everything = ['example.org/Quay/columns@v1.2.0', 'example.org/clockwork@v0.3.1'].flatMap((name) =>
  ['info', 'mod', 'zip'].map((kind) => `${name} ${kind}`),
);

/** names are arrivals in words, each once. */
function names(arrivals: readonly Arrival[]): readonly string[] {
  return [...new Set(arrivals.map(({ module, version, kind }) => `${module}@${version} ${kind}`))].sort();
}

describe('a path below cache/download', () => {
  test.each([
    ['github.com/!azure/x/@v/v1.0.0.zip', { module: 'github.com/Azure/x', version: 'v1.0.0', kind: 'zip' }],
    ['x.example/@v/v1.0.0-!r!c1.info', { module: 'x.example', version: 'v1.0.0-RC1', kind: 'info' }],
    [
      'sumdb/sum.example/lookup/github.com/!azure/x@v1.0.0',
      { module: 'github.com/Azure/x', version: 'v1.0.0', kind: 'sumdb' },
    ],
    // A database may lie under a path of its host.
    [
      'sumdb/host.example/db/lookup/x.example@v1.0.0',
      { module: 'x.example', version: 'v1.0.0', kind: 'sumdb' },
    ],
    ['x.example/@v/list', undefined],
    ['x.example/@v/v1.0.0.lock', undefined],
    ['x.example/@v/v1.0.0.ziphash', undefined],
    ['x.example/@v/v1.0.0.zip2154.tmp', undefined],
    ['sumdb/sum.example/tile/8/0/001', undefined],
  ])('%s', (path, expected) => {
    expect(parseArrival(path)).toEqual(expected);
  });
});

describe('the feed', () => {
  test('tells what a real go puts there, with its size, also where there was no module cache before', async () => {
    const came: Arrival[] = [];
    const modes: string[] = [];
    const feed = openArrivalFeed({
      gomodcache: gomodcache(),
      since: Date.now(),
      emit(event) {
        modes.push(event.type);
        if (event.type === 'arrived') came.push(...event.arrivals);
      },
    });
    await feed.drain();
    expect(modes).toEqual(['missing']);
    download();
    await expect.poll(() => names(came), { timeout: 10_000 }).toEqual(everything);
    expect(came.find(({ kind, module }) => kind === 'zip' && module === 'example.org/clockwork')?.bytes).toBe(
      862,
    );

    // Removed and made again, it is watched again.
    came.length = 0;
    rmSync(gomodcache(), { recursive: true });
    await expect.poll(() => modes.filter((mode) => mode === 'missing').length, { timeout: 10_000 }).toBe(2);
    download();
    await expect.poll(() => names(came), { timeout: 10_000 }).toEqual(everything);
    feed.close();
  }, 60_000);

  test('drains: what came before is told, what only changed its links or its mode is not', async () => {
    download();
    // As if it had been downloaded long ago.
    for (const each of ['info', 'mod', 'zip']) execFileSync('touch', ['-d', '2020-01-01', ...files(each)]);
    const since = Date.now();
    const came: Arrival[] = [];
    const feed = openArrivalFeed({
      gomodcache: gomodcache(),
      since,
      emit(event) {
        if (event.type === 'arrived') came.push(...event.arrivals);
      },
    });
    await feed.drain();
    expect(came).toEqual([]);
    const [old = ''] = files('zip');
    chmodSync(old, 0o600);
    linkSync(old, join(folder, 'link'));
    mkdirSync(join(downloads(), 'other.example', '@v'), { recursive: true });
    copyFileSync(files('mod')[0] ?? '', join(downloads(), 'other.example', '@v', 'v1.0.0.mod'));
    await expect.poll(() => names(came), { timeout: 10_000 }).toEqual(['other.example@v1.0.0 mod']);
    feed.close();
  }, 60_000);

  test('without a watch the same is listed', async () => {
    const before = Date.now();
    download();
    expect(names(await listArrivals(gomodcache(), before))).toEqual(everything);
    expect(await listArrivals(gomodcache(), Date.now() + 1000)).toEqual([]);
    expect(await listArrivals(join(folder, 'none'), before)).toEqual([]);
  }, 60_000);
});
