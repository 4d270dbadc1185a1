import type { ActionId, OutputId } from '../../go/ids.ts';
import type { EntryIndex } from './entry-index.ts';
import { hexAt, packIds } from './entry-pack.ts';
import { idSize } from './id-table.ts';
import type { Pool } from './pool.ts';
import { type Learned, readContents } from './scan.ts';

/** TouchedFiles are entries that were written, used or removed, as packed IDs; one may be there more than once. */
export type TouchedFiles = {
  readonly actions: readonly Uint8Array[];
  readonly outputs: readonly Uint8Array[];
};

// A request of so many takes a few milliseconds.
const filesPerRequest = 500;

/**
 * updateEntries looks at single entries again: what the watcher tells of a file says that something happened to it, and
 * the file itself says what. The index is then as a scan would have it.
 */
export async function updateEntries(
  index: EntryIndex,
  learned: Learned,
  pool: Pool,
  touched: TouchedFiles,
): Promise<void> {
  const actions = distinct(touched.actions);
  const outputs = distinct(touched.outputs);
  await pool.each(statRequests(actions, outputs), ({ statted }) => {
    index.apply(statted.actions);
    index.apply(statted.outputs);
    index.apply({ type: 'removed', file: 'action', ids: statted.goneActions });
    index.apply({ type: 'removed', file: 'output', ids: statted.goneOutputs });
  });
  await readContents(index, learned, pool, {
    actions: actions.map((id) => index.actions.find(id as ActionId) ?? -1).filter((row) => row >= 0),
    outputs: outputs.map((id) => index.outputs.find(id as OutputId) ?? -1).filter((row) => row >= 0),
  });
}

function distinct(packs: readonly Uint8Array[]): string[] {
  const ids = new Set<string>();
  for (const pack of packs) for (let at = 0; at < pack.length / idSize; at++) ids.add(hexAt(pack, at));
  return [...ids];
}

function* statRequests(actions: readonly string[], outputs: readonly string[]) {
  for (let from = 0; from < Math.max(actions.length, outputs.length); from += filesPerRequest)
    yield {
      type: 'stat' as const,
      actions: packIds(actions.slice(from, from + filesPerRequest)),
      outputs: packIds(outputs.slice(from, from + filesPerRequest)),
    };
}
