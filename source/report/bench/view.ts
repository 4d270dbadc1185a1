import type { Load } from '../../cache-bench/machine.ts';
import type { Directory } from '../../cache-bench/probe.ts';
import type { BuildRound, Round } from '../../cache-bench/round.ts';
import type { Problem } from '../../platform/problem.ts';

/** BenchView is a measurement of directories as it is told. The rounds stand in the order of the directories. */
export type BenchView = {
  readonly isDryRun: boolean;
  readonly wasStopped: boolean;
  readonly writers: number;
  /** rounds are those that were asked for. */
  readonly rounds: number;
  readonly buildRounds: number;
  /** packages are the patterns of the real build; none: only the replay. */
  readonly packages: readonly string[];
  readonly load: Load;
  readonly directories: readonly Directory[];
  readonly replayed: readonly (readonly Round[])[];
  readonly built: readonly (readonly BuildRound[])[];
  readonly problems: readonly Problem[];
};
