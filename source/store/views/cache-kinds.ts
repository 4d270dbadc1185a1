import { defineTable } from '../define-table.ts';
import type { TableView } from '../view.ts';
import { bytesColumn, countColumn, nameColumn } from './columns.ts';
import { emptyWords, inputs, itemsOf, scanCommand } from './contents-source.ts';

type KindRow = { readonly kind: string; readonly entries: number; readonly bytes: number };

/** cacheKindsView is GOCACHE by what its entries hold. */
export const cacheKindsView: TableView = defineTable<KindRow>({
  id: 'cache-kinds',
  crumb: () => 'kinds',
  command: scanCommand,
  enter: (_state, _level, kind) => ({ view: 'cache-entries', subject: `kind ${kind}` }),
  sort: { column: 'bytes', isReversed: false },
  empty: emptyWords,
  inputs,
  items: (state) => itemsOf(state, ({ kinds }) => kinds),
  idOf: ({ kind }) => kind,
  nameOf: ({ kind }) => `${kind} ${kindWords[kind] ?? ''}`,
  columns: [
    nameColumn('kind', ({ kind }) => `${kind.padEnd(11)}${kindWords[kind] ?? ''}`),
    countColumn('entries', 'entries', ({ entries }) => entries),
    bytesColumn(),
  ],
});

/** kindWords say what an entry of a kind is. */
export const kindWords: Readonly<Record<string, string>> = {
  archive: 'compiled packages',
  test: 'results and logs of tests',
  vet: 'facts of vet',
  index: 'indexes of packages and modules',
  files: 'lists of source files',
  executable: 'programs of go run and go tool',
  cgo: 'what cgo wrote',
  other: 'probed flags, empty outputs, what is not known',
};
