import type { SymbolSize } from '../../build-cache/archive-symbols.ts';
import { quote } from '../../go/shell-word.ts';
import { compareText, defineTable } from '../define-table.ts';
import { lookAt, lookWords } from '../explorer.ts';
import { formatBytes, formatCount } from '../format.ts';
import { bytesColumn, nameColumn } from './columns.ts';

const none: readonly SymbolSize[] = [];

/** cacheSymbolsView is what an archive defines, the largest first; its subject is the output ID. */
export const cacheSymbolsView = defineTable<SymbolSize>({
  id: 'cache-symbols',
  crumb: () => 'symbols',
  command: ({ buildCache }, { subject = '' }) =>
    `go tool nm -size -sort size ${quote(`${buildCache.path}/${subject.slice(0, 2)}/${subject}-d`)}`,
  sort: { column: 'bytes', isReversed: false },
  empty: (state, level) => lookWords(state, lookAt(state, level)),
  note(state, level) {
    const looked = lookAt(state, level);
    if (looked?.type !== 'symbols') return '';
    const { count, bytes, symbols } = looked.table;
    const which = symbols.length < count ? `the largest ${formatCount(symbols.length)} of ` : '';
    return `${which}${formatCount(count)} symbols, ${formatBytes(bytes, state.screen.sizes)}`;
  },
  inputs: ({ explorer }) => [explorer.looks],
  items(state, level) {
    const looked = lookAt(state, level);
    return looked?.type === 'symbols' ? looked.table.symbols : none;
  },
  idOf: ({ row }) => String(row),
  nameOf: ({ name }) => name,
  columns: [
    nameColumn('symbol', ({ name }) => (name === '' ? '(no name)' : name)),
    {
      id: 'section',
      title: 'section',
      width: 7,
      align: 'left',
      drop: 1,
      text: ({ section }) => section,
      compare: (one, other) => compareText(one.section, other.section),
    },
    bytesColumn(),
  ],
});
