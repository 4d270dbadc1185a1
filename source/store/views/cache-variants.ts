import type { IndexSummary } from '../../build-cache/index/summary.ts';
import { defineTable } from '../define-table.ts';
import { bytesColumn, countColumn, nameColumn, usedColumn } from './columns.ts';
import { emptyWords, inputs, itemsOf, scanCommand } from './contents-source.ts';

type VariantRow = {
  readonly text: string;
  readonly packages: number;
  readonly bytes: number;
  readonly lastUsed: number;
};

// A summary comes once per reading: its variants are added up once.
const variantsOf = new WeakMap<IndexSummary, readonly VariantRow[]>();

function sumVariants(summary: IndexSummary): readonly VariantRow[] {
  const known = variantsOf.get(summary);
  if (known !== undefined) return known;
  const sums = new Map<string, { packages: number; bytes: number; lastUsed: number }>();
  for (const { text, bytes, lastUsed } of summary.packages.flatMap(({ variants }) => variants)) {
    const sum = sums.get(text) ?? { packages: 0, bytes: 0, lastUsed: 0 };
    sums.set(text, {
      packages: sum.packages + 1,
      bytes: sum.bytes + bytes,
      lastUsed: Math.max(sum.lastUsed, lastUsed),
    });
  }
  const rows = [...sums].map(([text, sum]) => ({ text, ...sum }));
  variantsOf.set(summary, rows);
  return rows;
}

/** cacheVariantsView is GOCACHE by platform, flags and Go version. */
export const cacheVariantsView = defineTable<VariantRow>({
  id: 'cache-variants',
  crumb: () => 'variants',
  command: scanCommand,
  sort: { column: 'bytes', isReversed: false },
  empty: emptyWords,
  inputs,
  items: (state) => itemsOf(state, sumVariants),
  idOf: ({ text }) => text,
  nameOf: ({ text }) => text,
  columns: [
    nameColumn('variant', ({ text }) => text),
    countColumn('packages', 'packages', ({ packages }) => packages, 1),
    bytesColumn(),
    usedColumn(),
  ],
});
