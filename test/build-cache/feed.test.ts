import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { BuildCacheEvent } from '../../source/build-cache/event.ts';
import { type BuildCacheFeed, openBuildCacheFeed } from '../../source/build-cache/feed.ts';
import { type GoSample, libraries, listExported, makeGoSample } from './go-sample.ts';

const packages = 25;

let sample: GoSample;
let events: BuildCacheEvent[];
let feed: BuildCacheFeed | undefined;

beforeEach(() => {
  sample = makeGoSample(libraries(packages));
  events = [];
});

afterEach(async () => {
  await feed?.close();
  feed = undefined;
  sample.remove();
});

describe('the feed of a real build', { timeout: 60_000 }, () => {
  test('names every archive, once and whole; GOCACHE does not exist at first', async () => {
    await open('missing');
    sample.go('build', './...');
    await expectAllNamed();
    const actions = of('wrote-action').map(({ actionId }) => actionId);
    expect(new Set(actions).size).toBe(actions.length);
    expect([...actions].sort()).toEqual(filesOf('a'));
    const outputs = of('wrote-output').map(({ outputId }) => outputId);
    expect([...outputs].sort()).toEqual(filesOf('d'));
    expect(problems()).toEqual([]);
  });

  test('goes on over go clean -cache', async () => {
    sample.go('build', './...');
    await open('watching');
    const archives = listExported(sample, './...').map(({ file }) => idOf(file));
    sample.go('clean', '-cache');
    await vi.waitFor(() => {
      const removed = of('removed').flatMap((event) => (event.file === 'output' ? [event.id as string] : []));
      expect(archives.filter((id) => !removed.includes(id))).toEqual([]);
    }, waitOptions);
    for (let round = 0; round < 2; round++) {
      events.length = 0;
      sample.go('build', './...');
      await expectAllNamed();
      sample.go('clean', '-cache');
    }
  });

  test('tells an edit: what is compiled again, and nothing of the rest', async () => {
    sample.go('build', './...');
    await open('watching');
    sample.write({ 'lib0/lib.go': 'package lib0\n\nfunc Value() int { return 42 }\n' });
    sample.go('build', './...');
    const named = () => of('wrote-output').flatMap(({ archive }) => archive?.unitName ?? []);
    await vi.waitFor(() => expect(named()).toEqual(['example.com/sample/lib0']), waitOptions);
  });

  test('follows GOCACHE through a symbolic link', async () => {
    mkdirSync(join(dirname(sample.gocache), 'elsewhere'));
    symlinkSync('elsewhere', sample.gocache);
    await open('watching');
    sample.go('build', './...');
    await expectAllNamed();
  });

  test('tells the first use after an hour as refreshed, not as written', async () => {
    const hoursAgo = Date.now() / 1000 - 3 * 3600;
    // Go keeps no index of a folder that changed within the last two seconds: the build below would write it then.
    for (const name of readdirSync(sample.directory, { recursive: true, encoding: 'utf8' }))
      utimesSync(join(sample.directory, name), hoursAgo, hoursAgo);
    sample.go('build', './...');
    for (const file of entryFiles()) utimesSync(file, hoursAgo, hoursAgo);
    ageActionEntries();
    await open('watching');
    sample.go('build', './...');
    await vi.waitFor(() => {
      const ids = of('refreshed').flatMap((event) => (event.file === 'output' ? [event.id as string] : []));
      expect(ids).toEqual(
        expect.arrayContaining(listExported(sample, './...').map(({ file }) => idOf(file))),
      );
    }, waitOptions);
    expect(of('refreshed').some(({ file }) => file === 'action')).toBe(true);
    expect(of('wrote-output')).toEqual([]);
  });

  test('takes an output that was damaged and written again for written', async () => {
    sample.go('build', './...');
    const [victim] = listExported(sample, './lib24');
    await open('watching');
    rmSync(victim?.file ?? '');
    await vi.waitFor(
      () => expect(of('removed')).toMatchObject([{ file: 'output', id: idOf(victim?.file ?? '') }]),
      waitOptions,
    );
    sample.go('build', './...');
    await vi.waitFor(
      () => expect(of('wrote-output').map(({ outputId }) => outputId)).toContain(idOf(victim?.file ?? '')),
      waitOptions,
    );
  });
});

test('an output that nobody finishes is told after a while, foreign files are not', async () => {
  sample.go('build', './lib24');
  await open('watching');
  const id = 'ab'.repeat(32);
  writeFileSync(join(sample.gocache, 'ab', 'notes.txt'), 'mine');
  writeFileSync(join(sample.gocache, 'ab', `${id}-d`), 'go index v2\nhalf');
  await vi.waitFor(
    () =>
      expect(of('wrote-output')).toMatchObject([
        { outputId: id, kind: 'index', sizeBytes: 16, actionId: undefined },
      ]),
    waitOptions,
  );
});

const waitOptions = { timeout: 20_000, interval: 20 };

async function open(first: 'watching' | 'missing'): Promise<void> {
  // The feed tells what changed from its start on, less the kernel's clock tick: what was made before must be older.
  await new Promise((resolve) => setTimeout(resolve, 100));
  feed = openBuildCacheFeed({ gocache: sample.gocache, emit: (batch) => events.push(...batch) });
  await vi.waitFor(() => expect(events.some(({ type }) => type === first)).toBe(true), waitOptions);
}

/** expectAllNamed waits until each archive that go list -export knows was told, with its name, size and build ID. */
async function expectAllNamed(): Promise<void> {
  // All is built: go list compiles nothing more.
  const truth = listExported(sample, './...').map(({ importPath, file, buildId }) => ({
    importPath,
    buildId,
    outputId: idOf(file),
    sizeBytes: statSync(file).size,
  }));
  expect(truth).toHaveLength(packages);
  const byId = (a: { outputId: string }, b: { outputId: string }) => (a.outputId < b.outputId ? -1 : 1);
  await vi.waitFor(() => {
    const told = of('wrote-output').filter(({ kind }) => kind === 'archive');
    const archives = told.map(({ outputId, sizeBytes, archive }) => ({
      importPath: archive?.unitName,
      buildId: `${archive?.buildId?.action}/${archive?.buildId?.content}`,
      outputId: outputId as string,
      sizeBytes,
    }));
    expect(archives.sort(byId)).toEqual(truth.sort(byId));
  }, waitOptions);
}

function of<T extends BuildCacheEvent['type']>(type: T): Extract<BuildCacheEvent, { type: T }>[] {
  return events.filter((event): event is Extract<BuildCacheEvent, { type: T }> => event.type === type);
}

function problems(): string[] {
  return of('problem').map(({ problem }) => problem.why);
}

function idOf(file: string): string {
  return basename(file).slice(0, 64);
}

function entryFiles(): string[] {
  return readdirSync(sample.gocache, { recursive: true, encoding: 'utf8' })
    .filter((name) => /-[ad]$/.test(name))
    .map((name) => join(sample.gocache, name));
}

function filesOf(letter: 'a' | 'd'): string[] {
  return entryFiles()
    .filter((file) => file.endsWith(`-${letter}`))
    .map(idOf)
    .sort();
}

// The time in an entry is when it was added, so that an old mtime alone makes no old entry.
function ageActionEntries(): void {
  const hoursAgo = Date.now() - 3 * 3_600_000;
  for (const file of entryFiles().filter((name) => name.endsWith('-a'))) {
    const text = readFileSync(file, 'latin1');
    writeFileSync(file, `${text.slice(0, 154)}${String(BigInt(hoursAgo) * 1_000_000n).padStart(20)}\n`);
    utimesSync(file, hoursAgo / 1000, hoursAgo / 1000);
  }
}
