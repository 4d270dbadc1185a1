/**
 * ActionId is the key of a computation in GOCACHE: 64 lower-case hex digits, the name of its `-a` file.
 * cmd/go/internal/cache: ActionID, go1.26
 */
export type ActionId = string & { readonly brand: 'ActionId' };

/** OutputId is the sha256 of an output, as 64 lower-case hex digits: the name of its `-d` file. */
export type OutputId = string & { readonly brand: 'OutputId' };

/** parseActionId gives the action ID that a text is, or undefined. */
export function parseActionId(text: string): ActionId | undefined {
  return isHash(text) ? (text as ActionId) : undefined;
}

/** parseOutputId gives the output ID that a text is, or undefined. */
export function parseOutputId(text: string): OutputId | undefined {
  return isHash(text) ? (text as OutputId) : undefined;
}

/** hashDigits is the length of an ID in hex digits: cache.HashSize is 32 bytes. */
export const hashDigits = 64;

// File names are made with %x, so that capital letters never occur (cmd/go/internal/cache: (*DiskCache).fileName).
const hash = /^[0-9a-f]{64}$/;

function isHash(text: string): boolean {
  return text.length === hashDigits && hash.test(text);
}
