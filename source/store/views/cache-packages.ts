import { quote } from '../../go/shell-word.ts';
import { compareLargest, defineTable } from '../define-table.ts';
import { formatBytes, formatCount } from '../format.ts';
import type { Span } from '../line.ts';
import { type PackageRow, packageTree } from '../package-tree.ts';
import type { AppState } from '../state.ts';
import type { Level } from '../view.ts';
import { bytesColumn, countColumn, nameColumn, rebuildColumn, usedColumn } from './columns.ts';
import { emptyWords, inputs, itemsOf, scanCommand } from './contents-source.ts';

/**
 * cachePackagesView is GOCACHE package by package: a tree by module path, a level per node. A filter looks through all packages, wherever
 * one is.
 */
export const cachePackagesView = defineTable<PackageRow>({
  id: 'cache-packages',
  crumb: (_state, { subject }) => (subject === undefined ? 'packages' : subject.slice('tree:'.length)),
  command(state, level) {
    const node = nodeOf(state, level);
    return node === undefined || node.id === 'tree:std'
      ? scanCommand(state)
      : `gocachetop prune --package ${quote(node.name)} --dry-run`;
  },
  enter: (state, _level, id) =>
    treeOf(state)?.node(id) === undefined
      ? { view: 'cache-package', subject: id }
      : { view: 'cache-packages', subject: id },
  sort: { column: 'bytes', isReversed: false },
  empty: (state) =>
    (state.buildCache.contents?.packages.length ?? 0) > 0 ? 'nothing of it is left' : emptyWords(state),
  inputs,
  items: (state, { subject, filter }) =>
    itemsOf(state, (summary) => {
      const tree = packageTree(summary);
      return filter === '' ? tree.rows(subject) : tree.all;
    }),
  idOf: ({ id }) => id,
  nameOf: ({ name }) => name,
  mark: ({ packages }, { screen }) => markOf(packages, screen.marks.ids),
  marks: (state, _level, id) =>
    treeOf(state)
      ?.node(id)
      ?.packages.map(({ importPath }) => ({ id: importPath })) ?? [{ id }],
  columns: [
    nameColumn('package', ({ name }) => name),
    {
      id: 'packages',
      title: 'packages',
      width: 8,
      align: 'right',
      drop: 2,
      text: ({ isNode, packages }) => (isNode ? formatCount(packages.length) : ''),
      compare: (one, other) => other.packages.length - one.packages.length,
    },
    countColumn('entries', 'entries', ({ entries }) => entries, 3),
    countColumn('variants', 'variants', ({ variants }) => variants, 4),
    {
      id: 'superseded',
      title: 'superseded',
      width: 12,
      align: 'right',
      drop: 1,
      text: ({ superseded }, { screen }) =>
        superseded.bytes === 0 ? '' : formatBytes(superseded.bytes, screen.sizes),
      compare: (one, other) => compareLargest(one.superseded.bytes, other.superseded.bytes),
    },
    bytesColumn(),
    usedColumn(),
    // What it costs to make again says more than how many entries it is.
    { ...rebuildColumn(), drop: 5 },
  ],
});

function treeOf({ buildCache }: AppState) {
  return buildCache.contents === undefined ? undefined : packageTree(buildCache.contents);
}

function nodeOf(state: AppState, { subject }: Level): PackageRow | undefined {
  return subject === undefined ? undefined : treeOf(state)?.node(subject);
}

/** markOf is `*` for what is marked with all below, `~` where only some is. */
function markOf(packages: PackageRow['packages'], marked: ReadonlySet<string>): Span {
  if (marked.size === 0) return ' ';
  const count = packages.reduce((sum, { importPath }) => sum + (marked.has(importPath) ? 1 : 0), 0);
  if (count === 0) return ' ';
  return { text: count === packages.length ? '*' : '~', tone: 'accent' };
}
