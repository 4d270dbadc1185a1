import { type Dirent, lstatSync, readdirSync, type Stats } from 'node:fs';
import { codeOf, type Problem, reasonOf } from '../platform/problem.ts';
import { isCacheFolder, parseCacheFileName } from './file-name.ts';
import type { BuildCacheTotals } from './totals.ts';

/**
 * countBuildCache reads the names in the 256 folders and the size and times of each, folder by folder, and yields the
 * totals so far after each. It keeps nothing of a folder, so a million entries take no more memory than a few.
 */
export function* countBuildCache(gocache: string): Generator<BuildCacheTotals, BuildCacheTotals> {
  const startedAt = performance.now();
  const problems: Problem[] = [];
  const entries = { action: 0, output: 0 };
  const foreign = { files: 0, bytes: 0 };
  let bytes = 0;
  let diskBytes = 0;
  let oldest: number | undefined;
  let newest: number | undefined;
  let fuzzBytes = 0;
  let folders = 0;
  let unreadable = 0;

  for (const top of list(gocache)) {
    if (top.name === 'fuzz' && top.isDirectory()) fuzzBytes = sumBytes(`${gocache}/fuzz`).bytes;
    if (!isCacheFolder(top.name)) continue;
    countFolder(top.name);
    folders += 1;
    yield totals(false);
  }
  return totals(true);

  function countFolder(folder: string): void {
    for (const name of names(`${gocache}/${folder}`)) {
      const path = `${gocache}/${folder}/${name}`;
      const stats = stat(path);
      if (stats === undefined) continue; // removed meanwhile, or counted as unreadable
      const file = parseCacheFileName(`${folder}/${name}`);
      // An executable is a folder with one file: (*DiskCache).PutExecutable, go1.26
      const size = stats.isDirectory()
        ? sumBytes(path)
        : { bytes: stats.size, diskBytes: stats.blocks * 512 };
      if (file === undefined) {
        foreign.files += 1;
        foreign.bytes += size.bytes;
        continue;
      }
      entries[file.kind] += 1;
      bytes += size.bytes;
      diskBytes += size.diskBytes;
      oldest = Math.min(oldest ?? stats.mtimeMs, stats.mtimeMs);
      newest = Math.max(newest ?? stats.mtimeMs, stats.mtimeMs);
    }
  }

  function sumBytes(folder: string): { bytes: number; diskBytes: number } {
    let sum = { bytes: 0, diskBytes: 0 };
    for (const entry of list(folder)) {
      const path = `${folder}/${entry.name}`;
      const stats = entry.isDirectory() ? undefined : stat(path);
      const size = entry.isDirectory()
        ? sumBytes(path)
        : { bytes: stats?.size ?? 0, diskBytes: (stats?.blocks ?? 0) * 512 };
      sum = { bytes: sum.bytes + size.bytes, diskBytes: sum.diskBytes + size.diskBytes };
    }
    return sum;
  }

  function list(folder: string): Dirent[] {
    return attempt(folder, () => readdirSync(folder, { withFileTypes: true })) ?? [];
  }

  function names(folder: string): string[] {
    return attempt(folder, () => readdirSync(folder)) ?? [];
  }

  function stat(path: string): Stats | undefined {
    return attempt(path, () => lstatSync(path, { throwIfNoEntry: false }));
  }

  function attempt<T>(path: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      unreadable += 1;
      const problem = { where: path, what: 'reading', why: reasonOf(error), repair: '' };
      if (problems.length < mostProblems) problems.push(problem);
      return undefined;
    }
  }

  function totals(isComplete: boolean): BuildCacheTotals {
    return {
      entries: { ...entries },
      bytes,
      diskBytes,
      oldest,
      newest,
      foreign: { ...foreign },
      fuzzBytes,
      folders,
      isComplete,
      durationMs: performance.now() - startedAt,
      problems: [...problems],
      unreadable,
    };
  }
}

// More lines of one kind tell no more than their number.
const mostProblems = 5;
