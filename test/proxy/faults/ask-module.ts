import type { Answer, Fault } from '../../../source/proxy/ask/answer.ts';
import { type AskContext, ask } from '../../../source/proxy/ask/run.ts';
import { AskSession } from '../../../source/proxy/ask/session.ts';
import { checkContent } from '../../../source/proxy/fault/content.ts';

/** Asked is what came of asking for all files of the module, up to the first fault. */
export type Asked = { readonly fault: Fault | undefined; readonly answers: readonly Answer[] };

/** askModule asks a proxy for what `go mod download` asks, in that order, and with one session as one go command does. */
export async function askModule(proxy: string, context: AskContext): Promise<Asked> {
  const answers: Answer[] = [];
  const session = new AskSession();
  for (const kind of ['info', 'mod', 'zip'] as const) {
    const answer = await ask(`${proxy}/example.com/m/@v/v1.0.0.${kind}`, { session, ...context });
    answers.push(answer);
    const fault = checkContent(answer, { kind, version: 'v1.0.0', modulePath: 'example.com/m' });
    if (fault !== undefined) return { fault, answers };
  }
  return { fault: undefined, answers };
}
