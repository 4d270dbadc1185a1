import { appendRemovalLog, stateFolderOf } from '../operations/removal/log.ts';
import type { CommandContext } from './context.ts';

/** logRemoval keeps what was done in the user's state folder; that it cannot be kept is said in one line. */
export function logRemoval(
  { env, place, tell }: CommandContext,
  record: { readonly what: string; readonly batch: string | null; readonly [field: string]: unknown },
): void {
  const folder = stateFolderOf(place.environment);
  if (folder === undefined) return;
  const problem = appendRemovalLog(folder, { at: new Date().toISOString(), gocache: env.gocache, ...record });
  if (problem !== undefined) tell([problem]);
}
