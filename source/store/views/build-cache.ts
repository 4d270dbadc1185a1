import type { Setting } from '../../go/settings.ts';
import { quote } from '../../go/shell-word.ts';
import { compareLargest, compareText, defineTable } from '../define-table.ts';
import { formatAge, formatBytes, formatCount, unknownText } from '../format.ts';
import { isLive } from '../live.ts';
import type { AppState } from '../state.ts';
import type { PageItem, PageView } from '../view.ts';
import { type CacheWrite, writeRate } from '../write-feed.ts';
import { bytesColumn, nameColumn } from './columns.ts';
import { originFacts } from './settings.ts';

/** buildCacheView is GOCACHE: where it is and why, what fills it, when Go trims it, what is written now. */
export const buildCacheView: PageView = {
  kind: 'page',
  id: 'gocache',
  crumb: () => '',
  list: (state) => (isLive(state) ? 'writes' : 'cache-packages'),
  command: ({ buildCache }) => `du -sh ${quote(buildCache.path ?? '"$(go env GOCACHE)"')}`,
  items(state) {
    const { buildCache } = state;
    if (buildCache.path === undefined)
      return [{ kind: 'text', text: 'go env has not answered yet', tone: 'quiet' }];
    if (buildCache.path === 'off')
      return [
        ...originFacts(state, 'GOCACHE'),
        { kind: 'text', text: 'GOCACHE is off: go refuses to build', tone: 'warning' },
      ];
    return [
      ...originFacts(state, 'GOCACHE'),
      ...cacheProgram(state),
      ...totalFacts(state),
      ...trimFacts(state),
      ...watchFacts(state),
      ...writeRows(state),
    ];
  },
};

/** writesView is the newest outputs that were written to GOCACHE. */
export const writesView = defineTable<CacheWrite>({
  id: 'writes',
  crumb: () => 'newest writes',
  command: ({ buildCache }) => `find ${quote(buildCache.path ?? '')} -name '*-d' -newermt '-5 minutes'`,
  enter: (state, _level, id) => packageOf(state, id),
  sort: { column: 'when', isReversed: false },
  empty: () => 'nothing was written since gocachetop started',
  inputs: ({ buildCache }) => [buildCache.writes.newest],
  items: ({ buildCache }) => buildCache.writes.newest,
  idOf: ({ outputId }) => outputId,
  nameOf: ({ importPath, kind }) => importPath ?? kind ?? '',
  mark: () => '+',
  columns: [
    nameColumn('written for', writeName),
    {
      id: 'kind',
      title: 'kind',
      width: 10,
      align: 'left',
      drop: 1,
      text: ({ kind }) => kind ?? unknownText,
      compare: (one, other) => compareText(one.kind ?? '', other.kind ?? ''),
    },
    bytesColumn('bytes'),
    {
      id: 'when',
      title: 'ago',
      width: 7,
      align: 'right',
      drop: 2,
      text: ({ at }, { now }) => formatAge(now - at),
      compare: (one, other) => compareLargest(one.at, other.at),
    },
  ],
});

/** packageOf is the unit that stored an output, where this build did. */
function packageOf({ build }: AppState, outputId: string) {
  const record = build?.progress.unitOfOutput(outputId);
  return record === undefined ? undefined : { view: 'package' as const, subject: record.key };
}

/** writeName is whose output it is; without a package, what kind. */
function writeName({ importPath, kind }: CacheWrite): string {
  return importPath ?? (kind === undefined || kind === 'unknown' ? 'not named' : `(${kind})`);
}

/** cacheProgram warns where GOCACHEPROG takes the place of the folder. */
function cacheProgram({ settings }: AppState): readonly PageItem[] {
  const program = settings.find((setting: Setting) => setting.name === 'GOCACHEPROG');
  if (program === undefined || program.value === '') return [];
  return [
    {
      kind: 'fact',
      name: 'program',
      value: `${program.value} keeps outputs in place of this folder`,
      tone: 'warning',
    },
  ];
}

function totalFacts({ buildCache, screen }: AppState): readonly PageItem[] {
  const { totals } = buildCache;
  if (totals === undefined) return [{ kind: 'gap' }, { kind: 'fact', name: 'size', value: 'being counted' }];
  const { entries, bytes, diskBytes, fuzzBytes, foreign, unreadable, isComplete, folders, oldest } = totals;
  const soFar = isComplete ? '' : `, ${folders} of 256 folders`;
  return [
    { kind: 'gap' },
    { kind: 'fact', name: 'size', value: `${formatBytes(bytes, screen.sizes)}${soFar}` },
    { kind: 'fact', name: 'on disk', value: formatBytes(diskBytes, screen.sizes) },
    { kind: 'fact', name: 'actions', value: formatCount(entries.action) },
    { kind: 'fact', name: 'outputs', value: formatCount(entries.output) },
    ...(fuzzBytes > 0
      ? [{ kind: 'fact', name: 'fuzz', value: formatBytes(fuzzBytes, screen.sizes) } as const]
      : []),
    ...(foreign.files > 0
      ? [
          {
            kind: 'fact',
            name: 'foreign',
            value: `${formatCount(foreign.files)} files, ${formatBytes(foreign.bytes, screen.sizes)}`,
            tone: 'warning',
          } as const,
        ]
      : []),
    ...(unreadable > 0
      ? [
          {
            kind: 'fact',
            name: 'unreadable',
            value: `${formatCount(unreadable)} files or folders`,
            tone: 'warning',
          } as const,
        ]
      : []),
    ...(oldest === undefined || !isComplete
      ? []
      : [{ kind: 'fact', name: 'oldest use', value: dateText(oldest) } as const]),
  ];
}

function trimFacts({ buildCache, now, screen }: AppState): readonly PageItem[] {
  const { lastTrim, nextTrim, freeBytes } = buildCache;
  return [
    { kind: 'fact', name: 'disk free', value: formatBytes(freeBytes, screen.sizes) },
    { kind: 'gap' },
    {
      kind: 'fact',
      name: 'last trim',
      value: lastTrim === undefined ? 'never, or trim.txt cannot be read' : dateText(lastTrim),
    },
    { kind: 'fact', name: 'next trim', value: nextTrimText(nextTrim, now) },
  ];
}

/** nextTrimText: a trim is part of a go command, so that it comes with one, not by itself. */
export function nextTrimText(nextTrim: number | undefined, now: number): string {
  return nextTrim === undefined || nextTrim <= now ? 'with the next build' : `after ${dateText(nextTrim)}`;
}

/** dateText writes a time to the minute, in the zone of the machine. */
export function dateText(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

function watchFacts(state: AppState): readonly PageItem[] {
  const { buildCache, now, screen } = state;
  const { mode, lost } = buildCache.writes;
  const rate = writeRate(buildCache.writes, now);
  const words = watchWords[mode];
  return [
    {
      kind: 'fact',
      name: 'watched',
      value: words,
      ...(mode === 'missing' || mode === 'off' ? { tone: 'warning' as const } : {}),
    },
    ...(isLive(state)
      ? [
          {
            kind: 'fact',
            name: 'rate',
            value: `${formatBytes(Math.round(rate.bytes), screen.sizes)}/s, ${formatCount(rate.entries)} files/s`,
          } as const,
        ]
      : []),
    ...(lost === 0
      ? []
      : [
          {
            kind: 'fact',
            name: 'lost',
            value: lost === undefined ? 'some writes, nobody knows how many' : `${formatCount(lost)} writes`,
            tone: 'warning',
          } as const,
        ]),
  ];
}

const watchWords: Readonly<Record<AppState['buildCache']['writes']['mode'], string>> = {
  starting: 'not yet',
  events: 'by events',
  polling: 'by looking every few seconds',
  missing: 'the folder does not exist',
  counted: 'not watched: counted afterwards',
  off: 'no: writes are not seen',
};

function writeRows({ buildCache, screen }: AppState): readonly PageItem[] {
  const { writes } = buildCache;
  const right = `${formatCount(writes.entries)} files, ${formatBytes(writes.bytes, screen.sizes)}`;
  return [
    { kind: 'gap' },
    {
      kind: 'heading',
      text: 'written',
      right: writes.mode === 'off' ? unknownText : writes.entries === 0 ? 'nothing yet' : right,
    },
    ...writes.newest.slice(0, overviewRows).map(
      (write): PageItem => ({
        kind: 'row',
        id: write.outputId,
        mark: write.importPath === undefined ? ' ' : '+',
        text: writeName(write),
        right: formatBytes(write.bytes, screen.sizes),
        ...(write.importPath === undefined ? { tone: 'quiet' as const } : {}),
      }),
    ),
  ];
}

// More is in the list of writes.
const overviewRows = 30;
