import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseActionEntry } from '../build-cache/action-entry.ts';
import { readHead } from '../build-cache/archive-file.ts';
import { cacheFileName, isCacheFolder } from '../build-cache/file-name.ts';
import { classifyOutput, outputHeadSize } from '../build-cache/output-kind.ts';
import type { OutputId } from '../go/ids.ts';

/** Built is what is in a GOCACHE that only the measured builds have used. */
export type Built = {
  /** archives are the compiled packages: each has an action entry of its own. */
  readonly archives: number;
  /** since counts those that were written at `since` or later, Unix milliseconds: the misses of that build. */
  readonly since: number;
  readonly outputBytes: number;
};

/**
 * countBuilt counts what builds wrote. A package that is compiled has its action entry written, with the time in it,
 * even where the output was there already (cmd/go/internal/cache: put, go1.26).
 */
export function countBuilt(gocache: string, since: number): Built {
  const kinds = new Map<OutputId, boolean>();
  let [archives, written, outputBytes] = [0, 0, 0];
  for (const folder of readdirSync(gocache).filter(isCacheFolder)) {
    for (const name of readdirSync(join(gocache, folder))) {
      const file = join(gocache, folder, name);
      if (name.endsWith('-d')) outputBytes += statSync(file).size;
      if (!name.endsWith('-a')) continue;
      const entry = parseActionEntry(readFileSync(file));
      if ('fault' in entry) continue;
      const { outputId, addedAt } = entry;
      const isArchive = kinds.get(outputId) ?? isArchiveOutput(gocache, outputId);
      kinds.set(outputId, isArchive);
      if (!isArchive) continue;
      archives += 1;
      if (addedAt >= since) written += 1;
    }
  }
  return { archives, since: written, outputBytes };
}

function isArchiveOutput(gocache: string, outputId: OutputId): boolean {
  const file = join(gocache, cacheFileName({ kind: 'output', id: outputId }));
  try {
    return classifyOutput(readHead(file, outputHeadSize)) === 'archive';
  } catch {
    return false; // an executable, which is a folder, or an output that a full disk did not take
  }
}
