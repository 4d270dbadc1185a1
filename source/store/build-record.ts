import { parseGoCommand } from '../build/go-command.ts';
import type { UnitRecord } from '../build/unit.ts';
import type { BuildRecord, MeasuredBytes } from '../record/build-record.ts';
import type { CompileTime } from '../record/compile-times.ts';
import type { BuildState } from './state.ts';

/** FinishedBuild is what is kept of a build that has ended. */
export type FinishedBuild = {
  readonly build: Omit<BuildRecord, 'gocache' | 'goVersion' | 'hit'>;
  readonly times: readonly CompileTime[];
  /** hitOutputs are those that came from GOCACHE and whose names the build told: their sizes are in GOCACHE. */
  readonly hitOutputs: readonly string[];
};

/** selectFinishedBuild sums up a build for the record; undefined for a command that needed no package compiled or from GOCACHE. */
export function selectFinishedBuild({
  command,
  startedAt,
  end,
  progress,
}: BuildState): FinishedBuild | undefined {
  const { hits, misses, failed } = progress.counts;
  if (end === undefined || end.neverStarted || hits + misses + failed === 0) return undefined;
  const compiled: UnitRecord[] = [];
  const hitOutputs: string[] = [];
  // Of a build of hits alone nothing else is to be known, and it is over in a moment.
  for (const record of misses === 0 ? [] : progress.units()) {
    if (record.outcome === 'miss') compiled.push(record);
    else if (record.outcome === 'hit' && record.outputId !== undefined) hitOutputs.push(record.outputId);
  }
  return {
    build: {
      at: startedAt,
      subcommand: parseGoCommand(command)?.subcommand,
      exitCode: end.exitCode,
      durationMs: end.at - startedAt,
      hits,
      misses,
      failed,
      written: sumOutputs(compiled),
    },
    times: compiled.flatMap(({ buildId, durationMs }) =>
      buildId === undefined || durationMs === undefined ? [] : { action: buildId, ms: durationMs },
    ),
    hitOutputs,
  };
}

function sumOutputs(records: readonly UnitRecord[]): MeasuredBytes {
  const sizes = records.flatMap(({ outputBytes }) => outputBytes ?? []);
  return { archives: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}
