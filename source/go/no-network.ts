import type { Environment } from './settings.ts';

/**
 * withoutNetwork gives an environment in which the go command asks no proxy, no version control and no helper for
 * passwords. A glob of GONOPROXY would send it to the origin whatever GOPROXY says. `cmd/go/internal/modfetch: lookup, go1.26`
 */
export function withoutNetwork(environment: Environment): Environment {
  return { ...environment, GOPROXY: 'off', GONOPROXY: 'none', GOVCS: '*:off', GOAUTH: 'off' };
}
