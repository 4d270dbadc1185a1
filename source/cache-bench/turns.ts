import type { Problem } from '../platform/problem.ts';

/** Turn is what came of one turn of one directory. */
export type Turn<T> =
  | { readonly type: 'done'; readonly result: T }
  | { readonly type: 'failed'; readonly problem: Problem }
  | { readonly type: 'stopped' };

export type Turns<T> = {
  /** results of each directory, in the order of the directories; fewer where it failed. */
  readonly results: readonly (readonly T[])[];
  readonly problems: readonly Problem[];
  readonly wasStopped: boolean;
};

/**
 * takeTurns measures directories in turn, and each round begins with the next one (A B, B A): what happens to the
 * machine meanwhile happens to all. A directory that fails is left out from then on.
 */
export async function takeTurns<P, T>(
  directories: readonly P[],
  rounds: number,
  measure: (directory: P, round: number) => Promise<Turn<T>>,
): Promise<Turns<T>> {
  const results: T[][] = directories.map(() => []);
  const problems: Problem[] = [];
  const failed = new Set<number>();
  for (let round = 0; round < rounds; round++) {
    for (const at of directories.keys()) {
      const index = (at + round) % directories.length;
      const directory = directories[index];
      if (directory === undefined || failed.has(index)) continue;
      const turn = await measure(directory, round);
      if (turn.type === 'stopped') return { results, problems, wasStopped: true };
      if (turn.type === 'done') results[index]?.push(turn.result);
      else {
        failed.add(index);
        problems.push(turn.problem);
      }
    }
  }
  return { results, problems, wasStopped: false };
}
