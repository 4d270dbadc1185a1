import { type Recovery, recoverRepairs } from '../operations/redownload/recover.ts';
import { recoveredWords } from '../report/redownload.ts';
import type { CommandContext } from './context.ts';

/** finishRepairs finishes or takes back what a repair left behind that was ended, and says so; with `--read-only` it only says so. */
export async function finishRepairs({ env, flags, place, say, tell }: CommandContext): Promise<Recovery> {
  const recovery = await recoverRepairs(env.gomodcache, {
    environment: place.environment,
    isReadOnly: flags.isReadOnly || flags.isDryRun,
    now: Date.now(),
  });
  for (const each of recovery.recovered) say(recoveredWords(each));
  for (const { path, version } of recovery.waiting)
    say(
      `the repair of ${path}@${version} was ended before its end: the next start without --read-only finishes it`,
    );
  tell(recovery.problems);
  return recovery;
}
