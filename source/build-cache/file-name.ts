import { type ActionId, hashDigits, type OutputId, parseActionId, parseOutputId } from '../go/ids.ts';

/** CacheFileName is what the name of a file in GOCACHE says. */
export type CacheFileName =
  | { readonly kind: 'action'; readonly id: ActionId }
  | { readonly kind: 'output'; readonly id: OutputId };

/**
 * parseCacheFileName reads a path below GOCACHE, as `3f/3f0a...-a` (action entry) or `3f/3f0a...-d` (output);
 * undefined for anything else: README, trim.txt, a foreign file, an ID that lies in the folder of another.
 * cmd/go/internal/cache: (*DiskCache).fileName, go1.26
 */
export function parseCacheFileName(name: string): CacheFileName | undefined {
  if (name.length !== nameLength || name[2] !== '/' || name[nameLength - 2] !== '-') return undefined;
  if (name[0] !== name[3] || name[1] !== name[4]) return undefined;
  const letter = name[nameLength - 1];
  const hex = name.slice(3, 3 + hashDigits);
  if (letter === 'a') {
    const id = parseActionId(hex);
    return id && { kind: 'action', id };
  }
  if (letter === 'd') {
    const id = parseOutputId(hex);
    return id && { kind: 'output', id };
  }
  return undefined;
}

/** cacheFileName is the path of an entry below GOCACHE. */
export function cacheFileName(file: CacheFileName): string {
  return `${file.id.slice(0, 2)}/${file.id}-${file.kind === 'action' ? 'a' : 'd'}`;
}

/** isCacheFolder says whether a name is one of the 256 folders `00` to `ff`. */
export function isCacheFolder(name: string): boolean {
  return /^[0-9a-f]{2}$/.test(name);
}

// "3f/" + ID + "-a"
const nameLength = 3 + hashDigits + 2;
