import { readSettingFiles } from '../../go/env.ts';
import { explain, type Problem } from '../../platform/problem.ts';
import { findGuard } from '../removal/guard.ts';
import { type GoPlace, readEffective, writeSetting } from './effective.ts';
import { inUse } from './move.ts';
import { dropEmptyFolder, moveBack } from './move-back.ts';
import { logUndoneRepoint, type RepointRecord } from './record.ts';

/** UndoneRepoint is what an undo has done. */
export type UndoneRepoint = {
  /** isUndone: go env -w has the old value again, and a renamed folder its old name. */
  readonly isUndone: boolean;
  /** effective is what go env says now; undefined when it does not answer. */
  readonly effective: string | undefined;
  readonly problems: readonly Problem[];
};

/**
 * undoRepoint gives go env -w the value that it had before, and a renamed folder its old name. What a copy or links
 * brought into the new folder stays there: it is said how to remove it. Nothing is undone when somebody has pointed
 * GOCACHE elsewhere since.
 */
export async function undoRepoint(record: RepointRecord, place: GoPlace): Promise<UndoneRepoint> {
  const { goenv } = await readSettingFiles({ goenv: record.file, goroot: '' });
  const now = goenv.get('GOCACHE');
  if (now !== record.to) return failed(changedSince(record, now));
  if (record.start === 'rename') {
    if (findGuard(record.to, Date.now()).processes.length > 0) return failed(inUse(record.to));
    try {
      moveBack(record.to, record.from);
    } catch (error) {
      return failed(explain(record.to, `cannot be moved back to ${record.from}`, error));
    }
  }
  const refused = await writeSetting(place, record.before);
  if (refused !== undefined) {
    // go would begin cold in a folder that is gone.
    if (record.start === 'rename') moveBack(record.from, record.to);
    return failed(refused);
  }
  if (record.start !== 'rename') dropEmptyFolder(record.to);
  const unlogged = logUndoneRepoint(place.environment, record);
  const effective = await readEffective(place);
  return {
    isUndone: true,
    effective: typeof effective === 'string' ? effective : undefined,
    problems: [
      ...(typeof effective === 'string' ? [] : [effective]),
      ...(unlogged === undefined ? [] : [unlogged]),
    ],
  };
}

/** undoneWords say where GOCACHE is after an undo: a variable may have come to shadow it meanwhile. */
export function undoneWords({ from }: RepointRecord, effective: string | undefined): string {
  return effective === from
    ? `GOCACHE is ${from} again`
    : `go env -w is as it was; go env says GOCACHE is ${effective ?? 'unknown'}`;
}

function failed(problem: Problem): UndoneRepoint {
  return { isUndone: false, effective: undefined, problems: [problem] };
}

function changedSince({ to, file, before }: RepointRecord, now: string | undefined): Problem {
  return {
    where: file,
    what: 'the re-point is not undone',
    why: `it has ${now === undefined ? 'no GOCACHE' : `GOCACHE=${now}`} now, and was given ${to}`,
    repair: before === undefined ? 'go env -u GOCACHE' : `go env -w GOCACHE=${before}`,
  };
}
