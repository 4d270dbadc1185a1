/**
 * IdTable gives a row number to each 32-byte ID: action IDs or output IDs of a GOCACHE. A million take 46 MB, as words
 * in one block, not as a million strings. A removed row stays free for the next ID. IDs come packed, one behind the
 * other, as `wordsOf` gives them; `at` says which of them is meant.
 */
export type IdTable = {
  /** length is one more than the highest row that was ever used. */
  readonly length: number;
  /** count is the number of rows in use. */
  readonly count: number;
  find(ids: Uint32Array, at: number): number | undefined;
  /** add gives the row of an ID, new or there already; `count` tells which. */
  add(ids: Uint32Array, at: number): number;
  remove(row: number): void;
  /** reserve makes room for so many rows. */
  reserve(rows: number): void;
  isUsed(row: number): boolean;
  /** firstByte of the ID of a row: the folder that its entry lies in. */
  firstByte(row: number): number;
  /** id is the ID of a row as 64 hex digits. */
  id(row: number): string;
  /** image is all rows as they lie, good until the next add. */
  image(): IdTableImage;
};

/** IdTableImage is a table as plain memory: the IDs of so many rows, and a 1 for each row in use. */
export type IdTableImage = { readonly length: number; readonly ids: Uint32Array; readonly used: Uint8Array };

export const idSize = 32;
const idWords = idSize / 4;

/** wordsOf sees packed IDs as words, without a copy where their place in memory allows it. */
export function wordsOf(ids: Uint8Array): Uint32Array {
  const aligned = ids.byteOffset % 4 === 0 ? ids : ids.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}

/** idWordsOf is the words of one ID in hex. */
export function idWordsOf(hex: string): Uint32Array {
  const bytes = new Uint8Array(idSize);
  Buffer.from(bytes.buffer).write(hex, 'hex');
  return wordsOf(bytes);
}

/** createIdTable returns an empty table, or the one that an image shows, whose memory it then uses. */
export function createIdTable(image?: IdTableImage): IdTable {
  let ids = image?.ids ?? new Uint32Array(fewestRows * idWords);
  let bytes = new Uint8Array(ids.buffer, ids.byteOffset);
  let used = image?.used ?? new Uint8Array(fewestRows);
  let capacity = used.length;
  // slots hold row + 1; 0 is empty.
  let slots = new Uint32Array(slotsFor(capacity));
  let length = image?.length ?? 0;
  let count = 0;
  const free: number[] = [];
  for (let row = 0; row < length; row++) {
    if (used[row] === 1) count += 1;
    else free.push(row);
  }
  placeAll();

  function find(from: Uint32Array, at: number): number | undefined {
    const row = (slots[slotOf(from, at)] ?? 0) - 1;
    return row < 0 ? undefined : row;
  }

  /** slotOf is the slot of an ID, or the empty one where it would stand. */
  function slotOf(from: Uint32Array, at: number): number {
    const mask = slots.length - 1;
    let slot = hashOf(from, at) & mask;
    while (true) {
      const row = (slots[slot] ?? 0) - 1;
      if (row < 0 || isSame(row, from, at)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  function isSame(row: number, from: Uint32Array, at: number): boolean {
    const one = row * idWords;
    const other = at * idWords;
    for (let word = 0; word < idWords; word++) if (ids[one + word] !== from[other + word]) return false;
    return true;
  }

  function add(from: Uint32Array, at: number): number {
    let slot = slotOf(from, at);
    const known = (slots[slot] ?? 0) - 1;
    if (known >= 0) return known;
    const row = free.pop() ?? length++;
    if (row >= capacity) {
      reserve(Math.ceil(capacity * 1.5));
      slot = slotOf(from, at);
    }
    for (let word = 0; word < idWords; word++) ids[row * idWords + word] = from[at * idWords + word] ?? 0;
    used[row] = 1;
    count += 1;
    slots[slot] = row + 1;
    return row;
  }

  function reserve(rows: number): void {
    if (rows <= capacity) return;
    capacity = rows;
    const moreIds = new Uint32Array(capacity * idWords);
    moreIds.set(ids);
    ids = moreIds;
    bytes = new Uint8Array(ids.buffer);
    const moreUsed = new Uint8Array(capacity);
    moreUsed.set(used);
    used = moreUsed;
    if (slots.length < slotsFor(capacity)) placeAll();
  }

  /** placeAll gives every row a slot anew; all IDs differ, so that nothing need be compared. */
  function placeAll(): void {
    slots = new Uint32Array(slotsFor(capacity));
    const mask = slots.length - 1;
    for (let row = 0; row < length; row++) {
      if (used[row] !== 1) continue;
      let slot = hashOf(ids, row) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = row + 1;
    }
  }

  function remove(row: number): void {
    if (used[row] !== 1) return;
    const mask = slots.length - 1;
    let hole = slotOf(ids, row);
    used[row] = 0;
    count -= 1;
    free.push(row);
    // What stands behind the hole may belong into it: linear probing without tombstones.
    let next = hole;
    while (true) {
      next = (next + 1) & mask;
      const moved = (slots[next] ?? 0) - 1;
      if (moved < 0) break;
      const home = hashOf(ids, moved) & mask;
      const isBetween = hole <= next ? hole < home && home <= next : hole < home || home <= next;
      if (isBetween) continue;
      slots[hole] = moved + 1;
      hole = next;
    }
    slots[hole] = 0;
  }

  return {
    get length() {
      return length;
    },
    get count() {
      return count;
    },
    find,
    add,
    remove,
    reserve,
    isUsed: (row) => used[row] === 1,
    firstByte: (row) => bytes[row * idSize] ?? 0,
    id: (row) => Buffer.from(ids.buffer, ids.byteOffset + row * idSize, idSize).toString('hex'),
    image: () => ({ length, ids: ids.subarray(0, length * idWords), used: used.subarray(0, length) }),
  };
}

const fewestRows = 1024;

// At most three quarters full.
function slotsFor(rows: number): number {
  return 2 ** Math.ceil(Math.log2((rows * 4) / 3));
}

/** hashOf mixes all words of an ID: one would do for real ones, which are hashes, but a name may be any hex digits. */
function hashOf(ids: Uint32Array, at: number): number {
  let hash = 0;
  for (let word = 0; word < idWords; word++)
    hash = Math.imul(hash ^ (ids[at * idWords + word] ?? 0), 0x9e3779b1) ^ (hash >>> 15);
  return hash ^ (hash >>> 16);
}
