import { verify } from '../operations/verify/verify.ts';
import { verifyJson, verifyText } from '../report/verify.ts';
import { formatCount } from '../store/format.ts';
import type { CommandContext } from './context.ts';
import { finishRepairs } from './finish-repairs.ts';

/** runVerify compares what lies in GOMODCACHE with all that is recorded of it; exit code 1 when something is faulty, or cannot be read. */
export async function runVerify(context: CommandContext): Promise<number> {
  const { env, flags, place, signal, progress, say } = context;
  await finishRepairs(context);
  try {
    const found = await verify({
      env,
      words: flags.operands,
      isAll: flags.isAll,
      network: flags.asksNetwork ? place.environment : undefined,
      isPatient: false,
      signal,
      onProgress: (done, total) =>
        progress(`${formatCount(done)} of ${formatCount(total)} versions verified`),
    });
    progress('');
    await context.print(verifyJson(found), verifyText(found));
    context.tell(found.problems);
    const isFine = found.modules.every(({ verdict, unread }) => verdict !== 'faulty' && unread.length === 0);
    return isFine && found.problems.length === 0 ? 0 : 1;
  } catch (error) {
    progress('');
    if (!signal.aborted) throw error;
    say('stopped');
    return 130;
  }
}
