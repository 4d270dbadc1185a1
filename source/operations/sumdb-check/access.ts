import { redactUrl } from '../../go/redact.ts';
import type { Answer } from '../../proxy/ask/answer.ts';
import type { ProxyChain, ProxyHop } from '../../proxy/chain.ts';
import { joinSumdbUrl } from '../../proxy/route/hop-url.ts';
import { type Get, isNotFound, outcomeOf } from './get.ts';

/** Access is where go asks a checksum database. A base may hold a password: show `shown`. */
export type Access =
  /** mirrored: a proxy said that it passes the questions on; the database itself is then never asked. */
  | { readonly kind: 'mirrored' | 'direct' | 'given'; readonly base: string; readonly shown: string }
  /** unavailable: a proxy gave an answer that is neither yes nor no, and no check succeeds. */
  | { readonly kind: 'unavailable'; readonly why: string };

/** AccessStep is a proxy that was asked whether it mirrors the database. */
export type AccessStep = {
  readonly entry: string;
  readonly outcome: 'supported' | 'not-found' | 'error';
  readonly detail: string;
};

/**
 * findAccess asks the hops of GOPROXY in turn for `sumdb/NAME/supported`: 200 is yes, 404 and 410 are no, anything else ends it
 * unless a bar follows. `cmd/go/internal/modfetch: (*dbClient).initBase, TryProxies, go1.26`
 */
export async function findAccess(
  chain: ProxyChain,
  name: string,
  get: Get,
): Promise<{ readonly access: Access; readonly steps: readonly AccessStep[] }> {
  const steps: AccessStep[] = [];
  const end = (access: Access) => ({ access, steps });
  if (chain.problem !== undefined) return end({ kind: 'unavailable', why: chain.problem });
  const direct = `https://${name}`;
  /** failed is the error that go tells in the end: one of a bar stays, also when all later ones only lack the database. */
  let failed: string | undefined;
  for (const hop of chain.hops) {
    if (hop.kind === 'direct') return end({ kind: 'direct', base: direct, shown: direct });
    if (hop.kind === 'off') break;
    const base = joinSumdbUrl(hop.entry, `sumdb/${name}`);
    const answer = await get(joinSumdbUrl(base, 'supported'));
    const step = readStep(hop, answer);
    steps.push(step);
    if (step.outcome === 'supported') return end({ kind: 'mirrored', base, shown: redactUrl(base) });
    if (step.outcome === 'not-found') continue;
    failed = `${step.entry}: ${step.detail}`;
    if (hop.fallThrough !== 'any-error') break;
  }
  return end(
    failed === undefined
      ? { kind: 'direct', base: direct, shown: direct }
      : { kind: 'unavailable', why: failed },
  );
}

function readStep({ shown }: ProxyHop, answer: Answer): AccessStep {
  const detail = outcomeOf(answer);
  if (answer.kind === 'answered' && answer.status === 200)
    return { entry: shown, outcome: 'supported', detail };
  return { entry: shown, outcome: isNotFound(answer) ? 'not-found' : 'error', detail };
}
