import type { Stats } from 'node:fs';
import type { ActionsFound, OutputsFound } from './entry-change.ts';
import { idSize } from './id-table.ts';

/** EntryPack gathers entries of one kind in memory that threads share, so that a million of them move without a copy. */
export type EntryPack = {
  /** clear begins anew, in the same memory. */
  clear(): void;
  /** add takes an entry whose name begins with its ID in hex. */
  add(name: string, stats: Pick<Stats, 'mtimeMs' | 'blocks'>, bytes: number, isFolder: boolean): void;
  /** actions and outputs are what was gathered, good until the next clear. */
  actions(): ActionsFound;
  outputs(): OutputsFound;
};

/** createEntryPack returns an empty pack, which grows as it must. */
export function createEntryPack(): EntryPack {
  let memory = makeMemory(1024);
  let count = 0;

  function grow(): void {
    const { ids, mtimes, blocks, sizes, folders } = memory;
    memory = makeMemory(count * 2);
    memory.ids.set(ids);
    memory.mtimes.set(mtimes);
    memory.blocks.set(blocks);
    memory.sizes.set(sizes);
    memory.folders.set(folders);
  }

  return {
    clear() {
      count = 0;
    },
    add(name, stats, bytes, isFolder) {
      if (count === memory.mtimes.length) grow();
      memory.hex.write(name, count * idSize, idSize, 'hex');
      memory.mtimes[count] = stats.mtimeMs;
      memory.blocks[count] = stats.blocks;
      memory.sizes[count] = bytes;
      memory.folders[count] = isFolder ? 1 : 0;
      count += 1;
    },
    actions: () => ({
      type: 'actions',
      ids: memory.ids.subarray(0, count * idSize),
      mtimes: memory.mtimes.subarray(0, count),
      blocks: memory.blocks.subarray(0, count),
      sizes: memory.sizes.subarray(0, count),
    }),
    outputs: () => ({
      type: 'outputs',
      ids: memory.ids.subarray(0, count * idSize),
      mtimes: memory.mtimes.subarray(0, count),
      blocks: memory.blocks.subarray(0, count),
      sizes: memory.sizes.subarray(0, count),
      folders: memory.folders.subarray(0, count),
    }),
  };
}

function makeMemory(room: number) {
  const ids = new Uint8Array(new SharedArrayBuffer(room * idSize));
  return {
    ids,
    hex: Buffer.from(ids.buffer),
    mtimes: new Float64Array(new SharedArrayBuffer(room * 8)),
    blocks: new Uint32Array(new SharedArrayBuffer(room * 4)),
    sizes: new Float64Array(new SharedArrayBuffer(room * 8)),
    folders: new Uint8Array(new SharedArrayBuffer(room)),
  };
}

/** hexAt is an ID among packed ones as 64 hex digits. */
export function hexAt(ids: Uint8Array, at: number): string {
  return Buffer.from(ids.buffer, ids.byteOffset + at * idSize, idSize).toString('hex');
}

/** packIds puts IDs in hex one behind the other. */
export function packIds(hexes: readonly string[]): Uint8Array<ArrayBuffer> {
  const ids = new Uint8Array(hexes.length * idSize);
  const bytes = Buffer.from(ids.buffer);
  for (const [at, hex] of hexes.entries()) bytes.write(hex, at * idSize, idSize, 'hex');
  return ids;
}
