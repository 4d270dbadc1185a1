import type { EntryIndex } from '../../build-cache/index/entry-index.ts';
import type { Owners } from '../../build-cache/index/owners.ts';
import { mtimeInterval } from '../../build-cache/trim.ts';

/**
 * Reuse is what the times of an entry tell of its use after the day on which it was made: `young` when that day is not over,
 * `unknown` when no action entry says when it was made.
 */
type Reuse = 'never' | 'again' | 'young' | 'unknown';

/** ReuseTimes answers for rows of an index. */
export type ReuseTimes = { ofOutput(row: number): Reuse; ofAction(row: number): Reuse };

const day = 86_400_000;

/**
 * findReuse compares the last use with the time in the action entry. A use sets an mtime that is an hour old or more, so that
 * `never` means: none later than a day and an hour after it was made. What is stored under subkeys of an archive is taken with it:
 * vet compiles a package again whose list of sources is missing. cmd/go/internal/cache: (*DiskCache).markUsed, go1.26
 */
export function findReuse(index: EntryIndex, owners: Owners, now: number): ReuseTimes {
  const { actions, outputs } = index;
  // The oldest of the action entries that point to an output; 0 where there is none.
  const madeAt = new Float64Array(outputs.length);
  // A list of sources that several archives share was used when one of them was.
  const usedAt = owners.lastUsed.slice();
  for (let row = 0; row < actions.length; row++) {
    const output = actions.isUsed(row) ? actions.output(row) : undefined;
    const addedAt = actions.addedAt(row);
    if (output === undefined || addedAt === undefined) continue;
    const known = madeAt[output] ?? 0;
    if (known === 0 || addedAt < known) madeAt[output] = addedAt;
    const parent = owners.actionParents[row] ?? -1;
    if (parent >= 0) usedAt[output] = Math.max(usedAt[output] ?? 0, owners.lastUsed[parent] ?? 0);
  }
  const ofArchive = (row: number): Reuse => reuseOf(madeAt[row] || undefined, usedAt[row] ?? 0, now);
  return {
    ofOutput(row) {
      const parent = owners.outputParents[row] ?? -1;
      return ofArchive(parent < 0 ? row : parent);
    },
    ofAction(row) {
      const parent = owners.actionParents[row] ?? -1;
      return parent < 0 ? reuseOf(actions.addedAt(row), actions.mtime(row), now) : ofArchive(parent);
    },
  };
}

function reuseOf(madeAt: number | undefined, lastUsed: number, now: number): Reuse {
  if (madeAt === undefined) return 'unknown';
  if (lastUsed >= madeAt + day) return 'again';
  return now >= madeAt + day + mtimeInterval ? 'never' : 'young';
}
