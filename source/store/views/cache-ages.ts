import type { IndexSummary } from '../../build-cache/index/summary.ts';
import { defineTable } from '../define-table.ts';
import { formatBytes, formatCount } from '../format.ts';
import type { AppState } from '../state.ts';
import type { TableView } from '../view.ts';
import { emptyWords, inputs, itemsOf, scanCommand } from './contents-source.ts';

type AgeRow = {
  /** days is the first full day of it; that of Go's line lies between two. */
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

// Go trims what was not used for five days and an hour: cmd/go/internal/cache: trimLimit, mtimeInterval, go1.26
const trimDays = 5;
const goLine: AgeRow = { days: trimDays - 0.5, entries: 0, bytes: 0, share: 0 };

/** cacheAgesView is a histogram of last use over days, with Go's own limit as a line across it. */
export const cacheAgesView: TableView = defineTable<AgeRow>({
  id: 'cache-ages',
  crumb: () => 'ages',
  command: scanCommand,
  enter: (_state, _level, days) =>
    days === String(goLine.days)
      ? { view: 'cache-trim', subject: undefined }
      : { view: 'cache-entries', subject: `age ${days}` },
  sort: { column: 'days', isReversed: false },
  empty: emptyWords,
  inputs,
  // By size there is no place where a line would part what is old.
  items: (state, { sort }) => {
    const rows = itemsOf(state, agesWithShare);
    return sort.column === 'days' && rows.length > 0 ? [...rows, goLine] : rows;
  },
  idOf: ({ days }) => String(days),
  nameOf: ageWords,
  tone: (row) => (row === goLine ? 'warning' : row.days >= trimDays ? 'quiet' : 'plain'),
  columns: [
    {
      id: 'days',
      title: 'last used',
      width: undefined,
      align: 'left',
      text: (row, state) =>
        row === goLine ? lineText(state) : `${ageWords(row).padEnd(wordCells)}${bar(row, state)}`,
      compare: (one, other) => one.days - other.days,
    },
    {
      id: 'entries',
      title: 'outputs',
      width: 9,
      align: 'right',
      drop: 1,
      text: (row) => (row === goLine ? '' : formatCount(row.entries)),
      compare: (one, other) => other.entries - one.entries,
    },
    {
      id: 'bytes',
      title: 'size',
      width: 9,
      align: 'right',
      text: (row, { screen }) => (row === goLine ? '' : formatBytes(row.bytes, screen.sizes)),
      compare: (one, other) => other.bytes - one.bytes,
    },
  ],
});

// `30 d, older` and a space.
const wordCells = 12;

function bar({ share }: AgeRow, state: AppState): string {
  return '▇'.repeat(Math.ceil(share * barCells(state)));
}

/** barCells is the room that the columns leave: a pane has it all once its list is open. */
function barCells({ screen }: AppState): number {
  const { columns } = screen.size;
  const taken = columns < 52 ? 11 : 22;
  return Math.max(4, Math.min(60, columns - 6 - taken - wordCells));
}

function lineText(state: AppState): string {
  const room = wordCells + barCells(state);
  const words = room < 30 ? " Go's limit " : ' Go trims what is below ';
  return room < words.length
    ? '─'.repeat(room)
    : `──${words}${'─'.repeat(Math.max(0, room - words.length - 2))}`;
}

function ageWords({ days }: AgeRow): string {
  if (days === 0) return 'today';
  return days === 30 ? '30 d, older' : `${days} d`;
}
