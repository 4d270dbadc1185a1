import { compareLargest, defineTable } from '../define-table.ts';
import { formatAge } from '../format.ts';
import type { Elsewhere } from '../state.ts';
import { bytesColumn, nameColumn } from './columns.ts';

type Compiled = Elsewhere['compiled'][number];

/** elsewhereView is what builds that we did not start have compiled. */
export const elsewhereView = defineTable<Compiled>({
  id: 'elsewhere',
  crumb: () => 'compiled by others',
  command: () => 'gocachetop',
  sort: { column: 'when', isReversed: false },
  empty: () => 'no build has stored anything in this GOCACHE since gocachetop started',
  inputs: ({ elsewhere }) => [elsewhere.compiled],
  items: ({ elsewhere }) => elsewhere.compiled,
  idOf: ({ importPath, at }) => `${importPath} ${at}`,
  nameOf: ({ importPath }) => importPath,
  mark: () => '+',
  columns: [
    nameColumn('package', ({ importPath }) => importPath),
    bytesColumn('wrote'),
    {
      id: 'when',
      title: 'ago',
      width: 7,
      align: 'right',
      text: ({ at }, { now }) => formatAge(now - at),
      compare: (one, other) => compareLargest(one.at, other.at),
    },
  ],
});
