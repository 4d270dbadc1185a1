import type { ActionId, OutputId } from '../../go/ids.ts';
import { actionEntrySize } from '../action-entry.ts';
import { entryKinds, type OutputKind } from '../output-kind.ts';
import { createColumn } from './column.ts';
import type { ActionsFound, EntryChange, OutputsFound } from './entry-change.ts';
import { createIdTable, idSize, idWordsOf, wordsOf } from './id-table.ts';
import type { IndexImage } from './index-image.ts';
import type { ArchiveName } from './name.ts';

/**
 * EntryIndex holds every entry of a GOCACHE: typed arrays, a row per action entry and a row per output. It is mutable
 * and has one writer; `revision` tells readers that something in it changed. Times are Unix milliseconds.
 */
export type EntryIndex = {
  readonly revision: number;
  readonly actions: ActionRows;
  readonly outputs: OutputRows;
  /** names are what archives and executables say of themselves, by the number in `outputs.name`. */
  readonly names: readonly ArchiveName[];
  /** apply takes what a scan or the watcher found. */
  apply(change: EntryChange): void;
  /** reserve makes room where it can be told how many entries will come. */
  reserve(expected: { readonly actions: number; readonly outputs: number }): void;
  /** beginScan and endScan bracket a scan: of the folders that were read, what was not seen in between is gone. */
  beginScan(): void;
  endScan(isFolderRead: (folder: number) => boolean): void;
  /** image is all of it as plain memory; good until the next change. */
  image(): IndexImage;
};

export type ActionRows = Rows<ActionId> & {
  /** bytes as its size says: 175, of any other size it is no entry to Go. */
  bytes(row: number): number;
  /** output is the row of the output that it names; undefined when it was not read yet, or cannot be used. */
  output(row: number): number | undefined;
  /** isRead says that its content was read; a faulty one has no output then. */
  isRead(row: number): boolean;
  /** addedAt is when Go wrote it; undefined when it was not read. */
  addedAt(row: number): number | undefined;
  /** sizeBytes is the size that its output must have to be used; undefined when it was not read. */
  sizeBytes(row: number): number | undefined;
};

export type OutputRows = Rows<OutputId> & {
  /** bytes as its size says; of an executable, which is a folder, those of the file in it. */
  bytes(row: number): number;
  isFolder(row: number): boolean;
  /** kind is undefined until its first bytes were read. */
  kind(row: number): OutputKind | undefined;
  /** name is the number of what an archive or executable says of itself; undefined for others. */
  name(row: number): number | undefined;
};

export type Rows<Id> = {
  /** length is one more than the highest row; some rows below may be unused. */
  readonly length: number;
  readonly count: number;
  isUsed(row: number): boolean;
  find(id: Id): number | undefined;
  id(row: number): Id;
  /** mtime tells the last use to an hour. */
  mtime(row: number): number;
  /** diskBytes is what it takes on the disk. */
  diskBytes(row: number): number;
};

/** outputKinds are the kinds in the order of their numbers; 0 stands for not known yet. */
const outputKinds: readonly (OutputKind | undefined)[] = [undefined, ...entryKinds, 'unknown'];

const notRead = -2;
const faulty = -1;

/** createEntryIndex returns an empty index, or the one that an image shows. */
export function createEntryIndex(from?: IndexImage): EntryIndex {
  let revision = 0;
  let scan = 1;
  const names: ArchiveName[] = [...(from?.names ?? [])];
  const nameNumbers = new Map(names.map((name, number) => [JSON.stringify(name), number]));

  const actionIds = createIdTable(from?.actions);
  const action = {
    mtime: createColumn(float64, 0, from?.actions.mtime),
    blocks: createColumn(uint32, 0, from?.actions.blocks),
    output: createColumn(int32, notRead, from?.actions.output),
    addedAt: createColumn(float64, 0, from?.actions.addedAt),
    size: createColumn(float64, 0, from?.actions.size),
    seen: createColumn((length) => new Uint16Array(length)),
  };
  // Next to none has another size than Go gives it.
  const oddSizes = new Map(from?.actions.oddSizes);
  const outputIds = createIdTable(from?.outputs);
  const output = {
    mtime: createColumn(float64, 0, from?.outputs.mtime),
    blocks: createColumn(uint32, 0, from?.outputs.blocks),
    bytes: createColumn(float64, 0, from?.outputs.bytes),
    folder: createColumn(uint8, 0, from?.outputs.folder),
    kind: createColumn(uint8, 0, from?.outputs.kind),
    name: createColumn(int32, -1, from?.outputs.name),
    /** isThere: an output may be known by an action entry alone, when it is missing. */
    isThere: createColumn(uint8, 0, from?.outputs.isThere),
    seen: createColumn((length) => new Uint16Array(length)),
  };
  let outputCount = countOnes(from?.outputs.isThere, outputIds.length);

  function apply(change: EntryChange): void {
    switch (change.type) {
      case 'actions':
        applyActions(change);
        return;
      case 'outputs':
        applyOutputs(change);
        return;
      case 'read': {
        const ids = wordsOf(change.ids);
        const outputs = wordsOf(change.outputs);
        for (const [at, size] of change.sizes.entries()) {
          const row = actionIds.find(ids, at);
          if (row === undefined) continue;
          revision += 1;
          action.size.set(row, size);
          action.addedAt.set(row, change.addedAt[at] ?? 0);
          action.output.set(row, size < 0 ? faulty : outputRow(outputs, at));
        }
        return;
      }
      case 'named': {
        const row = outputIds.find(idWordsOf(change.id), 0);
        if (row === undefined) return;
        revision += 1;
        output.kind.set(row, outputKinds.indexOf(change.kind));
        output.name.set(row, change.name === undefined ? -1 : numberOf(change.name));
        return;
      }
      case 'removed': {
        const ids = wordsOf(change.ids);
        const table = change.file === 'action' ? actionIds : outputIds;
        for (let at = 0; at < change.ids.length / idSize; at++) {
          const row = table.find(ids, at);
          if (row === undefined) continue;
          if (change.file === 'action') removeAction(row);
          else removeOutput(row);
        }
        return;
      }
    }
  }

  function applyActions({ ids: packed, mtimes, blocks, sizes }: ActionsFound): void {
    const ids = wordsOf(packed);
    for (let at = 0; at < mtimes.length; at++) {
      const before = actionIds.count;
      const row = actionIds.add(ids, at);
      action.seen.set(row, scan);
      const mtime = mtimes[at] ?? 0;
      const size = sizes[at] ?? actionEntrySize;
      const isKnown = actionIds.count === before && size === (oddSizes.get(row) ?? actionEntrySize);
      if (isKnown && mtime === action.mtime.get(row)) continue;
      if (size === actionEntrySize) oddSizes.delete(row);
      else oddSizes.set(row, size);
      revision += 1;
      // Written again, or only used: its content may be another.
      action.output.set(row, notRead);
      action.mtime.set(row, mtime);
      action.blocks.set(row, blocks[at] ?? 0);
    }
  }

  function applyOutputs({ ids: packed, mtimes, blocks, sizes, folders }: OutputsFound): void {
    const ids = wordsOf(packed);
    for (let at = 0; at < mtimes.length; at++) {
      const row = outputRow(ids, at);
      output.seen.set(row, scan);
      const isNew = output.isThere.get(row) === 0;
      const [mtime, size, onDisk] = [mtimes[at] ?? 0, sizes[at] ?? 0, blocks[at] ?? 0];
      const isSameSize = size === output.bytes.get(row);
      if (!isNew && isSameSize && mtime === output.mtime.get(row) && onDisk === output.blocks.get(row))
        continue;
      revision += 1;
      if (isNew || !isSameSize) {
        output.kind.set(row, 0);
        output.name.set(row, -1);
      }
      if (isNew) outputCount += 1;
      output.isThere.set(row, 1);
      output.mtime.set(row, mtime);
      output.blocks.set(row, onDisk);
      output.bytes.set(row, size);
      output.folder.set(row, folders[at] ?? 0);
    }
  }

  function outputRow(ids: Uint32Array, at: number): number {
    const before = outputIds.count;
    const row = outputIds.add(ids, at);
    // A free row still holds what stood in it.
    if (outputIds.count > before) clearOutput(row);
    return row;
  }

  function numberOf(name: ArchiveName): number {
    const key = JSON.stringify(name);
    const known = nameNumbers.get(key);
    if (known !== undefined) return known;
    nameNumbers.set(key, names.length);
    return names.push(name) - 1;
  }

  function removeAction(row: number): void {
    revision += 1;
    action.output.set(row, notRead);
    oddSizes.delete(row);
    actionIds.remove(row);
  }

  /** removeOutput keeps the row: action entries may still name it. */
  function removeOutput(row: number): void {
    if (output.isThere.get(row) === 0) return;
    revision += 1;
    outputCount -= 1;
    clearOutput(row);
  }

  function clearOutput(row: number): void {
    output.isThere.set(row, 0);
    output.bytes.set(row, 0);
    output.kind.set(row, 0);
    output.name.set(row, -1);
  }

  function endScan(isFolderRead: (folder: number) => boolean): void {
    for (let row = 0; row < actionIds.length; row++)
      if (actionIds.isUsed(row) && action.seen.get(row) !== scan && isFolderRead(actionIds.firstByte(row)))
        removeAction(row);
    const named = new Uint8Array(outputIds.length);
    for (let row = 0; row < actionIds.length; row++) {
      const target = actionIds.isUsed(row) ? action.output.get(row) : notRead;
      if (target >= 0) named[target] = 1;
    }
    for (let row = 0; row < outputIds.length; row++) {
      if (!outputIds.isUsed(row)) continue;
      const isGone = output.seen.get(row) !== scan && isFolderRead(outputIds.firstByte(row));
      if (output.isThere.get(row) === 1 && isGone) removeOutput(row);
      if (output.isThere.get(row) === 0 && named[row] === 0) outputIds.remove(row);
    }
  }

  function image(): IndexImage {
    const [ofAction, ofOutput] = [actionIds.length, outputIds.length];
    const used = usedNames();
    return {
      names: used.names,
      actions: {
        ...actionIds.image(),
        mtime: action.mtime.image(ofAction),
        blocks: action.blocks.image(ofAction),
        output: action.output.image(ofAction),
        addedAt: action.addedAt.image(ofAction),
        size: action.size.image(ofAction),
        oddSizes: [...oddSizes],
      },
      outputs: {
        ...outputIds.image(),
        mtime: output.mtime.image(ofOutput),
        blocks: output.blocks.image(ofOutput),
        bytes: output.bytes.image(ofOutput),
        folder: output.folder.image(ofOutput),
        kind: output.kind.image(ofOutput),
        name: used.numbers,
        isThere: output.isThere.image(ofOutput),
      },
    };
  }

  /** usedNames leaves out the names of what is gone: over months they would become most. */
  function usedNames(): { readonly names: ArchiveName[]; readonly numbers: Int32Array } {
    const renumbered = new Map<number, number>();
    const numbers = output.name.image(outputIds.length).map((number) => {
      if (number < 0) return number;
      const known = renumbered.get(number) ?? renumbered.size;
      renumbered.set(number, known);
      return known;
    });
    return { names: [...renumbered.keys()].flatMap((number) => names[number] ?? []), numbers };
  }

  return {
    get revision() {
      return revision;
    },
    names,
    apply,
    beginScan() {
      scan = scan === 65_535 ? 1 : scan + 1;
    },
    reserve(expected) {
      actionIds.reserve(expected.actions);
      for (const column of Object.values(action)) column.reserve(expected.actions);
      outputIds.reserve(expected.outputs);
      for (const column of Object.values(output)) column.reserve(expected.outputs);
    },
    endScan,
    image,
    actions: {
      get length() {
        return actionIds.length;
      },
      get count() {
        return actionIds.count;
      },
      isUsed: actionIds.isUsed,
      find: (id) => actionIds.find(idWordsOf(id), 0),
      id: (row) => actionIds.id(row) as ActionId,
      mtime: action.mtime.get,
      bytes: (row) => oddSizes.get(row) ?? actionEntrySize,
      diskBytes: (row) => action.blocks.get(row) * 512,
      output: (row) => atLeast0(action.output.get(row)),
      isRead: (row) => action.output.get(row) !== notRead,
      addedAt: (row) => (action.output.get(row) < 0 ? undefined : action.addedAt.get(row)),
      sizeBytes: (row) => (action.output.get(row) < 0 ? undefined : action.size.get(row)),
    },
    outputs: {
      get length() {
        return outputIds.length;
      },
      get count() {
        return outputCount;
      },
      isUsed: (row) => output.isThere.get(row) === 1,
      find(id) {
        const row = outputIds.find(idWordsOf(id), 0);
        return row === undefined || output.isThere.get(row) === 0 ? undefined : row;
      },
      id: (row) => outputIds.id(row) as OutputId,
      mtime: output.mtime.get,
      diskBytes: (row) => output.blocks.get(row) * 512,
      bytes: output.bytes.get,
      isFolder: (row) => output.folder.get(row) === 1,
      kind: (row) => outputKinds[output.kind.get(row)],
      name: (row) => atLeast0(output.name.get(row)),
    },
  };
}

function countOnes(column: Uint8Array | undefined, length: number): number {
  return column?.subarray(0, length).reduce((sum, value) => sum + value, 0) ?? 0;
}

const float64 = (length: number): Float64Array<ArrayBuffer> => new Float64Array(length);
const uint32 = (length: number): Uint32Array<ArrayBuffer> => new Uint32Array(length);
const int32 = (length: number): Int32Array<ArrayBuffer> => new Int32Array(length);
const uint8 = (length: number): Uint8Array<ArrayBuffer> => new Uint8Array(length);

function atLeast0(value: number): number | undefined {
  return value < 0 ? undefined : value;
}
