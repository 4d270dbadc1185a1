import { X509Certificate } from 'node:crypto';

/**
 * parseRoots reads the certificates of a PEM file as Go does: what is no certificate, has headers, or cannot be read is passed
 * over. `crypto/x509: (*CertPool).AppendCertsFromPEM, go1.26`
 */
export function parseRoots(text: string): readonly X509Certificate[] {
  return [...text.matchAll(block)].flatMap(([, base64 = '']) => {
    try {
      return [new X509Certificate(Buffer.from(base64, 'base64'))];
    } catch {
      return [];
    }
  });
}

/** block is one certificate without headers: a header has a colon, which base64 has not. */
const block = /^-----BEGIN CERTIFICATE-----[ \t]*\r?\n([A-Za-z\d+/=\s]*)-----END CERTIFICATE-----/gm;
