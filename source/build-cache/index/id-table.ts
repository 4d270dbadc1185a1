/**
 * IdTable gives a row number to each 32-byte ID: action IDs or output IDs of a GOCACHE. A million take 46 MB, as bytes
 * in one block, not as a million strings. A removed row stays free for the next ID.
 */
export type IdTable = {
  /** length is one more than the highest row that was ever used. */
  readonly length: number;
  /** count is the number of rows in use. */
  readonly count: number;
  find(ids: Uint8Array, offset: number): number | undefined;
  /** add gives the row of an ID, new or there already. */
  add(ids: Uint8Array, offset: number): number;
  remove(row: number): void;
  isUsed(row: number): boolean;
  /** id is the ID of a row as 64 hex digits. */
  id(row: number): string;
  /** bytes of the ID of a row; a view that is good until the next add. */
  bytes(row: number): Uint8Array;
};

export const idSize = 32;

/** createIdTable returns an empty table. */
export function createIdTable(expected = 1024): IdTable {
  let capacity = Math.max(1024, expected);
  let ids = new Uint8Array(capacity * idSize);
  let used = new Uint8Array(capacity);
  // slots hold row + 1; 0 is empty. IDs are hashes themselves: their first bytes spread well.
  let slots = new Uint32Array(slotsFor(capacity));
  let length = 0;
  let count = 0;
  const free: number[] = [];

  function find(from: Uint8Array, offset: number): number | undefined {
    const slot = slotOf(from, offset);
    const row = (slots[slot] ?? 0) - 1;
    return row < 0 ? undefined : row;
  }

  /** slotOf is the slot of an ID, or the empty one where it would stand. */
  function slotOf(from: Uint8Array, offset: number): number {
    const mask = slots.length - 1;
    let slot = hashOf(from, offset) & mask;
    while (true) {
      const row = (slots[slot] ?? 0) - 1;
      if (row < 0 || isSame(row, from, offset)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  function isSame(row: number, from: Uint8Array, offset: number): boolean {
    const at = row * idSize;
    for (let index = 0; index < idSize; index++) if (ids[at + index] !== from[offset + index]) return false;
    return true;
  }

  function add(from: Uint8Array, offset: number): number {
    const slot = slotOf(from, offset);
    const known = (slots[slot] ?? 0) - 1;
    if (known >= 0) return known;
    const row = free.pop() ?? length++;
    if (row >= capacity) grow();
    ids.set(from.subarray(offset, offset + idSize), row * idSize);
    used[row] = 1;
    count += 1;
    // grow has moved the slots.
    slots[slotOf(from, offset)] = row + 1;
    return row;
  }

  function grow(): void {
    capacity *= 2;
    const moreIds = new Uint8Array(capacity * idSize);
    moreIds.set(ids);
    ids = moreIds;
    const moreUsed = new Uint8Array(capacity);
    moreUsed.set(used);
    used = moreUsed;
    if (slots.length >= slotsFor(capacity)) return;
    slots = new Uint32Array(slotsFor(capacity));
    for (let row = 0; row < length; row++) {
      if (used[row] === 1) slots[slotOf(ids, row * idSize)] = row + 1;
    }
  }

  function remove(row: number): void {
    if (used[row] !== 1) return;
    const mask = slots.length - 1;
    let hole = slotOf(ids, row * idSize);
    used[row] = 0;
    count -= 1;
    free.push(row);
    // What stands behind the hole may belong into it: linear probing without tombstones.
    let next = hole;
    while (true) {
      next = (next + 1) & mask;
      const moved = (slots[next] ?? 0) - 1;
      if (moved < 0) break;
      const home = hashOf(ids, moved * idSize) & mask;
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
    isUsed: (row) => used[row] === 1,
    id: (row) => Buffer.from(ids.buffer, ids.byteOffset + row * idSize, idSize).toString('hex'),
    bytes: (row) => ids.subarray(row * idSize, (row + 1) * idSize),
  };
}

// At most three quarters full.
function slotsFor(rows: number): number {
  return 2 ** Math.ceil(Math.log2((rows * 4) / 3));
}

function hashOf(ids: Uint8Array, offset: number): number {
  return (
    ((ids[offset + 4] ?? 0) << 24) |
    ((ids[offset + 3] ?? 0) << 16) |
    ((ids[offset + 2] ?? 0) << 8) |
    (ids[offset + 1] ?? 0) |
    0
  );
}

/** idBytes is the 32 bytes of an ID in hex. */
export function idBytes(hex: string): Uint8Array {
  return Buffer.from(hex, 'hex');
}
