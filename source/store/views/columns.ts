import type { RebuildPrice } from '../../build-cache/index/price.ts';
import { type Column, compareLargest, compareText } from '../define-table.ts';
import { formatAge, formatBytes, formatCount } from '../format.ts';
import { priceCell, priceOrder } from '../price-words.ts';

/** nameColumn takes the room that the others leave; it sorts by its letters. */
export function nameColumn<Item>(title: string, text: (item: Item) => string): Column<Item> {
  return {
    id: 'name',
    title,
    width: undefined,
    align: 'left',
    text,
    compare: (one, other) => compareText(text(one), text(other)),
  };
}

/** bytesColumn is a size, the largest first. */
export function bytesColumn<Item extends { readonly bytes: number }>(title = 'size'): Column<Item> {
  return {
    id: 'bytes',
    title,
    width: 9,
    align: 'right',
    text: ({ bytes }, { screen }) => formatBytes(bytes, screen.sizes),
    compare: (one, other) => compareLargest(one.bytes, other.bytes),
  };
}

/** countColumn is a number of things, the most first; `drop` says how soon it gives way. */
export function countColumn<Item>(
  id: string,
  title: string,
  count: (item: Item) => number,
  drop?: number,
): Column<Item> {
  return {
    id,
    title,
    width: 9,
    align: 'right',
    ...(drop === undefined ? {} : { drop }),
    text: (item) => formatCount(count(item)),
    compare: (one, other) => count(other) - count(one),
  };
}

/** usedColumn is how long ago the last use was, the newest first. */
export function usedColumn<Item extends { readonly lastUsed: number }>(): Column<Item> {
  return {
    id: 'used',
    title: 'used',
    width: 7,
    align: 'right',
    drop: 3,
    text: ({ lastUsed }, { now }) => formatAge(Math.max(0, now - lastUsed)),
    compare: (one, other) => other.lastUsed - one.lastUsed,
  };
}

/** rebuildColumn is what it would take to compile it again, the dearest first. */
export function rebuildColumn<Item extends { readonly rebuild: RebuildPrice }>(): Column<Item> {
  return {
    id: 'rebuild',
    title: 'to rebuild',
    width: 10,
    align: 'right',
    drop: 2,
    text: ({ rebuild }) => priceCell(rebuild),
    compare: (one, other) => priceOrder(one.rebuild, other.rebuild),
  };
}
