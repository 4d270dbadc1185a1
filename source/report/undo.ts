import type { RepointRecord } from '../operations/repoint/record.ts';
import { undoCommand } from '../operations/setting-change/change.ts';
import type { SettingChange } from '../operations/setting-change/record.ts';
import { formatProblem, type Problem } from '../platform/problem.ts';

/** Undone is what was undone; a field that is left out was not. */
export type Undone = {
  readonly batch?: string;
  readonly restored?: { readonly entries: number; readonly bytes: number };
  readonly repoint?: RepointRecord;
  readonly setting?: SettingChange;
  readonly command?: readonly string[];
  readonly effective?: string | undefined;
  readonly problems?: readonly Problem[];
};

/** undoJson is the object of `undo --json`, `gocachetop.undo/1`. */
export function undoJson(isDryRun: boolean, undone: Undone): Readonly<Record<string, unknown>> {
  const { batch, restored, repoint, setting, command, effective, problems = [] } = undone;
  return {
    schema: 'gocachetop.undo/1',
    dryRun: isDryRun,
    batch: batch ?? null,
    restored: restored ?? { entries: 0, bytes: 0 },
    repoint:
      repoint === undefined
        ? null
        : { id: repoint.id, from: repoint.to, to: repoint.from, command, effective: effective ?? null },
    setting:
      setting === undefined
        ? null
        : {
            id: setting.id,
            name: setting.name,
            from: setting.after ?? null,
            to: setting.before ?? null,
            command: undoCommand(setting),
          },
    problems: problems.map((problem) => ({ ...problem, line: formatProblem(problem) })),
  };
}
