import { redactUrl } from '../../go/redact.ts';
import type { Environment } from '../../go/settings.ts';
import type { Problem } from '../../platform/problem.ts';
import { newBatchId, parseBatchId } from '../removal/batch.ts';
import { findLastDone, logRemoval } from '../removal/log.ts';

/** SettingChange is a change that go env -w or -u has made, with all that an undo needs. */
export type SettingChange = {
  /** id names it, and has its time, as that of a trash batch. */
  readonly id: string;
  /** at is Unix milliseconds. */
  readonly at: number;
  readonly name: string;
  /** file of go env -w, and the value that it had before and has now; undefined for none. */
  readonly file: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
};

/** newChange gives a change its name. */
export function newChange(fields: Omit<SettingChange, 'id'>): SettingChange {
  return { id: newBatchId(fields.at), ...fields };
}

/** hasSecret says that a change is about a password, which must not be in a log. */
export function hasSecret({ before = '', after = '' }: Pick<SettingChange, 'before' | 'after'>): boolean {
  return redactUrl(before) !== before || redactUrl(after) !== after;
}

/** logChange adds it to the log of removals: what was done last is undone first, whichever it was. */
export function logChange(
  environment: Environment,
  { id, name, file, before, after }: SettingChange,
): Problem | undefined {
  const record = { what: 'setting', gocache: '', batch: null, setting: id, name, file };
  return logRemoval(environment, { ...record, before: before ?? null, after: after ?? null });
}

/** logUndoneChange: the one before it is now the last. */
export function logUndoneChange(environment: Environment, { id, name }: SettingChange): Problem | undefined {
  return logRemoval(environment, { what: 'undo', gocache: '', batch: null, setting: id, name });
}

/** findLastChange finds the last change in a file of go env -w that was not undone. */
export function findLastChange(environment: Environment, file: string): SettingChange | undefined {
  return findLastDone(environment, 'setting', (line) => {
    const change = readChange(line);
    return change?.file === file ? change : undefined;
  });
}

function readChange(line: Readonly<Record<string, unknown>>): SettingChange | undefined {
  const { setting: id, name, file } = line;
  const [before, after] = [line.before ?? undefined, line.after ?? undefined];
  if (typeof id !== 'string' || typeof name !== 'string' || typeof file !== 'string') return undefined;
  if (before !== undefined && typeof before !== 'string') return undefined;
  if (after !== undefined && typeof after !== 'string') return undefined;
  const at = parseBatchId(id);
  return at === undefined ? undefined : { id, at, name, file, before, after };
}
