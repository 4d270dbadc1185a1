import type { ActionId, OutputId } from '../../go/ids.ts';
import type { EntryIndex } from '../index/entry-index.ts';
import type { Owners } from '../index/owners.ts';
import { rowsPerStep, type Steps } from '../index/steps.ts';
import { type EntryRow, entryRow } from './entry-rows.ts';

/** EntryFacts is what the index knows of an output. Times are Unix milliseconds. */
export type EntryFacts = EntryRow & {
  readonly isFolder: boolean;
  readonly diskBytes: number;
  readonly mtime: number;
  readonly goVersion: string | undefined;
  readonly directory: string | undefined;
  readonly module: string | undefined;
  /** actions are entries that point to it, the newest first, at most `mostActions`; actionCount counts all. */
  readonly actions: readonly ActionFacts[];
  readonly actionCount: number;
};

export type ActionFacts = {
  readonly id: ActionId;
  readonly mtime: number;
  /** addedAt is when Go wrote it. */
  readonly addedAt: number | undefined;
};

// More than half of all action entries may point to the empty output, and nobody reads thousands.
const mostActions = 20;

/** entryFacts gathers what the index knows of an output; undefined when it is not there (any more). */
export function* entryFacts(index: EntryIndex, owners: Owners, id: OutputId): Steps<EntryFacts | undefined> {
  const { actions, outputs, names } = index;
  const row = outputs.find(id);
  if (row === undefined) return undefined;
  const found: ActionFacts[] = [];
  for (let action = 0; action < actions.length; action++) {
    if (action % rowsPerStep === 0) yield;
    if (!actions.isUsed(action) || actions.output(action) !== row) continue;
    found.push({ id: actions.id(action), mtime: actions.mtime(action), addedAt: actions.addedAt(action) });
  }
  found.sort((one, other) => (other.addedAt ?? 0) - (one.addedAt ?? 0));
  const name = names[owners.outputs[row] ?? -1];
  return {
    ...entryRow(index, owners, row),
    isFolder: outputs.isFolder(row),
    diskBytes: outputs.diskBytes(row),
    mtime: outputs.mtime(row),
    goVersion: name?.goVersion || undefined,
    directory: name?.directory,
    module: name?.module,
    actions: found.slice(0, mostActions),
    actionCount: found.length,
  };
}
