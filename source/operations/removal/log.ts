import { appendFileSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Environment } from '../../go/settings.ts';
import type { Problem } from '../../platform/problem.ts';
import { explain } from './failures.ts';

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
 * appendRemovalLog adds a line to `<stateFolder>/removals.ndjson`, which only the user may read. Below 1 MB it stays by
 * dropping the oldest half. It never throws: a log that cannot be written is no reason to stop.
 */
export function appendRemovalLog(stateFolder: string, record: RemovalRecord): Problem | undefined {
  const file = join(stateFolder, logName);
  try {
    mkdirSync(stateFolder, { recursive: true, mode: 0o700 });
    const line = `${JSON.stringify(record)}\n`;
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    if (size + Buffer.byteLength(line) > mostBytes) dropOldestHalf(file);
    appendFileSync(file, line, { mode: 0o600 });
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

/**
 * stateFolderOf is where we keep what should outlive a run, by the XDG Base Directory Specification: `$XDG_STATE_HOME` or
 * `~/.local/state`. undefined when neither is an absolute path.
 */
export function stateFolderOf(environment: Environment): string | undefined {
  const { XDG_STATE_HOME: state = '', HOME: home = '' } = environment;
  if (isAbsolute(state)) return join(state, 'gocachetop');
  return isAbsolute(home) ? join(home, '.local', 'state', 'gocachetop') : undefined;
}

const logName = 'removals.ndjson';
const mostBytes = 1_000_000;

/** dropOldestHalf writes a new file beside the old one first, so that a crash loses nothing. */
function dropOldestHalf(file: string): void {
  const text = readFileSync(file, 'utf8');
  const cut = text.indexOf('\n', text.length / 2);
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, cut === -1 ? '' : text.slice(cut + 1), { mode: 0o600 });
  renameSync(fresh, file);
}
