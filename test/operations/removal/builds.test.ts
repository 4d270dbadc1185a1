import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, lutimesSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type RemovalMode,
  type RemovalResult,
  removeEntries,
} from '../../../source/operations/removal/removal.ts';
import { freeBatch, listBatches, restoreBatch } from '../../../source/operations/removal/trash.ts';
import { type GoSample, makeGoSample } from '../../build-cache/go-sample.ts';
import { entryNames, hour, planOfAll, snapshot } from './cache.ts';

const packages = 60;
const edits = 10;
/** flags make binaries that depend on the source alone. */
const flags = ['build', '-trimpath', '-buildvcs=false'];
const intoTrash: RemovalMode = { type: 'trash', expiresAt: undefined };

let sample: GoSample;
/** standard are the entries of Go's own packages, which take the most time to make again. */
let standard: ReadonlySet<string>;

beforeAll(() => {
  sample = makeGoSample({ 'main.go': 'package main\n\nfunc main() {}\n' });
  build(sample.gocache, 'empty');
  standard = new Set(entryNames(sample.gocache));
  sample.write(program());
  build(sample.gocache, 'first');
  goCommand(sample.gocache, ['run', '-trimpath', '-buildvcs=false', '.']); // its executable is kept as a folder
}, 120_000);

afterAll(() => sample.remove());

test('a cache that was moved and put back: same times, and the next build compiles nothing', async () => {
  const { gocache } = sample;
  const before = snapshot(gocache);
  const moved = await removeEntries(planOfAll(gocache), intoTrash, { now: Date.now });
  expect(moved).toMatchObject({ kept: [], failed: [], removed: { entries: Object.keys(before).length } });
  expect(entryNames(gocache)).toEqual([]);
  const restored = await restoreBatch(gocache, moved.batch ?? '');
  expect(restored).toMatchObject({ entries: moved.removed.entries, bytes: moved.removed.bytes, failed: [] });
  expect(snapshot(gocache)).toEqual(before);
  expect(compiledBy(build(gocache, 'second'))).toEqual([]);
  sample.write(program('an edit'));
  expect(compiledBy(build(gocache, 'third'))).toEqual(['main']); // so they are seen
  sample.write(program());
});

test('a cache that was moved, made again by a build and put back', { timeout: 120_000 }, async () => {
  const { gocache } = sample;
  const moved = await removeEntries(planOfAll(gocache, standard), intoTrash, { now: Date.now });
  const compiled = compiledBy(build(gocache, 'again'));
  expect(compiled.length).toBeGreaterThan(packages);
  expect(readApp('again')).toEqual(readApp('first'));
  const restored = await restoreBatch(gocache, moved.batch ?? '');
  expect(restored.failed).toEqual([]);
  expect(restored.present).toBeGreaterThan(2 * packages);
  expect(restored.entries).toBeGreaterThan(0); // of go run
  expect(compiledBy(build(gocache, 'last'))).toEqual([]);
});

test('ten builds while all is removed again and again: each passes, and is right', {
  timeout: 120_000,
}, async () => {
  const { gocache } = sample;
  const reference = join(gocache, '..', 'reference');
  cpSync(gocache, reference, { recursive: true, preserveTimestamps: true });
  const total = { removed: 0, inUse: 0, compiled: 0 };
  for (let edit = 0; edit < edits; edit++) {
    sample.write(program(`edit ${edit}`));
    build(reference, 'right');
    ageAll(gocache, 3 * hour);
    const { going, results } = await race(edit);
    const { code, stderr } = await going.result;
    if (code !== 0) throw new Error(stderr);
    expect(readApp('raced').equals(readApp('right'))).toBe(true);
    expect(results.flatMap(({ failed }) => failed)).toEqual([]);
    total.compiled += compiledBy(stderr).length;
    total.removed += results.reduce((sum, { removed }) => sum + removed.entries, 0);
    total.inUse += results.reduce((sum, { kept }) => sum + (kept[0]?.entries ?? 0), 0);
  }
  expect(total.removed).toBeGreaterThan(500);
  expect(total.inUse).toBeGreaterThan(500);
  for (const { batch } of await listBatches(gocache))
    expect((await freeBatch(gocache, batch)).failed).toEqual([]);
});

/**
 * race builds once and removes meanwhile, until the build ends. Every third build begins in the middle of a removal, when
 * that has seen no go command; the others have a removal begin in their middle. The first removes Go's packages too.
 */
async function race(edit: number): Promise<{ going: Build; results: readonly RemovalResult[] }> {
  const { gocache } = sample;
  const results: RemovalResult[] = [];
  const start = () => startBuild(gocache, 'raced');
  let going = edit % 3 === 1 ? undefined : start();
  if (going !== undefined) await sleepMs((111 + edit * 37) % 200);
  const mode: RemovalMode = edit % 2 === 0 ? intoTrash : { type: 'delete' };
  do {
    const plan = edit === 0 ? planOfAll(gocache) : planOfAll(gocache, standard);
    const onProgress = () => {
      going ??= start();
    };
    results.push(await removeEntries(plan, mode, { now: Date.now, pauseMs: 50, onProgress }));
    going ??= start();
    await sleepMs(20);
  } while (!going.hasEnded());
  return { going, results };
}

/** program is a main that imports all of them; `edit` changes it, so that all are looked up and linked again. */
function program(edit = ''): Record<string, string> {
  const paths = Array.from({ length: packages }, (_, index) => `lib${index}`);
  const libs = paths.map((path, index) => {
    const next = index % 6 === 5 ? undefined : paths[index + 1];
    const value = next === undefined ? '1' : 'p.Value() + 1';
    const imports = next === undefined ? '' : `import p "example.com/sample/${next}"\n\n`;
    return [`${path}/lib.go`, `package ${path}\n\n${imports}func Value() int { return ${value} }\n`] as const;
  });
  const imports = paths.map((path) => `\t"example.com/sample/${path}"\n`).join('');
  const calls = paths.map((path) => `\tprintln(${path}.Value())\n`).join('');
  const main = `package main\n\nimport (\n${imports})\n\nfunc main() {\n\tprintln("${edit}")\n${calls}}\n`;
  return { ...Object.fromEntries(libs), 'main.go': main };
}

type Build = {
  hasEnded(): boolean;
  readonly result: Promise<{ readonly code: number | null; readonly stderr: string }>;
};

function startBuild(gocache: string, name: string): Build {
  const child: ChildProcess = spawn('go', [...flags, '-x', '-o', appPath(name), '.'], {
    cwd: sample.directory,
    env: environmentOf(gocache),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  let hasEnded = false;
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const result = new Promise<{ code: number | null; stderr: string }>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', () => {
      hasEnded = true;
    });
    child.on('close', (code) => resolve({ code, stderr }));
  });
  return { hasEnded: () => hasEnded, result };
}

/** build builds to the end and gives what -x printed. */
function build(gocache: string, name: string): string {
  return goCommand(gocache, [...flags, '-x', '-o', appPath(name), '.']);
}

function goCommand(gocache: string, args: readonly string[]): string {
  const options = {
    cwd: sample.directory,
    env: environmentOf(gocache),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  } as const;
  const { status, stderr } = spawnSync('go', args, options);
  if (status !== 0) throw new Error(stderr);
  return stderr;
}

function environmentOf(gocache: string): NodeJS.ProcessEnv {
  return { ...process.env, GOCACHE: gocache, GOFLAGS: '', GOPROXY: 'off', GOWORK: 'off' };
}

/** compiledBy names the packages whose compile line -x has printed. */
function compiledBy(stderr: string): string[] {
  return [...stderr.matchAll(/^.*\/compile -o .* -p (\S+) .*$/gm)].map(([, path = '']) => path);
}

function appPath(name: string): string {
  return join(sample.directory, '..', `app-${name}`);
}

function readApp(name: string): Buffer {
  return readFileSync(appPath(name));
}

function ageAll(gocache: string, age: number): void {
  const at = (Date.now() - age) / 1000;
  for (const name of entryNames(gocache)) lutimesSync(join(gocache, name), at, at);
}

function sleepMs(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
