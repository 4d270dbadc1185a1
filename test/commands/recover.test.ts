import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseCommandLine } from '../../source/command-line.ts';
import { helpText } from '../../source/help/registry.ts';
import { type ChecksumDatabase, openChecksumDatabase } from '../checksum-database.ts';
import { type Cabin, openCabin, writeFiles } from '../operations/offline/cabin.ts';
import { ours, run } from '../plain/sandbox.ts';

let cabin: Cabin;
let database: ChecksumDatabase;
/** verified is a GOMODCACHE whose modules go has held against the database. */
let verified: string;
let goMod: string;
let goSum: string;
let goenv: string;
let checked: Readonly<Record<string, string>>;

beforeAll(async () => {
  cabin = openCabin();
  goMod = readFileSync(join(cabin.main, 'go.mod'), 'utf8');
  goSum = readFileSync(join(cabin.main, 'go.sum'), 'utf8');
  goenv = join(cabin.folder, 'home', 'goenv');
  database = await openChecksumDatabase(goSum);
  checked = { GOSUMDB: database.gosumdb };
  writeFileSync(join(cabin.main, 'go.sum'), '');
  await go('mod', 'download');
  expect(database.asked).toContain('/lookup/example.org/Lamp@v1.2.0');
  verified = join(cabin.folder, 'verified');
  cpSync(cabin.gomodcache, verified, { recursive: true });
}, 60_000);
afterAll(() => {
  cabin?.dispose();
  database?.close();
});
beforeEach(() => {
  cabin.empty();
  cpSync(verified, cabin.gomodcache, { recursive: true });
  writeFiles(cabin.main, { 'go.mod': goMod, 'go.sum': goSum });
  writeFileSync(goenv, '');
  database.asked.length = 0;
});

/** go runs beside the database, which this process serves. */
async function go(
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly said: string }> {
  const environment = { ...cabin.environment, ...checked };
  const ended = await run(['go', ...args], { cwd: cabin.main, environment });
  return { code: ended.code, said: `${ended.stdout}${ended.stderr}` };
}

// biome-ignore lint/suspicious/noExplicitAny: the form of the answer is what is tested
type Answer = any;

async function recover(
  words: readonly string[] = [],
  more: Readonly<Record<string, string>> = checked,
): Promise<{ readonly code: number | null; readonly answer: Answer; readonly stderr: string }> {
  const environment = { ...cabin.environment, ...more };
  const ended = await run(ours('recover', ...words, '--json'), { cwd: cabin.main, environment });
  const [stdout, stderr] = [ended.stdout.toString(), ended.stderr.toString()];
  expect(stderr).not.toMatch(/^\s+at /m);
  return { code: ended.code, answer: stdout === '' ? undefined : JSON.parse(stdout), stderr };
}

function codesOf({ states }: Answer): readonly string[] {
  return states.map(({ code }: Answer) => code);
}

function poisonGoSum(): void {
  writeFileSync(join(cabin.main, 'go.sum'), goSum.replace('wick v0.4.0 h1:Hw5t', 'wick v0.4.0 h1:AAAA'));
}

test('nothing is wrong', async () => {
  const { code, answer } = await recover();
  expect([code, answer]).toEqual([
    0,
    { schema: 'gocachetop.recover/1', states: [], ran: [], left: [], notCompared: 0, problems: [] },
  ]);
});

describe('a wrong line in go.sum', () => {
  test('stops go, with GOSUMDB=off as well; the steps put it right, and go builds', async () => {
    poisonGoSum();
    for (const gosumdb of [database.gosumdb, 'off']) {
      const words = ['go', 'build', './...'];
      const environment = { ...cabin.environment, GOSUMDB: gosumdb };
      const built = await run(words, { cwd: cabin.main, environment });
      expect([built.code, built.stderr.toString()]).toEqual([
        1,
        expect.stringContaining('checksum mismatch'),
      ]);
    }
    const { code, answer } = await recover();
    expect([code, codesOf(answer)]).toEqual([1, ['gosum-wrong']]);
    const [state] = answer.states;
    expect(state.about).toBe('example.org/wick@v0.4.0');
    expect(state.why).toContain('what go kept of the checksum database is h1:Hw5t');
    expect(state.steps).toMatchObject([
      {
        before: expect.stringMatching(/^example\.org\/wick v0\.4\.0 h1:AAAA/),
        undo: expect.stringContaining('echo '),
        runnable: true,
      },
      { command: 'go mod download example.org/wick@v0.4.0', runnable: true },
    ]);
    expect(database.asked).toEqual([]);

    const cured = await recover(['--run', '--yes']);
    expect([cured.code, cured.answer.left, cured.answer.ran.map(({ done }: Answer) => done)]).toEqual([
      0,
      [],
      [true, true],
    ]);
    expect(readFileSync(join(cabin.main, 'go.sum'), 'utf8')).toBe(goSum);
    expect((await go('build', './...')).code).toBe(0);
  }, 60_000);

  test('the commands of the steps do the same in a shell', async () => {
    poisonGoSum();
    const { answer } = await recover();
    const script = answer.states[0].steps.map(({ command }: Answer) => command).join(' && ');
    const environment = { ...cabin.environment, ...checked };
    const ran = await run(['sh', '-c', script], { cwd: cabin.main, environment });
    expect([ran.code, readFileSync(join(cabin.main, 'go.sum'), 'utf8')]).toEqual([0, goSum]);
    expect((await recover()).code).toBe(0);
  });

  test('without an answer that go kept only the database can tell: it is asked with --network', async () => {
    rmSync(join(cabin.gomodcache, 'cache', 'download', 'sumdb'), { recursive: true });
    poisonGoSum();
    const { answer } = await recover();
    expect(codesOf(answer)).toEqual(['sums-disagree']);
    expect(answer.states[0].steps).toMatchObject([
      { command: 'gocachetop recover --network', runnable: false },
    ]);
    expect(database.asked).toEqual([]);
    const asked = await recover(['--network']);
    expect(codesOf(asked.answer)).toEqual(['gosum-wrong']);
    expect(asked.answer.states[0].why).toContain('what the checksum database says is h1:Hw5t');
    expect(database.asked).toContain('/lookup/example.org/wick@v0.4.0');
    const cured = await recover(['--network', '--run', '--yes']);
    expect([cured.code, readFileSync(join(cabin.main, 'go.sum'), 'utf8')]).toEqual([0, goSum]);
  });

  test('with an empty GOMODCACHE nothing can be compared: it says so, and the database tells', async () => {
    cabin.empty();
    poisonGoSum();
    const { code, answer } = await recover();
    expect([code, answer.states, answer.notCompared]).toEqual([0, [], 12]);
    expect(codesOf((await recover(['--network'])).answer)).toEqual(['gosum-wrong']);
  });

  test('of a go.mod', async () => {
    writeFileSync(
      join(cabin.main, 'go.sum'),
      goSum.replace(/wick v0\.4\.0\/go\.mod h1:..../, 'wick v0.4.0/go.mod h1:AAAA'),
    );
    expect((await recover()).answer.states).toMatchObject([
      { code: 'gosum-wrong', what: 'go.sum has a wrong sum of its go.mod' },
    ]);
    const cured = await recover(['--run', '--yes']);
    expect([cured.code, readFileSync(join(cabin.main, 'go.sum'), 'utf8')]).toEqual([0, goSum]);
  });

  test('without a terminal --run needs --yes; --read-only refuses', async () => {
    poisonGoSum();
    const before = readFileSync(join(cabin.main, 'go.sum'), 'utf8');
    const refused = await recover(['--run']);
    expect([refused.code, refused.stderr]).toEqual([
      2,
      'gocachetop: nothing was changed: without a terminal this needs --yes\n',
    ]);
    expect((await recover(['--run', '--yes', '--read-only'])).code).toBe(2);
    expect((await recover(['--run', '--yes', '--dry-run'])).code).toBe(1);
    expect(readFileSync(join(cabin.main, 'go.sum'), 'utf8')).toBe(before);
  });
});

describe('a wrong module in GOMODCACHE', () => {
  /** poisonModule puts another zip, with its own ziphash, in the place of one: go compares with go.sum and stops. */
  function poisonModule(): void {
    const versions = join(cabin.gomodcache, 'cache', 'download', 'example.org', 'wick', '@v');
    const zip = readFileSync(join(versions, 'v0.4.0.zip'));
    zip.write(' of tarred', zip.indexOf(' of thread'));
    writeFileSync(join(versions, 'v0.4.0.zip'), zip);
  }

  test('is told from a wrong go.sum by what the database said', async () => {
    poisonModule();
    const { code, answer } = await recover();
    expect([code, codesOf(answer)]).toEqual([1, ['module-wrong']]);
    expect(answer.states[0].steps[0]).toMatchObject({
      command: 'gocachetop redownload example.org/wick@v0.4.0',
      runnable: true,
    });
  });

  const hasRedownload =
    parseCommandLine(['redownload', 'example.org/wick@v0.4.0']).type === 'run' &&
    helpText(undefined).includes('redownload');
  test.skipIf(!hasRedownload)('is put right by the steps (needs gocachetop redownload)', async () => {
    poisonModule();
    const { code, answer } = await recover(['--run', '--yes']);
    expect([code, answer.left]).toEqual([0, []]);
  });
});

describe('settings', () => {
  /** unset lets the file of go env -w count. */
  const unset = { GOSUMDB: '', GOFLAGS: '', GOPRIVATE: '' };
  const goEnv = (...args: readonly string[]): string => cabin.go(['env', ...args], unset).trim();

  test('GOSUMDB=off by go env -w: restored, and its undo brings it back', async () => {
    goEnv('-w', 'GOSUMDB=off');
    const { code, answer } = await recover([], unset);
    expect([code, answer.states]).toMatchObject([
      1,
      [
        {
          code: 'gosumdb-off',
          severity: 'warning',
          why: expect.stringContaining('12 lines of go.sum have no answer of the database behind them'),
          steps: [
            { command: 'go env -u GOSUMDB', undo: 'go env -w GOSUMDB=off', before: 'off', runnable: true },
          ],
        },
      ],
    ]);
    const cured = await recover(['--run', '--yes'], unset);
    expect([cured.code, goEnv('GOSUMDB')]).toEqual([0, 'sum.golang.org']);
    execFileSync('sh', ['-c', cured.answer.ran[0].undo], {
      cwd: cabin.main,
      env: { ...cabin.environment, ...unset },
    });
    expect(goEnv('GOSUMDB')).toBe('off');
  });

  test('gocachetop undo puts a setting back, the last one first, unless it was changed since', async () => {
    const undo = async (...words: readonly string[]) => {
      const environment = { ...cabin.environment, ...unset };
      const ended = await run(ours('undo', ...words, '--json'), { cwd: cabin.main, environment });
      const stdout = ended.stdout.toString();
      const answer: Answer = stdout === '' ? undefined : JSON.parse(stdout);
      return { code: ended.code, answer, said: ended.stderr.toString() };
    };
    goEnv('-w', 'GOSUMDB=off', 'GOFLAGS=-modcacherw -insecure');
    await recover(['--run', '--yes'], unset);
    expect([goEnv('GOSUMDB'), goEnv('GOFLAGS')]).toEqual(['sum.golang.org', '-modcacherw']);
    const dry = await undo('--dry-run');
    expect(dry.answer).toMatchObject({
      dryRun: true,
      setting: {
        name: 'GOFLAGS',
        from: '-modcacherw',
        to: '-modcacherw -insecure',
        command: "go env -w 'GOFLAGS=-modcacherw -insecure'",
      },
    });
    expect((await undo('--yes', '--read-only')).code).toBe(2);
    expect(goEnv('GOFLAGS')).toBe('-modcacherw');
    expect((await undo('--yes')).code).toBe(0);
    expect([goEnv('GOSUMDB'), goEnv('GOFLAGS')]).toEqual(['sum.golang.org', '-modcacherw -insecure']);
    goEnv('-w', 'GOSUMDB=sum.example');
    const refused = await undo('--yes');
    expect(refused.code).toBe(1);
    expect(refused.said).toContain('has another GOSUMDB now; by hand: go env -w GOSUMDB=off');
    expect(goEnv('GOSUMDB')).toBe('sum.example');
  });

  test('a setting with a password is left to the user, and the password is nowhere', async () => {
    goEnv('-w', 'GOFLAGS=-insecure -ldflags=-X=a.b=https://me:s3cret@corp.example');
    const { answer, stderr } = await recover(['--run', '--yes'], { ...unset, ...checked });
    expect(answer.states[0].steps[0]).toMatchObject({ runnable: false, undo: null });
    expect(JSON.stringify(answer) + stderr).not.toContain('s3cret');
    expect(goEnv('GOFLAGS')).toContain('s3cret');
  });

  test('GOSUMDB=off in the environment: only the user can change it, and it stays', async () => {
    const { code, answer } = await recover(['--run', '--yes'], { GOSUMDB: 'off' });
    expect([code, answer.ran, answer.left]).toEqual([1, [], [{ code: 'gosumdb-off', about: 'GOSUMDB=off' }]]);
    expect(answer.states[0].steps[0]).toMatchObject({ command: 'unset GOSUMDB', runnable: false });
  });

  test('-insecure left in GOFLAGS: go get fails with it, and without it works', async () => {
    goEnv('-w', 'GOFLAGS=-modcacherw -insecure');
    expect(() => cabin.go(['get', 'example.org/Lamp@v1.2.0'], { GOFLAGS: '' })).toThrow(
      '-insecure flag is no longer supported',
    );
    const { answer } = await recover([], { ...unset, ...checked });
    expect(codesOf(answer)).toEqual(['insecure-flag']);
    const cured = await recover(['--run', '--yes'], { ...unset, ...checked });
    expect([cured.code, goEnv('GOFLAGS')]).toEqual([0, '-modcacherw']);
    cabin.go(['get', 'example.org/Lamp@v1.2.0'], { GOFLAGS: '' });
  });

  test('GOPRIVATE that hides the public: the private globs stay', async () => {
    goEnv('-w', 'GOPRIVATE=corp.example/*,*.org');
    const { answer } = await recover([], { ...unset, ...checked });
    expect(answer.states).toMatchObject([
      {
        code: 'nosumdb-wide',
        about: 'GOPRIVATE=corp.example/*,*.org',
        why: expect.stringContaining('6 of 6 modules of go.sum match'),
        steps: [
          {
            command: "go env -w 'GOPRIVATE=corp.example/*'",
            undo: "go env -w 'GOPRIVATE=corp.example/*,*.org'",
          },
        ],
      },
    ]);
    const cured = await recover(['--run', '--yes'], { ...unset, ...checked });
    expect([cured.code, goEnv('GOPRIVATE')]).toEqual([0, 'corp.example/*']);
  });

  test('a database that does not answer is told in go’s words, when it is asked', async () => {
    rmSync(join(cabin.gomodcache, 'cache', 'download', 'sumdb'), { recursive: true });
    const dead = { GOSUMDB: database.gosumdb.replace(/:\d+$/, ':1') };
    expect((await recover([], dead)).code).toBe(0);
    const { code, answer } = await recover(['--network'], dead);
    expect([code, codesOf(answer)]).toEqual([1, ['sumdb-unreachable']]);
    expect(answer.states[0].why).toContain('connection refused');
    expect(readdirSync(cabin.main)).not.toContain('go.sum.new');
  });
});
