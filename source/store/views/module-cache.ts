import { compareVersions } from '../../go/semver.ts';
import { quote } from '../../go/shell-word.ts';
import { compareLargest, compareText, defineTable } from '../define-table.ts';
import { formatBytes, formatCount, formatCountOf } from '../format.ts';
import type { Span } from '../line.ts';
import { problemMark } from '../marks.ts';
import { type ModuleRow, needsOf, selectModules, selectVersions, type VersionRow } from '../module-rows.ts';
import { standingWords } from '../need-words.ts';
import type { AppState } from '../state.ts';
import { isFaulty, type VerificationState } from '../verification.ts';
import type { PageItem, PageView } from '../view.ts';
import { bytesColumn, countColumn, nameColumn } from './columns.ts';
import { countingWords, lastUsedColumn, moduleInputs, versionMark } from './module-columns.ts';
import { originFacts } from './settings.ts';

/** moduleCacheView is GOMODCACHE: where it is and why, what fills it, the largest modules. */
export const moduleCacheView: PageView = {
  kind: 'page',
  id: 'gomodcache',
  crumb: () => '',
  list: () => 'modules',
  command: ({ moduleCache }) => `du -sh ${quote(moduleCache.path ?? '"$(go env GOMODCACHE)"')}`,
  enter: (_state, _level, path) => ({ view: 'module', subject: path }),
  items(state) {
    const { moduleCache } = state;
    if (moduleCache.path === undefined)
      return [{ kind: 'text', text: 'go env has not answered yet', tone: 'quiet' }];
    return [
      ...originFacts(state, 'GOMODCACHE'),
      { kind: 'gap' },
      ...totalFacts(state),
      ...largestRows(state),
    ];
  },
};

/** modulesView is every module path in GOMODCACHE. */
export const modulesView = defineTable<ModuleRow>({
  id: 'modules',
  crumb: () => 'modules',
  command: ({ moduleCache }) => `gocachetop modules --gomodcache ${quote(moduleCache.path ?? '')}`,
  enter: (_state, _level, path) => ({ view: 'module', subject: path }),
  sort: { column: 'bytes', isReversed: false },
  empty: countingWords,
  inputs: moduleInputs,
  items: selectModules,
  idOf: ({ path }) => path,
  nameOf: ({ path }) => path,
  mark: (row, { screen, verification }) => moduleMark(row, screen.moduleMarks.ids, verification),
  marks: (state, _level, path) =>
    (selectModules(state).find((module) => module.path === path)?.versions ?? []).map(({ id }) => ({ id })),
  columns: [
    nameColumn('module', ({ path }) => path),
    { ...countColumn<ModuleRow>('versions', 'vers', ({ versions }) => versions.length), width: 5 },
    countColumn('files', 'files', ({ files }) => files, 1),
    lastUsedColumn(({ usedAt }) => usedAt),
    {
      id: 'unneeded',
      title: 'not needed',
      width: 10,
      align: 'right',
      drop: 2,
      text: ({ unneeded }, { screen }) => (unneeded === 0 ? '' : formatBytes(unneeded, screen.sizes)),
      compare: (one, other) => compareLargest(one.unneeded, other.unneeded),
    },
    bytesColumn(),
  ],
});

/** moduleMark is `*` for a module that is marked with all its versions, `~` where only some are. */
function moduleMark(
  { versions, isPartial }: ModuleRow,
  marked: ReadonlySet<string>,
  verification: VerificationState,
): Span {
  const count = marked.size === 0 ? 0 : versions.filter(({ id }) => marked.has(id)).length;
  if (count > 0) return { text: count === versions.length ? '*' : '~', tone: 'accent' };
  return isPartial || versions.some(({ id }) => isFaulty(verification, id)) ? problemMark : ' ';
}

/** moduleView is the versions of one module. */
export const moduleView = defineTable<VersionRow>({
  id: 'module',
  crumb: (_state, { subject }) => subject ?? '',
  command: (_state, { subject }) =>
    subject === undefined ? undefined : `go list -m -versions ${quote(subject)}`,
  enter: (_state, _level, subject) => ({ view: 'module-version', subject }),
  sort: { column: 'version', isReversed: false },
  empty: (state) =>
    state.moduleCache.versions === undefined ? countingWords(state) : 'it is not in GOMODCACHE',
  inputs: moduleInputs,
  items: (state, { subject }) => selectModules(state).find(({ path }) => path === subject)?.versions ?? [],
  idOf: ({ id }) => id,
  nameOf: ({ version }) => version.version,
  mark: ({ id, version }, state) => versionMark(id, version, state),
  marks: (_state, _level, id) => [{ id }],
  columns: [
    {
      id: 'version',
      title: 'version',
      width: undefined,
      align: 'left',
      text: ({ version }) => version.version,
      compare: (one, other) => compareVersions(other.version.version, one.version.version),
    },
    {
      id: 'state',
      title: 'state',
      width: 11,
      align: 'left',
      drop: 4,
      text: ({ version }) => version.state,
      compare: (one, other) => compareText(one.version.state, other.version.state),
    },
    {
      id: 'zip',
      title: 'zip',
      width: 9,
      align: 'right',
      drop: 1,
      text: ({ version }, { screen }) =>
        version.zipBytes === undefined ? '' : formatBytes(version.zipBytes, screen.sizes),
      compare: (one, other) => compareLargest(one.version.zipBytes, other.version.zipBytes),
    },
    {
      id: 'folder',
      title: 'folder',
      width: 9,
      align: 'right',
      drop: 2,
      text: ({ version }, { screen }) => (version.hasDir ? formatBytes(version.dirBytes, screen.sizes) : ''),
      compare: (one, other) => compareLargest(one.version.dirBytes, other.version.dirBytes),
    },
    lastUsedColumn(({ version }) => version.usedAt),
    {
      id: 'needed',
      title: 'needed by',
      width: 18,
      align: 'left',
      drop: 5,
      text: ({ version }, state) => standingWords(needsOf(state), version),
      compare: (one, other) => compareText(one.standing, other.standing),
    },
    bytesColumn(),
  ],
});

function totalFacts(state: AppState): readonly PageItem[] {
  const { moduleCache, screen } = state;
  const { totals, progress } = moduleCache;
  const size = (bytes: number): string => formatBytes(bytes, screen.sizes);
  if (totals === undefined) {
    const soFar =
      progress === undefined
        ? ''
        : `, ${size(progress.bytes)} in ${formatCount(progress.files)} files so far`;
    return [{ kind: 'fact', name: 'size', value: `being counted${soFar}` }];
  }
  if (!totals.isThere)
    return [{ kind: 'text', text: 'the folder does not exist: nothing was downloaded yet', tone: 'quiet' }];
  const { toolchains, toolchainVersions, vcs, trash, leftovers, other, partial, unreadable } = totals;
  return [
    { kind: 'fact', name: 'size', value: `${size(totals.bytes)} in ${formatCount(totals.files)} files` },
    {
      kind: 'fact',
      name: 'modules',
      value: `${formatCount(totals.modules)}, ${formatCount(totals.versions)} versions`,
    },
    ...needFacts(state),
    { kind: 'fact', name: 'extracted', value: size(totals.extracted.bytes) },
    { kind: 'fact', name: 'zips', value: size(totals.zips.bytes) },
    { kind: 'fact', name: 'metadata', value: size(totals.metadata.bytes) },
    { kind: 'fact', name: 'sumdb', value: size(totals.sumdb.bytes) },
    ...(toolchains.files > 0
      ? [
          {
            kind: 'fact',
            name: 'toolchains',
            value: `${size(toolchains.bytes)}, ${toolchainVersions} versions`,
          } as const,
        ]
      : []),
    ...(vcs.files > 0 ? [{ kind: 'fact', name: 'clones', value: size(vcs.bytes) } as const] : []),
    ...Object.entries({ aside: trash, 'left over': leftovers, other }).flatMap(
      ([name, part]): readonly PageItem[] =>
        part.files === 0
          ? []
          : [{ kind: 'fact', name, value: `${size(part.bytes)} in ${formatCountOf(part.files, 'file')}` }],
    ),
    ...(partial > 0
      ? [
          {
            kind: 'fact',
            name: 'partial',
            value: `${formatCount(partial)} not extracted to the end`,
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
  ];
}

function needFacts(state: AppState): readonly PageItem[] {
  const { needs } = state.moduleCache;
  if (needs === undefined || needs.roots.length === 0) return [];
  const nobody = selectVersions(state).filter(({ standing }) => standing === 'nobody');
  const bytes = nobody.reduce((sum, row) => sum + row.bytes, 0);
  const of = formatCountOf(needs.roots.length, 'main module');
  return [
    {
      kind: 'fact',
      name: 'not needed',
      value: `${formatBytes(bytes, state.screen.sizes)} in ${formatCountOf(nobody.length, 'version')}, by none of ${of}`,
    },
  ];
}

function largestRows(state: AppState): readonly PageItem[] {
  const largest = selectModules(state).slice(0, overviewRows);
  if (largest.length === 0) return [];
  return [
    { kind: 'gap' },
    { kind: 'heading', text: 'largest modules', right: 'vers      size' },
    ...largest.map(
      ({ path, versions, bytes, isPartial }): PageItem => ({
        kind: 'row',
        id: path,
        mark: isPartial ? problemMark : ' ',
        text: path,
        right: `${formatCount(versions.length)} ${formatBytes(bytes, state.screen.sizes).padStart(9)}`,
      }),
    ),
  ];
}

// More is in the list of modules.
const overviewRows = 30;
