import { actionEntrySize } from '../../build-cache/action-entry.ts';
import type { EntryIndex } from '../../build-cache/index/entry-index.ts';
import type { Owners } from '../../build-cache/index/owners.ts';
import {
  addPrice,
  type CompileTimeOf,
  freePrice,
  hasPrice,
  noTimes,
  type RebuildPrice,
} from '../../build-cache/index/price.ts';
import type { Sum } from '../../build-cache/index/summary.ts';
import type { ActionId, OutputId } from '../../go/ids.ts';
import type { KnownAction } from '../removal/removal.ts';
import { type PruneSelectors, readSelectors } from './selectors.ts';

/** PruneSelection is exactly what goes. */
export type PruneSelection = PruneSum & {
  readonly actions: readonly ActionId[];
  readonly outputs: readonly OutputId[];
  /** packages that lose something, by import path. */
  readonly packages: readonly string[];
};

/** PruneSum is how much goes, and what it would take to make it again. */
export type PruneSum = { readonly selected: Sum; readonly rebuild: RebuildPrice };

/**
 * selectPrune chooses entries. An output goes with all action entries that point to it, an archive with what is stored
 * under subkeys of its action; an action entry alone goes when its output is shared or missing. The last use of an output is
 * that of it and all its action entries, so that nothing goes that Go's own trim would keep.
 */
export function selectPrune(
  index: EntryIndex,
  owners: Owners,
  selectors: PruneSelectors,
  now: number,
  timeOf: CompileTimeOf = noTimes,
): PruneSelection {
  const marks = markPrune(index, owners, selectors, now);
  const outputs = rowsOf(marks.outputs);
  const packages = new Set<string>();
  for (const row of outputs) {
    const name = index.names[owners.outputs[row] ?? -1];
    if (name !== undefined) packages.add(name.importPath);
  }
  return {
    actions: rowsOf(marks.actions).map(index.actions.id),
    outputs: outputs.map(index.outputs.id),
    packages: [...packages].sort(),
    ...sumMarks(index, marks, timeOf),
  };
}

/** knownActions gives what the index has read of action entries, so that a removal need not read them again. */
export function knownActions({ actions, outputs }: EntryIndex): (id: ActionId) => KnownAction | undefined {
  return (id) => {
    const row = actions.find(id);
    const output = row === undefined ? undefined : actions.output(row);
    return row === undefined || output === undefined
      ? undefined
      : { mtime: actions.mtime(row), outputId: outputs.id(output) };
  };
}

/** PruneMeasure is how much a selection is, and what of it each package loses, the largest first. */
export type PruneMeasure = PruneSum & { readonly packages: readonly PackageShare[] };

export type PackageShare = Sum & { readonly importPath: string };

/** measurePrune says how much selectPrune would choose, without naming it: a million IDs take a second. */
export function measurePrune(
  index: EntryIndex,
  owners: Owners,
  selectors: PruneSelectors,
  now: number,
  timeOf: CompileTimeOf = noTimes,
): PruneMeasure {
  const marks = markPrune(index, owners, selectors, now);
  return { ...sumMarks(index, marks, timeOf), packages: sharePackages(index, owners, marks) };
}

/** Marks hold a 1 for each row that goes. */
type Marks = { readonly actions: Uint8Array; readonly outputs: Uint8Array };

function markPrune(index: EntryIndex, owners: Owners, selectors: PruneSelectors, now: number): Marks {
  const { actions, outputs } = index;
  const wanted = readSelectors(index, owners, selectors, now);
  const marks = { actions: new Uint8Array(actions.length), outputs: new Uint8Array(outputs.length) };
  for (let row = 0; row < outputs.length; row++) {
    if (outputs.isUsed(row) && wanted.output(row)) marks.outputs[row] = 1;
  }
  if (selectors.maxBytes !== undefined) keepNewest(index, owners, marks.outputs, selectors.maxBytes);
  for (let row = 0; row < outputs.length; row++) {
    const parent = owners.outputParents[row] ?? -1;
    if (outputs.isUsed(row) && parent >= 0 && marks.outputs[parent] === 1) marks.outputs[row] = 1;
  }
  for (let row = 0; row < actions.length; row++) {
    if (!actions.isUsed(row)) continue;
    const output = actions.output(row);
    const parent = owners.actionParents[row] ?? -1;
    const goesAlong =
      (output !== undefined && marks.outputs[output] === 1) || (parent >= 0 && marks.outputs[parent] === 1);
    const goesAlone =
      selectors.maxBytes === undefined &&
      (output === undefined || !outputs.isUsed(output) || (owners.users[output] ?? 0) > 1) &&
      wanted.action(row);
    if (goesAlong || goesAlone) marks.actions[row] = 1;
  }
  return marks;
}

/** sumMarks: an archive that no action entry names costs nothing, since no build finds it. */
function sumMarks({ actions, outputs }: EntryIndex, marks: Marks, timeOf: CompileTimeOf): PruneSum {
  let [entries, bytes] = [0, 0];
  let rebuild = freePrice;
  for (let row = 0; row < outputs.length; row++) {
    if (marks.outputs[row] !== 1) continue;
    entries += 1;
    bytes += outputs.bytes(row);
  }
  for (let row = 0; row < actions.length; row++) {
    if (marks.actions[row] !== 1) continue;
    entries += 1;
    bytes += actions.bytes(row);
    const output = actions.output(row);
    if (output !== undefined && outputs.isUsed(output) && hasPrice(outputs.kind(output)))
      rebuild = addPrice(rebuild, timeOf(actions.id(row)));
  }
  return { selected: { entries, bytes }, rebuild };
}

function sharePackages(
  { names, actions, outputs }: EntryIndex,
  owners: Owners,
  marks: Marks,
): PackageShare[] {
  const entries = new Uint32Array(names.length);
  const bytes = new Float64Array(names.length);
  const add = (owner: number | undefined, size: number): void => {
    if (owner === undefined || owner < 0) return;
    entries[owner] = (entries[owner] ?? 0) + 1;
    bytes[owner] = (bytes[owner] ?? 0) + size;
  };
  for (let row = 0; row < marks.outputs.length; row++)
    if (marks.outputs[row] === 1) add(owners.outputs[row], outputs.bytes(row));
  for (let row = 0; row < marks.actions.length; row++)
    if (marks.actions[row] === 1) add(owners.actions[row], actions.bytes(row));
  const packages = new Map<string, PackageShare>();
  for (const [owner, { importPath }] of names.entries()) {
    const more = entries[owner] ?? 0;
    if (more === 0) continue;
    const known = packages.get(importPath);
    packages.set(importPath, {
      importPath,
      entries: (known?.entries ?? 0) + more,
      bytes: (known?.bytes ?? 0) + (bytes[owner] ?? 0),
    });
  }
  return [...packages.values()].sort((one, other) => other.bytes - one.bytes);
}

function rowsOf(marks: Uint8Array): number[] {
  const rows: number[] = [];
  for (let row = 0; row < marks.length; row++) if (marks[row] === 1) rows.push(row);
  return rows;
}

/** keepNewest takes from what goes the most recently used again, as long as all that stays fits. */
function keepNewest(index: EntryIndex, owners: Owners, goes: Uint8Array, maxBytes: number): void {
  const { actions, outputs } = index;
  let total = 0;
  for (let row = 0; row < actions.length; row++) if (actions.isUsed(row)) total += actions.bytes(row);
  const rows: number[] = [];
  for (let row = 0; row < outputs.length; row++) {
    if (!outputs.isUsed(row)) continue;
    total += outputs.bytes(row);
    if (goes[row] === 1) rows.push(row);
  }
  rows.sort((one, other) => (owners.lastUsed[one] ?? 0) - (owners.lastUsed[other] ?? 0));
  for (const row of rows) {
    if (total <= maxBytes) goes[row] = 0;
    else total -= outputs.bytes(row) + (owners.users[row] ?? 0) * actionEntrySize;
  }
}
