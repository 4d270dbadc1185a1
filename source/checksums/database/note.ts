import { createPublicKey, type KeyObject, verify } from 'node:crypto';

/** Verifier is the public key of a checksum database, with the name and the short hash that its signatures carry. */
export type Verifier = { readonly name: string; readonly hash: string; readonly key: KeyObject };

/** parseVerifier reads a key as `sum.golang.org+033de0ae+Ac4z...`; undefined when it is none. `golang.org/x/mod/sumdb/note: NewVerifier` */
export function parseVerifier(text: string): Verifier | undefined {
  const match = /^([^+\s]+)\+([0-9a-f]{8})\+(.+)$/.exec(text);
  const key = Buffer.from(match?.[3] ?? '', 'base64');
  if (match === null || key[0] !== ed25519 || key.length !== 1 + ed25519Bytes) return undefined;
  const der = Buffer.concat([spkiPrefix, key.subarray(1)]);
  return {
    name: match[1] ?? '',
    hash: match[2] ?? '',
    key: createPublicKey({ key: der, format: 'der', type: 'spki' }),
  };
}

const ed25519 = 1;
const ed25519Bytes = 32;
/** spkiPrefix is what stands before the 32 bytes of an ed25519 key in DER: RFC 8410, section 4. */
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex');

/**
 * openNote gives the text of a signed note whose signature holds; undefined when none of the verifier's does. The text ends
 * before an empty line, a signature is `— name base64`, where the first four bytes are the key's hash.
 * `golang.org/x/mod/sumdb/note: Open`
 */
export function openNote(message: string, verifier: Verifier): string | undefined {
  const split = message.lastIndexOf('\n\n');
  if (split < 0) return undefined;
  const text = message.slice(0, split + 1);
  const signatures = message.slice(split + 2).split('\n');
  const isSigned = signatures.some((line) => {
    const [dash, name, base64 = ''] = line.split(' ');
    const bytes = Buffer.from(base64, 'base64');
    return (
      dash === '—' &&
      name === verifier.name &&
      bytes.subarray(0, 4).toString('hex') === verifier.hash &&
      verify(null, Buffer.from(text), verifier.key, bytes.subarray(4))
    );
  });
  return isSigned ? text : undefined;
}
