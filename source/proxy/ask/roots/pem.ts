import { X509Certificate } from 'node:crypto';

/**
 * pemBlocks are the certificates of a PEM file in base64, as Go finds them: what is no certificate or has headers is passed over.
 * `crypto/x509: (*CertPool).AppendCertsFromPEM, go1.26`
 */
export function pemBlocks(text: string): readonly string[] {
  return [...text.matchAll(block)].map(([, base64 = '']) => base64.replace(/\s+/g, ''));
}

/** block is one certificate without headers: a header has a colon, which base64 has not. */
const block = /^-----BEGIN CERTIFICATE-----[ \t]*\r?\n([A-Za-z\d+/=\s]*)-----END CERTIFICATE-----/gm;

/** readCertificate reads such a block; undefined for one that cannot be read, which Go passes over. */
export function readCertificate(base64: string): X509Certificate | undefined {
  try {
    return new X509Certificate(Buffer.from(base64, 'base64'));
  } catch {
    return undefined;
  }
}
