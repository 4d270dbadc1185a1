import { quote } from '../go/shell-word.ts';
import { writeCommand } from '../operations/repoint/plan.ts';
import type { RepointRecord } from '../operations/repoint/record.ts';
import { undoneWords, undoRepoint } from '../operations/repoint/undo.ts';
import { undoJson } from '../report/undo.ts';
import type { CommandContext } from './context.ts';

/** undoLastRepoint points GOCACHE back, and gives a renamed folder its old name. */
export async function undoLastRepoint(context: CommandContext, repoint: RepointRecord): Promise<number> {
  const { flags, place, say } = context;
  const command = writeCommand(repoint.before);
  const what = `${command.map(quote).join(' ')}${repoint.start === 'rename' ? `, and ${repoint.to} is ${repoint.from} again` : ''}`;
  if (flags.isDryRun) {
    await context.print(undoJson(true, { repoint, command }), `would run ${what}\n`);
    return 0;
  }
  if (!flags.isJson)
    say(`GOCACHE was pointed from ${repoint.from} to ${repoint.to} at ${new Date(repoint.at).toISOString()}`);
  const agreed = await context.agree(`Run ${what}?`);
  if (agreed !== true) return agreed;
  const { isUndone, effective, problems } = await undoRepoint(repoint, {
    cwd: place.cwd,
    environment: place.userEnvironment,
  });
  const left =
    repoint.start === 'rename'
      ? ''
      : `  what lies in ${repoint.to} stays; to remove it: gocachetop clean --gocache ${quote(repoint.to)}\n`;
  await context.print(
    undoJson(false, isUndone ? { repoint, command, effective, problems } : { problems }),
    isUndone ? `${undoneWords(repoint, effective)}\n${left}` : '',
  );
  context.tell(problems);
  return problems.length > 0 ? 1 : 0;
}
