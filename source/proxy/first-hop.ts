import type { ProxyChain } from './chain.ts';
import { matchPrivate, type PrivateSettings } from './private.ts';

/**
 * firstHop is where Go would ask for a module first: a hop of GOPROXY as it is shown, `direct`, or `off` where nothing may be
 * asked. Which hop serves it in the end only a request tells. `cmd/go/internal/modfetch: lookup, go1.26`
 */
export function firstHop(modulePath: string, chain: ProxyChain, settings: PrivateSettings): string {
  if (matchPrivate(modulePath, settings).GONOPROXY !== null) return 'direct';
  return chain.problem === undefined ? (chain.hops[0]?.shown ?? 'off') : 'off';
}
