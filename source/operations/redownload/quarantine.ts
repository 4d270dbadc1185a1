import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { escapePath } from '../../go/module-path.ts';
import type { ModuleVersion } from '../../module-cache/paths.ts';
import { codeOf, explain, type Problem } from '../../platform/problem.ts';
import { parseBatchId } from '../removal/batch.ts';
import type { RepairFault } from './appraisal.ts';

/**
 * quarantineName is the folder in `GOMODCACHE/cache` for what repairs took out: each in a folder of its own, with a record.
 * Nothing in it is ever replaced or removed by us; `go clean -modcache` removes it with all else.
 */
const quarantineName = 'gocachetop-quarantine';

/** QuarantineRecord is record.json: what was found, when, by whom, and what was put in its place. Times are RFC 3339. */
export type QuarantineRecord = ModuleVersion & {
  readonly schema: 'gocachetop.quarantine/1';
  readonly at: string;
  readonly by: { readonly user: string; readonly host: string; readonly pid: number };
  readonly gomodcache: string;
  readonly faults: readonly RepairFault[];
  /** suspicion is what speaks for a change by somebody; null where nothing does. */
  readonly suspicion: string | null;
  readonly sums: {
    readonly zip: string | null;
    readonly ziphash: string | null;
    readonly dir: string | null;
    readonly mod: string | null;
    readonly goSum: string | null;
    /** repaired is the h1 of the zip that is there now. */
    readonly repaired: string;
  };
  /** checkedBy are those who vouch for `repaired`: `go.sum`, the name of the checksum database. */
  readonly checkedBy: readonly string[];
};

/** quarantinePath is where the old parts of one repair go. */
export function quarantinePath(gomodcache: string, id: string, { path, version }: ModuleVersion): string {
  const module = `${escapePath(path)}@${escapePath(version)}`.replaceAll('/', '+');
  return join(gomodcache, 'cache', quarantineName, `${id}-${module.slice(-mostNameBytes)}`);
}

// A name has at most 255 bytes, and an id takes 29 of them; a path is written out in the record.
const mostNameBytes = 200;

/** writeRecord makes the folder and puts the record there, unless it is there already. */
export function writeRecord(folder: string, record: QuarantineRecord): void {
  mkdirSync(folder, { recursive: true });
  let opened: number;
  try {
    opened = openSync(join(folder, recordName), 'wx');
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return;
    throw error;
  }
  try {
    writeSync(opened, `${JSON.stringify(record, (_, value: unknown) => value ?? null, 2)}\n`);
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

/** dropRecord takes away a folder that holds nothing but its record, after a repair that was taken back. */
export function dropRecord(folder: string): void {
  if (readdirSync(folder).some((name) => name !== recordName)) return;
  rmSync(join(folder, recordName), { force: true });
  rmdirSync(folder);
}

const recordName = 'record.json';

/** Quarantined is one folder of the quarantine; record is undefined where it cannot be read. */
export type Quarantined = {
  readonly folder: string;
  readonly at: number | undefined;
  readonly bytes: number;
  readonly record: Readonly<Record<string, unknown>> | undefined;
};

/** listQuarantine lists what repairs have taken out, the newest first. */
export function listQuarantine(gomodcache: string): readonly Quarantined[] | Problem {
  const root = join(gomodcache, 'cache', quarantineName);
  try {
    return readdirSync(root)
      .sort()
      .reverse()
      .map((name) => {
        const folder = join(root, name);
        return {
          folder,
          at: parseBatchId(name.slice(0, idLength)),
          bytes: treeBytes(folder),
          record: readRecord(folder),
        };
      });
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? [] : explain(root, 'cannot be listed', error);
  }
}

// 20260110T091500123Z-1f3a5b7c
const idLength = 28;

function readRecord(folder: string): Quarantined['record'] {
  try {
    const value: unknown = JSON.parse(readFileSync(join(folder, recordName), 'utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined; // it was ended while it wrote it; the next repair of this module finishes that
  }
}

function treeBytes(path: string): number {
  const stats = lstatSync(path);
  if (!stats.isDirectory()) return stats.size;
  return readdirSync(path).reduce((sum, name) => sum + treeBytes(join(path, name)), 0);
}
