import type { Arrival } from '../../module-cache/arrivals/arrival.ts';
import { compareLargest, compareText, defineTable } from '../define-table.ts';
import { countModules, type Download, type HopTotals, isServed, sumByHop, sumBytes } from '../downloads.ts';
import { formatBytes, formatCount, formatCountOf, formatDuration, unknownText } from '../format.ts';
import type { Span } from '../line.ts';
import type { AppState } from '../state.ts';
import type { PageItem, Target } from '../view.ts';

/** downloadsView is every request for a module that this build made, and every file that came without one. */
export const downloadsView = defineTable<Download>({
  id: 'downloads',
  crumb: () => 'downloads of this build',
  command: () => 'go mod download -x',
  // The newest first.
  sort: { column: '', isReversed: false },
  empty: ({ build }) =>
    build === undefined
      ? 'no build was started here'
      : 'this build asked no proxy: all its modules were there',
  note: (state) => downloadsNote(state),
  inputs: ({ build }) => [build?.downloads],
  items: (state) => downloadsOf(state).toReversed(),
  idOf: ({ id }) => String(id),
  nameOf: ({ module, url }) => module ?? url,
  enter: (state, _level, id) => downloadTarget(state, `get:${id}`),
  mark: downloadMark,
  columns: [
    {
      id: 'name',
      title: 'module',
      width: undefined,
      align: 'left',
      text: versionName,
      compare: (one, other) => compareText(versionName(one), versionName(other)),
    },
    {
      id: 'file',
      title: 'file',
      width: 6,
      align: 'left',
      text: ({ what }) => what,
      compare: (one, other) => compareText(one.what, other.what),
    },
    {
      id: 'hop',
      title: 'asked',
      width: 32,
      align: 'left',
      drop: 1,
      text: hopText,
      compare: (one, other) => compareText(one.hop ?? '', other.hop ?? ''),
    },
    {
      id: 'status',
      title: 'answer',
      width: 9,
      align: 'left',
      drop: 3,
      text: statusText,
      compare: (one, other) => compareText(one.status ?? '', other.status ?? ''),
    },
    {
      id: 'size',
      title: 'size',
      width: 9,
      align: 'right',
      drop: 2,
      text: sizeText,
      compare: (one, other) => compareLargest(one.bytes, other.bytes),
    },
    {
      id: 'took',
      title: 'took',
      width: 7,
      align: 'right',
      text: tookText,
      compare: (one, other) => compareLargest(one.durationMs, other.durationMs),
    },
  ],
});

/** downloadsOf are the requests of the build that runs, or ran. */
export function downloadsOf({ build }: Pick<AppState, 'build'>): readonly Download[] {
  return build?.downloads ?? [];
}

/** downloadTarget is what a row of a download opens: the route of its module. */
export function downloadTarget(state: Pick<AppState, 'build'>, id: string): Target | undefined {
  const module = moduleOfRow(state, id);
  return module === undefined ? undefined : { view: 'route', subject: module };
}

/** moduleOfRow is the module of a row of downloads, with its version where it has one. */
export function moduleOfRow(state: Pick<AppState, 'build'>, id: string): string | undefined {
  const arrived = /^arrived:\w+:(.*)$/.exec(id)?.[1];
  if (arrived !== undefined) return arrived;
  const download = downloadsOf(state)[Number(/^(?:get|slow):(\d+)$/.exec(id)?.[1])];
  return download?.module === undefined ? undefined : versionName(download);
}

/** downloadItems are this build's downloads on the first view of the pane: per hop, from the cache, the slowest, the newest. */
export function downloadItems(state: AppState): readonly PageItem[] {
  if (state.build === undefined) return [];
  const all = downloadsOf(state);
  const hops = state.proxy.chain?.hops ?? [];
  const totals = sumByHop(all, hops);
  const slowest = slowestOf(all);
  return [
    { kind: 'gap' },
    { kind: 'heading', text: 'this build', right: allWords(state) },
    ...totals.map((each) =>
      totalsItem(
        each,
        hops.findIndex(({ shown }) => shown === each.hop),
      ),
    ),
    ...modulesItems(state),
    ...listItems(all),
    ...(all.some(({ seenAs }) => seenAs === 'file')
      ? [
          {
            kind: 'text',
            text: 'a file:// proxy prints no lines: what it gave is seen as it comes',
            tone: 'quiet',
          } as const,
        ]
      : []),
    ...(slowest.length === 0
      ? []
      : [
          { kind: 'heading', text: 'slowest', right: '' } as const,
          ...slowest.map((each) => downloadRow(each, state.screen.sizes, 'slow:')),
        ]),
    ...(all.length === 0
      ? []
      : [
          { kind: 'heading', text: 'newest', right: '' } as const,
          ...all
            .slice(-overviewRows)
            .toReversed()
            .map((each) => downloadRow(each, state.screen.sizes)),
        ]),
  ];
}

/** arrivalItems are what others download into this GOMODCACHE, as its files come. */
export function arrivalItems({ arrivals, screen }: AppState): readonly PageItem[] {
  const { mode, recent, count, bytes } = arrivals;
  if (count === 0) {
    return mode === 'off' || mode === 'starting'
      ? []
      : [
          { kind: 'gap' },
          {
            kind: 'heading',
            text: 'downloads of others',
            right: mode === 'polling' ? 'none seen, looked at every 2 s' : 'none seen',
          },
        ];
  }
  return [
    { kind: 'gap' },
    {
      kind: 'heading',
      text: 'downloads of others',
      right: `${formatCountOf(count, 'file')}, ${formatBytes(bytes, screen.sizes)}`,
    },
    { kind: 'text', text: 'seen as they come: the hop and the time are unknown', tone: 'quiet' },
    ...recent.slice(0, overviewRows).map((arrival) => arrivalRow(arrival, screen.sizes)),
  ];
}

/** hopDownloadItems are what one hop was asked by this build. */
export function hopDownloadItems(state: AppState, hop: string): readonly PageItem[] {
  if (state.build === undefined) return [];
  const own = downloadsOf(state).filter((download) => download.hop === hop);
  const [totals] = sumByHop(own, state.proxy.chain?.hops ?? []);
  return [
    { kind: 'gap' },
    { kind: 'heading', text: 'asked by this build', right: formatCount(own.length) },
    ...(totals === undefined ? [] : hopFacts(totals, state)),
    ...own
      .slice(-overviewRows)
      .toReversed()
      .map((each) => downloadRow(each, state.screen.sizes)),
  ];
}

function hopFacts(totals: HopTotals, { screen }: AppState): readonly PageItem[] {
  const { served, waiting, fallThroughs, failures, retries, durationMs, bytes, files } = totals;
  const facts: readonly (readonly [string, string])[] = [
    ['served', formatCount(served)],
    ['size', formatBytes(bytes, screen.sizes)],
    [
      'time',
      files > 0 && totals.requests === 0
        ? unknownText
        : `${formatDuration(durationMs)}, all requests together`,
    ],
    ['went on', fallThroughs === 0 ? 'never' : `${formatCount(fallThroughs)}: the next entry was asked`],
    ['failed', formatCount(failures)],
    ['retried', formatCount(retries)],
    ...(waiting > 0 ? [['waiting', formatCount(waiting)] as const] : []),
    ...(files > 0 ? [['no line', `${formatCountOf(files, 'file')} seen as they came`] as const] : []),
  ];
  return facts.map(([name, value]) => ({ kind: 'fact', name, value }));
}

function allWords({ build, screen }: AppState): string {
  const all = build?.downloads ?? [];
  if (all.length === 0) return 'no downloads';
  const bytes = sumBytes(all);
  const size = bytes === undefined ? '' : `, ${formatBytes(bytes, screen.sizes)}`;
  const lines = all.filter(({ seenAs }) => seenAs === 'line').length;
  const what = lines === 0 ? formatCountOf(all.length, 'file') : formatCountOf(lines, 'request');
  return `${what}${size}`;
}

function downloadsNote(state: AppState): string {
  const all = downloadsOf(state);
  return all.length === 0 ? '' : allWords(state);
}

function totalsItem(totals: HopTotals, index: number): PageItem {
  const { hop, requests, files, fallThroughs, failures, retries, durationMs } = totals;
  const words = [
    ...(requests > 0 ? [`${formatCount(requests)} asked`] : []),
    ...(files > 0 ? [formatCountOf(files, 'file')] : []),
    ...(fallThroughs > 0 ? [`${formatCount(fallThroughs)} next`] : []),
    ...(failures > 0 ? [`${formatCount(failures)} failed`] : []),
    ...(retries > 0 ? [`${formatCount(retries)} again`] : []),
    ...(requests > 0 ? [formatDuration(durationMs)] : []),
  ];
  const name = index >= 0 ? `hop ${index + 1}` : (hop ?? 'others');
  return {
    kind: 'fact',
    name,
    value: words.join('  '),
    ...(failures > 0 ? { tone: 'warning' as const } : {}),
  };
}

function modulesItems(state: AppState): readonly PageItem[] {
  const sources = countModules(state);
  if (sources === undefined) return [];
  const { downloaded, fromCache } = sources;
  return [
    {
      kind: 'fact',
      name: 'modules',
      value: `${formatCount(downloaded)} downloaded, ${formatCount(fromCache)} cached`,
    },
  ];
}

function listItems(downloads: readonly Download[]): readonly PageItem[] {
  const count = downloads.filter(({ by }) => by === 'go list').length;
  if (count === 0) return [];
  return [{ kind: 'fact', name: 'go list', value: `${formatCount(count)} of them, beside it` }];
}

// More is in the list of downloads.
const overviewRows = 30;
const slowestRows = 3;

/** slowestOf are the requests that took longest until their answer began; of a single one nothing is told. */
function slowestOf(downloads: readonly Download[]): readonly Download[] {
  const timed = downloads.filter(({ durationMs }) => durationMs !== undefined);
  return timed.length < 2
    ? []
    : timed.toSorted((one, other) => compareLargest(one.durationMs, other.durationMs)).slice(0, slowestRows);
}

/** downloadRow tells how long the answer took; of a file that came without a line its size is known instead. */
function downloadRow(download: Download, sizes: AppState['screen']['sizes'], prefix = 'get:'): PageItem {
  const { seenAs, bytes } = download;
  return {
    kind: 'row',
    id: `${prefix}${download.id}`,
    mark: downloadMark(download),
    text: downloadName(download),
    right: seenAs === 'file' ? formatBytes(bytes, sizes) : tookText(download),
  };
}

function arrivalRow({ module, version, kind, bytes }: Arrival, sizes: AppState['screen']['sizes']): PageItem {
  const what = kind === 'sumdb' ? 'sumdb' : `.${kind}`;
  return {
    kind: 'row',
    id: `arrived:${kind}:${module}@${version}`,
    mark: '+',
    text: `${module}@${version} ${what}`,
    right: formatBytes(bytes, sizes),
  };
}

function downloadMark(download: Download): Span {
  if (isServed(download)) return '+';
  return download.status === undefined ? { text: '›', tone: 'accent' } : { text: '!', tone: 'warning' };
}

function versionName({ module, version, url }: Download): string {
  // Of the checksum database's tree there are tiles, which belong to no module.
  if (module === undefined) return url.replace(/^.*\/(?=(?:tile\/\d+\/|supported$|latest$))/, '');
  return version === undefined ? module : `${module}@${version}`;
}

function downloadName(download: Download): string {
  return `${versionName(download)} ${download.what}`;
}

function hopText({ hop, what, seenAs }: Download): string {
  if (hop !== undefined) return hop;
  if (what === 'sumdb') return 'checksum database';
  if (what === 'go-get') return 'origin';
  return seenAs === 'file' ? unknownText : 'no entry of GOPROXY';
}

/** statusText is the status without its words, which say no more. */
function statusText({ status, seenAs }: Download): string {
  if (status === undefined) return seenAs === 'file' ? 'came' : 'waiting';
  return /^\d{3}(?= |$)/.exec(status)?.[0] ?? 'no answer';
}

/** sizeText: what Go does not keep has no size here, and what is on its way has none yet. */
function sizeText(download: Download, { screen }: AppState): string {
  const { bytes } = download;
  if (bytes !== undefined) return formatBytes(bytes, screen.sizes);
  return isServed(download) ? unknownText : '';
}

function tookText({ durationMs, status, seenAs }: Download): string {
  if (durationMs !== undefined) return formatDuration(durationMs);
  return status === undefined && seenAs === 'line' ? '' : unknownText;
}
