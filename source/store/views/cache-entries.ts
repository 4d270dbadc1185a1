import type { EntryChoice, EntryRow } from '../../build-cache/entry/entry-rows.ts';
import { entryKinds } from '../../build-cache/output-kind.ts';
import { quote } from '../../go/shell-word.ts';
import { type Column, compareText, defineTable } from '../define-table.ts';
import { lookAt, lookWords } from '../explorer.ts';
import { formatBytes, formatCount } from '../format.ts';
import type { AppState } from '../state.ts';
import { variantSum } from '../summary-lookup.ts';
import type { Level, TableView } from '../view.ts';
import { bytesColumn, nameColumn, usedColumn } from './columns.ts';
import { scanCommand } from './contents-source.ts';

const none: readonly EntryRow[] = [];
const day = 86_400_000;

const entryColumns: readonly Column<EntryRow>[] = [
  nameColumn('package', ({ unit, kind, id }) => unit ?? `${kind} ${id.slice(0, 12)}`),
  {
    id: 'variant',
    title: 'variant',
    width: 22,
    align: 'left',
    drop: 1,
    text: ({ variant }) => variant,
    compare: (one, other) => compareText(one.variant, other.variant),
  },
  {
    id: 'kind',
    title: 'kind',
    width: 10,
    align: 'left',
    drop: 2,
    text: ({ kind }) => kind,
    compare: (one, other) => compareText(one.kind, other.kind),
  },
  bytesColumn(),
  usedColumn(),
];

/** cacheLargestView is the largest outputs of all. */
export const cacheLargestView = defineEntries('cache-largest', () => 'largest');

/** cacheEntriesView is the outputs of one variant of a package, of a kind or of an age; its subject says which. */
export const cacheEntriesView = defineEntries('cache-entries', (state, { subject }) =>
  crumbOf(state, subject),
);

/** entryChoice is what the subject of a list of entries stands for: `name 12`, `kind test`, `age 3`. */
export function entryChoice(subject: string | undefined, now: number): EntryChoice {
  const [by = '', value = ''] = subject?.split(' ') ?? [];
  if (by === 'name') return { by, name: Number(value) };
  const kind = entryKinds.find((each) => by === 'kind' && each === value);
  if (kind !== undefined) return { by: 'kind', kind };
  if (by !== 'age') return { by: 'all' };
  const days = Number(value);
  const from = days >= lastAge ? 0 : now - (days + 1) * day;
  // What was used a moment from now, by the clock of another machine, is of today.
  return { by, from, until: days === 0 ? Number.POSITIVE_INFINITY : now - days * day };
}

// The last row of the ages holds all that are older.
const lastAge = 30;

function crumbOf({ buildCache }: AppState, subject: string | undefined): string {
  const [by = '', value = ''] = subject?.split(' ') ?? [];
  if (by === 'age') return value === '0' ? 'used today' : `used ${value} d ago`;
  if (by !== 'name') return value;
  return variantSum(buildCache.contents, Number(value))?.text ?? 'entries';
}

function rowsOf(state: AppState, level: Pick<Level, 'view' | 'subject'>): readonly EntryRow[] {
  const looked = lookAt(state, level);
  return looked?.type === 'entries' ? looked.list.rows : none;
}

function defineEntries(
  id: 'cache-largest' | 'cache-entries',
  crumb: (state: AppState, level: Level) => string,
): TableView {
  return defineTable<EntryRow>({
    id,
    crumb,
    command: (state, level) => {
      const [by, value] = level.subject?.split(' ') ?? [];
      if (by === 'kind') return `gocachetop prune --kind ${value} --dry-run`;
      return by === undefined ? largestCommand(state) : scanCommand(state);
    },
    enter: (_state, _level, entry) => ({ view: 'cache-entry', subject: entry }),
    sort: { column: 'bytes', isReversed: false },
    empty: (state, level) => {
      const looked = lookAt(state, level);
      return looked?.type === 'entries' ? 'there is none' : lookWords(state, looked);
    },
    note: entriesWords,
    inputs: ({ explorer }) => [explorer.looks],
    items: (state, level) => rowsOf(state, level),
    idOf: ({ id: output }) => output,
    nameOf: ({ unit, variant, kind, id: output }) => `${unit ?? ''} ${variant} ${kind} ${output}`,
    mark: ({ id: output }, { screen }) =>
      screen.marks.ids.has(output) ? { text: '*', tone: 'accent' } : ' ',
    marks: (state, level, output) => {
      const row = rowsOf(state, level).find((each) => each.id === output);
      return row === undefined ? [] : [{ id: output, bytes: row.bytes }];
    },
    tone: ({ unit }) => (unit === undefined ? 'quiet' : 'plain'),
    columns: entryColumns,
  });
}

/** largestCommand lists the largest outputs without us. */
function largestCommand({ buildCache }: AppState): string {
  return `find ${quote(buildCache.path ?? '')} -name '*-d' -type f -printf '%s %p\\n' | sort -rn | head`;
}

/** entriesWords are how many outputs a list stands for, where it does not hold all. */
function entriesWords(state: AppState, level: Level): string {
  const looked = lookAt(state, level);
  if (looked?.type !== 'entries') return '';
  const { rows, count, bytes } = looked.list;
  if (rows.length === count) return '';
  return `the largest ${formatCount(rows.length)} of ${formatCount(count)}, ${formatBytes(bytes, state.screen.sizes)}`;
}
