import { createEntryIndex, type EntryIndex } from '../build-cache/index/entry-index.ts';
import { findOwners, type Owners } from '../build-cache/index/owners.ts';
import { createLearned, type IndexScan, scanEntries } from '../build-cache/index/scan.ts';
import { formatCount } from '../store/format.ts';
import type { CommandContext } from './context.ts';

export type OpenedIndex = {
  readonly index: EntryIndex;
  readonly owners: Owners;
  readonly scan: IndexScan;
};

/** openIndex scans GOCACHE and names what is in it; undefined when it was stopped. */
export async function openIndex(context: CommandContext): Promise<OpenedIndex | undefined> {
  const { env, signal, progress } = context;
  const index = createEntryIndex();
  const learned = createLearned();
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
    return { index, owners: findOwners(index, learned), scan };
  } catch (error) {
    progress('');
    if (signal.aborted) return undefined;
    throw error;
  }
}
