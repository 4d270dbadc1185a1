import type { GoEnv } from '../../go/env.ts';
import type { Environment } from '../../go/settings.ts';
import { parseProxyChain } from '../../proxy/chain.ts';
import { type Fetched, type FetchRequest, fetchModule } from './fetch.ts';
import { openScratchModule, scratchEnvironment } from './scratch-module.ts';

export type FetchOptions = {
  readonly env: GoEnv;
  /** environment with the GOPROXY to ask, if not that of go env. */
  readonly environment: Environment;
  /** sums are the go.sum files to check against, sumLines further lines. */
  readonly sums: readonly string[];
  readonly sumLines?: readonly string[];
  readonly signal?: AbortSignal | undefined;
  onFetched?(fetched: Fetched, done: number, asked: number): void;
};

/** fetchAll downloads several modules at once; what was stopped is not among the answers. */
export async function fetchAll(
  requests: readonly FetchRequest[],
  { env, environment, sums, sumLines, signal, onFetched }: FetchOptions,
): Promise<readonly Fetched[]> {
  const fetched: Fetched[] = [];
  const waiting = [...requests];
  const chain = parseProxyChain(environment.GOPROXY || env.goproxy);
  const isStopped = (): boolean => signal?.aborted === true;
  const work = async (): Promise<void> => {
    const scratch = openScratchModule(sums, sumLines);
    const place = { cwd: scratch.folder, environment: scratchEnvironment(env, environment), signal };
    try {
      for (let request = waiting.shift(); request !== undefined; request = waiting.shift()) {
        if (isStopped()) return;
        const result = await fetchModule(place, request, chain);
        if (isStopped()) return;
        fetched.push(result);
        onFetched?.(result, fetched.length, requests.length);
      }
    } finally {
      scratch.remove();
    }
  };
  await Promise.all(Array.from({ length: Math.min(downloadsAtOnce, requests.length) }, work));
  return fetched;
}

// A download mostly waits for the network: more at once than processors. A proxy should not feel it as a flood.
const downloadsAtOnce = 8;
