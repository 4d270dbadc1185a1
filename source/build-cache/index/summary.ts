import { type EntryKind, entryKinds } from '../output-kind.ts';
import { mtimeInterval, trimCutoff } from '../trim.ts';
import type { EntryIndex } from './entry-index.ts';
import { type ArchiveName, variantText } from './name.ts';
import type { Owners } from './owners.ts';
import {
  addPrice,
  type CompileTimeOf,
  freePrice,
  hasPrice,
  noTimes,
  type RebuildPrice,
  sumPrices,
} from './price.ts';
import { finish, rowsPerStep, type Steps } from './steps.ts';

/** Sum is a number of entries, action entries and outputs together, and their bytes. */
export type Sum = { readonly entries: number; readonly bytes: number };

/** IndexSummary is what fills a GOCACHE, summed up. Times are Unix milliseconds. */
export type IndexSummary = {
  readonly entries: { readonly action: number; readonly output: number };
  readonly bytes: number;
  readonly diskBytes: number;
  readonly oldest: number | undefined;
  readonly newest: number | undefined;
  readonly kinds: readonly (Sum & { readonly kind: EntryKind })[];
  readonly packages: readonly PackageSum[];
  readonly unattributed: Sum;
  /** ages is a histogram of last use: outputs and their bytes by full days ago; the last one holds all that are older. */
  readonly ages: readonly (Sum & { readonly days: number })[];
  /** nextTrimTakes is what a trim at `now` would remove. */
  readonly nextTrimTakes: Sum;
  /** unread counts entries whose content was not looked at yet: names are still to come. */
  readonly unread: number;
};

/** PackageSum is a package with all its variants. */
export type PackageSum = Sum & {
  readonly importPath: string;
  readonly lastUsed: number;
  readonly module: string | undefined;
  /** isStandard says that its sources lie in GOROOT. */
  readonly isStandard: boolean;
  readonly variants: readonly VariantSum[];
  /** superseded are archives that are not the most recently used of their variant, where the use is known to differ. */
  readonly superseded: Sum;
  readonly rebuild: RebuildPrice;
};

/** VariantSum is one variant of a package: platform, flags, part, Go version, folder of the sources. */
export type VariantSum = Sum & {
  readonly name: number;
  readonly text: string;
  readonly lastUsed: number;
  /** generations is how many archives of it there are. */
  readonly generations: number;
  readonly rebuild: RebuildPrice;
};

// Older ages go into one last bucket.
const agesShown = 31;
const day = 86_400_000;

/** summarize sums an index up, in one pass over its rows; `timeOf` is what it would take to make an archive again. */
export function summarize(
  index: EntryIndex,
  owners: Owners,
  now: number,
  timeOf: CompileTimeOf = noTimes,
): IndexSummary {
  return finish(summarySteps(index, owners, now, timeOf));
}

/** summarySteps is summarize for a large index, which must not change meanwhile. */
export function* summarySteps(
  index: EntryIndex,
  owners: Owners,
  now: number,
  timeOf: CompileTimeOf,
): Steps<IndexSummary> {
  const { actions, outputs, names } = index;
  const kinds = new Map<EntryKind, { entries: number; bytes: number }>(
    entryKinds.map((kind) => [kind, { entries: 0, bytes: 0 }]),
  );
  const variants = new Map<number, Mutable>();
  const unattributed = { entries: 0, bytes: 0 };
  const ages = Array.from({ length: agesShown }, (_, days) => ({ days, entries: 0, bytes: 0 }));
  const takes = { entries: 0, bytes: 0 };
  const cutoff = trimCutoff(now);
  let [bytes, diskBytes, unread] = [0, 0, 0];
  let oldest: number | undefined;
  let newest: number | undefined;

  const add = (mtime: number, size: number, onDisk: number, kind: EntryKind, owner: number): void => {
    bytes += size;
    diskBytes += onDisk;
    oldest = oldest === undefined ? mtime : Math.min(oldest, mtime);
    newest = newest === undefined ? mtime : Math.max(newest, mtime);
    addTo(kinds.get(kind), size);
    if (mtime < cutoff) addTo(takes, size);
    if (owner < 0) addTo(unattributed, size);
    else {
      const variant = variants.get(owner) ?? {
        entries: 0,
        bytes: 0,
        lastUsed: 0,
        archives: [],
        rebuild: freePrice,
      };
      variants.set(owner, variant);
      addTo(variant, size);
      variant.lastUsed = Math.max(variant.lastUsed, mtime);
    }
  };

  for (let row = 0; row < outputs.length; row++) {
    if (row % rowsPerStep === 0) yield;
    if (!outputs.isUsed(row)) continue;
    const kind = outputs.kind(row);
    if (kind === undefined) unread += 1;
    const owner = owners.outputs[row] ?? -1;
    const lastUsed = owners.lastUsed[row] ?? 0;
    add(outputs.mtime(row), outputs.bytes(row), outputs.diskBytes(row), entryKind(kind), owner);
    const age = ages[Math.min(agesShown - 1, Math.max(0, Math.floor((now - lastUsed) / day)))];
    addTo(age, outputs.bytes(row));
    if (kind === 'archive' && owner >= 0) variants.get(owner)?.archives.push(row);
  }
  for (let row = 0; row < actions.length; row++) {
    if (row % rowsPerStep === 0) yield;
    if (!actions.isUsed(row)) continue;
    if (!actions.isRead(row)) unread += 1;
    const output = actions.output(row);
    const kind = output !== undefined && outputs.isUsed(output) ? outputs.kind(output) : undefined;
    const owner = owners.actions[row] ?? -1;
    add(actions.mtime(row), actions.bytes(row), actions.diskBytes(row), entryKind(kind), owner);
    const variant = hasPrice(kind) ? variants.get(owner) : undefined;
    if (variant !== undefined) variant.rebuild = addPrice(variant.rebuild, timeOf(actions.id(row)));
  }
  return {
    entries: { action: actions.count, output: outputs.count },
    bytes,
    diskBytes,
    oldest,
    newest,
    kinds: entryKinds.map((kind) => ({ kind, ...(kinds.get(kind) ?? { entries: 0, bytes: 0 }) })),
    packages: packagesOf(index, owners, variants, names),
    unattributed,
    ages,
    nextTrimTakes: takes,
    unread,
  };
}

type Mutable = {
  entries: number;
  bytes: number;
  lastUsed: number;
  archives: number[];
  rebuild: RebuildPrice;
};

function addTo(sum: { entries: number; bytes: number } | undefined, bytes: number): void {
  if (sum === undefined) return;
  sum.entries += 1;
  sum.bytes += bytes;
}

/** entryKind is the contract's kind; what was not looked into, or could not be, is `other`. */
export function entryKind(kind: ReturnType<EntryIndex['outputs']['kind']>): EntryKind {
  return kind === undefined || kind === 'unknown' ? 'other' : kind;
}

function packagesOf(
  index: EntryIndex,
  owners: Owners,
  variants: ReadonlyMap<number, Mutable>,
  names: readonly ArchiveName[],
): PackageSum[] {
  const byPath = new Map<string, [number, Mutable][]>();
  for (const [number, sum] of variants) {
    const path = names[number]?.importPath ?? '';
    const there = byPath.get(path);
    if (there === undefined) byPath.set(path, [[number, sum]]);
    else there.push([number, sum]);
  }
  const versions = new Set([...variants.keys()].map((number) => names[number]?.goVersion).filter(Boolean));
  return [...byPath].map(([importPath, parts]) => {
    const total = { entries: 0, bytes: 0 };
    const superseded = { entries: 0, bytes: 0 };
    let lastUsed = 0;
    for (const [, sum] of parts) {
      total.entries += sum.entries;
      total.bytes += sum.bytes;
      lastUsed = Math.max(lastUsed, sum.lastUsed);
      for (const row of supersededRows(sum.archives, owners)) addTo(superseded, index.outputs.bytes(row));
    }
    return {
      importPath,
      ...total,
      lastUsed,
      module: parts.map(([number]) => names[number]?.module).find((module) => module !== undefined),
      isStandard: isStandard(
        importPath,
        parts.map(([number]) => names[number]?.directory),
      ),
      superseded,
      rebuild: sumPrices(parts.map(([, sum]) => sum.rebuild)),
      variants: parts
        .map(([name, sum]) => ({
          name,
          text: wordsOf(names[name], versions.size > 1),
          entries: sum.entries,
          bytes: sum.bytes,
          lastUsed: sum.lastUsed,
          generations: sum.archives.length,
          rebuild: sum.rebuild,
        }))
        .sort((one, other) => other.bytes - one.bytes),
    };
  });
}

/**
 * isStandard: the compiler records `$GOROOT/src/...`; under -trimpath, and of a package of generics only, nothing but the path tells: a
 * module's begins with a domain in most cases.
 */
function isStandard(importPath: string, directories: readonly (string | undefined)[]): boolean {
  if (directories.some((directory) => directory?.startsWith('$GOROOT/src/'))) return true;
  const isElsewhere = directories.some((directory) => directory !== undefined && /^\/|@v/.test(directory));
  return !isElsewhere && !/^[^/]*\.|^\//.test(importPath);
}

function wordsOf(name: ArchiveName | undefined, withVersion: boolean): string {
  return name === undefined ? '' : variantText(name, withVersion);
}

/**
 * supersededRows are the archives of one variant that are known to be used less recently than the newest: an mtime
 * tells the last use only to an hour, so that they must lie further apart than that.
 */
export function supersededRows(archives: readonly number[], owners: Pick<Owners, 'lastUsed'>): number[] {
  const newest = archives.reduce((most, row) => Math.max(most, owners.lastUsed[row] ?? 0), 0);
  return archives.filter((row) => (owners.lastUsed[row] ?? 0) + mtimeInterval < newest);
}
