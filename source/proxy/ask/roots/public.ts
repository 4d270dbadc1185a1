import { createHash } from 'node:crypto';
import { rootCertificates } from 'node:tls';

/** publicRoots are the SHA-256, in hex, of the roots that browsers trust, as Node carries them along: for comparing, never for trusting. */
export function publicRoots(): ReadonlySet<string> {
  return new Set(
    rootCertificates.map((pem) => {
      const der = Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64');
      return createHash('sha256').update(der).digest('hex');
    }),
  );
}
