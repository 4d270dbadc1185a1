import { matchImportPattern } from '../../go/import-pattern.ts';
import { compareSemver } from '../../go/semver.ts';
import type { ModuleVersion } from '../../module-cache/module-version.ts';
import { isToolchain } from '../../module-cache/paths.ts';
import type { ModuleNeeds } from '../module-needs/needs.ts';

/** ModuleSelectors narrow each other. */
export type ModuleSelectors = {
  /** pattern of module paths, with Go's `...`, or one `path@version`. */
  readonly pattern?: string | undefined;
  /** names are versions as `path@version`, as they were marked. */
  readonly names?: ReadonlySet<string> | undefined;
  /** isUnneeded: what no root needs; of a version that only graphs need, all but its go.mod and info. */
  readonly isUnneeded?: boolean;
  /** isSuperseded: what every root that uses its module uses a newer version of. */
  readonly isSuperseded?: boolean;
  /** unusedForMs: not used for so long; what is not known to be unused stays. */
  readonly unusedForMs?: number | undefined;
  /** keepNewest keeps so many versions of each module that have a zip or a folder. */
  readonly keepNewest?: number | undefined;
  readonly isToolchain?: boolean;
  /** part is what goes of a version: the other part stays. */
  readonly part?: 'all' | 'zip' | 'folder';
};

/** ModuleTarget is a version, and what goes of it. */
export type ModuleTarget = {
  readonly version: ModuleVersion;
  readonly takesZip: boolean;
  readonly takesFolder: boolean;
  /** takesMetadata: its go.mod and info too, since no graph needs them. */
  readonly takesMetadata: boolean;
  readonly bytes: number;
};

/** ModuleSelection is what the selectors choose, and what it costs. */
export type ModuleSelection = {
  readonly targets: readonly ModuleTarget[];
  readonly bytes: number;
  readonly download: DownloadPrice;
  /** neededBy counts the targets that a root needs for a build: they come again with the next one. */
  readonly needed: number;
  /** unknownUse counts the versions that stayed, as it is not known when they were used last. */
  readonly unknownUse: number;
};

/** DownloadPrice is what would be downloaded again, should all of it be needed: by the hop that is asked first. */
export type DownloadPrice = {
  readonly bytes: number;
  /** unknown counts versions whose zip is gone already, so that its size is not known. */
  readonly unknown: number;
  readonly from: readonly { readonly hop: string; readonly bytes: number; readonly versions: number }[];
};

/** selectModules chooses versions and says what goes of each. The toolchain at `goroot`, which runs here, is never chosen. */
export function selectModules(
  versions: readonly ModuleVersion[],
  needs: ModuleNeeds,
  selectors: ModuleSelectors,
  surroundings: { readonly now: number; readonly goroot: string; readonly hopOf: (path: string) => string },
): ModuleSelection {
  const { now, goroot, hopOf } = surroundings;
  const { pattern, names, isUnneeded, isSuperseded, unusedForMs, keepNewest } = selectors;
  const newest = keepNewest === undefined ? undefined : newestOf(versions, keepNewest);
  let unknownUse = 0;
  const targets = versions.flatMap((version): readonly ModuleTarget[] => {
    const name = `${version.path}@${version.version}`;
    const standing = needs.standing(version);
    if (names !== undefined && !names.has(name)) return [];
    if (pattern !== undefined && pattern !== name && !matchImportPattern(pattern, version.path)) return [];
    if (selectors.isToolchain === true && !isToolchain(version)) return [];
    if (isToolchain(version) && goroot.endsWith(`/golang.org/toolchain@${version.version}`)) return [];
    if (isUnneeded === true && standing !== 'nobody' && standing !== 'graph') return [];
    if (isSuperseded === true && needs.supersededBy(version) === undefined) return [];
    if (newest?.has(version) === true) return [];
    const target = toTarget(version, standing, selectors, names !== undefined || pattern === name);
    if (target === undefined) return [];
    if (unusedForMs !== undefined) {
      if (version.usedAt === undefined) unknownUse += 1;
      if (version.usedAt === undefined || now - version.usedAt < unusedForMs) return [];
    }
    return [target];
  });
  return {
    targets,
    bytes: bytesIn(targets),
    download: priceOf(targets, hopOf),
    needed: targets.filter(({ version }) => needs.standing(version) === 'build').length,
    unknownUse,
  };
}

/** toTarget: a go.mod is small, and a graph without it cannot be loaded offline: it goes only where nobody needs it. */
function toTarget(
  version: ModuleVersion,
  standing: string,
  { part = 'all' }: ModuleSelectors,
  isNamed: boolean,
): ModuleTarget | undefined {
  const { zipBytes, hasDir, dirBytes, metadataBytes, kinds } = version;
  const hasZip = zipBytes !== undefined;
  const takesZip = hasZip && (part === 'all' || (part === 'zip' && hasDir));
  const takesFolder = hasDir && (part === 'all' || (part === 'folder' && hasZip));
  const isFree = standing === 'nobody' || (standing === 'unknown' && isNamed);
  const hasMetadata = kinds.some((kind) => kind === 'mod' || kind === 'info');
  const takesMetadata = part === 'all' && isFree && hasMetadata;
  if (!takesZip && !takesFolder && !takesMetadata) return undefined;
  const bytes =
    (takesZip ? (zipBytes ?? 0) : 0) +
    (takesFolder ? (dirBytes ?? 0) : 0) +
    (takesMetadata ? metadataBytes : 0);
  return { version, takesZip, takesFolder, takesMetadata, bytes };
}

function newestOf(versions: readonly ModuleVersion[], count: number): ReadonlySet<ModuleVersion> {
  const byPath = Map.groupBy(
    versions.filter(({ zipBytes, hasDir }) => zipBytes !== undefined || hasDir),
    ({ path }) => path,
  );
  return new Set(
    [...byPath.values()].flatMap((each) =>
      each.toSorted((one, other) => compareSemver(other.version, one.version)).slice(0, count),
    ),
  );
}

/** priceOf: a folder whose zip stays is extracted again, without a download. */
function priceOf(targets: readonly ModuleTarget[], hopOf: (path: string) => string): DownloadPrice {
  const lost = targets.flatMap(({ version, takesZip, takesFolder, takesMetadata }) => {
    const isLost = takesZip ? takesFolder || !version.hasDir : takesFolder && version.zipBytes === undefined;
    if (!isLost && !takesMetadata) return [];
    const bytes = (isLost ? (version.zipBytes ?? 0) : 0) + (takesMetadata ? version.metadataBytes : 0);
    return [{ path: version.path, bytes, isUnknown: isLost && version.zipBytes === undefined }];
  });
  return sumByHop(lost, hopOf);
}

/** sumByHop adds up what is downloaded of each module path, by the hop that is asked first. */
export function sumByHop(
  wanted: readonly { readonly path: string; readonly bytes: number; readonly isUnknown: boolean }[],
  hopOf: (path: string) => string,
): DownloadPrice {
  const from = Array.from(
    Map.groupBy(wanted, ({ path }) => hopOf(path)),
    ([hop, each]) => ({ hop, bytes: bytesIn(each), versions: each.length }),
  );
  return { bytes: bytesIn(wanted), unknown: wanted.filter(({ isUnknown }) => isUnknown).length, from };
}

function bytesIn(parts: readonly { readonly bytes: number }[]): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0);
}
