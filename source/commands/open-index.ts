import type { EntryIndex } from '../build-cache/index/entry-index.ts';
import { indexFolderOf, keep, openKept } from '../build-cache/index/index-store.ts';
import { findOwners, type Owners } from '../build-cache/index/owners.ts';
import { type IndexScan, scanEntries } from '../build-cache/index/scan.ts';
import { type BuildHistory, readHistory } from '../record/record.ts';
import { stateFolderOf } from '../record/state-folder.ts';
import { formatCount } from '../store/format.ts';
import type { CommandContext } from './context.ts';

export type OpenedIndex = {
  readonly index: EntryIndex;
  readonly owners: Owners;
  readonly scan: IndexScan;
  /** history is what is recorded of builds on it. */
  readonly history: BuildHistory;
};

/**
 * openIndex scans GOCACHE and names what is in it, with what the last run kept: only new entries are looked into, but
 * the times of all are those of now. undefined when it was stopped.
 */
export async function openIndex(context: CommandContext): Promise<OpenedIndex | undefined> {
  const { env, flags, signal, progress, place } = context;
  const folder = indexFolderOf(place.environment);
  const kept = await openKept(folder, env.gocache);
  const { index, learned } = kept;
  if (kept.problem !== undefined) context.tell([kept.problem]);
  try {
    const scan = await scanEntries({
      gocache: env.gocache,
      gomodcache: env.gomodcache,
      index,
      learned,
      signal,
      onProgress: ({ folders, toRead, toName }) =>
        progress(
          folders < 256
            ? `${folders} of 256 folders`
            : `${formatCount(toRead + toName)} entries are still to be read`,
        ),
    });
    progress('');
    const problem =
      index.revision > 0 && !flags.isReadOnly ? await keep(folder, env.gocache, kept) : undefined;
    if (problem !== undefined) context.tell([problem]);
    const history = readHistory(stateFolderOf(place.environment), env.gocache);
    return { index, owners: findOwners(index, learned), scan, history };
  } catch (error) {
    progress('');
    if (signal.aborted) return undefined;
    throw error;
  }
}
