import type { ActionId, OutputId } from '../../go/ids.ts';
import { entryKinds, type OutputKind } from '../output-kind.ts';
import { createColumn } from './column.ts';
import { createIdTable, idBytes } from './id-table.ts';
import type { ArchiveName } from './name.ts';

/**
 * EntryIndex holds every entry of a GOCACHE: typed arrays, a row per action entry and a row per output. It is mutable
 * and has one writer; `revision` tells readers that it changed. Times are Unix milliseconds.
 */
export type EntryIndex = {
  readonly revision: number;
  readonly actions: ActionRows;
  readonly outputs: OutputRows;
  /** names are what archives and executables say of themselves, by the number in `outputs.name`. */
  readonly names: readonly ArchiveName[];
  /** apply takes what a scan or the watcher found. */
  apply(change: EntryChange): void;
  /** beginScan and endScan bracket a whole scan: what was not seen in between is gone. */
  beginScan(): void;
  endScan(): void;
};

export type ActionRows = Rows<ActionId> & {
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

/** EntryChange is what was found; IDs are packed, 32 bytes each, so that a folder of thousands is one message. */
export type EntryChange =
  | {
      readonly type: 'actions';
      readonly ids: Uint8Array;
      readonly mtimes: Float64Array;
      readonly blocks: Uint32Array;
    }
  | {
      readonly type: 'outputs';
      readonly ids: Uint8Array;
      readonly mtimes: Float64Array;
      readonly blocks: Uint32Array;
      readonly sizes: Float64Array;
      readonly folders: Uint8Array;
    }
  /** read is the content of action entries: which output, how large, when added; a size below 0 says that Go cannot use it. */
  | {
      readonly type: 'read';
      readonly ids: Uint8Array;
      readonly outputs: Uint8Array;
      readonly sizes: Float64Array;
      readonly addedAt: Float64Array;
    }
  | {
      readonly type: 'named';
      readonly id: string;
      readonly kind: OutputKind;
      readonly name: ArchiveName | undefined;
    }
  | { readonly type: 'removed'; readonly file: 'action' | 'output'; readonly id: string };

/** outputKinds are the kinds in the order of their numbers; 0 stands for not known yet. */
const outputKinds: readonly (OutputKind | undefined)[] = [undefined, ...entryKinds, 'unknown'];

const notRead = -2;
const faulty = -1;

/** createEntryIndex returns an empty index. */
export function createEntryIndex(): EntryIndex {
  let revision = 0;
  let scan = 1;
  const names: ArchiveName[] = [];
  const nameNumbers = new Map<string, number>();

  const actionIds = createIdTable();
  const action = {
    mtime: createColumn((length) => new Float64Array(length)),
    blocks: createColumn((length) => new Uint32Array(length)),
    seen: createColumn((length) => new Uint16Array(length)),
    output: createColumn((length) => new Int32Array(length), notRead),
    addedAt: createColumn((length) => new Float64Array(length)),
    size: createColumn((length) => new Float64Array(length)),
  };
  const outputIds = createIdTable();
  const output = {
    mtime: createColumn((length) => new Float64Array(length)),
    blocks: createColumn((length) => new Uint32Array(length)),
    seen: createColumn((length) => new Uint16Array(length)),
    bytes: createColumn((length) => new Float64Array(length)),
    folder: createColumn((length) => new Uint8Array(length)),
    kind: createColumn((length) => new Uint8Array(length)),
    name: createColumn((length) => new Int32Array(length), -1),
    /** isThere: an output may be known by an action entry alone, when it is missing. */
    isThere: createColumn((length) => new Uint8Array(length)),
  };
  let outputCount = 0;

  function apply(change: EntryChange): void {
    revision += 1;
    switch (change.type) {
      case 'actions':
        change.mtimes.forEach((mtime, index) => {
          const isNew = actionIds.find(change.ids, index * 32) === undefined;
          const row = actionIds.add(change.ids, index * 32);
          // Written again, or only used: its content may be another.
          if (isNew || mtime !== action.mtime.get(row)) action.output.set(row, notRead);
          action.mtime.set(row, mtime);
          action.blocks.set(row, change.blocks[index] ?? 0);
          action.seen.set(row, scan);
        });
        return;
      case 'outputs':
        change.mtimes.forEach((mtime, index) => {
          const row = outputRow(change.ids, index * 32);
          const isNew = output.isThere.get(row) === 0;
          const size = change.sizes[index] ?? 0;
          if (isNew || size !== output.bytes.get(row)) {
            output.kind.set(row, 0);
            output.name.set(row, -1);
          }
          if (isNew) outputCount += 1;
          output.isThere.set(row, 1);
          output.mtime.set(row, mtime);
          output.blocks.set(row, change.blocks[index] ?? 0);
          output.bytes.set(row, size);
          output.folder.set(row, change.folders[index] ?? 0);
          output.seen.set(row, scan);
        });
        return;
      case 'read':
        change.sizes.forEach((size, index) => {
          const row = actionIds.find(change.ids, index * 32);
          if (row === undefined) return;
          action.size.set(row, size);
          action.addedAt.set(row, change.addedAt[index] ?? 0);
          action.output.set(row, size < 0 ? faulty : outputRow(change.outputs, index * 32));
        });
        return;
      case 'named': {
        const row = outputIds.find(idBytes(change.id), 0);
        if (row === undefined) return;
        output.kind.set(row, outputKinds.indexOf(change.kind));
        output.name.set(row, change.name === undefined ? -1 : numberOf(change.name));
        return;
      }
      case 'removed':
        remove(change.file, idBytes(change.id));
        return;
    }
  }

  function outputRow(ids: Uint8Array, offset: number): number {
    const known = outputIds.find(ids, offset);
    if (known !== undefined) return known;
    const row = outputIds.add(ids, offset);
    output.isThere.set(row, 0);
    output.kind.set(row, 0);
    output.name.set(row, -1);
    output.bytes.set(row, 0);
    return row;
  }

  function numberOf(name: ArchiveName): number {
    const key = JSON.stringify(name);
    const known = nameNumbers.get(key);
    if (known !== undefined) return known;
    nameNumbers.set(key, names.length);
    return names.push(name) - 1;
  }

  function remove(file: 'action' | 'output', id: Uint8Array): void {
    const table = file === 'action' ? actionIds : outputIds;
    const row = table.find(id, 0);
    if (row === undefined) return;
    if (file === 'action') removeAction(row);
    else removeOutput(row);
  }

  function removeAction(row: number): void {
    action.output.set(row, notRead);
    actionIds.remove(row);
  }

  /** removeOutput keeps the row: action entries may still name it. */
  function removeOutput(row: number): void {
    if (output.isThere.get(row) === 1) outputCount -= 1;
    output.isThere.set(row, 0);
    output.bytes.set(row, 0);
    output.kind.set(row, 0);
    output.name.set(row, -1);
  }

  function endScan(): void {
    revision += 1;
    for (let row = 0; row < actionIds.length; row++)
      if (actionIds.isUsed(row) && action.seen.get(row) !== scan) removeAction(row);
    const named = new Uint8Array(outputIds.length);
    for (let row = 0; row < actionIds.length; row++) {
      const target = actionIds.isUsed(row) ? action.output.get(row) : notRead;
      if (target >= 0) named[target] = 1;
    }
    for (let row = 0; row < outputIds.length; row++) {
      if (!outputIds.isUsed(row)) continue;
      if (output.isThere.get(row) === 1 && output.seen.get(row) !== scan) removeOutput(row);
      if (output.isThere.get(row) === 0 && named[row] === 0) outputIds.remove(row);
    }
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
    endScan,
    actions: {
      get length() {
        return actionIds.length;
      },
      get count() {
        return actionIds.count;
      },
      isUsed: actionIds.isUsed,
      find: (id) => actionIds.find(idBytes(id), 0),
      id: (row) => actionIds.id(row) as ActionId,
      mtime: action.mtime.get,
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
        const row = outputIds.find(idBytes(id), 0);
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

function atLeast0(value: number): number | undefined {
  return value < 0 ? undefined : value;
}
