import { formatBytes, formatCount, formatCountOf } from '../../store/format.ts';
import { type Line, toned } from '../../store/line.ts';
import { isLive } from '../../store/live.ts';
import type { PaneId } from '../../store/pane-id.ts';
import type { AppState } from '../../store/state.ts';
import { nextTrimText } from '../../store/views/build-cache.ts';
import { buildPane } from './build-pane.ts';
import type { Pane } from './pane.ts';

const buildCachePane: Pane = {
  id: 'gocache',
  number: 2,
  title: 'GOCACHE',
  inputs(state, { isQuiet }) {
    const { writes, ...rest } = state.buildCache;
    // While a build writes, its newest files are shown anew once a second: nobody reads faster, and each costs a line.
    const seen = isLive(state) ? Math.floor(state.now / (isQuiet ? 10_000 : 1000)) : writes;
    return [
      rest.path,
      rest.totals,
      rest.lastTrim,
      rest.nextTrim,
      rest.freeBytes,
      seen,
      writes.mode,
      state.settings,
      state.repoint.pointsTo,
    ];
  },
  right: (state) => [buildCacheSize(state)],
  summary: (state) => [
    buildCacheSize(state),
    toned(`   trim ${nextTrimText(state.buildCache.nextTrim, state.now)}`, 'quiet'),
    ...warning(state.buildCache.path === 'off' ? 'GOCACHE is off' : undefined),
  ],
  brief: (state) => `cache ${buildCacheSize(state)}`,
};

const moduleCachePane: Pane = {
  id: 'gomodcache',
  number: 3,
  title: 'GOMODCACHE',
  inputs: ({ moduleCache, settings }) => [moduleCache, settings],
  right: (state) => [moduleCacheSize(state)],
  summary(state) {
    const { totals } = state.moduleCache;
    if (totals === undefined) return [moduleCacheSize(state)];
    return [
      `${moduleCacheSize(state)}   ${formatCountOf(totals.modules, 'module')}  ${formatCountOf(totals.versions, 'version')}`,
      ...warning(totals.partial > 0 ? `${formatCount(totals.partial)} partial` : undefined),
    ];
  },
  brief: (state) => `mod ${moduleCacheSize(state)}`,
};

const proxyPane: Pane = {
  id: 'proxy',
  number: 4,
  title: 'proxy chain',
  inputs: ({ proxy, probe, build, arrivals, moduleCache, screen }) => [
    probe,
    screen.whatIf,
    proxy,
    build?.downloads,
    build?.progress.packageSet,
    build === undefined,
    arrivals,
    moduleCache.path,
  ],
  right: (state) => [hopWords(state)],
  summary: ({ proxy }) => [
    (proxy.chain?.hops ?? []).map(({ shown }) => shown).join(', '),
    ...warning(proxy.chain?.problem),
  ],
  brief: (state) => `proxy ${state.proxy.chain?.hops.length ?? ''}`,
};

/** panes are all panes there are, in their order on screen. */
export const panes: readonly Pane[] = [buildPane, buildCachePane, moduleCachePane, proxyPane];

/** paneOf is the pane with this id. */
export function paneOf(id: PaneId): Pane {
  return panes.find((pane) => pane.id === id) ?? buildPane;
}

function buildCacheSize({ buildCache, screen }: AppState): string {
  const { totals } = buildCache;
  if (totals === undefined) return 'counting';
  return `${totals.isComplete ? '' : 'counting '}${formatBytes(totals.bytes, screen.sizes)}`;
}

function moduleCacheSize({ moduleCache, screen }: AppState): string {
  const { totals, progress } = moduleCache;
  if (totals !== undefined) return formatBytes(totals.bytes, screen.sizes);
  return progress === undefined ? 'counting' : `counting ${formatBytes(progress.bytes, screen.sizes)}`;
}

function hopWords({ proxy }: AppState): string {
  const count = proxy.chain?.hops.length;
  if (count === undefined) return '';
  return formatCountOf(count, 'hop');
}

function warning(words: string | undefined): Line {
  return words === undefined ? [] : [toned(`   ! ${words}`, 'warning')];
}
