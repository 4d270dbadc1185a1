import { formatProblem } from '../platform/problem.ts';
import { formatBytes, formatCount } from '../store/format.ts';
import type { AppState } from '../store/state.ts';
import { timeJson } from './time.ts';

/** overviewJson is the three caches without a command, `gocachetop.overview/1`: what is not known is null. */
export function overviewJson(state: AppState): Readonly<Record<string, unknown>> {
  const { buildCache, moduleCache, proxy, workspace } = state;
  const { goVersion, goos, goarch } = workspace;
  const { totals } = buildCache;
  const modules = moduleCache.totals;
  return {
    schema: 'gocachetop.overview/1',
    go: goVersion === undefined ? null : { version: goVersion, goos: goos ?? null, goarch: goarch ?? null },
    gocache: {
      path: buildCache.path ?? null,
      entries: totals?.entries ?? null,
      bytes: totals?.bytes ?? null,
      diskBytes: totals?.diskBytes ?? null,
      oldest: timeJson(totals?.oldest),
      newest: timeJson(totals?.newest),
      trim: { last: timeJson(buildCache.lastTrim), next: timeJson(buildCache.nextTrim) },
      freeBytes: buildCache.freeBytes ?? null,
    },
    gomodcache: {
      path: moduleCache.path ?? null,
      modules: modules?.modules ?? null,
      versions: modules?.versions ?? null,
      bytes: modules?.bytes ?? null,
    },
    proxy: {
      chain:
        proxy.chain?.hops.map(({ shown, kind, fallThrough, reached }) => ({
          entry: shown,
          kind,
          fallThrough,
          reached,
        })) ?? null,
      sumdb: proxy.sumdb ?? null,
    },
    settings: state.settings.map(({ name, value, origin, shadows }) => ({ name, value, origin, shadows })),
    problems: state.problems.map((problem) => ({ ...problem, line: formatProblem(problem) })),
  };
}

/** overviewText is the same as a page of text. */
export function overviewText(state: AppState, isSi: boolean): string {
  const { buildCache, moduleCache, proxy, workspace } = state;
  const { totals } = buildCache;
  const modules = moduleCache.totals;
  const size = (bytes: number | undefined): string => formatBytes(bytes, { si: isSi });
  const count = (number: number | undefined): string =>
    number === undefined ? 'unknown' : formatCount(number);
  const lines = [
    `go           ${workspace.goVersion ?? 'unknown'} ${workspace.goos ?? ''}/${workspace.goarch ?? ''}`,
    `GOCACHE      ${buildCache.path ?? 'unknown'}`,
    `             ${count(totals?.entries.action)} action entries, ${count(totals?.entries.output)} outputs, ${size(totals?.bytes)}, ${size(totals?.diskBytes)} on disk, ${size(buildCache.freeBytes)} free`,
    `             last trim ${timeJson(buildCache.lastTrim) ?? 'unknown'}, next from ${timeJson(buildCache.nextTrim) ?? 'unknown'}`,
    `GOMODCACHE   ${moduleCache.path ?? 'unknown'}`,
    `             ${count(modules?.modules)} modules, ${count(modules?.versions)} versions, ${size(modules?.bytes)}`,
    ...(proxy.chain?.hops ?? []).map(
      (hop, index) =>
        `${index === 0 ? 'GOPROXY' : '       '}      ${hop.shown}${meaning(hop.fallThrough, hop.reached)}`,
    ),
    `GOSUMDB      ${proxy.sumdb ?? 'unknown'}`,
    ...state.problems.map((problem) => `gocachetop: ${formatProblem(problem)}`),
  ];
  return `${lines.join('\n')}\n`;
}

function meaning(fallThrough: 'not-found' | 'any-error' | null, isReached: boolean): string {
  if (!isReached) return '   never asked';
  if (fallThrough === 'not-found') return '   404 or 410: next';
  return fallThrough === 'any-error' ? '   any error: next' : '   last';
}
