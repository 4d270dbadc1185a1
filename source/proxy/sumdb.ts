import { createHash } from 'node:crypto';
import { redactUrl } from '../go/redact.ts';
import { matchPrivate, type PrivateSettings } from './private.ts';

/** SumdbSetting is GOSUMDB as Go reads it. */
export type SumdbSetting =
  | { readonly kind: 'off' }
  | {
      readonly kind: 'database';
      readonly name: string;
      /** key is the verifier key that the user gave; undefined for the one that Go knows by name. */
      readonly key: string | undefined;
      /** url is where to ask instead of the proxies and the name; it may hold a password: show `shownUrl`. */
      readonly url: string | undefined;
      readonly shownUrl: string | undefined;
    }
  /** fault is Go's error: with it, every check against the database fails. */
  | { readonly kind: 'invalid'; readonly fault: string };

/**
 * parseSumdb reads a GOSUMDB value: `name`, `name+hash+key`, either with a URL behind it, or `off`.
 * `cmd/go/internal/modfetch: dbDial, go1.26`
 */
export function parseSumdb(gosumdb: string): SumdbSetting {
  if (gosumdb === 'off') return { kind: 'off' };
  const fields = (aliases.get(gosumdb) ?? gosumdb).split(/\s+/).filter((field) => field !== '');
  const [key, url] = fields;
  if (key === undefined) return { kind: 'invalid', fault: 'missing GOSUMDB' };
  if (fields.length > 2) return { kind: 'invalid', fault: 'invalid GOSUMDB: too many fields' };

  const isKnown = knownKeys.has(key);
  const fault = isKnown ? undefined : checkVerifierKey(key);
  if (fault !== undefined) return { kind: 'invalid', fault: `invalid GOSUMDB: ${fault}` };
  const name = key.split('+')[0] ?? '';
  if (/\/$|[?#@\s%]/.test(name) || name.startsWith('/')) {
    return { kind: 'invalid', fault: `invalid sumdb name (must be host[/path]): ${name}` };
  }
  const shownUrl = url === undefined ? undefined : redactUrl(url);
  return { kind: 'database', name, key: isKnown ? undefined : key, url, shownUrl };
}

/** SumdbUse says whether a module is checked against the database, and by which setting it is not. */
export type SumdbUse =
  | { readonly isChecked: true }
  | { readonly isChecked: false; readonly by: 'GOSUMDB' | 'GONOSUMDB'; readonly pattern: string };

/**
 * checksumUse says whether Go asks the database about a module whose line is not in go.sum yet. Toolchains are always checked,
 * also with GOSUMDB=off, unless they come from a single file:// proxy. `cmd/go/internal/modfetch: useSumDB, go1.26`
 */
export function checksumUse(
  modulePath: string,
  settings: PrivateSettings & { readonly gosumdb: string; readonly goproxy: string },
): SumdbUse {
  const isOnlyFile = settings.goproxy.startsWith('file://') && !/[,|]/.test(settings.goproxy);
  if (modulePath === 'golang.org/toolchain' && !isOnlyFile) return { isChecked: true };
  if (settings.gosumdb === 'off') return { isChecked: false, by: 'GOSUMDB', pattern: 'off' };
  const pattern = matchPrivate(modulePath, settings).GONOSUMDB;
  return pattern === null ? { isChecked: true } : { isChecked: false, by: 'GONOSUMDB', pattern };
}

/** knownKeys are the verifier keys that the go command carries, by the name of the database. `cmd/go/internal/modfetch: knownGOSUMDB, go1.26` */
const knownKeys: ReadonlyMap<string, string> = new Map([
  ['sum.golang.org', 'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8'],
]);

/** verifierKeyOf is the key that signatures of a database are checked with. */
export function verifierKeyOf({ name, key }: Extract<SumdbSetting, { kind: 'database' }>): string {
  return key ?? knownKeys.get(name) ?? '';
}

/** aliases are whole values that Go replaces: the same database under an address that mainland China reaches. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['sum.golang.google.cn', 'sum.golang.org https://sum.golang.google.cn'],
]);

/** ed25519 is the one algorithm of verifier keys, their first byte. `golang.org/x/mod/sumdb/note: algEd25519` */
const ed25519 = 1;
/** ed25519Bytes is the length of such a key without that byte. */
const ed25519Bytes = 32;

/** checkVerifierKey gives Go's reason why `name+hash+key` is no key. `golang.org/x/mod/sumdb/note: NewVerifier` */
function checkVerifierKey(vkey: string): string | undefined {
  const [name = '', hash = '', ...rest] = vkey.split('+');
  const key64 = rest.join('+');
  const key = Buffer.from(key64, 'base64');
  const isBase64 = key.toString('base64') === key64;
  if (name === '' || !/^[0-9A-Fa-f]{8}$/.test(hash) || !isBase64 || key.length === 0)
    return 'malformed verifier id';
  const sum = createHash('sha256').update(`${name}\n`).update(key).digest('hex').slice(0, 8);
  if (sum !== hash.toLowerCase()) return 'invalid verifier hash';
  if (key[0] !== ed25519) return 'unknown verifier algorithm';
  return key.length === ed25519Bytes + 1 ? undefined : 'malformed verifier id';
}
