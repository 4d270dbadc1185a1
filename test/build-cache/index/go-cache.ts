import { createEntryIndex, type EntryIndex } from '../../../source/build-cache/index/entry-index.ts';
import { findOwners, type Owners } from '../../../source/build-cache/index/owners.ts';
import {
  createLearned,
  type IndexScan,
  type Learned,
  scanEntries,
} from '../../../source/build-cache/index/scan.ts';

/** scanned reads a GOCACHE into an index, new or given. */
export async function scanned(
  gocache: string,
  index: EntryIndex = createEntryIndex(),
): Promise<{
  readonly index: EntryIndex;
  readonly learned: Learned;
  readonly owners: Owners;
  readonly scan: IndexScan;
}> {
  const learned = createLearned();
  const scan = await scanEntries({ gocache, gomodcache: '/nowhere', index, learned });
  return { index, learned, owners: findOwners(index, learned), scan };
}

/** contentOf is all that an index holds of entries, as plain data to compare. */
export function contentOf({ actions, outputs }: EntryIndex): Record<string, unknown> {
  const content: Record<string, unknown> = {};
  for (let row = 0; row < actions.length; row++) {
    if (!actions.isUsed(row)) continue;
    const output = actions.output(row);
    content[`${actions.id(row)}-a`] = {
      mtime: actions.mtime(row),
      addedAt: actions.addedAt(row),
      output: output === undefined ? undefined : outputs.id(output),
    };
  }
  for (let row = 0; row < outputs.length; row++) {
    if (!outputs.isUsed(row)) continue;
    content[`${outputs.id(row)}-d`] = {
      mtime: outputs.mtime(row),
      bytes: outputs.bytes(row),
      kind: outputs.kind(row),
    };
  }
  return content;
}
