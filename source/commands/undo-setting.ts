import { undoCommand, undoSetting } from '../operations/setting-change/change.ts';
import type { SettingChange } from '../operations/setting-change/record.ts';
import { undoJson } from '../report/undo.ts';
import type { CommandContext } from './context.ts';

/** undoLastSetting gives a setting that recover changed its value from before. */
export async function undoLastSetting(context: CommandContext, change: SettingChange): Promise<number> {
  const { flags, place, say } = context;
  const command = undoCommand(change);
  if (flags.isDryRun) {
    await context.print(undoJson(true, { setting: change }), `would run ${command}\n`);
    return 0;
  }
  if (!flags.isJson)
    say(`${change.name} was changed in ${change.file} at ${new Date(change.at).toISOString()}`);
  const agreed = await context.agree(`Run ${command}?`);
  if (agreed !== true) return agreed;
  const { cwd, userEnvironment: environment } = place;
  const { failure, problems } = await undoSetting({ cwd, environment, signal: context.signal }, change);
  const told =
    failure === ''
      ? problems
      : [{ where: change.name, what: 'is not undone', why: failure, repair: command }, ...problems];
  await context.print(
    undoJson(false, failure === '' ? { setting: change, problems } : { problems: told }),
    failure === '' ? `${change.name} is as it was\n` : '',
  );
  context.tell(told);
  return told.length > 0 ? 1 : 0;
}
