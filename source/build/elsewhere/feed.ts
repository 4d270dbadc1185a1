import { type FSWatcher, watch } from 'node:fs';
import { basename, join } from 'node:path';
import { codeOf } from '../../platform/problem.ts';
import type { ElsewhereEvent } from './event.ts';
import { countOutcomes } from './link-config.ts';
import { createCacheTest, exists, listWorks, realOf } from './list.ts';
import {
  applyCacheOfHits,
  applyFolder,
  applyProcess,
  isAwake,
  isBusy,
  isOver,
  needsProcesses,
  type OtherBuild,
  selectCompiling,
} from './other-build.ts';
import { createProcessProbe, type WorkProcess } from './probe.ts';
import { unknownCache, unseenBuild, unwatchedFolder } from './problem.ts';
import { isWorkName } from './process.ts';
import { openWorkFolder, readBirth } from './scan.ts';

export type ElsewhereFeedOptions = {
  readonly gocache: string;
  /** tempFolders are where go commands make their WORK: GOTMPDIR or TMPDIR of whoever builds. */
  readonly tempFolders: readonly string[];
  /** ownWork are the WORK folders of our own wrapped build: they are left out. */
  readonly ownWork: () => ReadonlySet<string>;
  readonly emit: (events: readonly ElsewhereEvent[]) => void;
  readonly now: () => number;
};

export type ElsewhereFeed = {
  /** look searches all processes once, at most every 250 ms, for builds on this GOCACHE, wherever their WORK is: something wrote there. */
  look(): void;
  close(): void;
};

/**
 * openElsewhereFeed tells of builds that others run on this GOCACHE: what they compile now, and each program they
 * link with its hits and misses. It has a timer only while such a build may be running, else only inotify watches.
 *
 * A WORK is live when it was made, or got a new objdir, while we watched, or when a process works in it whose ancestor
 * is a go command; it is over when it is removed or that go command is gone. It is on this GOCACHE when a tool's
 * environ says so, or the path of a hit. Without /proc only links are seen.
 */
export function openElsewhereFeed(options: ElsewhereFeedOptions): ElsewhereFeed {
  const { now, emit } = options;
  const probe = createProcessProbe();
  const isOurCache = createCacheTest(options.gocache);
  const tempFolders = [...new Set(options.tempFolders.map(realOf))];
  const watches: FSWatcher[] = [];
  // By the name of WORK: its path may be written in several ways, through symbolic links.
  const builds = new Map<string, OtherBuild>();
  /** left are the WORK folders that are over, of another GOCACHE, or our own, for as long as they exist. */
  const left = new Set<string>();
  let events: ElsewhereEvent[] = [];
  let unreadable = 0;
  let compiling = '';
  let lastProbeAt = 0;
  let timer: NodeJS.Timeout | undefined;
  let timerAt = Number.POSITIVE_INFINITY;
  let isClosed = false;

  const oldestGo = probe === undefined ? 0 : (probe.findOldestGo(now()) ?? Number.POSITIVE_INFINITY);
  for (const folder of tempFolders) {
    watchTemp(folder);
    for (const path of listWorks(folder)) open(path, oldestGo);
  }
  schedule(0);
  return {
    look() {
      if (now() - lastProbeAt < probeMs) return;
      applyProcesses(now());
      schedule(0);
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      for (const one of watches) one.close();
      for (const { folder } of builds.values()) folder.close();
      builds.clear();
    },
  };

  function watchTemp(folder: string): void {
    try {
      const watcher = watch(folder, (_, name) => {
        if (name !== null && isWorkName(name)) onTempChange(join(folder, name));
      });
      watcher.on('error', (error) => tellUnwatched(folder, error));
      watches.push(watcher);
    } catch (error) {
      tellUnwatched(folder, error);
    }
  }

  function tellUnwatched(folder: string, error: unknown): void {
    events.push({ type: 'problem', problem: unwatchedFolder(folder, error) });
    schedule(0);
  }

  function onTempChange(path: string): void {
    const name = basename(path);
    if (exists(path)) {
      if (!builds.has(name) && !left.has(name)) open(path);
      return;
    }
    const build = builds.get(name);
    if (build !== undefined) end(build, now());
    left.delete(name);
    schedule(0);
  }

  /** open takes a WORK in; one that was there before us only if a go command lives that is as old. */
  function open(path: string, oldest?: number): OtherBuild | undefined {
    const name = basename(path);
    const at = now();
    try {
      const bornAt = readBirth(path);
      if (oldest !== undefined && bornAt < oldest - clockSlackMs) {
        left.add(name);
        return undefined;
      }
      const folder = openWorkFolder(path, () => wake(name));
      // What an old folder holds already is no sign of life.
      const links = oldest === undefined ? [] : [...folder.look(at).links];
      const build: OtherBuild = {
        folder,
        bornAt,
        foundAt: at,
        isLive: oldest === undefined,
        isOurs: undefined,
        owner: undefined,
        hasBegun: false,
        links,
        lastActivityAt: at,
        awakeUntil: at + awakeMs,
      };
      builds.set(name, build);
      schedule(settleMs);
      return build;
    } catch (error) {
      tellUnopened(path, error);
      return undefined;
    }
  }

  function wake(name: string): void {
    const build = builds.get(name);
    if (build !== undefined) build.awakeUntil = now() + awakeMs;
    schedule(settleMs);
  }

  function tellUnopened(path: string, error: unknown): void {
    const code = codeOf(error);
    if (code === 'ENOENT') return; // it is gone already
    left.add(basename(path));
    if (code === 'EACCES' || code === 'EPERM') {
      unreadable += 1;
      events.push({ type: 'unreadable', count: unreadable });
    } else events.push({ type: 'problem', problem: unseenBuild(path, error) });
    schedule(0);
  }

  function turn(): void {
    const at = now();
    for (const build of builds.values())
      if (isAwake(build, at)) applyFolder(build, build.folder.look(at), at);
    const hasBusy = some(isBusy, at);
    const pause = hasBusy ? probeMs : quietProbeMs;
    if (at - lastProbeAt >= pause || some(needsProcesses, at)) applyProcesses(at);
    for (const build of builds.values()) settle(build, at);
    flush();
    if (some(isAwake, at)) schedule(hasBusy ? turnMs : quietTurnMs);
  }

  function some(is: (build: OtherBuild, at: number) => boolean, at: number): boolean {
    for (const build of builds.values()) if (is(build, at)) return true;
    return false;
  }

  function applyProcesses(at: number): void {
    if (probe === undefined) return;
    lastProbeAt = at;
    const found = probe.look(at).filter(({ owner }) => owner !== undefined);
    for (const process of found) {
      const build = builds.get(basename(process.work)) ?? adopt(process);
      if (build !== undefined) applyProcess(build, process, at, isOurCache);
    }
    tellCompiling(found, at);
  }

  /** adopt takes in a build whose WORK is in a temp folder that we do not watch. */
  function adopt({ work, gocache }: WorkProcess): OtherBuild | undefined {
    if (left.has(basename(work)) || gocache === undefined || !isOurCache(gocache)) return undefined;
    return open(work);
  }

  function tellCompiling(found: readonly WorkProcess[], at: number): void {
    const units = selectCompiling(
      found.filter(({ work }) => {
        const build = builds.get(basename(work));
        return build?.isOurs === true && isShown(build, at);
      }),
    );
    for (const { work } of units) {
      const build = builds.get(basename(work));
      if (build !== undefined) begin(build);
    }
    const present = units.map(({ work, buildId }) => `${basename(work)} ${buildId}`).join('\n');
    if (present === compiling) return;
    compiling = present;
    events.push({ type: 'compiling', units });
  }

  /** settle tells what is certain by now, and leaves builds that are over or not to be shown. */
  function settle(build: OtherBuild, at: number): void {
    applyCacheOfHits(build, isOurCache);
    const hasEnded = isOver(build, at, probe?.isAlive);
    if (isShown(build, at)) tellLinks(build);
    if (!hasEnded && build.isOurs !== false && !isOwn(build)) return;
    end(build, at);
    left.add(basename(build.folder.path));
  }

  /** isShown waits a little: our own build's WORK= line may reach us after its folder does. */
  function isShown(build: OtherBuild, at: number): boolean {
    return at - build.foundAt >= ownMs && !isOwn(build);
  }

  function tellLinks(build: OtherBuild): void {
    if (!build.isLive || build.isOurs !== true || isOwn(build)) return;
    for (const { config, at } of build.links) {
      const { program, packages } = config;
      begin(build);
      const work = build.folder.path;
      events.push({ type: 'linked', program, ...countOutcomes(packages), packages, work, at });
    }
    build.links = [];
  }

  function begin(build: OtherBuild): void {
    if (build.hasBegun) return;
    build.hasBegun = true;
    const { folder, bornAt, owner } = build;
    const known = owner && { pid: owner.pid, command: owner.command, directory: owner.directory };
    events.push({ type: 'build-began', work: folder.path, at: bornAt, owner: known });
  }

  function end(build: OtherBuild, at: number): void {
    const { path } = build.folder;
    tellLinks(build);
    if (build.isLive && build.isOurs === undefined && build.links.length > 0 && !isOwn(build)) {
      const programs = build.links.map(({ config }) => config.program);
      events.push({ type: 'problem', problem: unknownCache(path, programs) });
    }
    build.folder.close();
    builds.delete(basename(path));
    if (!build.hasBegun) return;
    // Its compilers are not shown any longer than it is.
    if (compiling.includes(basename(path))) applyProcesses(at);
    events.push({ type: 'build-ended', work: path, at });
  }

  function isOwn(build: OtherBuild): boolean {
    const name = basename(build.folder.path);
    for (const own of options.ownWork()) if (basename(own) === name) return true;
    return false;
  }

  function schedule(delay: number): void {
    const at = performance.now() + delay;
    if (isClosed || at >= timerAt) return;
    clearTimeout(timer);
    timerAt = at;
    timer = setTimeout(() => {
      timerAt = Number.POSITIVE_INFINITY;
      turn();
    }, delay);
  }

  function flush(): void {
    if (events.length === 0) return;
    const told = events;
    events = [];
    emit(told);
  }
}

// The shortest link measured lasts 90 ms, and its importcfg.link as long.
const turnMs = 40;
// Nothing happens while a program or its tests run, but their go command may link another one.
const quietTurnMs = 200;
// A turn takes together what comes within this time: a cold build makes 100 objdirs a second.
const settleMs = 15;
// A compile lasts 81 ms in the median: more looks see more of them, but cost more of a core.
const probeMs = 250;
const quietProbeMs = 1000;
const awakeMs = 3000;
const ownMs = 100;
// The wall clock may have been set since the go command started.
const clockSlackMs = 1000;
