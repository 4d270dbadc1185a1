import { bytesOf, type ModuleVersion } from '../../module-cache/module-version.ts';
import { quote } from '../../operations/shell-word.ts';
import { compareLargest, compareText, defineTable } from '../define-table.ts';
import { formatBytes, formatCount } from '../format.ts';
import { problemMark } from '../marks.ts';
import type { AppState } from '../state.ts';
import type { PageItem, PageView } from '../view.ts';
import { bytesColumn, countColumn, nameColumn } from './columns.ts';
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
export const modulesView = defineTable<Module>({
  id: 'modules',
  crumb: () => 'modules',
  command: ({ moduleCache }) => `ls ${quote(`${moduleCache.path ?? '.'}/cache/download`)}`,
  enter: (_state, _level, path) => ({ view: 'module', subject: path }),
  sort: { column: 'bytes', isReversed: false },
  empty: ({ moduleCache }) =>
    moduleCache.versions === undefined ? 'being counted' : 'no module was downloaded yet',
  inputs: ({ moduleCache }) => [moduleCache.versions],
  items: selectModules,
  idOf: ({ path }) => path,
  nameOf: ({ path }) => path,
  mark: ({ isPartial }) => (isPartial ? problemMark : ' '),
  columns: [
    nameColumn('module', ({ path }) => path),
    { ...countColumn<Module>('versions', 'vers', ({ versions }) => versions.length), width: 5 },
    countColumn('files', 'files', ({ files }) => files, 1),
    bytesColumn(),
  ],
});

/** moduleView is the versions of one module. */
export const moduleView: PageView = {
  kind: 'page',
  id: 'module',
  crumb: (_state, { subject }) => subject ?? '',
  command: (_state, { subject }) =>
    subject === undefined ? undefined : `go list -m -versions ${quote(subject)}`,
  items(state, { subject }) {
    const module = selectModules(state).find(({ path }) => path === subject);
    if (module === undefined)
      return [{ kind: 'text', text: `${subject ?? ''} is not in GOMODCACHE`, tone: 'quiet' }];
    const versions = [...module.versions].sort((one, other) => compareLargest(bytesOf(one), bytesOf(other)));
    return [
      { kind: 'fact', name: 'versions', value: formatCount(versions.length) },
      { kind: 'fact', name: 'size', value: formatBytes(module.bytes, state.screen.sizes) },
      ...versions.flatMap((version) => versionItems(version, state)),
    ];
  },
};

/** Module is one module path with all its versions. */
type Module = {
  readonly path: string;
  readonly versions: readonly ModuleVersion[];
  readonly bytes: number;
  readonly files: number;
  /** isPartial: an extraction of one of its versions began and did not end. */
  readonly isPartial: boolean;
};

const noModules: readonly Module[] = [];
// Versions come a few times per scan: their modules are put together once each.
const modulesOfVersions = new WeakMap<object, readonly Module[]>();

/** selectModules puts the versions of each module path together. */
function selectModules({ moduleCache }: AppState): readonly Module[] {
  const all = moduleCache.versions;
  if (all === undefined) return noModules;
  const known = modulesOfVersions.get(all);
  if (known !== undefined) return known;
  const versionsOf = new Map<string, ModuleVersion[]>();
  for (const version of all) {
    const versions = versionsOf.get(version.path);
    if (versions === undefined) versionsOf.set(version.path, [version]);
    else versions.push(version);
  }
  const modules = [...versionsOf].map(([path, versions]) => ({
    path,
    versions,
    bytes: versions.reduce((sum, version) => sum + bytesOf(version), 0),
    files: versions.reduce((sum, { files }) => sum + (files ?? 0), 0),
    isPartial: versions.some(({ state }) => state === 'partial'),
  }));
  modules.sort((one, other) => other.bytes - one.bytes || compareText(one.path, other.path));
  modulesOfVersions.set(all, modules);
  return modules;
}

function totalFacts({ moduleCache, screen }: AppState): readonly PageItem[] {
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
  const { toolchains, toolchainVersions, vcs, other, partial, unreadable } = totals;
  return [
    { kind: 'fact', name: 'size', value: `${size(totals.bytes)} in ${formatCount(totals.files)} files` },
    {
      kind: 'fact',
      name: 'modules',
      value: `${formatCount(totals.modules)}, ${formatCount(totals.versions)} versions`,
    },
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
    ...(other.files > 0
      ? [
          {
            kind: 'fact',
            name: 'other',
            value: `${size(other.bytes)} in ${formatCount(other.files)} files`,
          } as const,
        ]
      : []),
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

function versionItems(version: ModuleVersion, { screen }: AppState): readonly PageItem[] {
  const { zipBytes, dirBytes, files, state } = version;
  return [
    { kind: 'gap' },
    { kind: 'heading', text: version.version, right: formatBytes(bytesOf(version), screen.sizes) },
    {
      kind: 'fact',
      name: 'zip',
      value:
        zipBytes === undefined
          ? 'none: only its go.mod was needed so far'
          : formatBytes(zipBytes, screen.sizes),
    },
    {
      kind: 'fact',
      name: 'extracted',
      value:
        dirBytes === undefined
          ? 'no'
          : `${formatBytes(dirBytes, screen.sizes)} in ${formatCount(files)} files`,
    },
    ...(state === 'partial'
      ? [
          {
            kind: 'fact',
            name: 'partial',
            value: 'an extraction began and did not end',
            tone: 'warning',
          } as const,
        ]
      : []),
  ];
}
