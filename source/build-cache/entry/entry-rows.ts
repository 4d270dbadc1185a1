import type { OutputId } from '../../go/ids.ts';
import type { EntryIndex } from '../index/entry-index.ts';
import { unitText, variantText } from '../index/name.ts';
import type { Owners } from '../index/owners.ts';
import { rowsPerStep, type Steps } from '../index/steps.ts';
import { entryKind } from '../index/summary.ts';
import type { EntryKind } from '../output-kind.ts';

/** EntryRow is an output in a list. Times are Unix milliseconds. */
export type EntryRow = {
  readonly id: OutputId;
  readonly kind: EntryKind;
  /** importPath and unit are undefined where nothing tells whose it is; a unit is named as Go names it. */
  readonly importPath: string | undefined;
  readonly unit: string | undefined;
  /** variant as `linux/amd64 race`; empty where there is none. */
  readonly variant: string;
  readonly bytes: number;
  readonly lastUsed: number;
};

/** EntryList is the largest outputs of a choice, the largest first, and how many there are. */
export type EntryList = {
  readonly rows: readonly EntryRow[];
  readonly count: number;
  readonly bytes: number;
};

/** EntryChoice says which outputs are wanted. `name` is a number of the index's names; `from` and `until` are times of the last use. */
export type EntryChoice =
  | { readonly by: 'all' }
  | { readonly by: 'name'; readonly name: number }
  | { readonly by: 'kind'; readonly kind: EntryKind }
  | { readonly by: 'age'; readonly from: number; readonly until: number };

/** listEntries goes once through the outputs and keeps the largest of those that are wanted. */
export function* listEntries(
  index: EntryIndex,
  owners: Owners,
  choice: EntryChoice,
  most: number,
): Steps<EntryList> {
  const { outputs } = index;
  const largest = createLargest(most);
  let [count, bytes] = [0, 0];
  for (let row = 0; row < outputs.length; row++) {
    if (row % rowsPerStep === 0) yield;
    if (!outputs.isUsed(row) || !isWanted(index, owners, choice, row)) continue;
    const size = outputs.bytes(row);
    count += 1;
    bytes += size;
    largest.add(row, size);
  }
  return { rows: largest.take().map((row) => entryRow(index, owners, row)), count, bytes };
}

function isWanted({ outputs }: EntryIndex, owners: Owners, choice: EntryChoice, row: number): boolean {
  switch (choice.by) {
    case 'all':
      return true;
    case 'name':
      return owners.outputs[row] === choice.name;
    case 'kind':
      return entryKind(outputs.kind(row)) === choice.kind;
    case 'age': {
      const lastUsed = owners.lastUsed[row] ?? 0;
      return lastUsed >= choice.from && lastUsed < choice.until;
    }
  }
}

/** entryRow is what is known of an output by the index. */
export function entryRow(index: EntryIndex, owners: Owners, row: number): EntryRow {
  const { outputs, names } = index;
  const name = names[owners.outputs[row] ?? -1];
  return {
    id: outputs.id(row),
    kind: entryKind(outputs.kind(row)),
    importPath: name?.importPath,
    unit: name === undefined ? undefined : unitText(name),
    variant: name === undefined || name.part === 'result' ? '' : variantText(name, false),
    bytes: outputs.bytes(row),
    lastUsed: owners.lastUsed[row] ?? 0,
  };
}

/** createLargest keeps the rows with the largest sizes in a heap, the smallest of them on top. */
function createLargest(most: number) {
  const rows: number[] = [];
  const sizes: number[] = [];
  const size = (at: number): number => sizes[at] ?? Number.POSITIVE_INFINITY;
  const swap = (one: number, other: number): void => {
    [rows[one], rows[other]] = [rows[other] ?? 0, rows[one] ?? 0];
    [sizes[one], sizes[other]] = [size(other), size(one)];
  };
  const sink = (): void => {
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      const child = size(left + 1) < size(left) ? left + 1 : left;
      if (size(child) >= size(at)) return;
      swap(at, child);
      at = child;
    }
  };
  return {
    add(row: number, bytes: number): void {
      if (rows.length < most) {
        rows.push(row);
        sizes.push(bytes);
        for (let at = rows.length - 1; at > 0 && size(at) < size((at - 1) >> 1); at = (at - 1) >> 1)
          swap(at, (at - 1) >> 1);
      } else if (bytes > size(0)) {
        rows[0] = row;
        sizes[0] = bytes;
        sink();
      }
    },
    take: (): number[] =>
      rows
        .map((row, at) => ({ row, bytes: size(at) }))
        .sort((one, other) => other.bytes - one.bytes)
        .map(({ row }) => row),
  };
}
