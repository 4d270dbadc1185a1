import type { X509Certificate } from 'node:crypto';
import { caIssuersOf } from '../ask/certificate.ts';

/**
 * hasIntermediate guesses, of a server that sent its own certificate only, whether the issuer is an intermediate below a trusted
 * root (the server forgot to send it) or an authority that is not trusted here. Nothing in the one certificate proves it; its URL for
 * the issuer (AIA) and the names of both speak for one or the other.
 */
export function hasIntermediate(leaf: X509Certificate, roots: readonly X509Certificate[]): boolean {
  if (caIssuersOf(leaf) !== undefined) return true;
  const issuer = leaf.issuer ?? '';
  if (/\broot\b/i.test(issuer)) return false;
  if (/\binter|\bissuing|\bsub(?:ordinate)?[ -]?ca\b/i.test(issuer)) return true;
  const words = wordsOf(issuer);
  return roots.some(({ subject }) => wordsOf(subject ?? '').some((word) => words.includes(word)));
}

/** generic words stand in the names of many authorities. */
const generic: ReadonlySet<string> = new Set([
  ...['authority', 'certificate', 'certification', 'class', 'global', 'internal', 'limited', 'local'],
  ...[
    'network',
    'primary',
    'public',
    'root',
    'secure',
    'security',
    'server',
    'services',
    'test',
    'trust',
    'trusted',
  ],
]);

/** wordsOf are the words of organization and common name that tell one authority from another. */
function wordsOf(name: string): readonly string[] {
  const values = [...name.matchAll(/^(?:O|CN)=(.*)$/gm)].map(([, value = '']) => value.toLowerCase());
  return values
    .join(' ')
    .split(/[^\p{L}\d]+/u)
    .filter((word) => word.length > 2 && !/^\d+$/.test(word) && !generic.has(word));
}
