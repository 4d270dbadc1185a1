import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type GoSample, libraries, makeGoSample } from '../build-cache/go-sample.ts';
import { type Ended, ours, run } from '../plain/sandbox.ts';

let sample: GoSample;
let top: string;
let copy: string;

beforeAll(() => {
  sample = makeGoSample(libraries(4));
  sample.go('build', './...');
  top = join(sample.directory, '..');
}, 120_000);

afterAll(() => sample?.remove());

beforeEach(() => {
  copy = join(top, 'copy');
  rmSync(copy, { recursive: true, force: true });
  execFileSync('cp', ['-a', sample.gocache, copy]);
});

const isRoot = process.getuid?.() === 0;
/** withoutRights runs root without its right to go past permissions, so that they count as for anybody. */
const withoutRights = isRoot ? ['setpriv', '--bounding-set=-all', '--inh-caps=-all'] : [];

function cli(words: readonly string[], before: readonly string[] = []): Promise<Ended> {
  return run([...before, ...ours(...words)], {
    cwd: sample.directory,
    environment: {
      ...process.env,
      GOFLAGS: '',
      GOPROXY: 'off',
      XDG_STATE_HOME: join(top, 'state'),
      XDG_CACHE_HOME: join(top, 'caches'),
    },
  });
}

const outputs = (folder: string): string[] =>
  readdirSync(copy, { recursive: true, encoding: 'utf8' }).filter((name) =>
    new RegExp(`^${folder}/[0-9a-f]{64}-d$`).test(name),
  );

function agedBy(days: number): void {
  const at = Date.now() / 1000 - days * 86_400;
  for (const name of outputs('..')) utimesSync(join(copy, name), at, at);
  for (const name of outputs('..').map((each) => each.replace(/-d$/, '-a')))
    if (existsSync(join(copy, name))) utimesSync(join(copy, name), at, at);
  for (const name of readdirSync(copy, { recursive: true, encoding: 'utf8' }))
    if (name.endsWith('-a')) utimesSync(join(copy, name), at, at);
}

describe('without the right', () => {
  test('to read one of the folders: it is named, the rest is counted, nothing is removed there', async () => {
    agedBy(9);
    const folder = readdirSync(copy).find((name) => /^..$/.test(name) && outputs(name).length > 0) ?? '';
    chmodSync(join(copy, folder), 0o000);
    try {
      const scanned = await cli(['scan', '--json', '--gocache', copy], withoutRights);
      expect(scanned.code).toBe(1);
      const answer = JSON.parse(scanned.stdout.toString());
      expect(answer.problems).toEqual([
        expect.objectContaining({ where: join(copy, folder), why: expect.stringMatching(/EACCES/) }),
      ]);
      expect(answer.entries.output).toBe(outputs('..').length - outputs(folder).length);
      const pruned = await cli(
        ['prune', '--unused-for', '5d', '--yes', '--json', '--gocache', copy],
        withoutRights,
      );
      expect(pruned.code).toBe(1);
      expect(pruned.stderr.toString()).not.toMatch(/at .*\.js/);
    } finally {
      chmodSync(join(copy, folder), 0o755);
    }
    expect(outputs(folder).length).toBeGreaterThan(0);
    expect(outputs('..').length).toBe(outputs(folder).length);
  });

  test('to write: a scan works, a prune says of each what stays, and why', async () => {
    agedBy(9);
    const before = outputs('..');
    const folders = readdirSync(copy).filter((name) => statSync(join(copy, name)).isDirectory());
    for (const name of folders) chmodSync(join(copy, name), 0o555);
    chmodSync(copy, 0o555);
    try {
      expect((await cli(['scan', '--gocache', copy], withoutRights)).code).toBe(0);
      const pruned = await cli(['prune', '--unused-for', '5d', '--yes', '--gocache', copy], withoutRights);
      expect(pruned.code).toBe(1);
      expect(pruned.stderr.toString()).toMatch(/copy.*(?:EACCES|permission denied)/);
      expect(pruned.stderr.toString()).not.toMatch(/at .*\.js/);
    } finally {
      chmodSync(copy, 0o755);
      for (const name of folders) chmodSync(join(copy, name), 0o755);
    }
    expect(outputs('..')).toEqual(before);
  });

  test.skipIf(!isRoot)('to a GOCACHE of somebody else: one line', async () => {
    chownSync(copy, 65_534, 65_534);
    chmodSync(copy, 0o700);
    try {
      for (const words of [['scan'], ['prune', '--unused-for', '1d', '--yes']]) {
        const ended = await cli([...words, '--gocache', copy], withoutRights);
        expect(ended.code).toBe(1);
        expect(ended.stdout.toString() + ended.stderr.toString()).toMatch(
          /copy.*(?:EACCES|permission denied)/,
        );
        expect(ended.stderr.toString()).not.toMatch(/at .*\.js/);
      }
    } finally {
      chownSync(copy, 0, 0);
      chmodSync(copy, 0o755);
    }
  });
});

test('GOCACHE=off: one line, exit 1', async () => {
  const ended = await run(ours('scan'), {
    cwd: sample.directory,
    environment: { ...process.env, GOCACHE: 'off', GOFLAGS: '', GOPROXY: 'off' },
  });
  expect([ended.code, ended.stdout.toString()]).toEqual([1, '']);
  expect(ended.stderr.toString()).toMatch(/^gocachetop: .*GOCACHE.*off.*\n$/);
});

test('a GOCACHE behind a link is read and pruned as itself', async () => {
  agedBy(9);
  const link = join(top, 'link');
  symlinkSync(copy, link);
  try {
    const of = async (gocache: string) =>
      JSON.parse((await cli(['scan', '--json', '--gocache', gocache])).stdout.toString());
    expect((await of(link)).bytes).toBe((await of(copy)).bytes);
    expect((await cli(['prune', '--unused-for', '5d', '--yes', '--gocache', link])).code).toBe(0);
    expect(outputs('..')).toEqual([]);
    expect(existsSync(link)).toBe(true);
  } finally {
    rmSync(link);
  }
});

test('sizes of 0 and of 3 GiB are told to the byte, and a check finds what was lost', async () => {
  const [empty, huge] = ['ab'.repeat(32), 'cd'.repeat(32)];
  for (const id of [empty, huge]) {
    mkdirSync(join(copy, id.slice(0, 2)), { recursive: true });
    writeFileSync(join(copy, id.slice(0, 2), `${id}-d`), '');
  }
  truncateSync(join(copy, 'cd', `${huge}-d`), 3 * 2 ** 30); // takes no room
  const before = JSON.parse((await cli(['scan', '--json', '--gocache', sample.gocache])).stdout.toString());
  const after = JSON.parse((await cli(['scan', '--json', '--gocache', copy])).stdout.toString());
  expect(after.bytes - before.bytes).toBe(3 * 2 ** 30);
  expect(after.entries.output - before.entries.output).toBe(2);
  rmSync(join(copy, 'cd', `${huge}-d`));
  const checked = await cli(['scan', '--check', '--json', '--gocache', copy]);
  expect(checked.code).toBe(1);
  expect(JSON.parse(checked.stdout.toString()).problems).toEqual([
    expect.objectContaining({
      where: join(copy, 'ab', `${empty}-d`),
      what: expect.stringMatching(/^damaged/),
    }),
  ]);
});

test('times in the future: nothing counts as unused, and no age is below zero', async () => {
  agedBy(-400);
  const scanned = JSON.parse((await cli(['scan', '--json', '--gocache', copy])).stdout.toString());
  expect(scanned.ages.reduce((sum: number, { entries }: { entries: number }) => sum + entries, 0)).toBe(
    scanned.entries.output,
  );
  expect(scanned.trim.entries).toBe(0);
  const text = (await cli(['scan', '--gocache', copy])).stdout.toString();
  expect(text).not.toMatch(/-\d/);
  const pruned = await cli(['prune', '--unused-for', '0h', '--dry-run', '--json', '--gocache', copy]);
  expect(JSON.parse(pruned.stdout.toString()).selected.entries).toBe(0);
});

test('30,000 entries in one of the folders, their names no hashes, are read, selected and removed', async () => {
  const folder = join(copy, 'ee');
  mkdirSync(folder, { recursive: true });
  for (let number = 0; number < 30_000; number++)
    writeFileSync(join(folder, `ee${number.toString(16).padStart(62, '0')}-d`), '');
  agedBy(9);
  const scanned = JSON.parse((await cli(['scan', '--json', '--gocache', copy])).stdout.toString());
  expect(scanned.entries.output).toBe(outputs('..').length);
  const pruned = await cli(['prune', '--unused-for', '5d', '--yes', '--json', '--gocache', copy]);
  expect(pruned.code).toBe(0);
  expect(outputs('..')).toEqual([]);
}, 120_000);

test('two prunes at once: both end well, and each entry is counted once', async () => {
  agedBy(9);
  const all = readdirSync(copy, { recursive: true, encoding: 'utf8' }).filter((name) => /-[ad]$/.test(name));
  const prune = ['prune', '--unused-for', '5d', '--yes', '--json', '--gocache', copy];
  const ended = await Promise.all([cli(prune), cli(prune), cli(prune)]);
  expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
  const removed = ended.map(({ stdout }) => JSON.parse(stdout.toString()).removed.entries as number);
  expect(removed.reduce((sum, entries) => sum + entries, 0)).toBe(all.length);
  expect(outputs('..')).toEqual([]);
});
