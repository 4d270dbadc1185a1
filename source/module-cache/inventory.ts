import { classifyState, type ModuleVersion } from './module-version.ts';
import type { DownloadKind, ModuleVersion as Name } from './paths.ts';
import { isToolchain } from './paths.ts';
import type { ModuleCacheTotals, SizeOf } from './totals.ts';

/** Draft is a version while GOMODCACHE is being read. */
export type Draft = Name & {
  kinds: readonly DownloadKind[];
  zipBytes: number | undefined;
  metadataBytes: number;
  usedAt: number | undefined;
  isLocked: boolean;
  hasDir: boolean;
  dir: { readonly files: number; readonly bytes: number } | undefined;
};

/** Part names a part of the totals. */
export type Part =
  | 'zips'
  | 'extracted'
  | 'metadata'
  | 'toolchains'
  | 'sumdb'
  | 'vcs'
  | 'trash'
  | 'leftovers'
  | 'other';

/** Inventory gathers what is found. */
export type Inventory = {
  readonly drafts: Draft[];
  add(part: Part, files: number, bytes: number, diskBytes: number): void;
  /** draftOf gives the draft of a version, a new one where it is met first. */
  draftOf(name: Name): Draft;
  readonly files: number;
  readonly bytes: number;
  sumUp(): Sums;
};

type Sums = Pick<
  ModuleCacheTotals,
  | 'files'
  | 'bytes'
  | 'diskBytes'
  | 'modules'
  | 'versions'
  | 'downloaded'
  | 'toolchainVersions'
  | 'partial'
  | Part
>;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** createInventory is empty. */
export function createInventory(): Inventory {
  const drafts: Draft[] = [];
  const places = new Map<string, Draft>();
  const all: Mutable<SizeOf> = newPart();
  const parts: Record<Part, Mutable<SizeOf>> = {
    zips: newPart(),
    extracted: newPart(),
    metadata: newPart(),
    toolchains: newPart(),
    sumdb: newPart(),
    vcs: newPart(),
    trash: newPart(),
    leftovers: newPart(),
    other: newPart(),
  };
  let diskBytes = 0;

  return {
    drafts,
    add(part, files, bytes, disk) {
      for (const sum of [parts[part], all]) {
        sum.files += files;
        sum.bytes += bytes;
      }
      diskBytes += disk;
    },
    draftOf({ path, version }) {
      const key = `${path}@${version}`;
      const known = places.get(key);
      if (known !== undefined) return known;
      const draft: Draft = {
        path,
        version,
        kinds: noKinds,
        zipBytes: undefined,
        metadataBytes: 0,
        usedAt: undefined,
        isLocked: false,
        hasDir: false,
        dir: undefined,
      };
      places.set(key, draft);
      drafts.push(draft);
      return draft;
    },
    get files() {
      return all.files;
    },
    get bytes() {
      return all.bytes;
    },
    sumUp: () => ({
      ...all,
      diskBytes,
      ...parts,
      modules: new Set(drafts.map(({ path }) => path)).size,
      versions: drafts.length,
      downloaded: drafts.filter(({ zipBytes, hasDir }) => zipBytes !== undefined || hasDir).length,
      toolchainVersions: drafts.filter(isToolchain).length,
      partial: drafts.filter(({ kinds }) => kinds.includes('partial')).length,
    }),
  };
}

/** toVersion is what is known of a draft now. */
export function toVersion(draft: Draft): ModuleVersion {
  const { path, version, kinds, zipBytes, metadataBytes, usedAt, hasDir, dir } = draft;
  return {
    path,
    version,
    state: classifyState(draft),
    kinds,
    zipBytes,
    hasDir,
    dirBytes: dir?.bytes,
    files: dir?.files,
    metadataBytes,
    usedAt,
  };
}

const noKinds: readonly DownloadKind[] = [];

function newPart(): Mutable<SizeOf> {
  return { files: 0, bytes: 0 };
}
