import { redactUrl } from '../go/redact.ts';
import { checkBase } from '../operations/conformance/privacy.ts';
import { checkConformance } from '../operations/conformance/run.ts';
import { isError } from '../operations/finding.ts';
import type { Get } from '../operations/sumdb-check/get.ts';
import { checkSumdb } from '../operations/sumdb-check/run.ts';
import { type AskContext, ask } from '../proxy/ask/run.ts';
import { AskSession } from '../proxy/ask/session.ts';
import {
  conformanceJson,
  conformanceText,
  conforms,
  uncheckedJson,
  uncheckedText,
} from '../report/conformance.ts';
import { sumdbJson, sumdbText } from '../report/sumdb.ts';
import type { CommandContext } from './context.ts';

/** runConformance checks a server as a GOPROXY; exit code 1 when something that go needs fails, or when it cannot be asked. */
export async function runConformance(context: CommandContext, url: string): Promise<number> {
  const { env, flags, progress, say } = context;
  const fault = checkBase(url);
  if (fault !== undefined) {
    say(`--conformance ${redactUrl(url)}: ${fault}`);
    return 2;
  }
  const found = await unlessStopped(context, () =>
    checkConformance({
      env,
      url,
      module: flags.operands[0],
      get: getterOf(context),
      onProgress: (done, of) => progress(`${done} of ${of} checks`),
    }),
  );
  progress('');
  if (found === undefined) return stopped;
  if ('why' in found) {
    const shown = redactUrl(url);
    await context.print(uncheckedJson(shown, found), uncheckedText(shown, found));
    return 1;
  }
  await context.print(conformanceJson(found), conformanceText(found));
  return conforms(found) ? 0 : 1;
}

/** runSumdb checks the checksum database of the settings; exit code 1 when it cannot be asked, or proves nothing, or lies. */
export async function runSumdb(context: CommandContext): Promise<number> {
  const { env, flags, say } = context;
  const found = await unlessStopped(context, () =>
    checkSumdb({ env, module: flags.operands[0], get: getterOf(context) }),
  );
  if (found === undefined) return stopped;
  if (typeof found === 'string') {
    say(found);
    return 2;
  }
  await context.print(sumdbJson(found), sumdbText(found));
  return found.findings.some(isError) ? 1 : 0;
}

/** stopped is the exit code after Ctrl-C. */
const stopped = 130;

async function unlessStopped<Found>(
  { signal }: CommandContext,
  work: () => Promise<Found>,
): Promise<Found | undefined> {
  try {
    return await work();
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

/** getterOf asks as the go command here would, each request no longer than a minute at most. */
function getterOf({ env, place, signal }: CommandContext): Get {
  const context: AskContext = {
    environment: { ...place.environment, ...env.raw },
    // The roots are read once, not for each request.
    session: new AskSession(),
    timeoutMs,
    maxBytes: smallBytes,
    directory: place.cwd,
    signal,
  };
  return (url, more) => ask(url, { ...context, ...more });
}

/** timeoutMs is long for a small file, and enough for a zip of 32 MiB at 5 Mbit/s. */
const timeoutMs = 60_000;
/** smallBytes is more than a tile (8 KiB) or an answer of a checksum database has. */
const smallBytes = 65_536;
