import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ModuleFiles } from '../../../source/operations/redownload/module-files.ts';
import { removeTree } from '../../../source/operations/redownload/stage.ts';
import { ours, run } from '../../plain/sandbox.ts';
import { createRandom } from '../../random.ts';
import {
  clockwork,
  differences,
  inFolder,
  leftInStaging,
  openWorld,
  type Snapshot,
  shown,
  snapshot,
  type World,
} from './world.ts';

const hasStrace = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;

let world: World;
let whole: Snapshot;

beforeAll(() => {
  world = openWorld();
  world.go('build', './...');
  whole = snapshot(world.gomodcache);
  execFileSync('cp', ['-a', world.gomodcache, `${world.gomodcache}.whole`]);
});
afterAll(() => world?.dispose());

/** restore gives the world back the cache that go made. */
function restore(): void {
  removeTree(world.gomodcache);
  execFileSync('cp', ['-a', `${world.gomodcache}.whole`, world.gomodcache]);
}

/** plant breaks all parts, so that a repair takes all of its steps. */
function plant({ zip, ziphash, mod, dir }: ModuleFiles): void {
  truncateSync(zip, 100);
  writeFileSync(ziphash, 'h1:nothing');
  writeFileSync(mod, 'module example.org/other\n');
  inFolder(join(dir, 'evil.go'), (file) => writeFileSync(file, 'package clockwork\n\nvar Evil = 1\n'));
}

/** outcome says in which of the two states a cache is; anything else is told in full. */
function outcome(planted: Snapshot): string {
  const found = snapshot(world.gomodcache);
  if (differences(whole, found).length === 0) return 'repaired';
  if (differences(planted, found).length === 0) return 'as before';
  return differences(planted, found).join('\n');
}

/** startAgain is the next start of ours: what it says, and what it leaves. */
async function startAgain(planted: Snapshot, isDecided: boolean): Promise<string> {
  const ended = await world.cli(['redownload', 'example.org/Quay/columns@v1.2.0', '--yes']);
  expect(ended.code, ended.stderr.toString()).toBe(0);
  expect(leftInStaging(world)).toEqual([]);
  const words = ended.stderr.toString();
  const now = outcome(planted);
  expect(['repaired', 'as before'], now).toContain(now);
  if (isDecided) expect(words).toContain('had been ended before its end, and is finished now');
  return now;
}

/** plantedSnapshot is what a cache with all its faults is. */
function plantedSnapshot(): Snapshot {
  restore();
  plant(world.files(clockwork));
  return snapshot(world.gomodcache);
}

/** isDecided says that the repair that was killed had got so far that it must be finished. */
function isDecided(): boolean {
  const root = join(world.gomodcache, 'cache', 'gocachetop-staging');
  return leftInStaging(world).some((name) => readdirSync(join(root, name)).includes('journal.json'));
}

/** repairRest repairs what the next start has taken back. */
async function repairRest(): Promise<void> {
  const ended = await world.cli(['redownload', shown(clockwork), '--yes']);
  expect(ended.code, ended.stderr.toString()).toBe(0);
  expect(differences(whole, snapshot(world.gomodcache))).toEqual([]);
}

function judgeWithGo(): void {
  expect(world.go('mod', 'verify')).toBe('all modules verified\n');
  world.go('build', './...');
}

describe.skipIf(!hasStrace)('killed at each step (needs strace)', () => {
  /** killAt runs a repair that strace kills before its n-th such call; false when it made fewer, and ended by itself. */
  async function killAt(call: string, step: number): Promise<boolean> {
    restore();
    plant(world.files(clockwork));
    const strace = ['strace', '-qq', '-o', '/dev/null', '-e', `trace=${call}`];
    const inject = ['-e', `inject=${call}:signal=SIGKILL:when=${step}`];
    const ended = await run([...strace, ...inject, ...ours('redownload', shown(clockwork), '--yes')], {
      cwd: world.main,
      environment: world.environment,
    });
    if (ended.code === 0) return false;
    expect(ended.signal).toBe('SIGKILL');
    return true;
  }

  // These calls change the cache or the stage, or say when. What is removed at the end has no bound, and ten tell enough.
  const calls = ['rename', 'link', 'chmod', 'fsync', 'mkdir', 'unlink', 'rmdir'];
  const mostSteps = 10;

  test.each(calls)(
    'at %s: as before or repaired, and the next start finishes',
    {
      timeout: 900_000,
    },
    async (call) => {
      const planted = plantedSnapshot();
      const outcomes: string[] = [];
      for (let step = 1; step <= mostSteps; step += 1) {
        if (!(await killAt(call, step))) break;
        outcomes.push(await startAgain(planted, isDecided()));
        await repairRest();
      }
      judgeWithGo();
      expect(outcomes.length).toBeGreaterThan(0);
      // Once it is decided, it is never undone.
      expect(outcomes).toEqual(outcomes.toSorted());
      console.log(`killed at ${call}: ${outcomes.join(', ')}`);
    },
  );

  // Of the renames the first two make the stage and the decision; before the fourth link go has its seeds.
  test.each([
    ['rename', 3],
    ['link', 1],
  ])(
    'a %s that fails in the midst of the swap: all is taken back',
    {
      timeout: 900_000,
    },
    async (call, from) => {
      let failures = 0;
      for (let step = from; step <= mostSteps; step += 1) {
        const planted = plantedSnapshot();
        const strace = ['-qq', '-o', '/dev/null', '-e', `trace=${call}`];
        const inject = ['-e', `inject=${call}:error=ENOSPC:when=${step}`];
        const ended = await run(
          ['strace', ...strace, ...inject, ...ours('redownload', shown(clockwork), '--yes')],
          {
            cwd: world.main,
            environment: world.environment,
          },
        );
        if (ended.code === 0) continue;
        failures += 1;
        expect(ended.stderr.toString()).toMatch(/could not be swapped in: ENOSPC.*; nothing was changed/);
        expect(differences(planted, snapshot(world.gomodcache))).toEqual([]);
        expect(leftInStaging(world)).toEqual([]);
        expect(readdirSync(join(world.gomodcache, 'cache', 'gocachetop-quarantine'))).toEqual([]);
      }
      expect(failures).toBeGreaterThan(2);
    },
  );

  test.each(['rename', 'link'])(
    'at %s: go is never led astray before the next start',
    {
      timeout: 900_000,
    },
    async (call) => {
      for (let step = 1; step <= mostSteps; step += 1) {
        if (!(await killAt(call, step))) break;
        let isBuilt = true;
        try {
          world.go('build', '-o', '/dev/null', '.');
        } catch (error) {
          // As before the repair.
          isBuilt = false;
          expect(String((error as { stderr?: unknown }).stderr)).toMatch(
            /mismatch|verifying|not a valid zip/,
          );
        }
        // What go compiles is never the folder that somebody changed.
        if (isBuilt) expect(world.go('mod', 'verify')).toBe('all modules verified\n');
        await world.cli(['redownload', 'example.org/Quay/columns@v1.2.0', '--yes']);
        await repairRest();
      }
      judgeWithGo();
    },
  );
});

test('killed at random moments, the cache is as before or repaired', { timeout: 600_000 }, async () => {
  const random = createRandom(20260110);
  const outcomes = new Map<string, number>();
  for (let round = 0; round < 25; round += 1) {
    const planted = plantedSnapshot();
    const patience = 80 + random(400);
    await run(ours('redownload', shown(clockwork), '--yes', '--json'), {
      cwd: world.main,
      environment: world.environment,
      isOwnGroup: true,
      started(child) {
        setTimeout(() => child.pid !== undefined && child.kill('SIGKILL'), patience);
      },
    });
    const now = await startAgain(planted, isDecided());
    outcomes.set(now, (outcomes.get(now) ?? 0) + 1);
    await repairRest();
  }
  judgeWithGo();
  console.log(`killed at random: ${[...outcomes].map(([what, count]) => `${count} ${what}`).join(', ')}`);
});

test('a stage of another run that is at work is left alone', async () => {
  restore();
  const stage = join(world.gomodcache, 'cache', 'gocachetop-staging', '20260110T091500123Z-1f3a5b7c');
  mkdirSync(stage, { recursive: true });
  writeFileSync(join(stage, 'owner.json'), JSON.stringify({ ...clockwork, pid: 1 }));
  const { lock } = world.files(clockwork);
  await run(['flock', lock, ...ours('redownload', '--yes', 'example.org/Quay/columns@v1.2.0')], {
    cwd: world.main,
    environment: world.environment,
  });
  expect(leftInStaging(world)).toEqual(['20260110T091500123Z-1f3a5b7c']);
  const ended = await world.cli(['redownload', '--yes', 'example.org/Quay/columns@v1.2.0']);
  expect(ended.stderr.toString()).toContain(
    'the repair of example.org/clockwork@v0.3.1 had been ended before it changed anything: it is taken back',
  );
  expect(leftInStaging(world)).toEqual([]);
  rmSync(join(world.gomodcache, 'cache', 'gocachetop-staging'), { recursive: true, force: true });
});
