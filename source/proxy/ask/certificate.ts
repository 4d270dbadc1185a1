import type { X509Certificate } from 'node:crypto';
import type { ServerCertificate } from './answer.ts';

/** describeCertificate gives what is shown of a certificate. */
export function describeCertificate(
  certificate: X509Certificate,
  place: 'sent' | 'trusted',
): ServerCertificate {
  return {
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    notBefore: certificate.validFromDate,
    notAfter: certificate.validToDate,
    key: keyOf(certificate),
    sha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    names: namesOf(certificate),
    place,
    caIssuers: /^CA Issuers - URI:(\S+)/m.exec(certificate.infoAccess ?? '')?.[1],
  };
}

/** nameOf gives a name on one line as OpenSSL writes it for people: `C=DE, O=Example, CN=proxy.example`. */
function nameOf(name: string | undefined): string {
  return printable((name ?? '').split('\n').join(', '));
}

/** namesOf are the hosts and addresses that a certificate is for. */
export function namesOf(certificate: X509Certificate): readonly string[] {
  const entries = certificate.subjectAltName?.match(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/g) ?? [];
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
