import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseActionId } from '../../source/go/ids.ts';
import { type BuildRecord, formatBuildRecord, parseBuildRecords } from '../../source/record/build-record.ts';
import { formatCompileTimes, parseCompileTimes } from '../../source/record/compile-times.ts';
import { readHistory, recordBuild } from '../../source/record/record.ts';

const build: BuildRecord = {
  at: Date.UTC(2026, 0, 10, 9, 15),
  gocache: '/home/ü/.cache/go-build',
  goVersion: 'go1.26.8',
  subcommand: 'build',
  exitCode: 0,
  durationMs: 4200,
  hits: 60,
  misses: 2,
  failed: 0,
  hit: { archives: 1, bytes: 1000 },
  written: { archives: 2, bytes: 500 },
};

test('a build is read as it was written, also one without a go command of its own', () => {
  const make = { ...build, subcommand: undefined };
  const text = formatBuildRecord(build) + formatBuildRecord(make);
  expect(parseBuildRecords(text, build.gocache)).toEqual({ builds: [build, make], damaged: 0 });
  expect(parseBuildRecords(text, '/another')).toEqual({ builds: [], damaged: 0 });
});

test.each([
  ['cut', formatBuildRecord(build).slice(0, 90)],
  ['no object', '[1]'],
  ['null', 'null'],
  ['no time', formatBuildRecord(build).trim().replace('2026-01-10', 'someday')],
  ['a number below 0', formatBuildRecord(build).trim().replace('"hits":60', '"hits":-1')],
  ['sizes missing', formatBuildRecord(build).trim().replace('"hit":{', '"other":{')],
  ['zeros, as after a crash of the machine', '\0\0\0\0'],
])('a damaged line (%s) is counted, and spoils no other', (_, line) => {
  const text = `${formatBuildRecord(build)}${line}\n${formatBuildRecord(build)}`;
  expect(parseBuildRecords(text, build.gocache)).toEqual({ builds: [build, build], damaged: 1 });
});

// The build ID of an action is base64url of the first 15 bytes of its ID.
const action = parseActionId('3f'.repeat(32));
const buildId = '-'.repeat(20);

test('the last time of an action counts; what is damaged is counted', () => {
  if (action === undefined) throw new Error('not an action ID');
  const start = Buffer.from(action.slice(0, 30), 'hex').toString('base64url');
  const text = formatCompileTimes([
    { action: start, ms: 1234.4 },
    { action: buildId, ms: 7 },
    { action: start, ms: 99 },
  ]);
  const times = parseCompileTimes(`${text}${start} fast\n${start.slice(3)} 12\n${start} -5\n`);
  expect([times.count, times.damaged, times.msOf(action)]).toEqual([2, 3, 99]);
});

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gocachetop-record-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('without a record nothing is known, and nothing is wrong', () => {
  const empty = { builds: [], damaged: 0, problems: [] };
  expect(readHistory(join(folder, 'none'), build.gocache)).toMatchObject(empty);
  expect(readHistory(undefined, build.gocache)).toMatchObject(empty);
});

test('what is recorded is read again', () => {
  expect(recordBuild(folder, build, [{ action: buildId, ms: 7 }])).toBeUndefined();
  const history = readHistory(folder, build.gocache);
  expect([history.builds, history.times.count, history.damaged]).toEqual([[build], 1, 0]);
});

test('a folder that cannot be written is a problem in one line', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(recordBuild(join(folder, 'file'), build, [])).toMatchObject({
    where: join(folder, 'file', 'builds.ndjson'),
    what: 'this build is not in the record',
    why: expect.stringMatching(/EEXIST|ENOTDIR/),
  });
});

test('a record that cannot be read is a problem in one line, and the other file is read', () => {
  recordBuild(folder, build, [{ action: buildId, ms: 7 }]);
  rmSync(join(folder, 'builds.ndjson'));
  mkdirSync(join(folder, 'builds.ndjson'));
  const { problems, times } = readHistory(folder, build.gocache);
  expect(problems).toMatchObject([
    { what: 'the record cannot be read', why: expect.stringMatching(/EISDIR/) },
  ]);
  expect(times.count).toBe(1);
});
