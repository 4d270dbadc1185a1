import { logRemoval } from '../operations/removal/log.ts';
import { listBatches, restoreBatch } from '../operations/removal/trash.ts';
import { formatProblem } from '../platform/problem.ts';
import { formatBytes, formatCount } from '../store/format.ts';
import type { CommandContext } from './context.ts';

/** runUndo puts back what the last prune moved to the trash, with its times, so that the next build hits again. */
export async function runUndo(context: CommandContext): Promise<number> {
  const { env, flags, say } = context;
  const { gocache } = env;
  const [last] = await listBatches(gocache);
  const answer = (restored: { entries: number; bytes: number }, problems: readonly { line: string }[]) => ({
    schema: 'gocachetop.undo/1',
    dryRun: flags.isDryRun,
    batch: last?.batch ?? null,
    restored,
    problems,
  });
  if (last === undefined) {
    await context.print(answer({ entries: 0, bytes: 0 }, []), '');
    say(`there is nothing to put back: no prune of ${gocache} kept anything (prune --keep AGE does)`);
    return 1;
  }
  if (flags.isReadOnly && !flags.isDryRun) {
    say('undo is refused: --read-only');
    return 2;
  }
  const what = `${formatCount(last.entries)} entries, ${formatBytes(last.bytes, { si: flags.isSi })}`;
  if (flags.isDryRun) {
    await context.print(answer({ entries: 0, bytes: 0 }, []), `would put back ${what}\n`);
    return 0;
  }
  if (!flags.isJson) say(`${what} are in the trash`);
  const agreed = await context.agree('Put this back?');
  if (agreed !== true) return agreed;
  const result = await restoreBatch(gocache, last.batch, { signal: context.signal });
  const unlogged = logRemoval(context.place.environment, {
    what: 'undo',
    gocache,
    batch: last.batch,
    restored: result.entries,
    bytes: result.bytes,
  });
  if (unlogged !== undefined) context.tell([unlogged]);
  const problems = result.failed.map((problem) => ({ ...problem, line: formatProblem(problem) }));
  await context.print(
    answer({ entries: result.entries, bytes: result.bytes }, problems),
    `put back ${formatCount(result.entries)} entries, ${formatBytes(result.bytes, { si: flags.isSi })}\n`,
  );
  context.tell(result.failed);
  return result.failed.length > 0 ? 1 : 0;
}
