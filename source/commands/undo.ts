import { listModuleBatches } from '../operations/module-prune/batch.ts';
import { logRemoval } from '../operations/removal/log.ts';
import { type Batch, listBatches, restoreBatch } from '../operations/removal/trash.ts';
import { findLastRepoint } from '../operations/repoint/record.ts';
import { findLastChange } from '../operations/setting-change/record.ts';
import { undoJson } from '../report/undo.ts';
import { formatBytes, formatCountOf } from '../store/format.ts';
import type { CommandContext } from './context.ts';
import { undoLastPruneOfModules } from './undo-modules.ts';
import { undoLastRepoint } from './undo-repoint.ts';
import { undoLastSetting } from './undo-setting.ts';

/** runUndo undoes the last prune that kept something, the last re-point, or the last change of a setting: whichever was later. */
export async function runUndo(context: CommandContext): Promise<number> {
  const { env, flags, place, say } = context;
  const { gocache } = env;
  const [batch] = await listBatches(gocache);
  const repoint = findLastRepoint(place.userEnvironment, env.goenv);
  const isOfThis =
    repoint !== undefined &&
    (!place.flagSettings.has('GOCACHE') || repoint.from === gocache || repoint.to === gocache);
  const [modules] = listModuleBatches(env.gomodcache);
  const change = findLastChange(place.userEnvironment, env.goenv);
  const undoable: readonly Undoable[] = [
    ...(batch === undefined ? [] : [{ at: batch.at, undo: () => undoPrune(context, batch) }]),
    ...(isOfThis ? [{ at: repoint.at, undo: () => undoLastRepoint(context, repoint) }] : []),
    ...(modules === undefined
      ? []
      : [{ at: modules.at, undo: () => undoLastPruneOfModules(context, modules) }]),
    ...(change === undefined ? [] : [{ at: change.at, undo: () => undoLastSetting(context, change) }]),
  ];
  const [last] = undoable.toSorted((one, other) => other.at - one.at);
  if (last === undefined) {
    await context.print(undoJson(flags.isDryRun, {}), '');
    say(
      `there is nothing to put back: GOCACHE was not re-pointed, no setting was changed by recover or on the screen, and no prune of ${gocache} or ${env.gomodcache} kept anything (prune --keep AGE does)`,
    );
    return 1;
  }
  if (flags.isReadOnly && !flags.isDryRun) {
    say('undo is refused: --read-only');
    return 2;
  }
  return last.undo();
}

/** Undoable is something that was done, and when, Unix milliseconds. */
type Undoable = { readonly at: number; undo(): Promise<number> };

/** undoPrune puts the entries back with their times, so that the next build hits again. */
async function undoPrune(context: CommandContext, last: Batch): Promise<number> {
  const { env, flags, say } = context;
  const { gocache } = env;
  const size = (entries: number, bytes: number): string =>
    `${formatCountOf(entries, 'entry')}, ${formatBytes(bytes, { si: flags.isSi })}`;
  const what = size(last.entries, last.bytes);
  if (flags.isDryRun) {
    await context.print(undoJson(true, { batch: last.batch }), `would put back ${what}\n`);
    return 0;
  }
  if (!flags.isJson) say(`in the trash: ${what}`);
  const agreed = await context.agree('Put this back?');
  if (agreed !== true) return agreed;
  const result = await restoreBatch(gocache, last.batch, { signal: context.signal });
  const { entries, bytes, failed } = result;
  const record = { what: 'undo', gocache, batch: last.batch, restored: entries, bytes };
  const unlogged = logRemoval(context.place.environment, record);
  if (unlogged !== undefined) context.tell([unlogged]);
  await context.print(
    undoJson(false, { batch: last.batch, restored: { entries, bytes }, problems: failed }),
    `put back ${size(entries, bytes)}\n`,
  );
  context.tell(failed);
  return failed.length > 0 ? 1 : 0;
}
