import { readdirSync } from 'node:fs';
import { codeOf, type Problem, reasonOf } from '../platform/problem.ts';
import { isCacheFolder } from './file-name.ts';
import { createEntryPacks, createTroubles, readFolder, sumFolder } from './index/read-folder.ts';
import type { BuildCacheTotals } from './totals.ts';

/**
 * countBuildCache reads the names in the 256 folders and the size and times of each, folder by folder, and yields the
 * totals so far after each. It keeps nothing of a folder, so a million entries take no more memory than a few.
 */
export function* countBuildCache(gocache: string): Generator<BuildCacheTotals, BuildCacheTotals> {
  const startedAt = performance.now();
  const nextPacks = createEntryPacks();
  const problems: Problem[] = [];
  const entries = { action: 0, output: 0 };
  const foreign = { files: 0, bytes: 0 };
  let bytes = 0;
  let diskBytes = 0;
  let oldest = Number.POSITIVE_INFINITY;
  let newest = Number.NEGATIVE_INFINITY;
  let folders = 0;
  let unreadable = 0;

  const names = listTop();
  const troubles = createTroubles();
  const fuzzBytes = names.includes('fuzz') ? sumFolder(`${gocache}/fuzz`, troubles).bytes : 0;
  tell(troubles.problems, troubles.count);
  for (const folder of names.filter(isCacheFolder)) {
    count(folder);
    folders += 1;
    yield totals(false);
  }
  return totals(true);

  function listTop(): string[] {
    try {
      return readdirSync(gocache);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT')
        tell([{ where: gocache, what: 'cannot be read', why: reasonOf(error), repair: '' }], 1);
      return [];
    }
  }

  function count(folder: string): void {
    const { actions, outputs, ...read } = readFolder(gocache, folder, nextPacks());
    entries.action += actions.mtimes.length;
    entries.output += outputs.mtimes.length;
    bytes += sum(actions.sizes) + sum(outputs.sizes);
    diskBytes += (sum(actions.blocks) + sum(outputs.blocks)) * 512;
    for (const mtimes of [actions.mtimes, outputs.mtimes]) {
      for (const mtime of mtimes) {
        oldest = Math.min(oldest, mtime);
        newest = Math.max(newest, mtime);
      }
    }
    foreign.files += read.foreign.length;
    foreign.bytes += read.foreign.reduce((total, file) => total + file.bytes, 0);
    tell(read.problems, read.unreadable);
  }

  function tell(more: readonly Problem[], count: number): void {
    unreadable += count;
    problems.push(...more.slice(0, Math.max(0, mostProblems - problems.length)));
  }

  function totals(isComplete: boolean): BuildCacheTotals {
    return {
      entries: { ...entries },
      bytes,
      diskBytes,
      oldest: Number.isFinite(oldest) ? oldest : undefined,
      newest: Number.isFinite(newest) ? newest : undefined,
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

function sum(numbers: Float64Array | Uint32Array): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

// More lines of one kind tell no more than their number.
const mostProblems = 5;
