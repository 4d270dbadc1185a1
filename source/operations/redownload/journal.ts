import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isSemver } from '../../go/semver.ts';
import { codeOf } from '../../platform/problem.ts';
import type { QuarantineRecord } from './quarantine.ts';

/** SwapPart is a part of a module version that a repair replaces. */
export type SwapPart = 'mod' | 'info' | 'zip' | 'dir' | 'ziphash';

const swapParts: readonly SwapPart[] = ['mod', 'info', 'zip', 'dir', 'ziphash'];

/**
 * Journal is a repair that is decided: all that is new lies in its stage, verified. From when it is written, the
 * repair is finished, by us or by the next start; before, nothing in the cache was touched.
 */
export type Journal = {
  readonly parts: readonly SwapPart[];
  /** dirModes are those of the old and of the new folder; undefined where there is none. */
  readonly dirModes: { readonly old: number | undefined; readonly new: number | undefined };
  readonly record: QuarantineRecord;
};

/** writeJournal puts it into the folder of a stage, whole or not at all, and on disk. */
export function writeJournal(stage: string, journal: Journal): void {
  const draft = join(stage, `${journalName}.new`);
  const opened = openSync(draft, 'w');
  try {
    writeSync(opened, `${JSON.stringify({ schema, ...journal })}\n`);
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
  renameSync(draft, join(stage, journalName));
  syncFolder(stage);
}

/** readJournal gives it; undefined when there is none, and the repair was not decided. */
export function readJournal(stage: string): Journal | { readonly fault: string } | undefined {
  let text: string;
  try {
    text = readFileSync(join(stage, journalName), 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const value: unknown = JSON.parse(text);
    return isJournal(value) ? value : { fault: `it is no ${schema}` };
  } catch {
    return { fault: 'it is no JSON' };
  }
}

/** dropJournal says that all is done. */
export function dropJournal(stage: string): void {
  rmSync(join(stage, journalName), { force: true });
}

/** syncFolder puts the names in a folder on disk, so that a rename outlives a power failure. */
export function syncFolder(folder: string): void {
  const opened = openSync(folder, 'r');
  try {
    fsyncSync(opened);
  } catch (error) {
    if (codeOf(error) !== 'EINVAL') throw error; // some network file systems sync no folders
  } finally {
    closeSync(opened);
  }
}

const journalName = 'journal.json';
const schema = 'gocachetop.journal/1';

/** isJournal looks at all that decides what is done; the journal names no paths, so that none can lead elsewhere. */
function isJournal(value: unknown): value is Journal {
  if (typeof value !== 'object' || value === null) return false;
  const field = (name: string): unknown => Object.getOwnPropertyDescriptor(value, name)?.value;
  const [parts, record, modes] = [field('parts'), field('record'), field('dirModes')];
  return (
    field('schema') === schema &&
    Array.isArray(parts) &&
    parts.every((part) => swapParts.some((each) => each === part)) &&
    typeof modes === 'object' &&
    modes !== null &&
    typeof record === 'object' &&
    record !== null &&
    'path' in record &&
    typeof record.path === 'string' &&
    'version' in record &&
    typeof record.version === 'string' &&
    isSemver(record.version) &&
    'sums' in record &&
    typeof record.sums === 'object' &&
    record.sums !== null &&
    'repaired' in record.sums &&
    typeof record.sums.repaired === 'string'
  );
}
