import { codeOf, type Problem, reasonOf } from '../platform/problem.ts';
import { measureTree } from './tree-size.ts';

/** MeasureOrder is what several threads measure together. */
export type MeasureOrder = {
  readonly folders: readonly string[];
  /** next is the index of the next folder that nobody took. */
  readonly next: Int32Array;
  /** isBackground gives way to all else on this machine. */
  readonly isBackground: boolean;
};

/** Measured is one folder of the order, with what could not be read in it. */
export type Measured = {
  readonly index: number;
  readonly files: number;
  readonly bytes: number;
  readonly diskBytes: number;
  readonly troubles: readonly Unread[];
};

/** Unread is something that could not be read; one that is gone was removed meanwhile, which is no fault. */
export type Unread = { readonly isGone: boolean; readonly problem: Problem };

/** measureShare measures folders until none is left, or `until` says that it is time for something else. */
export function measureShare(
  { folders, next }: MeasureOrder,
  tell: (measured: readonly Measured[]) => void,
  until: () => boolean = () => false,
): boolean {
  let told: Measured[] = [];
  for (;;) {
    const index = Atomics.add(next, 0, 1);
    const folder = folders[index];
    if (folder === undefined) break;
    const troubles: Unread[] = [];
    const size = measureTree(folder, (path, error) => troubles.push(unread(path, error)));
    told.push({ index, ...size, troubles });
    const isTime = until();
    if (told.length < mostAtOnce && !isTime) continue;
    tell(told);
    told = [];
    if (isTime) return false;
  }
  if (told.length > 0) tell(told);
  return true;
}

// Few enough that sizes fill in as they come, enough that a message is worth it.
const mostAtOnce = 64;

/** unread says that something cannot be read, and why. */
export function unread(where: string, error: unknown): Unread {
  const repair = 'it is missing from the sums: check its mode and owner';
  return {
    isGone: codeOf(error) === 'ENOENT',
    problem: { where, what: 'cannot be read', why: reasonOf(error), repair },
  };
}
