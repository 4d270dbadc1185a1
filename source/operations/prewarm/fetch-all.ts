import type { GoEnv } from '../../go/env.ts';
import type { Environment } from '../../go/settings.ts';
import { parseProxyChain } from '../../proxy/chain.ts';
import { type Fetched, type FetchRequest, fetchMods, fetchZip } from './fetch.ts';
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
  const waiting = batches(requests);
  const chain = parseProxyChain(environment.GOPROXY || env.goproxy);
  const isStopped = (): boolean => signal?.aborted === true;
  const work = async (): Promise<void> => {
    const scratch = openScratchModule(sums, sumLines);
    const place = { cwd: scratch.folder, environment: scratchEnvironment(env, environment), signal };
    try {
      for (let batch = waiting.shift(); batch !== undefined; batch = waiting.shift()) {
        if (isStopped()) return;
        const modules = batch.map(({ module }) => module);
        const [first] = batch;
        const results =
          first?.file === 'zip'
            ? [await fetchZip(place, first.module, chain)]
            : await fetchMods(place, modules, chain);
        if (isStopped()) return;
        for (const result of results) {
          fetched.push(result);
          onFetched?.(result, fetched.length, requests.length);
        }
      }
    } finally {
      scratch.remove();
    }
  };
  await Promise.all(Array.from({ length: Math.min(downloadsAtOnce, waiting.length) }, work));
  return fetched;
}

// A download mostly waits for the network: more at once than processors. A proxy should not feel it as a flood.
const downloadsAtOnce = 8;

/** batches gives each zip a go command of its own, and the go.mod files a few together. */
function batches(requests: readonly FetchRequest[]): FetchRequest[][] {
  const zips = requests.filter(({ file }) => file === 'zip').map((request) => [request]);
  const mods = requests.filter(({ file }) => file === 'mod');
  const size = Math.min(mostMods, Math.ceil(mods.length / downloadsAtOnce));
  const together: FetchRequest[][] = [];
  for (let at = 0; at < mods.length; at += size) together.push(mods.slice(at, at + size));
  return [...zips, ...together];
}

// One go command takes its go.mod files at once and keeps the tiles of the checksum database in memory: 575 of them took
// 2.4 s so, and 37 s one by one. The limit keeps the words of a command short.
const mostMods = 100;
