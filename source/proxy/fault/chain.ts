import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { Fault } from '../ask/answer.ts';
import { namesOf } from '../ask/certificate.ts';
import type { TrustedRoots } from '../ask/roots/scan.ts';

/** ChainContext is what a chain is judged against. */
export type ChainContext = {
  /** code is OpenSSL's error about the chain with the same roots; undefined when it accepts it. */
  readonly code: string | undefined;
  readonly host: string;
  readonly roots: TrustedRoots;
  readonly now: Date;
};

/** judgeChain tells why Go would not accept a chain, in Go's order; undefined when it would. `crypto/x509: (*Certificate).Verify, go1.26` */
export function judgeChain(chain: readonly X509Certificate[], context: ChainContext): Fault | undefined {
  const { code, host, now } = context;
  const [leaf] = chain;
  if (leaf === undefined)
    return { code: 'other', detail: `${host} showed no certificate`, goSays: undefined, repair: [] };
  const goTime = (date: Date) => date.toISOString().replace('.000Z', 'Z');
  if (now < leaf.validFromDate)
    return {
      code: 'tls-not-yet-valid',
      detail: `the certificate of ${host} is valid from ${goTime(leaf.validFromDate)} on`,
      goSays: 'x509: certificate has expired or is not yet valid',
      repair: [],
    };
  if (now > leaf.validToDate)
    return {
      code: 'tls-expired',
      detail: `the certificate of ${host} expired on ${goTime(leaf.validToDate)}`,
      goSays: 'x509: certificate has expired or is not yet valid',
      repair: [],
    };
  const matches =
    isIP(host) === 0 ? leaf.checkHost(host, { subject: 'never' }) : leaf.checkIP(host.replace(/%.*/, ''));
  if (matches === undefined) {
    const names = namesOf(leaf);
    return {
      code: 'tls-wrong-host',
      detail: `the certificate is for ${names.join(', ') || 'no name'}, not for ${host}`,
      goSays: undefined,
      repair: [],
    };
  }
  if (code === undefined) return undefined;
  const goSays = 'x509: certificate signed by unknown authority';
  if (chain.length === 1 && leaf.issuer === leaf.subject)
    return { code: 'tls-self-signed', detail: `${host} signed its certificate itself`, goSays, repair: [] };
  if (code === 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
    return {
      code: 'tls-missing-intermediate',
      detail: `${host} sent only its own certificate`,
      goSays,
      repair: [],
    };
  return {
    code: 'tls-unknown-authority',
    detail: `the root of the certificate of ${host} is not trusted here`,
    goSays,
    repair: [],
  };
}
