import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Environment } from '../../../source/go/settings.ts';
import { applySettings, undoSettings } from '../../../source/operations/setting-change/apply.ts';
import { findLastChange } from '../../../source/operations/setting-change/record.ts';
import { shellCommand } from '../../../source/operations/setting-change/values.ts';
import { writeAt } from '../removal/cache.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'setting-')));
  file = join(folder, 'goenv');
  // Else a process of go's telemetry writes there when all is removed (golang.org/x/telemetry).
  writeAt(join(folder, 'home', '.config', 'go', 'telemetry', 'mode'), 'off');
  writeFileSync(file, 'GOPRIVATE=old.example\nGOFLAGS=-modcacherw\n');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

type Place = { readonly cwd: string; readonly environment: Environment; readonly file: string };

/** place is a user with a file of go env -w and a state folder of his own. */
function place(more: Environment = {}): Place {
  const { GOPRIVATE: _, GOPROXY: __, GONOPROXY: ___, ...inherited } = process.env;
  const environment = {
    ...inherited,
    HOME: join(folder, 'home'),
    GOENV: file,
    XDG_STATE_HOME: join(folder, 'state'),
    ...more,
  };
  return { cwd: folder, environment, file };
}

/** goEnv is what a real go says then. */
function goEnv(name: string, { environment }: Place): string {
  return execFileSync('go', ['env', name], { cwd: folder, env: environment, encoding: 'utf8' }).trim();
}

const values = [
  { name: 'GOPRIVATE', value: 'corp.example/*' },
  { name: 'GONOPROXY', value: 'none' },
];

test('go env -w says the new values, and after an undo the file is what it was', async () => {
  const before = readFileSync(file, 'utf8');
  const here = place();
  const { changes, problems } = await applySettings(values, here, Date.now());
  expect(problems).toEqual([]);
  expect([goEnv('GOPRIVATE', here), goEnv('GONOPROXY', here)]).toEqual(['corp.example/*', 'none']);
  expect(findLastChange(here.environment, file)).toEqual(changes[1]);
  expect(await undoSettings(changes, here)).toEqual([]);
  expect(readFileSync(file, 'utf8').split('\n').sort()).toEqual(before.split('\n').sort());
  expect(findLastChange(here.environment, file)).toBeUndefined();
});

test('a variable of the environment counts before it, which is told', async () => {
  const here = place({ GOPRIVATE: 'env.example' });
  const { changes, problems } = await applySettings(values, here, Date.now());
  expect(problems).toMatchObject([
    { where: 'GOPRIVATE', why: 'go env says env.example', repair: 'unset GOPRIVATE' },
  ]);
  expect(changes.map(({ name, before }) => [name, before])).toEqual([
    ['GOPRIVATE', 'old.example'],
    ['GONOPROXY', undefined],
  ]);
});

test('nothing is put back over what somebody else has written since', async () => {
  const here = place();
  const { changes } = await applySettings(values, here, Date.now());
  execFileSync('go', ['env', '-w', 'GOPRIVATE=other.example'], { cwd: folder, env: here.environment });
  expect(await undoSettings(changes, here)).toMatchObject([{ where: 'GOPRIVATE', what: 'not put back' }]);
  expect(goEnv('GOPRIVATE', here)).toBe('other.example');
});

describe('nothing is written', () => {
  test.each<[string, string, string]>([
    ['a new value with a password', '', 'https://user:sesame@go.example'],
    ['an old one', 'GOPROXY=https://user:sesame@go.example\n', 'https://go.example'],
  ])('for %s: it would stand in the list of processes, or in the log', async (_, written, value) => {
    writeFileSync(file, written);
    const here = place();
    const { changes, problems } = await applySettings([{ name: 'GOPROXY', value }], here, Date.now());
    expect(changes).toEqual([]);
    expect(JSON.stringify(problems)).toContain('has a password');
    expect(JSON.stringify(problems)).not.toContain('sesame');
    expect(readFileSync(file, 'utf8')).toBe(written);
    expect(existsSync(join(folder, 'state'))).toBe(false);
  });

  test('of several, where go refuses one: its words are told', async () => {
    const before = readFileSync(file, 'utf8');
    const wanted = [...values, { name: 'GONOSUCH', value: 'x' }];
    const { changes, problems } = await applySettings(wanted, place(), Date.now());
    expect(changes).toEqual([]);
    expect(problems[0]?.why).toMatch(/unknown go command variable GONOSUCH/);
    expect(readFileSync(file, 'utf8').split('\n').sort()).toEqual(before.split('\n').sort());
  });

  test('with GOENV=off', async () => {
    const off = { ...place({ GOENV: 'off' }), file: '' };
    expect((await applySettings(values, off, Date.now())).problems[0]?.why).toMatch(/GOENV is off/);
    expect(existsSync(join(folder, 'home', '.config', 'go', 'env'))).toBe(false);
  });
});

test('the command for a shell', () => {
  expect(shellCommand([...values, { name: 'GONOSUMDB', value: undefined }])).toBe(
    "go env -w 'GOPRIVATE=corp.example/*' GONOPROXY=none && go env -u GONOSUMDB",
  );
});
