import type { IndexSummary } from '../../build-cache/index/summary.ts';
import { defineTable } from '../define-table.ts';
import type { TableView } from '../view.ts';
import { bytesColumn, countColumn } from './columns.ts';
import { emptyWords, inputs, itemsOf, scanCommand } from './contents-source.ts';

type AgeRow = {
  readonly days: number;
  readonly entries: number;
  readonly bytes: number;
  readonly share: number;
};

const agesOf = new WeakMap<IndexSummary, readonly AgeRow[]>();

function agesWithShare(summary: IndexSummary): readonly AgeRow[] {
  const known = agesOf.get(summary);
  if (known !== undefined) return known;
  const most = Math.max(1, ...summary.ages.map(({ bytes }) => bytes));
  const rows = summary.ages
    .filter(({ days, bytes }) => bytes > 0 || days <= trimDays)
    .map((age) => ({ ...age, share: age.bytes / most }));
  agesOf.set(summary, rows);
  return rows;
}

// Go trims what was not used for five days: cmd/go/internal/cache: trimLimit, go1.26
const trimDays = 5;
const barWidth = 24;

/** cacheAgesView is a histogram of last use; Go's own limit is a word in the row where it begins. */
export const cacheAgesView: TableView = defineTable<AgeRow>({
  id: 'cache-ages',
  crumb: () => 'ages',
  command: scanCommand,
  enter: (_state, _level, days) => ({ view: 'cache-entries', subject: `age ${days}` }),
  sort: { column: 'days', isReversed: false },
  empty: emptyWords,
  inputs,
  items: (state) => itemsOf(state, agesWithShare),
  idOf: ({ days }) => String(days),
  nameOf: ageWords,
  tone: ({ days }) => (days > trimDays ? 'quiet' : 'plain'),
  columns: [
    {
      id: 'days',
      title: 'last used',
      width: undefined,
      align: 'left',
      text: (age) =>
        `${ageWords(age).padEnd(12)}${'#'.repeat(Math.ceil(age.share * barWidth)).padEnd(barWidth)}${age.days === trimDays ? '  | Go trims from here' : ''}`,
      compare: (one, other) => one.days - other.days,
    },
    countColumn('entries', 'outputs', ({ entries }) => entries),
    bytesColumn(),
  ],
});

function ageWords({ days }: AgeRow): string {
  if (days === 0) return 'today';
  return days === 30 ? '30 d, older' : `${days} d`;
}
