import type { X509Certificate } from 'node:crypto';
import { quote } from '../../go/shell-word.ts';
import type { Fault } from '../ask/answer.ts';
import {
  caIssuersOf,
  isIssuedBy,
  isSelfIssued,
  nameOf,
  namesOf,
  type SentChain,
} from '../ask/certificate.ts';
import { checkHostName } from './host-names.ts';
import { hasIntermediate } from './missing-issuer.ts';
import { lastResort, type RootPlace, type ServerPlace, saveLast, showChain, trustRepair } from './repair.ts';

/** ChainContext is what a chain is judged against. */
export type ChainContext = ServerPlace & {
  /** code is OpenSSL's error about the chain with the same roots; undefined when it accepts it. */
  readonly code: string | undefined;
  readonly roots: RootPlace & {
    readonly certificates: readonly X509Certificate[];
    readonly failure: string | undefined;
  };
  readonly now: Date;
};

/**
 * judgeChain tells why Go would not accept a chain, in Go's order: whether there are roots, the dates of the server's own certificate, its names, then the way
 * to a root. It gives undefined when Go would. `crypto/x509: (*Certificate).Verify, go1.26`
 */
export function judgeChain(chain: SentChain, context: ChainContext): Fault | undefined {
  const { host, port, now } = context;
  const leaf = chain.sent[0] ?? chain.anchor;
  if (leaf === undefined)
    return {
      code: 'other',
      detail: `${host} shows no certificate`,
      goSays: undefined,
      repair: [showChain(context)],
    };
  if (context.roots.failure !== undefined)
    return nameNoRoots(context, 'x509: failed to load system roots and no roots provided');
  const dates = judgeDates(leaf, `the certificate of ${host}`, now);
  if (dates !== undefined) return dates;
  const names = { names: namesOf(leaf), commonName: /^CN=(.*)$/m.exec(leaf.subject ?? '')?.[1] };
  const wrongName = checkHostName(host, names);
  if (wrongName !== undefined)
    return {
      code: 'tls-wrong-host',
      detail: `the certificate is for ${listNames(names.names)}, not for ${host}`,
      goSays: wrongName,
      repair: [
        ...names.names
          .filter((name) => !/[*:]/.test(name))
          .slice(0, 1)
          .map((name) => `write the name that it has: https://${name}${port === 443 ? '' : `:${port}`}`),
        `or let the server have a certificate with ${host} among its names (subjectAltName)`,
        lastResort,
      ],
    };
  return context.code === undefined ? undefined : judgePath(leaf, chain, context.code, context);
}

function nameNoRoots({ roots }: ChainContext, goSays: string): Fault {
  const { failure, isOwnChoice } = roots;
  return {
    code: 'tls-unknown-authority',
    detail: `no root is trusted here at all${failure === undefined ? '' : `: ${failure}`}`,
    goSays,
    repair: isOwnChoice
      ? ['correct SSL_CERT_FILE and SSL_CERT_DIR, or unset them']
      : ['install the package ca-certificates'],
  };
}

/** judgeDates: `crypto/x509: (*Certificate).isValid, go1.26` */
function judgeDates(
  { validFromDate, validToDate }: X509Certificate,
  what: string,
  now: Date,
): Fault | undefined {
  // Go goes on with the time of the machine: its words end in it.
  const goSays = 'x509: certificate has expired or is not yet valid: current time';
  const clock = 'compare the clock of this machine: date -u';
  if (now < validFromDate)
    return {
      code: 'tls-not-yet-valid',
      detail: `${what} counts from ${goTime(validFromDate)} on, and it is ${goTime(now)} here`,
      goSays,
      repair: [clock, 'if the clock is right, the server must show its present certificate'],
    };
  if (now > validToDate)
    return {
      code: 'tls-expired',
      detail: `${what} expired at ${goTime(validToDate)}, and it is ${goTime(now)} here`,
      goSays,
      repair: ['the server needs a new certificate: tell those who run it', clock, lastResort],
    };
  return undefined;
}

/** judgePath tells why there is no way from a good certificate to a trusted one. */
function judgePath(
  leaf: X509Certificate,
  { sent, anchor }: SentChain,
  code: string,
  context: ChainContext,
): Fault | undefined {
  const { host, now, roots } = context;
  const unknown = 'x509: certificate signed by unknown authority';
  const authorities = [...sent.slice(1), ...(anchor === undefined || sent.length === 0 ? [] : [anchor])];
  for (const authority of authorities) {
    const dates = judgeDates(authority, `the certificate of the authority ${nameOf(authority.subject)}`, now);
    if (dates !== undefined) return dates;
  }
  if (anchor !== undefined)
    return isOnlyKeyUsage(code, [leaf, ...authorities])
      ? undefined
      : nameRefusal(code, [leaf, ...authorities], context);
  if (roots.certificates.length === 0) return nameNoRoots(context, unknown);
  if (isSelfIssued(leaf))
    return {
      code: 'tls-self-signed',
      detail: `${host} signed its certificate itself, so nobody vouches for it; its SHA-256 is ${fingerprint(leaf)}`,
      goSays: unknown,
      repair: [
        'compare that SHA-256 with the server; if it is right, trust it:',
        saveLast(context, 'server.pem'),
        ...trustRepair('server.pem', roots),
        lastResort,
      ],
    };
  const last = sent.at(-1) ?? leaf;
  const issuer = nameOf(last.issuer);
  if (isSelfIssued(last))
    return {
      code: 'tls-unknown-authority',
      detail: `the root ${nameOf(last.subject)} is not trusted here; its SHA-256 is ${fingerprint(last)}`,
      goSays: unknown,
      repair: [
        'compare that SHA-256 with what your administrators say; if it is right, trust it:',
        saveLast(context, 'root.pem'),
        ...trustRepair('root.pem', roots),
        lastResort,
      ],
    };
  if (sent.length === 1 && hasIntermediate(leaf, roots.certificates))
    return missingIntermediate(leaf, issuer, context);
  const alone =
    sent.length === 1
      ? `; ${host} sends its own certificate only, so this can also be an intermediate that it should send`
      : '';
  return {
    code: 'tls-unknown-authority',
    detail: `${issuer} is not trusted here${alone}`,
    goSays: unknown,
    repair: [
      `get the root certificate ${issuer} as root.pem from those who run ${host}, and trust it:`,
      ...trustRepair('root.pem', roots),
      lastResort,
    ],
  };
}

function missingIntermediate(leaf: X509Certificate, issuer: string, context: ChainContext): Fault {
  const url = caIssuersOf(leaf);
  return {
    code: 'tls-missing-intermediate',
    detail: `${context.host} sends its own certificate only, not that of its issuer ${issuer}, which would lead to a trusted root${url === undefined ? '' : `; it lies at ${url}`}`,
    goSays: 'x509: certificate signed by unknown authority',
    repair: [
      ...(url === undefined
        ? []
        : [`curl -s ${quote(url)} | openssl x509 -inform der -out intermediate.pem`]),
      'on the server: cat server.pem intermediate.pem > chain.pem, and let it show chain.pem (nginx: ssl_certificate; Caddy: tls chain.pem key.pem)',
      'until then, here:',
      ...trustRepair('intermediate.pem', context.roots),
      lastResort,
    ],
  };
}

// id-kp-serverAuth and anyExtendedKeyUsage. RFC 5280, section 4.2.1.12
const forServers = ['1.3.6.1.5.5.7.3.1', '2.5.29.37.0'];

/**
 * isOnlyKeyUsage says that OpenSSL refuses a chain for what Go does not read: the key usage of the server's certificate, where every
 * extended key usage allows servers. `crypto/x509: isValid, checkChainForKeyUsage, go1.26`
 */
function isOnlyKeyUsage(code: string, [leaf, ...authorities]: readonly X509Certificate[]): boolean {
  const isAllowed = ({ keyUsage }: X509Certificate) =>
    keyUsage === undefined || keyUsage.some((usage) => forServers.includes(usage));
  return (
    code === 'INVALID_PURPOSE' &&
    leaf !== undefined &&
    [leaf, ...authorities].every(isAllowed) &&
    authorities.every(
      (authority, index) => authority.ca && isIssuedBy([leaf, ...authorities][index] ?? leaf, authority),
    )
  );
}

/** nameRefusal is a complete way to a trusted root that does not count all the same. */
function nameRefusal(code: string, way: readonly X509Certificate[], context: ChainContext): Fault {
  const { host } = context;
  const repair = [`the server needs another certificate; show this one: ${showChain(context)}`, lastResort];
  const weak = way.find((certificate) => hasWeakSignature(certificate) && !isSelfIssued(certificate));
  if (weak !== undefined)
    return {
      code: 'tls-unknown-authority',
      detail: `the certificate ${nameOf(weak.subject)} is signed by SHA-1 or MD5, which Go does not accept`,
      goSays:
        'x509: certificate signed by unknown authority (possibly because of "x509: cannot verify signature: insecure algorithm',
      repair,
    };
  const noAuthority = way.slice(1).find((certificate) => !certificate.ca);
  if (noAuthority !== undefined)
    return {
      code: 'tls-unknown-authority',
      detail: `${nameOf(noAuthority.subject)} signed the certificate before it, but is no authority`,
      goSays: 'x509: certificate signed by unknown authority',
      repair,
    };
  if (code === 'INVALID_PURPOSE')
    return {
      code: 'other',
      detail: `the certificate of ${host} is not for servers (its extended key usage says so)`,
      goSays: 'x509: certificate specifies an incompatible key usage',
      repair,
    };
  return {
    code: 'other',
    detail: `the certificate of ${host} leads to a trusted root, but does not count: ${code}`,
    goSays: undefined,
    repair,
  };
}

/** weakSignatures are object identifiers in DER: MD5 and SHA-1 with RSA, SHA-1 with ECDSA. `crypto/x509: checkSignature, go1.26` */
const weakSignatures = ['2a864886f70d010104', '2a864886f70d010105', '2a8648ce3d0401'].map((hex) =>
  Buffer.from(`06${(hex.length / 2).toString(16).padStart(2, '0')}${hex}`, 'hex'),
);

/** hasWeakSignature looks for the algorithm near the start, where a certificate names it first. */
function hasWeakSignature({ raw }: X509Certificate): boolean {
  return weakSignatures.some((identifier) => raw.subarray(0, 64).includes(identifier));
}

function listNames(names: readonly string[]): string {
  if (names.length === 0) return 'no name';
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

function fingerprint({ fingerprint256 }: X509Certificate): string {
  return fingerprint256.replaceAll(':', '').toLowerCase();
}

function goTime(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
