import { hash } from 'node:crypto';

/** FileHashes are the sha256 sums of files, in lower-case hex, by the name that h1 takes them under. */
export type FileHashes = ReadonlyMap<string, string>;

/**
 * h1Of is Go's hash of a list of files: sha256 of one line `<sha256 hex><two spaces><name>` for each, sorted by name, in
 * base64 behind `h1:`. `prefix` stands before every name. `golang.org/x/mod/sumdb/dirhash: Hash1`
 */
export function h1Of(files: FileHashes, prefix = ''): string {
  const names = [...files.keys()].sort(compareBytes);
  const lines = names.map((name) => `${files.get(name)}  ${prefix}${name}\n`).join('');
  return `h1:${hash('sha256', lines, 'base64')}`;
}

/** hashGoMod is the h1 of a go.mod file, as it stands in go.sum behind `/go.mod`. `cmd/go/internal/modfetch: goModSum, go1.26` */
export function hashGoMod(content: Uint8Array): string {
  return h1Of(new Map([['go.mod', hash('sha256', content, 'hex')]]));
}

/** isH1 says whether a text is a whole h1 sum. A `.ziphash` may hold NUL bytes after a crash. `cmd/go/internal/modfetch: isValidSum, go1.26` */
export function isH1(text: string): boolean {
  return /^h1:[A-Za-z0-9+/]{43}=$/.test(text);
}

/** compareBytes orders names as Go does, by their UTF-8 bytes; UTF-16 orders otherwise where there are surrogates. */
function compareBytes(one: string, other: string): number {
  if (surrogate.test(one) || surrogate.test(other))
    return Buffer.compare(Buffer.from(one), Buffer.from(other));
  return one < other ? -1 : one > other ? 1 : 0;
}

const surrogate = /[\ud800-\udfff]/;
