import { bytesOf, type ModuleVersion } from '../module-cache/module-version.ts';
import { isToolchain } from '../module-cache/paths.ts';
import { indexNeeds, type ModuleNeeds, type Standing } from '../operations/module-needs/needs.ts';
import { compareText } from './define-table.ts';
import type { AppState } from './state.ts';

/** VersionRow is one version with all that is known of it. */
export type VersionRow = {
  /** id is `path@version`. */
  readonly id: string;
  readonly version: ModuleVersion;
  readonly bytes: number;
  readonly standing: Standing;
  /** newer is the version that is used in its place; undefined where none is. */
  readonly newer: string | undefined;
  readonly isToolchain: boolean;
};

/** ModuleRow is one module path with all its versions. */
export type ModuleRow = {
  readonly path: string;
  readonly versions: readonly VersionRow[];
  readonly bytes: number;
  readonly files: number;
  /** unneeded are the bytes of versions that nobody needs; undefined where no root is known. */
  readonly unneeded: number | undefined;
  readonly usedAt: number | undefined;
  /** isPartial: an extraction of one of its versions began and did not end. */
  readonly isPartial: boolean;
};

type Rows = {
  readonly versions: readonly ModuleVersion[];
  readonly needs: ModuleNeeds;
  readonly rows: readonly VersionRow[];
  readonly byId: ReadonlyMap<string, VersionRow>;
  modules: readonly ModuleRow[] | undefined;
};

// Versions and needs come a few times per scan: rows are put together once each.
let known: Rows | undefined;
const noRows: readonly VersionRow[] = [];
const noNeeds = indexNeeds([]);

function allRows({ moduleCache }: AppState): Rows | undefined {
  const { versions, needs = noNeeds } = moduleCache;
  if (versions === undefined) return undefined;
  if (known?.versions === versions && known.needs === needs) return known;
  const rows = versions.map(
    (version): VersionRow => ({
      id: `${version.path}@${version.version}`,
      version,
      bytes: bytesOf(version),
      standing: needs.standing(version),
      newer: needs.supersededBy(version),
      isToolchain: isToolchain(version),
    }),
  );
  known = { versions, needs, rows, byId: new Map(rows.map((row) => [row.id, row])), modules: undefined };
  return known;
}

/** selectVersions are all versions; none before names are known. */
export function selectVersions(state: AppState): readonly VersionRow[] {
  return allRows(state)?.rows ?? noRows;
}

/** findVersion is a version by its id; undefined when it is not in GOMODCACHE (any more). */
export function findVersion(state: AppState, id: string | undefined): VersionRow | undefined {
  return id === undefined ? undefined : allRows(state)?.byId.get(id);
}

/** selectModules puts the versions of each module path together, the largest first. */
export function selectModules(state: AppState): readonly ModuleRow[] {
  const all = allRows(state);
  if (all === undefined) return [];
  all.modules ??= groupByPath(all.rows);
  return all.modules;
}

/** needsOf is who needs what; of no roots before that was worked out. */
export function needsOf({ moduleCache }: AppState): ModuleNeeds {
  return moduleCache.needs ?? noNeeds;
}

function groupByPath(rows: readonly VersionRow[]): readonly ModuleRow[] {
  const versionsOf = new Map<string, VersionRow[]>();
  for (const row of rows) {
    const versions = versionsOf.get(row.version.path);
    if (versions === undefined) versionsOf.set(row.version.path, [row]);
    else versions.push(row);
  }
  const modules = Array.from(versionsOf, ([path, versions]): ModuleRow => {
    let [bytes, files, unneeded, used] = [0, 0, 0, Number.NEGATIVE_INFINITY];
    for (const row of versions) {
      bytes += row.bytes;
      files += row.version.files ?? 0;
      if (row.standing === 'nobody') unneeded += row.bytes;
      used = Math.max(used, row.version.usedAt ?? Number.NEGATIVE_INFINITY);
    }
    return {
      path,
      versions,
      bytes,
      files,
      unneeded: versions.some(({ standing }) => standing === 'unknown') ? undefined : unneeded,
      usedAt: Number.isFinite(used) ? used : undefined,
      isPartial: versions.some(({ version }) => version.state === 'partial'),
    };
  });
  return modules.sort((one, other) => other.bytes - one.bytes || compareText(one.path, other.path));
}
