import { describe, expect, test } from 'vitest';
import {
  applyCacheOfHits,
  applyFolder,
  applyProcess,
  isAwake,
  isOver,
  needsProcesses,
  type OtherBuild,
  selectCompiling,
} from '../../../source/build/elsewhere/other-build.ts';
import type { GoProcess, WorkProcess } from '../../../source/build/elsewhere/probe.ts';

const owner: GoProcess = { pid: 7, command: ['go', 'build'], directory: '/home/u', startTicks: 1 };
const isOurCache = (folder: string) => folder === '/ours';

function buildWith(state: Partial<OtherBuild> = {}): OtherBuild & { leftOut: string[] } {
  const leftOut: string[] = [];
  const folder = {
    path: '/tmp/go-build1',
    look: () => ({ links: [], newUnits: 0 }),
    leaveOut: (objdir: string) => leftOut.push(objdir),
    close() {},
  };
  const known = {
    bornAt: 0,
    foundAt: 0,
    isLive: false,
    isOurs: undefined,
    owner: undefined,
    hasBegun: false,
  };
  return { folder, ...known, links: [], lastActivityAt: 0, awakeUntil: 3000, leftOut, ...state };
}

function processWith(state: Partial<WorkProcess> = {}): WorkProcess {
  const place = { work: '/tmp/go-build1', objdir: 'b002', isProgram: false, pid: 8, startedAt: 5 };
  const compile = { package: 'example.com/a', buildId: 'A/A' };
  return { ...place, compile, gocache: '/ours', importPath: 'example.com/a [b.test]', owner, ...state };
}

const link = (...cacheFolders: string[]) => ({ config: { program: 'p', packages: [], cacheFolders }, at: 1 });

describe('what a process proves', () => {
  test('a compile: live, on which GOCACHE, and no program comes from there', () => {
    const build = buildWith();
    applyProcess(build, processWith(), 50, isOurCache);
    expect(build).toMatchObject({ isLive: true, isOurs: true, owner, lastActivityAt: 50, leftOut: ['b002'] });
  });

  test('a compile of a main package: a program may come from there', () => {
    const build = buildWith();
    applyProcess(
      build,
      processWith({ compile: { package: 'main', buildId: 'A/A' }, gocache: '/x' }),
      50,
      isOurCache,
    );
    expect(build).toMatchObject({ isOurs: false, leftOut: [] });
  });

  test('a test that runs: live, but nothing is being built', () => {
    const build = buildWith();
    applyProcess(
      build,
      processWith({ isProgram: true, compile: undefined, gocache: undefined }),
      50,
      isOurCache,
    );
    expect(build).toMatchObject({ isLive: true, isOurs: undefined, lastActivityAt: 0 });
  });
});

test.each([
  ['a hit of ours', [link(), link('/ours')], true],
  ['a hit of another GOCACHE', [link('/x')], false],
  ['nothing was a hit', [link()], undefined],
])('the paths of hits name the GOCACHE: %s', (_, links, expected) => {
  const build = buildWith({ links });
  applyCacheOfHits(build, isOurCache);
  expect(build.isOurs).toBe(expected);
});

test('an old folder is live once something new is in it', () => {
  const build = buildWith();
  applyFolder(build, { links: [], newUnits: 0 }, 50);
  expect(build.isLive).toBe(false);
  applyFolder(build, { links: [], newUnits: 1 }, 60);
  expect(build).toMatchObject({ isLive: true, lastActivityAt: 60 });
});

test.each([
  ['its go command lives', { owner }, true, false],
  ['its go command is gone', { owner }, false, true],
  ['it was not seen to begin', {}, undefined, false],
  ['no process can be seen: a test may run', { hasBegun: true, lastActivityAt: 599_000 }, undefined, false],
  ['no process can be seen, for long', { hasBegun: true }, undefined, true],
] as const)('isOver: %s', (_, state, isAlive, expected) => {
  const alive = isAlive === undefined ? undefined : () => isAlive;
  expect(isOver(buildWith(state), 700_000, alive)).toBe(expected);
});

test('a folder without owner falls asleep, and one with a link asks for its processes', () => {
  expect(isAwake(buildWith(), 2999)).toBe(true);
  expect(isAwake(buildWith(), 3000)).toBe(false);
  expect(isAwake(buildWith({ owner }), 3000)).toBe(true);
  expect(needsProcesses(buildWith({ links: [link()] }), 100)).toBe(true);
  expect(needsProcesses(buildWith({ links: [link()] }), 500)).toBe(false);
  expect(needsProcesses(buildWith({ links: [link()], owner, isOurs: true }), 100)).toBe(false);
});

test('selectCompiling takes a -toolexec command and its compiler as one, and nothing else than compilers', () => {
  const found = [
    processWith({ pid: 8 }),
    processWith({ pid: 9 }),
    processWith({ objdir: 'b003', importPath: undefined }),
    processWith({ objdir: 'b004', compile: undefined }),
  ];
  expect(selectCompiling(found)).toEqual([
    { importPath: 'example.com/a [b.test]', buildId: 'A/A', startedAt: 5, work: '/tmp/go-build1' },
    { importPath: 'example.com/a', buildId: 'A/A', startedAt: 5, work: '/tmp/go-build1' },
  ]);
});
