import { type ModuleBatch, measureBatch, restoreModules } from '../operations/module-prune/batch.ts';
import { logRemoval } from '../operations/removal/log.ts';
import { undoJson } from '../report/undo.ts';
import { formatBytes, formatCountOf } from '../store/format.ts';
import type { CommandContext } from './context.ts';

/** undoLastPruneOfModules puts back what the last prune of GOMODCACHE took, with times and modes. */
export async function undoLastPruneOfModules(context: CommandContext, last: ModuleBatch): Promise<number> {
  const { env, flags, say } = context;
  const { gomodcache } = env;
  const size = (entries: number, bytes: number): string =>
    `${formatCountOf(entries, 'file')} and folders, ${formatBytes(bytes, { si: flags.isSi })}`;
  const held = measureBatch(gomodcache, last.batch);
  const what = size(held.entries, held.bytes);
  if (flags.isDryRun) {
    await context.print(undoJson(true, { batch: last.batch }), `would put back ${what} of GOMODCACHE\n`);
    return 0;
  }
  if (!flags.isJson) say(`in the trash of GOMODCACHE: ${what}`);
  const agreed = await context.agree('Put this back?');
  if (agreed !== true) return agreed;
  const { entries, bytes, failed } = await restoreModules(gomodcache, last.batch);
  const unlogged = logRemoval(context.place.environment, {
    what: 'undo of modules',
    gocache: env.gocache,
    gomodcache,
    batch: last.batch,
    restored: entries,
    bytes,
  });
  if (unlogged !== undefined) context.tell([unlogged]);
  await context.print(
    undoJson(false, { batch: last.batch, restored: { entries, bytes }, problems: failed }),
    `put back ${size(entries, bytes)} of GOMODCACHE\n`,
  );
  context.tell(failed);
  return failed.length > 0 ? 1 : 0;
}
