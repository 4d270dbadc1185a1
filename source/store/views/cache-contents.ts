import type { IndexSummary, PackageSum } from '../../build-cache/index/summary.ts';
import { quote } from '../../operations/shell-word.ts';
import { compareLargest, defineTable } from '../define-table.ts';
import { formatAge, formatBytes, formatCount } from '../format.ts';
import { priceCell, priceWords } from '../price-words.ts';
import type { AppState } from '../state.ts';
import type { PageItem, PageView, TableView, ViewId } from '../view.ts';
import { bytesColumn, countColumn, nameColumn, rebuildColumn, usedColumn } from './columns.ts';

/** contentViews are the ways to look at what fills GOCACHE; `]` and `[` go from one to the next. */
export const contentViews: readonly ViewId[] = [
  'cache-packages',
  'cache-variants',
  'cache-kinds',
  'cache-ages',
  'cache-diagnosis',
  'writes',
];

/** needsContents says that a view is open which shows them. */
export function needsContents({ screen }: AppState): boolean {
  return Object.values(screen.panes).some(({ levels }) =>
    levels.some(({ view }) => view.startsWith('cache-')),
  );
}

const nothing: readonly never[] = [];

function itemsOf<Item>(state: AppState, of: (summary: IndexSummary) => readonly Item[]): readonly Item[] {
  const { contents } = state.buildCache;
  return contents === undefined ? nothing : of(contents);
}

/** emptyWords says why there is nothing to see yet. */
export function emptyWords({ buildCache }: AppState): string {
  const { reading, contents, path } = buildCache;
  if (path === 'off') return 'GOCACHE is off';
  if (contents !== undefined) return 'GOCACHE is empty';
  if (reading === undefined || reading.folders < 256)
    return `being read: ${reading?.folders ?? 0} of 256 folders`;
  return `being read: ${formatCount(reading.toRead + reading.toName)} entries are still to come`;
}

const inputs = ({ buildCache }: AppState): readonly unknown[] => [buildCache.contents];
/** scanCommand says the same on the command line. */
export const scanCommand = ({ buildCache }: AppState): string =>
  `gocachetop scan --gocache ${quote(buildCache.path ?? '')}`;

function used(lastUsed: number, now: number): string {
  return formatAge(Math.max(0, now - lastUsed));
}

/** cachePackagesView is GOCACHE package by package. */
export const cachePackagesView = defineTable<PackageSum>({
  id: 'cache-packages',
  crumb: () => 'packages',
  command: scanCommand,
  enter: (_state, _level, path) => ({ view: 'cache-package', subject: path }),
  sort: { column: 'bytes', isReversed: false },
  empty: emptyWords,
  inputs,
  items: (state) => itemsOf(state, ({ packages }) => packages),
  idOf: ({ importPath }) => importPath,
  nameOf: ({ importPath }) => importPath,
  mark: ({ importPath }, { screen }) =>
    screen.marks.ids.has(importPath) ? { text: '*', tone: 'accent' } : ' ',
  columns: [
    nameColumn('package', ({ importPath }) => importPath),
    countColumn('variants', 'variants', ({ variants }) => variants.length, 2),
    {
      id: 'superseded',
      title: 'superseded',
      width: 10,
      align: 'right',
      drop: 1,
      text: ({ superseded }, { screen }) =>
        superseded.bytes === 0 ? '' : formatBytes(superseded.bytes, screen.sizes),
      compare: (one, other) => compareLargest(one.superseded.bytes, other.superseded.bytes),
    },
    bytesColumn(),
    usedColumn(),
    rebuildColumn(),
  ],
});

/** cachePackageView is one package with all its variants. */
export const cachePackageView: PageView = {
  kind: 'page',
  id: 'cache-package',
  crumb: (_state, { subject }) => subject ?? '',
  command: (_state, { subject }) =>
    subject === undefined ? undefined : `gocachetop prune --package ${quote(subject)} --dry-run`,
  items(state, { subject }) {
    const found = state.buildCache.contents?.packages.find(({ importPath }) => importPath === subject);
    if (found === undefined)
      return [{ kind: 'text', text: `${subject ?? ''} is not in GOCACHE`, tone: 'quiet' }];
    const size = (bytes: number): string => formatBytes(bytes, state.screen.sizes);
    return [
      { kind: 'fact', name: 'size', value: `${size(found.bytes)} in ${formatCount(found.entries)} entries` },
      { kind: 'fact', name: 'last use', value: `${used(found.lastUsed, state.now)}, to an hour` },
      ...(found.module === undefined ? [] : [{ kind: 'fact', name: 'module', value: found.module } as const]),
      ...(found.superseded.entries === 0
        ? []
        : [
            {
              kind: 'fact',
              name: 'superseded',
              value: `${size(found.superseded.bytes)} in ${formatCount(found.superseded.entries)} archives`,
            } as const,
          ]),
      { kind: 'fact', name: 'to rebuild', value: priceWords(found.rebuild) },
      { kind: 'gap' },
      { kind: 'heading', text: 'variants', right: formatCount(found.variants.length) },
      ...found.variants.map(
        ({ name, text, bytes, lastUsed, generations, rebuild }): PageItem => ({
          kind: 'row',
          id: String(name),
          mark: ' ',
          text: generations > 1 ? `${text}, ${generations} builds` : text,
          right: `${size(bytes)}  ${used(lastUsed, state.now).padStart(7)}  ${priceCell(rebuild).padStart(10)}`,
        }),
      ),
    ];
  },
};

type VariantRow = {
  readonly text: string;
  readonly packages: number;
  readonly bytes: number;
  readonly lastUsed: number;
};

// A summary comes once per reading: its variants are added up once.
const variantsOf = new WeakMap<IndexSummary, readonly VariantRow[]>();

function sumVariants(summary: IndexSummary): readonly VariantRow[] {
  const known = variantsOf.get(summary);
  if (known !== undefined) return known;
  const sums = new Map<string, { packages: number; bytes: number; lastUsed: number }>();
  for (const { text, bytes, lastUsed } of summary.packages.flatMap(({ variants }) => variants)) {
    const sum = sums.get(text) ?? { packages: 0, bytes: 0, lastUsed: 0 };
    sums.set(text, {
      packages: sum.packages + 1,
      bytes: sum.bytes + bytes,
      lastUsed: Math.max(sum.lastUsed, lastUsed),
    });
  }
  const rows = [...sums].map(([text, sum]) => ({ text, ...sum }));
  variantsOf.set(summary, rows);
  return rows;
}

/** cacheVariantsView is GOCACHE by platform, flags and Go version. */
export const cacheVariantsView = defineTable<VariantRow>({
  id: 'cache-variants',
  crumb: () => 'variants',
  command: scanCommand,
  sort: { column: 'bytes', isReversed: false },
  empty: emptyWords,
  inputs,
  items: (state) => itemsOf(state, sumVariants),
  idOf: ({ text }) => text,
  nameOf: ({ text }) => text,
  columns: [
    nameColumn('variant', ({ text }) => text),
    countColumn('packages', 'packages', ({ packages }) => packages, 1),
    bytesColumn(),
    usedColumn(),
  ],
});

type KindRow = { readonly kind: string; readonly entries: number; readonly bytes: number };

/** cacheKindsView is GOCACHE by what its entries hold. */
export const cacheKindsView: TableView = defineTable<KindRow>({
  id: 'cache-kinds',
  crumb: () => 'kinds',
  command: scanCommand,
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

const kindWords: Readonly<Record<string, string>> = {
  archive: 'compiled packages',
  test: 'results and logs of tests',
  vet: 'facts of vet',
  index: 'indexes of packages and modules',
  files: 'lists of source files',
  executable: 'programs of go run and go tool',
  cgo: 'what cgo wrote',
  other: 'probed flags, empty outputs, what is not known',
};

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
