import { type ActionId, hashDigits, type OutputId, parseActionId, parseOutputId } from '../go/ids.ts';

/** ActionEntry is the content of an `-a` file: this computation gave that output. */
export type ActionEntry = {
  readonly actionId: ActionId;
  readonly outputId: OutputId;
  /** sizeBytes is the size that the output must have to be used. */
  readonly sizeBytes: number;
  /** addedAt is when the entry was written, Unix milliseconds (Go keeps nanoseconds). */
  readonly addedAt: number;
};

/** ActionEntryFault is why Go would not use an entry, in the words of cmd/go/internal/cache: (*DiskCache).get. */
export type ActionEntryFault = { readonly fault: string };

/** actionEntrySize is the size of every action entry in bytes (entrySize). */
export const actionEntrySize = 2 + 1 + hashDigits + 1 + hashDigits + 1 + 20 + 1 + 20 + 1;

/**
 * parseActionEntry reads an `-a` file, or says why Go would take it for a miss:
 *
 *     v1 3f0a...c1 e3b0...55                    0  1763954321123456789\n
 *
 * `expectedId` is the ID in the name of the file; without it the ID inside is believed.
 * cmd/go/internal/cache: (*DiskCache).get, go1.26
 */
export function parseActionEntry(
  content: Uint8Array | string,
  expectedId?: ActionId,
): ActionEntry | ActionEntryFault {
  const text = typeof content === 'string' ? content : latin1(content);
  if (text.length > actionEntrySize) return { fault: 'too long' };
  if (text.length === 0) return { fault: 'file is empty' };
  if (text.length < actionEntrySize) return { fault: 'entry file incomplete' };
  if (!hasFrame(text)) return { fault: 'invalid header' };
  const actionId = parseActionId(text.slice(idAt, idAt + hashDigits).toLowerCase());
  if (actionId === undefined) return { fault: 'decoding ID: invalid byte' };
  if (expectedId !== undefined && actionId !== expectedId) return { fault: 'mismatched ID' };
  const outputId = parseOutputId(text.slice(outputAt, outputAt + hashDigits).toLowerCase());
  if (outputId === undefined) return { fault: 'decoding output ID: invalid byte' };
  const size = parseInteger(text.slice(sizeAt, sizeAt + 20));
  if (size === undefined) return { fault: 'parsing size: invalid syntax' };
  if (size < 0n) return { fault: 'negative size' };
  const time = parseInteger(text.slice(timeAt, timeAt + 20));
  if (time === undefined) return { fault: 'parsing timestamp: invalid syntax' };
  if (time < 0n) return { fault: 'negative timestamp' };
  return { actionId, outputId, sizeBytes: Number(size), addedAt: Number(time) / 1e6 };
}

/** formatActionEntry writes an entry as Go does. */
export function formatActionEntry(entry: ActionEntry): string {
  const nanoseconds = BigInt(Math.round(entry.addedAt * 1000)) * 1000n;
  const size = String(entry.sizeBytes).padStart(20);
  return `v1 ${entry.actionId} ${entry.outputId} ${size} ${String(nanoseconds).padStart(20)}\n`;
}

const idAt = 3;
const outputAt = idAt + hashDigits + 1;
const sizeAt = outputAt + hashDigits + 1;
const timeAt = sizeAt + 20 + 1;

function hasFrame(text: string): boolean {
  return (
    text.startsWith('v1 ') &&
    text[outputAt - 1] === ' ' &&
    text[sizeAt - 1] === ' ' &&
    text[timeAt - 1] === ' ' &&
    text[actionEntrySize - 1] === '\n'
  );
}

// strconv.ParseInt after leading spaces: a sign is allowed, nothing may follow, 64 bits.
function parseInteger(field: string): bigint | undefined {
  const match = /^ *([+-]?[0-9]+)$/.exec(field);
  if (match?.[1] === undefined) return undefined;
  const value = BigInt(match[1].replace('+', ''));
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
