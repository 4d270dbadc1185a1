import type { Recommendation } from '../operations/workspaces/recommend.ts';
import { bytesOf, type SharedCache, type Workspace } from '../operations/workspaces/survey.ts';
import { isolates, type WayMeasured } from '../operations/workspaces/ways.ts';
import { formatProblem, type Problem } from '../platform/problem.ts';
import { formatBytes, formatCountOf, formatDuration } from '../store/format.ts';
import { problemJson } from './offline.ts';

/** WorkspacesView is what is known of workspaces and their caches; `ways` is undefined where nothing was measured. */
export type WorkspacesView = {
  readonly workspaces: readonly Workspace[];
  readonly caches: readonly SharedCache[];
  readonly ways: readonly WayMeasured[] | undefined;
  readonly recommendations: readonly Recommendation[];
  readonly problems: readonly Problem[];
};

/** workspacesJson is the object of `workspaces --json`, `gocachetop.workspaces/1`. */
export function workspacesJson(view: WorkspacesView): Readonly<Record<string, unknown>> {
  return {
    schema: 'gocachetop.workspaces/1',
    workspaces: view.workspaces.map((workspace) => ({
      directory: workspace.directory,
      mainModules: workspace.mainModules,
      gomodcache: workspace.gomodcache,
      modules: workspace.modules.length,
      missing: workspace.missing,
      isolatedBytes: bytesOf(workspace),
    })),
    caches: view.caches,
    ways:
      view.ways?.map((each) => ({
        way: each.way,
        measured: each.notMeasured === undefined,
        why: each.notMeasured ?? null,
        startsFrom: each.startsFrom,
        diskBytes: each.diskBytes ?? null,
        durationsMs: each.durationsMs.map(Math.round),
        poisonReaches: each.poisonReaches ?? null,
        cleanReaches: each.cleanReaches ?? null,
        isolates: isolates(each.way),
      })) ?? null,
    recommendations: view.recommendations,
    problems: view.problems.map(problemJson),
  };
}

/** workspacesText is the same as tables. */
export function workspacesText(view: WorkspacesView, isSi: boolean): string {
  const size = (bytes: number | undefined): string => formatBytes(bytes, { si: isSi });
  return lines([
    ...view.caches.flatMap((cache) => cacheLines(cache, view.workspaces, size)),
    ...wayLines(view.ways, size),
    ...view.recommendations.flatMap(recommendationLines),
    ...view.problems.map((problem) => `! ${formatProblem(problem)}`),
  ]);
}

type Size = (bytes: number | undefined) => string;

function cacheLines(cache: SharedCache, workspaces: readonly Workspace[], size: Size): readonly string[] {
  const members = workspaces.filter(({ gomodcache }) => gomodcache === cache.gomodcache);
  const alone = `with a folder each ${size(cache.isolatedBytes)}`;
  return [
    `GOMODCACHE ${cache.gomodcache}`,
    ...members.map((workspace) => `  ${memberLine(workspace, size)}`),
    `  together ${formatCountOf(cache.modules, 'module')}, ${size(cache.bytes)}${members.length > 1 ? `; ${alone}` : ''}`,
  ];
}

function memberLine(workspace: Workspace, size: Size): string {
  const { directory, modules, missing } = workspace;
  const lacks = missing === 0 ? '' : `, ${missing} missing, of unknown size`;
  return `${directory}   ${formatCountOf(modules.length, 'module')}, ${size(bytesOf(workspace))}${lacks}`;
}

function wayLines(ways: readonly WayMeasured[] | undefined, size: Size): readonly string[] {
  if (ways === undefined || ways.length === 0) return [];
  const head = ['way', 'disk', 'first', 'second', 'poison', 'clean'];
  return [
    '',
    row(head),
    ...ways.flatMap((each) => {
      if (each.notMeasured !== undefined) return [`  ${each.way}: not measured: ${each.notMeasured}`];
      const [first, second] = each.durationsMs.map((ms) => formatDuration(ms));
      return row([
        each.way + (each.startsFrom === 'empty' ? '' : ' *'),
        size(each.diskBytes),
        first ?? '',
        second ?? '',
        reaches(each.poisonReaches),
        reaches(each.cleanReaches),
      ]);
    }),
    '  first, second: until go had all for each of two workspaces; * from what the shared way had downloaded',
    '  poison: a file that one changed in its view is compiled by the other; clean: go clean -modcache takes it from the other',
    ...ways.map(({ way }) => `  ${way.padEnd(12)} keeps apart ${isolates(way)}`),
    '',
  ];
}

function row([way = '', ...cells]: readonly string[]): string {
  return `  ${way.padEnd(14)}${cells.map((cell) => cell.padStart(10)).join('')}`;
}

function reaches(value: boolean | undefined): string {
  return value === undefined ? 'unknown' : value ? 'reaches' : 'stays';
}

function recommendationLines({ purpose, way, why, commands }: Recommendation): readonly string[] {
  return [`to ${purpose}: ${way}: ${why}`, ...commands.map((command) => `  ${command}`)];
}

function lines(texts: readonly string[]): string {
  return `${texts.join('\n')}\n`;
}
