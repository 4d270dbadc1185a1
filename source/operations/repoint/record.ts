import type { Environment } from '../../go/settings.ts';
import type { Problem } from '../../platform/problem.ts';
import { newBatchId, parseBatchId } from '../removal/batch.ts';
import { findLastDone, logRemoval } from '../removal/log.ts';
import { type Amount, type RepointStart, repointStarts } from './facts.ts';

/** RepointRecord is a re-point that was done, with all that an undo needs. */
export type RepointRecord = {
  /** id names it, and has its time, as that of a trash batch. */
  readonly id: string;
  /** at is Unix milliseconds. */
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly start: RepointStart;
  /** file of go env -w, and the value of GOCACHE that it had before; undefined for none. */
  readonly file: string;
  readonly before: string | undefined;
};

/** newRecord gives a record its name. */
export function newRecord(fields: Omit<RepointRecord, 'id'>): RepointRecord {
  return { id: newBatchId(fields.at), ...fields };
}

/** logRepoint adds it to the log of removals: what was done last is undone first, whichever it was. */
export function logRepoint(
  environment: Environment,
  { id, from, to, start, file, before }: RepointRecord,
  moved: Amount,
): Problem | undefined {
  const record = { what: 'repoint', gocache: from, batch: null, repoint: id, to, start, file, moved };
  return logRemoval(environment, { ...record, before: before ?? null });
}

/** logUndoneRepoint: the one before it is now the last. */
export function logUndoneRepoint(
  environment: Environment,
  { id, from, to }: RepointRecord,
): Problem | undefined {
  return logRemoval(environment, { what: 'undo', gocache: to, batch: null, repoint: id, to: from });
}

/** findLastRepoint finds the last re-point in a file of go env -w that was not undone. */
export function findLastRepoint(environment: Environment, file: string): RepointRecord | undefined {
  return findLastDone(environment, 'repoint', (line) => {
    const record = readRecord(line);
    return record?.file === file ? record : undefined;
  });
}

function readRecord(line: Readonly<Record<string, unknown>>): RepointRecord | undefined {
  const { repoint: id, gocache: from, to, file } = line;
  const before = line.before ?? undefined;
  const start = repointStarts.find((each) => each === line.start);
  if (typeof id !== 'string' || typeof from !== 'string' || typeof to !== 'string') return undefined;
  if (typeof file !== 'string' || start === undefined) return undefined;
  if (before !== undefined && typeof before !== 'string') return undefined;
  const at = parseBatchId(id);
  return at === undefined ? undefined : { id, at, from, to, start, file, before };
}
