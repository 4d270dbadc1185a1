import type { X509Certificate } from 'node:crypto';
import type { ServerCertificate } from './answer.ts';

/** SentChain is what a server showed, from its own certificate on, and how it ends. */
export type SentChain = {
  readonly sent: readonly X509Certificate[];
  /** anchor is the trusted certificate that signed the last one, or is that; undefined where none is trusted. */
  readonly anchor: X509Certificate | undefined;
};

/** Trust finds trusted certificates by the name of their subject. */
export type Trust = { find(subject: string): readonly X509Certificate[] };

/** completeChain looks for the trusted certificate at the end of a chain; what stands behind it does not matter. */
export function completeChain(chain: readonly X509Certificate[], trust: Trust): SentChain {
  for (const [index, certificate] of chain.entries()) {
    const same = trust
      .find(certificate.subject)
      .find(({ fingerprint256 }) => fingerprint256 === certificate.fingerprint256);
    if (same !== undefined) return { sent: chain.slice(0, index), anchor: same };
    const issuer = trust.find(certificate.issuer).find((candidate) => isIssuedBy(certificate, candidate));
    if (issuer !== undefined) return { sent: chain.slice(0, index + 1), anchor: issuer };
  }
  return { sent: chain, anchor: undefined };
}

/** isIssuedBy says that an authority signed a certificate; a key that cannot be used signed nothing. */
export function isIssuedBy(certificate: X509Certificate, authority: X509Certificate): boolean {
  try {
    return certificate.issuer === authority.subject && certificate.verify(authority.publicKey);
  } catch {
    return false;
  }
}

/** describeChain draws a chain: what was sent, the trusted end, or what is missing before it. */
export function describeChain({ sent, anchor }: SentChain): readonly ServerCertificate[] {
  const drawn = sent.map((certificate) => describeCertificate(certificate, 'sent'));
  if (anchor !== undefined) return [...drawn, describeCertificate(anchor, 'trusted')];
  const last = sent.at(-1);
  return last === undefined || isSelfIssued(last) ? drawn : [...drawn, missing(nameOf(last.issuer))];
}

/** isSelfIssued says that a certificate is the end of its chain: a root, or one that signed itself. */
export function isSelfIssued({ subject, issuer }: X509Certificate): boolean {
  return subject === issuer;
}

function describeCertificate(certificate: X509Certificate, place: 'sent' | 'trusted'): ServerCertificate {
  return {
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    notBefore: certificate.validFromDate,
    notAfter: certificate.validToDate,
    key: keyOf(certificate),
    sha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    names: namesOf(certificate),
    place,
    caIssuers: caIssuersOf(certificate),
  };
}

function missing(subject: string): ServerCertificate {
  return {
    subject,
    issuer: undefined,
    notBefore: undefined,
    notAfter: undefined,
    key: undefined,
    sha256: undefined,
    names: [],
    place: 'missing',
    caIssuers: undefined,
  };
}

/** caIssuersOf is the URL where the certificate of the issuer lies (AIA); only one that can be fetched. */
export function caIssuersOf({ infoAccess }: X509Certificate): string | undefined {
  const url = /^CA Issuers - URI:(https?:\/\/[!-~]+)$/m.exec(infoAccess ?? '')?.[1];
  return url === undefined || /["'\\]/.test(url) ? undefined : url;
}

/** nameOf gives a name on one line: `C=DE, O=Example, CN=Example Root`. */
export function nameOf(name: string | undefined): string {
  return printable((name ?? '').split('\n').join(', '));
}

/** namesOf are the hosts and addresses that a certificate is for. */
export function namesOf({ subjectAltName }: X509Certificate): readonly string[] {
  const entries = subjectAltName?.match(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/g) ?? [];
  return entries.flatMap((entry) => {
    const name = /^\s*(?:DNS|IP Address):(.*)$/s.exec(entry)?.[1];
    return name === undefined ? [] : [printable(name)];
  });
}

function keyOf({ publicKey }: X509Certificate): string {
  const { modulusLength, namedCurve } = publicKey.asymmetricKeyDetails ?? {};
  switch (publicKey.asymmetricKeyType) {
    case 'rsa':
    case 'rsa-pss':
      return `RSA ${modulusLength ?? ''}`.trim();
    case 'ec':
      return `ECDSA ${curves.get(namedCurve ?? '') ?? namedCurve ?? ''}`.trim();
    default:
      return (publicKey.asymmetricKeyType ?? 'unknown').replace(/^ed/, 'Ed');
  }
}

/** curves are the names that people know, by OpenSSL's. */
const curves: ReadonlyMap<string, string> = new Map([
  ['prime256v1', 'P-256'],
  ['secp384r1', 'P-384'],
  ['secp521r1', 'P-521'],
]);

/** printable drops what would do something to a terminal: a server chooses these words. */
export function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '');
}
