import { quote } from '../../go/shell-word.ts';
import type { FoundCache } from '../../operations/caches/scan.ts';
import { compareLargest, compareText, defineTable } from '../define-table.ts';
import { lookAt, lookWords } from '../explorer.ts';
import { formatAge, formatBytes, formatCount, unknownText } from '../format.ts';
import type { AppState } from '../state.ts';
import type { Level, PageItem, PageView, TableView } from '../view.ts';
import { dateText } from './build-cache.ts';
import { nameColumn } from './columns.ts';

const none: readonly FoundCache[] = [];

/** otherCachesView is the GOCACHEs on this machine, as far as a look at the usual places finds them. */
export const otherCachesView: TableView = defineTable<FoundCache>({
  id: 'other-caches',
  crumb: () => 'GOCACHEs on this machine',
  command(state, level) {
    const path = level.cursor ?? otherCachesView.rows(state, level).idAt(0);
    return path === undefined ? undefined : openCommand(path);
  },
  enter: (_state, _level, path) => ({ view: 'other-cache', subject: path }),
  sort: { column: 'written', isReversed: false },
  empty(state, level) {
    const looked = lookAt(state, level);
    return looked === undefined ? 'being looked for' : lookWords(state, looked);
  },
  note(state, level) {
    const looked = lookAt(state, level);
    if (looked?.type !== 'other-caches') return '';
    const { folders, isCut } = looked.search;
    return `${formatCount(folders)} folders looked into${isCut ? ', not all' : ''}`;
  },
  inputs: ({ explorer }) => [explorer.looks],
  items: cachesOf,
  idOf: ({ path }) => path,
  nameOf: ({ path, foundBy, owner }) => `${path} ${foundBy} ${owner}`,
  mark: ({ isPresent }) => (isPresent ? { text: '=', tone: 'accent' } : ' '),
  columns: [
    nameColumn('folder', ({ path }) => path),
    {
      id: 'found',
      title: 'found by',
      width: 15,
      align: 'left',
      drop: 2,
      text: foundWords,
      compare: (one, other) => compareText(foundWords(one), foundWords(other)),
    },
    {
      id: 'owner',
      title: 'owner',
      width: 8,
      align: 'left',
      drop: 1,
      text: ({ owner }) => owner,
      compare: (one, other) => compareText(one.owner, other.owner),
    },
    {
      id: 'bytes',
      title: 'size',
      width: 9,
      align: 'right',
      drop: 4,
      text: ({ path }, state) => {
        const bytes = bytesOf(state, path);
        return bytes === undefined ? '' : formatBytes(bytes, state.screen.sizes);
      },
      compare: () => 0,
    },
    {
      id: 'trimmed',
      title: 'trimmed',
      width: 7,
      align: 'right',
      drop: 3,
      text: ({ lastTrim }, { now }) => (lastTrim === undefined ? 'never' : age(lastTrim, now)),
      compare: (one, other) => compareLargest(one.lastTrim, other.lastTrim),
    },
    {
      id: 'written',
      title: 'written',
      width: 9,
      align: 'right',
      text: ({ writtenAt }, { now }) => age(writtenAt, now),
      compare: (one, other) => other.writtenAt - one.writtenAt,
    },
  ],
});

/** otherCacheView is one of them, counted. */
export const otherCacheView: PageView = {
  kind: 'page',
  id: 'other-cache',
  crumb: (_state, { subject }) => subject ?? '',
  command: (_state, { subject }) => (subject === undefined ? undefined : openCommand(subject)),
  items(state, level) {
    const found = cachesOf(state, { view: 'other-caches', subject: undefined }).find(
      ({ path }) => path === level.subject,
    );
    const { now, screen } = state;
    const fact = (name: string, value: string): PageItem => ({ kind: 'fact', name, value });
    const looked = lookAt(state, level);
    return [
      fact('folder', level.subject ?? ''),
      ...(found === undefined
        ? []
        : [
            fact('found by', found.isPresent ? 'it is the one that this screen shows' : foundWords(found)),
            fact('owner', found.owner),
            ...(found.pids.length === 0 ? [] : [fact('used by', `process ${found.pids.join(', ')}`)]),
            fact('written', `${dateText(found.writtenAt)}, ${age(found.writtenAt, now)} ago`),
            fact(
              'last trim',
              found.lastTrim === undefined ? 'never, or trim.txt cannot be read' : dateText(found.lastTrim),
            ),
          ]),
      { kind: 'gap' },
      ...(looked?.type === 'other-cache'
        ? [
            fact('size', formatBytes(looked.totals.bytes, screen.sizes)),
            fact('on disk', formatBytes(looked.totals.diskBytes, screen.sizes)),
            fact('actions', formatCount(looked.totals.entries.action)),
            fact('outputs', formatCount(looked.totals.entries.output)),
            ...(looked.totals.fuzzBytes > 0
              ? [fact('fuzz', formatBytes(looked.totals.fuzzBytes, screen.sizes))]
              : []),
            fact(
              'oldest use',
              looked.totals.oldest === undefined ? unknownText : dateText(looked.totals.oldest),
            ),
          ]
        : [fact('size', looked?.type === 'failed' ? looked.why : 'being counted')]),
      { kind: 'gap' },
      {
        kind: 'text',
        text: `${openCommand(level.subject ?? '')} looks into it; y copies that`,
        tone: 'quiet',
      },
    ];
  },
};

function cachesOf(state: AppState, level: Pick<Level, 'view' | 'subject'>): readonly FoundCache[] {
  const looked = lookAt(state, level);
  return looked?.type === 'other-caches' ? looked.search.caches : none;
}

/** bytesOf is the size of a cache that was opened, and so counted. */
function bytesOf(state: AppState, path: string): number | undefined {
  const looked = lookAt(state, { view: 'other-cache', subject: path });
  return looked?.type === 'other-cache' ? looked.totals.bytes : undefined;
}

function foundWords({ foundBy, pids }: FoundCache): string {
  const [pid] = pids;
  return pid === undefined ? foundBy : `process ${pid}`;
}

function age(at: number, now: number): string {
  return formatAge(Math.max(0, now - at));
}

function openCommand(path: string): string {
  return `gocachetop --gocache ${quote(path)}`;
}
