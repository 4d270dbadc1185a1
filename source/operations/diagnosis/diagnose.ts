import type { EntryIndex } from '../../build-cache/index/entry-index.ts';
import type { Owners } from '../../build-cache/index/owners.ts';
import type { CompileTimeOf } from '../../build-cache/index/price.ts';
import type { IndexSummary } from '../../build-cache/index/summary.ts';
import { isBoolFlagSet, splitGoFlags } from '../../go/flags.ts';
import type { BuildRecord, MeasuredBytes } from '../../record/build-record.ts';
import { findReuse } from '../prune/reuse.ts';
import { measurePrune, type PruneMeasure } from '../prune/select.ts';
import type { PruneSelectors } from '../prune/selectors.ts';
import type { Churn, Cure, Finding } from './finding.ts';
import { findDuplicates } from './roots.ts';

/** Patient is a GOCACHE as it was read, with what is recorded about it. */
export type Patient = {
  readonly index: EntryIndex;
  readonly owners: Owners;
  readonly summary: IndexSummary;
  /** builds that were recorded on this GOCACHE, oldest first. */
  readonly builds: readonly BuildRecord[];
  readonly timeOf: CompileTimeOf;
  /** goflags as go env tells them. */
  readonly goflags: string;
  /** now is Unix milliseconds. */
  readonly now: number;
};

/**
 * diagnose tells why a GOCACHE is large and of little use, finding by finding, with the prune that would cure it; what that
 * frees is measured with the selectors of the prune itself. It gives way after each: a million entries take a while.
 */
export function* diagnose(patient: Patient): Generator<Finding> {
  yield* neverReused(patient);
  yield* superseded(patient);
  yield* staleVariants(patient);
  yield* severalRoots(patient);
  yield churn(patient.builds);
}

function measure({ index, owners, now, timeOf }: Patient, selectors: PruneSelectors): PruneMeasure {
  return measurePrune(index, owners, selectors, now, timeOf);
}

function prune({ selected, rebuild }: PruneMeasure, ...args: readonly string[]): Cure {
  return { type: 'prune', args, frees: selected, rebuild };
}

function* neverReused(patient: Patient): Generator<Finding> {
  const found = measure(patient, { isNeverReused: true });
  if (found.selected.entries === 0) return;
  yield {
    code: 'never-reused',
    sum: found.selected,
    olderBytes: olderBytes(patient),
    packages: found.packages,
    cures: [prune(found, '--never-reused')],
  };
}

/** olderBytes are those of the outputs whose first day is over, used again or not. */
function olderBytes({ index, owners, now }: Patient): number {
  const reuse = findReuse(index, owners, now);
  let bytes = 0;
  for (let row = 0; row < index.outputs.length; row++) {
    if (!index.outputs.isUsed(row)) continue;
    const its = reuse.ofOutput(row);
    if (its === 'never' || its === 'again') bytes += index.outputs.bytes(row);
  }
  return bytes;
}

function* superseded(patient: Patient): Generator<Finding> {
  const found = measure(patient, { isSuperseded: true });
  if (found.selected.entries === 0) return;
  const { selected: sum, packages } = found;
  yield { code: 'superseded', sum, packages, cures: [prune(found, '--superseded')] };
}

const week = 7 * 86_400_000;

function* staleVariants(patient: Patient): Generator<Finding> {
  const { summary, now } = patient;
  const lastUses = new Map<string, number>();
  for (const { text, lastUsed } of summary.packages.flatMap(({ variants }) => variants))
    lastUses.set(text, Math.max(lastUsed, lastUses.get(text) ?? 0));
  for (const [variant, lastUsed] of lastUses) {
    if (now - lastUsed <= week) continue;
    const found = measure(patient, { variant, unusedForMs: week });
    if (found.selected.entries === 0) continue;
    yield {
      code: 'stale-variant',
      variant,
      unusedForMs: now - lastUsed,
      sum: found.selected,
      packages: found.packages,
      cures: [prune(found, '--variant', variant, '--unused-for', '7d')],
    };
  }
}

function* severalRoots(patient: Patient): Generator<Finding> {
  const { summary, index, goflags } = patient;
  const { sum, packages, roots } = findDuplicates(summary.packages, index.names);
  if (sum.entries === 0) return;
  const trimpath: readonly Cure[] = isBoolFlagSet(splitGoFlags(goflags).words, 'trimpath')
    ? []
    : [{ type: 'trimpath', goflags }];
  // The one that was used last is worked in.
  const prunes = roots
    .slice(1, 1 + mostRoots)
    .map(({ folder }) => prune(measure(patient, { sourcesIn: folder }), '--sources-in', folder));
  yield { code: 'several-roots', sum, packages, roots, cures: [...trimpath, ...prunes] };
}

// A command for each of dozens of worktrees is not read; the roots are listed all the same.
const mostRoots = 8;

function churn(builds: readonly BuildRecord[]): Churn {
  const sum = (of: 'hits' | 'misses'): number => builds.reduce((total, build) => total + build[of], 0);
  const measured = (of: 'hit' | 'written'): MeasuredBytes => ({
    archives: builds.reduce((total, build) => total + build[of].archives, 0),
    bytes: builds.reduce((total, build) => total + build[of].bytes, 0),
  });
  return {
    code: 'churn',
    builds,
    hits: sum('hits'),
    misses: sum('misses'),
    hit: measured('hit'),
    written: measured('written'),
  };
}
