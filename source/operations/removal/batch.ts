import { randomBytes } from 'node:crypto';
import { readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { reasonOf } from '../../platform/problem.ts';

/**
 * trashName is the folder in GOCACHE that holds the batches, so that a rename is enough. Go never looks there: a trim and
 * `go clean -cache` know the 256 folders only (cmd/go/internal/cache: (*DiskCache).Trim; clean: runClean, go1.26).
 */
export const trashName = 'gocachetop-trash';

/** BatchHeader is what batch.json says; it is written before the first entry moves. Times are Unix milliseconds. */
export type BatchHeader = {
  readonly batch: string;
  readonly at: number;
  /** expiresAt: undefined means until its process quits. */
  readonly expiresAt: number | undefined;
  readonly pid: number;
  /** startTicks tells the process from a later one of the same number; undefined where there is no /proc. */
  readonly startTicks: number | undefined;
  readonly gocache: string;
  readonly about: string;
};

/** newBatchId gives a name for a folder that sorts by time: `20260110T091500123Z-1f3a5b7c`. */
export function newBatchId(at: number): string {
  return `${new Date(at).toISOString().replaceAll(/[-:.]/g, '')}-${randomBytes(4).toString('hex')}`;
}

/** parseBatchId gives the time in a batch's name, Unix milliseconds; undefined for any other name. */
export function parseBatchId(name: string): number | undefined {
  const found = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-[0-9a-f]{8}$/.exec(name);
  if (found === null) return undefined;
  const [, year, month, day, hour, minute, second, millisecond] = found;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${millisecond}Z`);
  return Number.isNaN(at) ? undefined : at;
}

/** writeBatchHeader writes batch.json into the folder of a batch. */
export function writeBatchHeader(folder: string, header: BatchHeader): void {
  writeFileSync(join(folder, headerName), formatBatchHeader(header));
}

/** readBatchHeader reads batch.json, or says what is wrong with it: the entries are there all the same. */
export function readBatchHeader(folder: string, batch: string): BatchHeader | { readonly fault: string } {
  try {
    return parseBatchHeader(readFileSync(join(folder, headerName), 'utf8'), batch);
  } catch (error) {
    return { fault: reasonOf(error) };
  }
}

/**
 * dropBatchFolder removes batch.json, the folder of the batch and that of the trash, as far as they hold nothing else.
 * It never throws: what it leaves is listed as an empty batch.
 */
export function dropBatchFolder(folder: string): void {
  try {
    rmSync(join(folder, headerName), { force: true });
    rmdirSync(folder);
    rmdirSync(dirname(folder));
  } catch {
    // another batch lies in the trash, or the folder never came to be
  }
}

/** formatBatchHeader writes batch.json. */
export function formatBatchHeader({ at, expiresAt, startTicks, ...rest }: BatchHeader): string {
  const times = { at: toTime(at), expiresAt: expiresAt === undefined ? null : toTime(expiresAt) };
  const header = { schema, ...rest, ...times, startTicks: startTicks ?? null };
  return `${JSON.stringify(header)}\n`;
}

/** parseBatchHeader reads it: `{"schema":"gocachetop.trash/1","batch":"2026...","at":"2026-01-10T09:15:00.123Z",...}`. */
export function parseBatchHeader(text: string, batch: string): BatchHeader | { readonly fault: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { fault: 'it is no JSON' };
  }
  if (typeof value !== 'object' || value === null) return { fault: 'it is no object' };
  const field = (name: string): unknown => Object.getOwnPropertyDescriptor(value, name)?.value;
  if (field('schema') !== schema) return { fault: `its schema is not ${schema}` };
  if (field('batch') !== batch) return { fault: 'it is of another batch' };
  const at = parseTime(field('at'));
  const expiresAt = field('expiresAt') === null ? 'never' : parseTime(field('expiresAt'));
  const [pid, startTicks] = [field('pid'), field('startTicks')];
  const [gocache, about] = [field('gocache'), field('about')];
  if (at === undefined || expiresAt === undefined) return { fault: 'its times cannot be read' };
  if (typeof pid !== 'number' || typeof gocache !== 'string' || typeof about !== 'string')
    return { fault: 'fields are missing' };
  return {
    batch,
    at,
    expiresAt: expiresAt === 'never' ? undefined : expiresAt,
    pid,
    startTicks: typeof startTicks === 'number' ? startTicks : undefined,
    gocache,
    about,
  };
}

const headerName = 'batch.json';
const schema = 'gocachetop.trash/1';

function toTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

function parseTime(value: unknown): number | undefined {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
