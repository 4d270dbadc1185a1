import { compareLargest, compareText, defineTable } from '../define-table.ts';
import { formatAge, formatBytes } from '../format.ts';
import type { Elsewhere } from '../state.ts';

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
    {
      id: 'name',
      title: 'package',
      width: undefined,
      align: 'left',
      text: ({ importPath }) => importPath,
      compare: (one, other) => compareText(one.importPath, other.importPath),
    },
    {
      id: 'bytes',
      title: 'wrote',
      width: 9,
      align: 'right',
      text: ({ bytes }, { screen }) => formatBytes(bytes, screen.sizes),
      compare: (one, other) => compareLargest(one.bytes, other.bytes),
    },
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
