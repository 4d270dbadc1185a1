import type { EntryIndex } from '../../build-cache/index/entry-index.ts';
import type { Owners } from '../../build-cache/index/owners.ts';
import { entryKind, type Sum, supersededRows } from '../../build-cache/index/summary.ts';
import type { EntryKind } from '../../build-cache/output-kind.ts';
import type { ActionId, OutputId } from '../../go/ids.ts';
import { matchImportPattern } from '../../go/import-pattern.ts';

/** PruneSelectors narrow each other; without any, all is selected. */
export type PruneSelectors = {
  /** unusedForMs: only what was not used for so long. */
  readonly unusedForMs?: number | undefined;
  /** packages is a pattern of import paths, with Go's `...`. */
  readonly packages?: string | undefined;
  /** importPaths are packages by name, as they were marked. */
  readonly importPaths?: ReadonlySet<string> | undefined;
  readonly kind?: EntryKind | undefined;
  /** isSuperseded: only archives that are not the most recently used of their package and variant. */
  readonly isSuperseded?: boolean;
  /** damaged: only these outputs. */
  readonly damaged?: ReadonlySet<OutputId> | undefined;
  /** maxBytes takes the least recently used of what the others select, until all that is left is no larger. */
  readonly maxBytes?: number | undefined;
};

/** PruneSelection is exactly what goes. */
export type PruneSelection = {
  readonly actions: readonly ActionId[];
  readonly outputs: readonly OutputId[];
  readonly selected: Sum;
  /** packages that lose something, by import path. */
  readonly packages: readonly string[];
};

// cmd/go/internal/cache: entrySize, go1.26
const actionBytes = 175;

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
): PruneSelection {
  const { actions, outputs } = index;
  const wanted = createTests(index, owners, selectors, now);
  const outputGoes = new Uint8Array(outputs.length);
  for (let row = 0; row < outputs.length; row++) {
    if (outputs.isUsed(row) && wanted.output(row)) outputGoes[row] = 1;
  }
  if (selectors.maxBytes !== undefined) keepNewest(index, owners, outputGoes, selectors.maxBytes);
  for (let row = 0; row < outputs.length; row++) {
    const parent = owners.outputParents[row] ?? -1;
    if (outputs.isUsed(row) && parent >= 0 && outputGoes[parent] === 1) outputGoes[row] = 1;
  }
  const going: { actions: ActionId[]; outputs: OutputId[] } = { actions: [], outputs: [] };
  const packages = new Set<string>();
  let [entries, bytes] = [0, 0];
  for (let row = 0; row < outputs.length; row++) {
    if (outputGoes[row] !== 1) continue;
    going.outputs.push(outputs.id(row));
    entries += 1;
    bytes += outputs.bytes(row);
    const name = index.names[owners.outputs[row] ?? -1];
    if (name !== undefined) packages.add(name.importPath);
  }
  for (let row = 0; row < actions.length; row++) {
    if (!actions.isUsed(row)) continue;
    const output = actions.output(row);
    const parent = owners.actionParents[row] ?? -1;
    const goesAlong =
      (output !== undefined && outputGoes[output] === 1) || (parent >= 0 && outputGoes[parent] === 1);
    const goesAlone =
      selectors.maxBytes === undefined &&
      (output === undefined || !outputs.isUsed(output) || (owners.users[output] ?? 0) > 1) &&
      wanted.action(row);
    if (!goesAlong && !goesAlone) continue;
    going.actions.push(actions.id(row));
    entries += 1;
    bytes += actionBytes;
  }
  return { ...going, selected: { entries, bytes }, packages: [...packages].sort() };
}

function createTests(index: EntryIndex, owners: Owners, selectors: PruneSelectors, now: number) {
  const { unusedForMs, packages, importPaths, kind, isSuperseded, damaged } = selectors;
  const cutoff = unusedForMs === undefined ? undefined : now - unusedForMs;
  const matches = new Map<number, boolean>();
  const isOfPackage = (owner: number): boolean => {
    if (packages === undefined && importPaths === undefined) return true;
    const known = matches.get(owner);
    if (known !== undefined) return known;
    const name = index.names[owner];
    const isMatch =
      name !== undefined &&
      (packages === undefined || matchImportPattern(packages, name.importPath)) &&
      (importPaths === undefined || importPaths.has(name.importPath));
    matches.set(owner, isMatch);
    return isMatch;
  };
  const superseded = isSuperseded === true ? findSuperseded(index, owners) : undefined;
  return {
    output: (row: number): boolean =>
      (cutoff === undefined || (owners.lastUsed[row] ?? 0) < cutoff) &&
      isOfPackage(owners.outputs[row] ?? -1) &&
      (kind === undefined || entryKind(index.outputs.kind(row)) === kind) &&
      (superseded === undefined || superseded.has(row)) &&
      (damaged === undefined || damaged.has(index.outputs.id(row))),
    action(row: number): boolean {
      // What is superseded or damaged is an output.
      if (superseded !== undefined || damaged !== undefined) return false;
      const output = index.actions.output(row);
      const its =
        output === undefined || !index.outputs.isUsed(output) ? undefined : index.outputs.kind(output);
      return (
        (cutoff === undefined || index.actions.mtime(row) < cutoff) &&
        isOfPackage(owners.actions[row] ?? -1) &&
        (kind === undefined || entryKind(its) === kind)
      );
    },
  };
}

/** findSuperseded looks at archives variant by variant. */
function findSuperseded(index: EntryIndex, owners: Owners): ReadonlySet<number> {
  const byName = new Map<number, number[]>();
  for (let row = 0; row < index.outputs.length; row++) {
    const owner = owners.outputs[row] ?? -1;
    if (owner < 0 || !index.outputs.isUsed(row) || index.outputs.kind(row) !== 'archive') continue;
    const there = byName.get(owner);
    if (there === undefined) byName.set(owner, [row]);
    else there.push(row);
  }
  return new Set([...byName.values()].flatMap((rows) => supersededRows(rows, owners)));
}

/** keepNewest takes from what goes the most recently used again, as long as all that stays fits. */
function keepNewest(index: EntryIndex, owners: Owners, goes: Uint8Array, maxBytes: number): void {
  const { actions, outputs } = index;
  let total = actions.count * actionBytes;
  const rows: number[] = [];
  for (let row = 0; row < outputs.length; row++) {
    if (!outputs.isUsed(row)) continue;
    total += outputs.bytes(row);
    if (goes[row] === 1) rows.push(row);
  }
  rows.sort((one, other) => (owners.lastUsed[one] ?? 0) - (owners.lastUsed[other] ?? 0));
  for (const row of rows) {
    if (total <= maxBytes) goes[row] = 0;
    else total -= outputs.bytes(row) + (owners.users[row] ?? 0) * actionBytes;
  }
}
