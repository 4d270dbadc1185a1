import { quote } from '../../go/shell-word.ts';
import { compareText, defineTable } from '../define-table.ts';
import { formatBytes, formatCountOf } from '../format.ts';
import { needsOf, selectVersions, type VersionRow } from '../module-rows.ts';
import { standingWords } from '../need-words.ts';
import type { AppState } from '../state.ts';
import type { TableView, ViewId } from '../view.ts';
import { bytesColumn, countColumn, nameColumn } from './columns.ts';
import { countingWords, lastUsedColumn, moduleInputs, shortName, versionMark } from './module-columns.ts';

/** moduleViews are the ways to look at GOMODCACHE; `]` and `[` go from one to the next. */
export const moduleViews: readonly ViewId[] = [
  'modules',
  'module-versions',
  'module-unneeded',
  'module-superseded',
  'module-toolchains',
  'module-roots',
  'module-recovery',
];

/** moduleVersionsView is every version in GOMODCACHE. */
export const moduleVersionsView = versionsTable('module-versions', 'versions', () => true, countingWords);

/** moduleUnneededView is what none of the roots needs. */
export const moduleUnneededView = versionsTable(
  'module-unneeded',
  'needed by nobody',
  ({ standing }) => standing === 'nobody',
  (state) => needsEmpty(state, 'the roots need all there is'),
);

/** moduleSupersededView is what every root that uses its module uses a newer version of. */
export const moduleSupersededView = versionsTable(
  'module-superseded',
  'superseded',
  ({ newer }) => newer !== undefined,
  (state) => needsEmpty(state, 'no version is superseded'),
);

/** moduleToolchainsView is the versions of Go that were downloaded as modules. */
export const moduleToolchainsView = versionsTable(
  'module-toolchains',
  'toolchains',
  (row) => row.isToolchain,
  (state) =>
    state.moduleCache.versions === undefined ? countingWords(state) : 'no toolchain was downloaded',
);

function versionsTable(
  id: ViewId,
  title: string,
  isShown: (row: VersionRow) => boolean,
  empty: (state: AppState) => string,
): TableView {
  return defineTable<VersionRow>({
    id,
    crumb: () => title,
    command: ({ moduleCache }) => `gocachetop modules --gomodcache ${quote(moduleCache.path ?? '')}`,
    enter: (_state, _level, subject) => ({ view: 'module-version', subject }),
    sort: { column: 'bytes', isReversed: false },
    empty,
    inputs: moduleInputs,
    items: (state) => selectVersions(state).filter(isShown),
    idOf: (row) => row.id,
    nameOf: (row) => row.id,
    mark: (row, state) => versionMark(row.id, row.version, state),
    marks: (_state, _level, row) => [{ id: row }],
    note: (state) => sumWords(state, selectVersions(state).filter(isShown)),
    columns: [
      nameColumn('version', ({ version }) => shortName(version)),
      {
        id: 'state',
        title: 'state',
        width: 11,
        align: 'left',
        drop: 2,
        text: ({ version }) => version.state,
        compare: (one, other) => compareText(one.version.state, other.version.state),
      },
      countColumn('files', 'files', ({ version }) => version.files ?? 0, 1),
      lastUsedColumn(({ version }) => version.usedAt),
      {
        id: 'needed',
        title: 'needed by',
        width: 14,
        align: 'left',
        drop: 4,
        text: ({ version }, state) => standingWords(needsOf(state), version),
        compare: (one, other) => standingOrder.indexOf(one.standing) - standingOrder.indexOf(other.standing),
      },
      bytesColumn(),
    ],
  });
}

const standingOrder: readonly VersionRow['standing'][] = ['nobody', 'graph', 'vendor', 'build', 'unknown'];

function needsEmpty(state: AppState, none: string): string {
  const { moduleCache } = state;
  if (moduleCache.versions === undefined) return countingWords(state);
  if (moduleCache.needs === undefined) return 'what the main modules need is being worked out';
  return moduleCache.needs.roots.length === 0 ? noRoots : none;
}

/** noRoots says why it is not known who needs what. */
export const noRoots = 'no main module is known: start it in one, or with --root DIR';

function sumWords(state: AppState, rows: readonly VersionRow[]): string {
  const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
  return `${formatCountOf(rows.length, 'version')}, ${formatBytes(bytes, state.screen.sizes)}`;
}
