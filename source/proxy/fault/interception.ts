import type { ServerCertificate } from '../ask/answer.ts';

/** SeenChain is the chain of one host. */
export type SeenChain = {
  readonly host: string;
  readonly certificates: readonly ServerCertificate[] | undefined;
};

/** Interception is a proxy of the network that answers in place of the servers, with certificates of its own. */
export type Interception = {
  /** issuer signs in the name of all of them. */
  readonly issuer: string;
  /** root is the end of its chains, as far as it is known. */
  readonly root: string;
  readonly isTrusted: boolean;
  readonly hosts: readonly string[];
};

/**
 * findInterception tells whether somebody in between answers for the servers: several hosts, all seen over TLS, whose certificates one
 * issuer signed that belongs to no public root. Two hosts of one company can share its own authority: that is why hosts of
 * different domains are needed. `publicRoots` are the SHA-256 of the roots that the world trusts.
 */
export function findInterception(
  chains: readonly SeenChain[],
  publicRoots: ReadonlySet<string>,
): Interception | undefined {
  const seen = chains.flatMap(({ host, certificates = [] }) => {
    const [leaf] = certificates;
    const root = certificates.at(-1);
    return leaf?.issuer === undefined || root === undefined ? [] : [{ host, issuer: leaf.issuer, root }];
  });
  const [first] = seen;
  if (first === undefined || seen.some(({ issuer }) => issuer !== first.issuer)) return undefined;
  if (seen.some(({ root }) => root.sha256 !== undefined && publicRoots.has(root.sha256))) return undefined;
  const hosts = [...new Set(seen.map(({ host }) => host))];
  if (new Set(hosts.map(domainOf)).size < 2) return undefined;
  return {
    issuer: first.issuer,
    root: first.root.subject,
    isTrusted: seen.every(({ root }) => root.place === 'trusted'),
    hosts,
  };
}

/** domainOf are the last two labels of a name; an address is its own. */
function domainOf(host: string): string {
  return /^[\d.]+$|:/.test(host) ? host : host.toLowerCase().split('.').slice(-2).join('.');
}
