import { quote } from '../../go/shell-word.ts';
import type { RootNeeds } from '../../operations/module-needs/root-needs.ts';
import { defineTable } from '../define-table.ts';
import { formatBytes, formatCount } from '../format.ts';
import { problemMark } from '../marks.ts';
import { findVersion } from '../module-rows.ts';
import type { AppState } from '../state.ts';
import { bytesColumn, countColumn, nameColumn } from './columns.ts';
import { moduleInputs, shortName } from './module-columns.ts';
import { noRoots } from './module-versions.ts';

type RootRow = {
  readonly needs: RootNeeds;
  readonly builds: number;
  readonly graphs: number;
  readonly bytes: number;
  /** absent are versions that it builds with and GOMODCACHE has neither zip nor folder of. */
  readonly absent: number;
};

/** moduleRootsView is the main modules and workspaces that were asked what they need. */
export const moduleRootsView = defineTable<RootRow>({
  id: 'module-roots',
  crumb: () => 'main modules',
  command: () => 'gocachetop modules --json',
  enter: (_state, _level, subject) => ({ view: 'module-root', subject }),
  sort: { column: 'bytes', isReversed: false },
  empty: ({ moduleCache }) =>
    moduleCache.needs === undefined ? 'what the main modules need is being worked out' : noRoots,
  inputs: moduleInputs,
  items: (state) => (state.moduleCache.needs?.roots ?? []).map((needs) => toRow(state, needs)),
  idOf: ({ needs }) => needs.root.file,
  nameOf: ({ needs }) => `${needs.root.file} ${needs.root.modules.join(' ')}`,
  mark: ({ needs }) => (needs.missing.length > 0 ? problemMark : ' '),
  columns: [
    nameColumn('main module', ({ needs }) => needs.root.file),
    countColumn('builds', 'for build', ({ builds }) => builds),
    countColumn('graphs', 'for graph', ({ graphs }) => graphs, 2),
    countColumn('absent', 'not here', ({ absent }) => absent, 1),
    bytesColumn(),
  ],
});

function toRow(state: AppState, needs: RootNeeds): RootRow {
  let [builds, graphs, bytes, absent] = [0, 0, 0, 0];
  for (const need of needs.needs) {
    const found = findVersion(state, `${need.path}@${need.version}`);
    if (need.kind === 'graph') graphs += 1;
    if (need.kind !== 'build') continue;
    builds += 1;
    bytes += found?.bytes ?? 0;
    if (found === undefined || found.version.state === 'graph-only') absent += 1;
  }
  return { needs, builds, graphs, bytes, absent };
}

type NeedRow = {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly via: string;
  readonly bytes: number | undefined;
};

/** moduleRootView is all that one main module needs. */
export const moduleRootView = defineTable<NeedRow>({
  id: 'module-root',
  crumb: (_state, { subject }) => subject ?? '',
  command: (_state, { subject = '' }) => `gocachetop modules --root ${quote(subject)}`,
  enter: (_state, _level, subject) => ({ view: 'module-version', subject }),
  sort: { column: 'kind', isReversed: false },
  empty: () => 'it needs no other module',
  inputs: moduleInputs,
  items: (state, { subject }) =>
    (state.moduleCache.needs?.roots ?? [])
      .filter(({ root }) => root.file === subject)
      .flatMap(({ needs }) => needs)
      .map(({ path, version, kind, via = '' }) => {
        const id = `${path}@${version}`;
        return {
          id,
          name: shortName({ path, version }),
          kind,
          via: via.replace(/@$/, ''),
          bytes: findVersion(state, id)?.bytes,
        };
      }),
  idOf: ({ id }) => id,
  nameOf: ({ id }) => id,
  note: (state, { subject }) => missingWords(state, subject),
  columns: [
    nameColumn('version', ({ name }) => name),
    {
      id: 'kind',
      title: 'for',
      width: 6,
      align: 'left',
      text: ({ kind }) => kind,
      compare: (one, other) => kinds.indexOf(one.kind) - kinds.indexOf(other.kind),
    },
    {
      id: 'via',
      title: 'required by',
      width: 34,
      align: 'left',
      drop: 1,
      text: ({ via }) => via,
      compare: (one, other) => (one.via < other.via ? -1 : one.via > other.via ? 1 : 0),
    },
    {
      id: 'bytes',
      title: 'size',
      width: 9,
      align: 'right',
      text: ({ bytes }, { screen }) => (bytes === undefined ? 'not here' : formatBytes(bytes, screen.sizes)),
      compare: (one, other) => (other.bytes ?? -1) - (one.bytes ?? -1),
    },
  ],
});

const kinds: readonly string[] = ['build', 'vendor', 'graph', 'sum'];

function missingWords({ moduleCache }: AppState, file: string | undefined): string {
  const missing = moduleCache.needs?.roots.find(({ root }) => root.file === file)?.missing.length ?? 0;
  return missing === 0
    ? ''
    : `${formatCount(missing)} go.mod files are not in GOMODCACHE: all of go.sum counts as needed`;
}
