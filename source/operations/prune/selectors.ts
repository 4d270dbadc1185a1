import type { EntryIndex } from '../../build-cache/index/entry-index.ts';
import { type ArchiveName, variantText } from '../../build-cache/index/name.ts';
import type { Owners } from '../../build-cache/index/owners.ts';
import { entryKind, supersededRows } from '../../build-cache/index/summary.ts';
import type { EntryKind } from '../../build-cache/output-kind.ts';
import type { OutputId } from '../../go/ids.ts';
import { matchImportPattern } from '../../go/import-pattern.ts';
import { findReuse } from './reuse.ts';

/** PruneSelectors narrow each other; without any, all is selected. */
export type PruneSelectors = {
  /** unusedForMs: only what was not used for so long. */
  readonly unusedForMs?: number | undefined;
  /** packages is a pattern of import paths, with Go's `...`. */
  readonly packages?: string | undefined;
  /** importPaths are packages by name, as they were marked. */
  readonly importPaths?: ReadonlySet<string> | undefined;
  /** variant is one in the words of a scan, as `linux/amd64 race`; without a Go version, it is meant in all versions. */
  readonly variant?: string | undefined;
  /** goVersion as `go1.26.8`. */
  readonly goVersion?: string | undefined;
  /** sourcesIn is a folder: only what was compiled from sources in it or below, as the compiler wrote them down. */
  readonly sourcesIn?: string | undefined;
  readonly kind?: EntryKind | undefined;
  /** isSuperseded: only archives that are not the most recently used of their package and variant. */
  readonly isSuperseded?: boolean;
  /** isNeverReused: only what was not used again after the day on which it was made. */
  readonly isNeverReused?: boolean;
  /** damaged: only these outputs, damaged ones or chosen one by one. */
  readonly damaged?: ReadonlySet<OutputId> | undefined;
  /** maxBytes takes the least recently used of what the others select, until all that is left is no larger. */
  readonly maxBytes?: number | undefined;
};

/** Wanted says of a row whether the selectors mean it. */
export type Wanted = { output(row: number): boolean; action(row: number): boolean };

/** readSelectors makes tests of all selectors but maxBytes. */
export function readSelectors(
  index: EntryIndex,
  owners: Owners,
  selectors: PruneSelectors,
  now: number,
): Wanted {
  const { unusedForMs, kind, isSuperseded, isNeverReused, damaged } = selectors;
  const cutoff = unusedForMs === undefined ? undefined : now - unusedForMs;
  const isNamed = nameTest(index.names, selectors);
  const superseded = isSuperseded === true ? findSuperseded(index, owners) : undefined;
  const reuse = isNeverReused === true ? findReuse(index, owners, now) : undefined;
  return {
    output: (row) =>
      isNamed(owners.outputs[row] ?? -1) &&
      (cutoff === undefined || (owners.lastUsed[row] ?? 0) < cutoff) &&
      (kind === undefined || entryKind(index.outputs.kind(row)) === kind) &&
      (superseded === undefined || superseded.has(row)) &&
      (reuse === undefined || reuse.ofOutput(row) === 'never') &&
      (damaged === undefined || damaged.has(index.outputs.id(row))),
    action(row) {
      // What is superseded or damaged is an output.
      if (superseded !== undefined || damaged !== undefined) return false;
      return (
        isNamed(owners.actions[row] ?? -1) &&
        (cutoff === undefined || index.actions.mtime(row) < cutoff) &&
        (kind === undefined || kindOfAction(index, row) === kind) &&
        (reuse === undefined || reuse.ofAction(row) === 'never')
      );
    },
  };
}

function kindOfAction({ actions, outputs }: EntryIndex, row: number): EntryKind {
  const output = actions.output(row);
  return entryKind(output === undefined || !outputs.isUsed(output) ? undefined : outputs.kind(output));
}

/** nameTest looks at each name once: thousands of entries share it. */
function nameTest(names: readonly ArchiveName[], selectors: PruneSelectors): (owner: number) => boolean {
  const { packages, importPaths, variant, goVersion, sourcesIn } = selectors;
  const given = [packages, importPaths, variant, goVersion, sourcesIn];
  if (given.every((selector) => selector === undefined)) return () => true;
  const known = new Map<number, boolean>();
  const isMeant = (name: ArchiveName | undefined): boolean =>
    name !== undefined &&
    (packages === undefined || matchImportPattern(packages, name.importPath)) &&
    (importPaths === undefined || importPaths.has(name.importPath)) &&
    (variant === undefined || variantText(name, false) === variant || variantText(name, true) === variant) &&
    (goVersion === undefined || name.goVersion === goVersion) &&
    (sourcesIn === undefined || `${name.directory}/`.startsWith(`${sourcesIn}/`));
  return (owner) => {
    const answer = known.get(owner) ?? isMeant(names[owner]);
    known.set(owner, answer);
    return answer;
  };
}

/** findSuperseded looks at archives variant by variant. */
function findSuperseded(index: EntryIndex, owners: Owners): ReadonlySet<number> {
  const byName = new Map<number, number[]>();
  for (let row = 0; row < index.outputs.length; row++) {
    const owner = owners.outputs[row] ?? -1;
    if (owner < 0 || !index.outputs.isUsed(row) || index.outputs.kind(row) !== 'archive') continue;
    const there = byName.get(owner);
    if (there === undefined) byName.set(owner, [row]);
    else there.push(row);
  }
  return new Set([...byName.values()].flatMap((rows) => supersededRows(rows, owners)));
}
