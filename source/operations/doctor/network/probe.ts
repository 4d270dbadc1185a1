import type { GoEnv } from '../../../go/env.ts';
import type { Environment } from '../../../go/settings.ts';
import type { Answer } from '../../../proxy/ask/answer.ts';
import { type AskContext, ask } from '../../../proxy/ask/run.ts';
import { AskSession } from '../../../proxy/ask/session.ts';
import { parseProxyChain } from '../../../proxy/chain.ts';
import { measureClock } from '../../../proxy/fault/clock.ts';
import { statusFault } from '../../../proxy/fault/status.ts';
import { parseSumdb } from '../../../proxy/sumdb.ts';
import type { AskedHop, NetworkFacts } from './facts.ts';

export type NetworkProbeOptions = {
  readonly env: GoEnv;
  readonly environment: Environment;
  readonly cwd: string;
  readonly signal: AbortSignal | undefined;
};

// As long as a user waits before he thinks that it hangs; all are asked at once.
const timeoutMs = 5000;
// What is asked for are some lines.
const maxBytes = 64 * 1024;

/**
 * probeNetwork asks each proxy what go asks it before anything else, whether it answers for the checksum database, and then
 * the database for its latest tree. `cmd/go/internal/modfetch: dbDial, go1.26`
 */
export async function probeNetwork(options: NetworkProbeOptions): Promise<NetworkFacts> {
  const { env, environment, cwd, signal } = options;
  const context: AskContext = {
    environment: { ...environment, GOAUTH: env.goauth },
    timeoutMs,
    maxBytes,
    directory: cwd,
    session: new AskSession(),
    ...(signal === undefined ? {} : { signal }),
  };
  const chain = parseProxyChain(env.goproxy);
  const sumdb = parseSumdb(env.gosumdb);
  const name = sumdb.kind === 'database' ? sumdb.name : 'sum.golang.org';
  const proxies = chain.hops.filter(({ kind, reached }) => reached && (kind === 'proxy' || kind === 'file'));
  const answers = await Promise.all(
    chain.problem === undefined
      ? proxies.map(async (hop) => {
          const base = hop.entry.replace(/\/+$/, '');
          return { hop, base, answer: await ask(`${base}/sumdb/${name}/supported`, context) };
        })
      : [],
  );
  const mirror = answers.find(({ answer }) => answer.kind === 'answered' && answer.status === 200);
  const asked =
    sumdb.kind === 'database' && chain.hops[0]?.kind !== 'off'
      ? await ask(
          `${mirror === undefined ? (sumdb.url ?? `https://${name}`) : `${mirror.base}/sumdb/${name}`}/latest`,
          context,
        )
      : undefined;
  const hops = answers.map(
    ({ hop, answer }): AskedHop => ({
      shown: hop.shown,
      // 404 and 410 are an answer: it mirrors no database.
      fault: faultOf(answer, [404, 410]),
      durationMs: answer.durationMs,
      isPassedOver: hop.fallThrough === 'any-error',
    }),
  );
  return {
    hops,
    sumdb:
      asked === undefined
        ? undefined
        : { shown: name, fault: faultOf(asked, []), durationMs: asked.durationMs, isPassedOver: false },
    clockAheadMs: measureClock(
      [...answers.map(({ answer }) => answer), ...(asked === undefined ? [] : [asked])],
      new Date(),
    ),
  };
}

function faultOf(answer: Answer, fine: readonly number[]): AskedHop['fault'] {
  if (answer.kind === 'failed') return answer.fault;
  return fine.includes(answer.status) ? undefined : statusFault(answer);
}
