import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../go/settings.ts';
import { explain, type Problem } from '../../platform/problem.ts';
import { appendLines } from '../../record/line-file.ts';
import { stateFolderOf } from '../../record/state-folder.ts';

/**
 * RemovalRecord is one line of the log: what was removed, freed or put back. What else it says is the caller's choice, as
 * JSON; nothing in it may be secret.
 */
export type RemovalRecord = {
  /** at is RFC 3339. */
  readonly at: string;
  readonly gocache: string;
  /** batch that it can be undone from, or was; null when it was deleted for good. */
  readonly batch: string | null;
  readonly [field: string]: unknown;
};

/**
 * appendRemovalLog adds a line to `<stateFolder>/removals.ndjson`. It never throws: a log that cannot be written is no
 * reason to stop.
 */
export function appendRemovalLog(stateFolder: string, record: RemovalRecord): Problem | undefined {
  const file = join(stateFolder, logName);
  try {
    appendLines(file, `${JSON.stringify(record)}\n`, mostBytes);
    return undefined;
  } catch (error) {
    return explain(file, 'the removal is not in the log', error);
  }
}

/** logRemoval adds a line about what was done just now, where there is a state folder. */
export function logRemoval(
  environment: Environment,
  record: { readonly gocache: string; readonly batch: string | null; readonly [field: string]: unknown },
): Problem | undefined {
  const folder = stateFolderOf(environment);
  return folder === undefined
    ? undefined
    : appendRemovalLog(folder, { ...record, at: new Date().toISOString() });
}

/** readRemovalLog gives the lines of the log, the oldest first; empty when there is none. A torn line is left out. */
function readRemovalLog(environment: Environment): readonly Readonly<Record<string, unknown>>[] {
  const folder = stateFolderOf(environment);
  if (folder === undefined) return [];
  let text: string;
  try {
    text = readFileSync(join(folder, logName), 'utf8');
  } catch {
    return []; // nothing was logged yet, or it is not ours to read
  }
  return text.split('\n').flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line);
      return typeof value === 'object' && value !== null ? [{ ...value }] : [];
    } catch {
      return [];
    }
  });
}

/**
 * findLastDone finds the last line of a kind that was not undone. A line of the kind has its ID in the field of that name, and so has
 * the line of its undo.
 */
export function findLastDone<Done extends { readonly id: string }>(
  environment: Environment,
  kind: string,
  read: (line: Readonly<Record<string, unknown>>) => Done | undefined,
): Done | undefined {
  const done: Done[] = [];
  for (const line of readRemovalLog(environment)) {
    if (line.what === 'undo') {
      const undone = done.findIndex(({ id }) => id === line[kind]);
      if (undone !== -1) done.splice(undone, 1);
    } else if (line.what === kind) {
      const record = read(line);
      if (record !== undefined) done.push(record);
    }
  }
  return done.at(-1);
}

const logName = 'removals.ndjson';
// Some thousand removals.
const mostBytes = 1_000_000;
