import type { PackageSum } from '../../build-cache/index/summary.ts';
import { compareLargest, defineTable } from '../define-table.ts';
import { formatBytes } from '../format.ts';
import { bytesColumn, countColumn, nameColumn, rebuildColumn, usedColumn } from './columns.ts';
import { emptyWords, inputs, itemsOf, scanCommand } from './contents-source.ts';

/** cachePackagesView is GOCACHE package by package. */
export const cachePackagesView = defineTable<PackageSum>({
  id: 'cache-packages',
  crumb: () => 'packages',
  command: scanCommand,
  enter: (_state, _level, path) => ({ view: 'cache-package', subject: path }),
  sort: { column: 'bytes', isReversed: false },
  empty: emptyWords,
  inputs,
  items: (state) => itemsOf(state, ({ packages }) => packages),
  idOf: ({ importPath }) => importPath,
  nameOf: ({ importPath }) => importPath,
  mark: ({ importPath }, { screen }) =>
    screen.marks.ids.has(importPath) ? { text: '*', tone: 'accent' } : ' ',
  columns: [
    nameColumn('package', ({ importPath }) => importPath),
    countColumn('variants', 'variants', ({ variants }) => variants.length, 2),
    {
      id: 'superseded',
      title: 'superseded',
      width: 10,
      align: 'right',
      drop: 1,
      text: ({ superseded }, { screen }) =>
        superseded.bytes === 0 ? '' : formatBytes(superseded.bytes, screen.sizes),
      compare: (one, other) => compareLargest(one.superseded.bytes, other.superseded.bytes),
    },
    bytesColumn(),
    usedColumn(),
    rebuildColumn(),
  ],
});
