import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseCacheFileName } from './file-name.ts';

/** WrittenSince is how many entries of GOCACHE are new since a time, and their bytes; undefined when that cannot be told. */
export type WrittenSince = { readonly entries: number; readonly bytes: number } | undefined;

/**
 * probeWrites counts the entries that came into GOCACHE since `since` (Unix milliseconds), for a build that was over
 * before a watch was worth its cost: it lists only folders that changed, which are few after a build of hits. An entry
 * that was written again in its place, under its old name, is not among them.
 */
export function probeWrites(gocache: string, since: number): WrittenSince {
  let entries = 0;
  let bytes = 0;
  try {
    for (let index = 0; index < 256; index++) {
      const name = index.toString(16).padStart(2, '0');
      const folder = join(gocache, name);
      const stats = lstatSync(folder, { throwIfNoEntry: false });
      if (stats === undefined || stats.mtimeMs < since) continue;
      for (const file of readdirSync(folder)) {
        if (parseCacheFileName(`${name}/${file}`) === undefined) continue;
        const entry = lstatSync(join(folder, file), { throwIfNoEntry: false });
        if (entry === undefined || entry.birthtimeMs < since) continue;
        entries += 1;
        bytes += entry.size;
      }
    }
    return { entries, bytes };
  } catch {
    return undefined; // not readable for us: what was written is unknown, and said so
  }
}
