import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type GoSample, libraries, makeGoSample } from '../build-cache/go-sample.ts';
import { type Ended, ours, run } from '../plain/sandbox.ts';

let sample: GoSample;
let state: string;

beforeEach(() => {
  sample = makeGoSample(libraries(4));
  state = join(sample.directory, '..', 'state');
});

afterEach(() => sample?.remove());

const record = (name: string): string => join(state, 'gocachetop', name);

function cli(words: readonly string[], environment: Record<string, string> = {}): Promise<Ended> {
  return run(ours(...words), {
    cwd: sample.directory,
    environment: {
      ...process.env,
      GOCACHE: sample.gocache,
      GOFLAGS: '',
      GOPROXY: 'off',
      XDG_STATE_HOME: state,
      ...environment,
    },
  });
}

// biome-ignore lint/suspicious/noExplicitAny: the form of the answer is what is tested
type Answer = any;

async function json(...words: readonly string[]): Promise<Answer> {
  return JSON.parse((await cli([...words, '--json'])).stdout.toString());
}

const build = async (...words: readonly string[]): Promise<Ended> =>
  cli(['report', ...words, '--', 'go', 'build', './...']);

const builds = (): Answer[] =>
  readFileSync(record('builds.ndjson'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
const compiles = (): string[] => readFileSync(record('compiles'), 'utf8').trimEnd().split('\n');

const names = [0, 1, 2, 3].map((index) => `example.com/sample/lib${index}`);

function priceOf(scan: Answer, importPath: string): Answer {
  return scan.packages.find((each: Answer) => each.importPath === importPath).rebuild;
}

describe('the record of builds', () => {
  test('holds what was compiled and how long it took; scan, prune and clean name that as the price', async () => {
    const report = JSON.parse((await build('--json')).stdout.toString());
    expect(report.summary).toMatchObject({ misses: 4, hits: 0 });
    expect(builds()).toMatchObject([
      {
        gocache: sample.gocache,
        goVersion: report.go.version,
        subcommand: 'build',
        exitCode: 0,
        misses: 4,
        written: { archives: 4 },
      },
    ]);
    const took = new Map<string, number>(
      report.packages.map((each: Answer) => [each.importPath, Math.round(each.durationMs)]),
    );
    const scan = await json('scan');
    for (const name of names) expect(priceOf(scan, name)).toEqual({ ms: took.get(name), unknown: 0 });
    const all = [...took.values()].reduce((sum, ms) => sum + ms, 0);
    expect(scan.rebuild).toEqual({ ms: all, unknown: 0 });
    expect(scan.record).toEqual({ builds: 1, compiles: 4, damagedLines: 0 });

    const two = (took.get(names[1] ?? '') ?? 0) + (took.get(names[2] ?? '') ?? 0);
    const pruned = await cli(['prune', '--package', 'example.com/sample/lib1', '--dry-run']);
    expect(pruned.stdout.toString()).toMatch(/\n {2}to rebuild: [\d.]+ m?s\n/);
    for (const index of [1, 2]) await json('prune', '--package', names[index] ?? '', '--yes');
    expect((await json('clean', '--dry-run')).rebuild).toEqual({ ms: all - two, unknown: 0 });
    await build();
    expect(compiles()).toHaveLength(6);
    expect(builds().at(-1)).toMatchObject({ misses: 2, hits: 2 });
    expect(priceOf(await json('scan'), names[1] ?? '').unknown).toBe(0);
  }, 60_000);

  test('what others compiled has no price: null, not 0', async () => {
    sample.go('build', './lib2');
    await build();
    const scan = await json('scan');
    expect(priceOf(scan, names[3] ?? '')).toEqual({ ms: null, unknown: 1 });
    expect(priceOf(scan, names[0] ?? '')).toEqual({ ms: expect.any(Number), unknown: 0 });
    expect(scan.rebuild).toEqual({ ms: expect.any(Number), unknown: 2 });
    const pruned = await cli(['prune', '--package', names[3] ?? '', '--dry-run']);
    expect(pruned.stdout.toString()).toMatch(/to rebuild: unknown\n/);
    const both = await cli(['prune', '--package', 'example.com/...', '--dry-run']);
    expect(both.stdout.toString()).toMatch(/to rebuild: [\d.]+ m?s, 2 unknown\n/);
  }, 60_000);

  test('a build of hits is one line and no compile; what is no build is not recorded', async () => {
    sample.go('build', './...');
    await build();
    expect(builds()).toMatchObject([{ hits: 4, misses: 0, written: { archives: 0, bytes: 0 } }]);
    expect(existsSync(record('compiles'))).toBe(false);
    await cli(['report', '--', 'go', 'version']);
    await cli(['report', '--', 'true']);
    expect(builds()).toHaveLength(1);
  }, 60_000);

  test('two builds at once are both recorded', async () => {
    const other = join(sample.directory, '..', 'other');
    await Promise.all([
      cli(['report', '--', 'go', 'build', './...']),
      cli(['report', '--', 'go', 'build', './...'], { GOCACHE: other }),
    ]);
    expect(
      builds()
        .map(({ gocache, misses }) => `${gocache} ${misses}`)
        .sort(),
    ).toEqual([`${sample.gocache} 4`, `${other} 4`].sort());
    expect(compiles()).toHaveLength(8);
    expect((await json('scan')).diagnosis.at(-1)).toMatchObject({ code: 'churn', builds: 1, misses: 4 });
  }, 60_000);

  test('a damaged record is read as far as it goes, and the next build is recorded whole', async () => {
    await build();
    appendFileSync(record('builds.ndjson'), '{"at":"2026-01-');
    writeFileSync(record('compiles'), `${compiles().slice(0, 3).join('\n')}\n\0\0\0garbage\nQhLG4D`);
    sample.write({ 'lib0/lib.go': 'package lib0\n\nfunc Value() int { return 9 }\n' });
    await build();
    const scan = await json('scan');
    expect(scan.record).toEqual({ builds: 2, compiles: 4, damagedLines: 3 });
    expect(scan.problems).toEqual([]);
    expect((await cli(['scan'])).stdout.toString()).toMatch(/3 damaged lines skipped/);
  }, 60_000);

  test('nothing of the command line is written down, as it may hold secrets', async () => {
    await cli(['report', '--', 'env', 'PASSWORD=s3cr3t', 'go', 'build', './...']);
    await cli(['report', '--', 'go', 'build', '-ldflags=-X=main.token=s3cr3t', './...']);
    expect(builds().map(({ subcommand }) => subcommand)).toEqual([undefined, 'build']);
    expect(readFileSync(record('builds.ndjson'), 'utf8')).not.toContain('s3cr3t');
  }, 60_000);

  test('--read-only writes none', async () => {
    await build('--read-only');
    expect(existsSync(state)).toBe(false);
  }, 60_000);

  test('where it cannot be written, one line says so and the exit code is that of the build', async () => {
    mkdirSync(state);
    writeFileSync(join(state, 'gocachetop'), 'a file');
    const good = await build();
    expect(good.code).toBe(0);
    expect(good.stderr.toString().match(/this build is not in the record/g)).toHaveLength(1);
    sample.write({ 'lib3/lib.go': 'package lib3\n\nfunc Value() int { return "no" }\n' });
    expect((await build()).code).toBe(1);
    rmSync(join(state, 'gocachetop'));
    await build();
    expect(builds()).toMatchObject([{ exitCode: 1, failed: 1 }]);
  }, 60_000);
});
