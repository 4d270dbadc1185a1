import { createHash, hash } from 'node:crypto';
import { constants, crc32, createInflateRaw, inflateRawSync } from 'node:zlib';
import { codeOf } from '../platform/problem.ts';
import { notValid, type ReadAt, type ZipEntry, ZipError } from './zip-directory.ts';

/** See gets the content of a small file of a zip with its sha256, as long as it is at hand. */
export type See = (content: Buffer, sha256: string) => void;

/** hashContent unpacks one file of a zip, compares size and CRC with the directory, and gives its sha256; it throws a ZipError. */
export async function hashContent(readAt: ReadAt, entry: ZipEntry, see?: See): Promise<string> {
  if (entry.method !== stored && entry.method !== deflated)
    throw new ZipError('zip: unsupported compression algorithm', entry.name);
  const start = contentStart(readAt, entry);
  const isSmall = Math.max(entry.packedBytes, entry.bytes) <= atOnceBytes;
  const content = isSmall ? hashAtOnce(readAt, entry, start, see) : await hashInPieces(readAt, entry, start);
  if (content.bytes !== entry.bytes) throw new ZipError('unexpected EOF', entry.name);
  if (entry.hasDescriptor) checkDescriptor(readAt, entry, start + entry.packedBytes);
  // A sum of 0 in the directory counts as not set, except where a descriptor tells it too.
  if (content.crc32 !== entry.crc32 && (entry.crc32 !== 0 || entry.hasDescriptor))
    throw new ZipError('zip: checksum error', entry.name);
  return content.sha256;
}

/** readContent unpacks a small file of a zip, as a copy; undefined for a large one. */
export function readContent(readAt: ReadAt, entry: ZipEntry): Buffer | undefined {
  if (Math.max(entry.packedBytes, entry.bytes) > atOnceBytes) return undefined;
  return Buffer.from(unpack(readAt, entry, contentStart(readAt, entry)));
}

type Content = { readonly bytes: number; readonly crc32: number; readonly sha256: string };

const stored = 0;
const deflated = 8;
const localHeaderBytes = 30;
const localSignature = 0x04034b50;
const descriptorSignature = 0x08074b50;

/** atOnceBytes is what is unpacked with one call: nearly all files of nearly all modules. Larger ones go through in pieces. */
const atOnceBytes = 1024 * 1024;
const pieceBytes = 64 * 1024;

/** contentStart is where the packed bytes begin: behind the local header, whose name and extra field have lengths of their own. */
function contentStart(readAt: ReadAt, { offset, name }: ZipEntry): number {
  const header = readAt(offset, localHeaderBytes);
  if (header.length < localHeaderBytes) throw new ZipError('unexpected EOF', name);
  if (header.readUInt32LE(0) !== localSignature) throw new ZipError(notValid, name);
  return offset + localHeaderBytes + header.readUInt16LE(26) + header.readUInt16LE(28);
}

function hashAtOnce(readAt: ReadAt, entry: ZipEntry, start: number, see: See | undefined): Content {
  const content = unpack(readAt, entry, start);
  const sha256 = hash('sha256', content, 'hex');
  see?.(content, sha256);
  return { bytes: content.length, crc32: crc32(content), sha256 };
}

function unpack(readAt: ReadAt, entry: ZipEntry, start: number): Buffer {
  // Where the file ends before, a deflated content may be whole all the same: it knows its own end.
  const packed = readAt(start, entry.packedBytes);
  return entry.method === stored ? packed : inflate(packed, entry);
}

function inflate(packed: Buffer, { bytes, name }: ZipEntry): Buffer {
  try {
    // One byte more than told: what unpacks to more is refused, and never held.
    const room = Math.max(bytes + 1, constants.Z_MIN_CHUNK);
    return inflateRawSync(packed, { chunkSize: room, maxOutputLength: room });
  } catch (error) {
    throw inflateFault(error, name);
  }
}

async function hashInPieces(readAt: ReadAt, entry: ZipEntry, start: number): Promise<Content> {
  const sha256 = createHash('sha256');
  let bytes = 0;
  let sum = 0;
  const pieces = piecesOf(readAt, entry, start);
  for await (const piece of entry.method === stored ? pieces : inflatePieces(pieces, entry)) {
    bytes += piece.length;
    if (bytes > entry.bytes) throw new ZipError(notValid, entry.name);
    sha256.update(piece);
    sum = crc32(piece, sum);
  }
  return { bytes, crc32: sum, sha256: sha256.digest('hex') };
}

function* piecesOf(readAt: ReadAt, { packedBytes }: ZipEntry, start: number): Generator<Buffer> {
  for (let done = 0; done < packedBytes; done += pieceBytes) {
    const length = Math.min(pieceBytes, packedBytes - done);
    const piece = readAt(start + done, length);
    yield piece;
    if (piece.length < length) return;
  }
}

/** inflatePieces feeds one piece after the other, each when the one before is used up: no more than that is held. */
async function* inflatePieces(pieces: Iterable<Buffer>, { name }: ZipEntry): AsyncGenerator<Buffer> {
  const engine = createInflateRaw({ chunkSize: pieceBytes });
  // What follows the end of the content is never taken, and its write never called back: then the close is.
  const closed = new Promise<void>((resolve) => engine.once('close', resolve));
  const feed = async (): Promise<void> => {
    for (const piece of pieces) {
      const written = new Promise<void>((resolve) => engine.write(Buffer.from(piece), () => resolve()));
      await Promise.race([written, closed]);
      if (engine.destroyed) return;
    }
    engine.end();
  };
  const fed = feed().catch((error: Error) => engine.destroy(error));
  try {
    yield* engine as AsyncIterable<Buffer>;
  } catch (error) {
    throw inflateFault(error, name);
  } finally {
    engine.destroy();
    await fed;
  }
}

function inflateFault(error: unknown, name: string): unknown {
  const code = codeOf(error);
  if (code === 'ERR_BUFFER_TOO_LARGE') return new ZipError(notValid, name);
  if (code === 'Z_BUF_ERROR') return new ZipError('unexpected EOF', name);
  return code === 'Z_DATA_ERROR' ? new ZipError('flate: corrupt input', name) : error;
}

/** checkDescriptor reads what stands behind the content where its sums were not known before. `archive/zip: readDataDescriptor` */
function checkDescriptor(readAt: ReadAt, entry: ZipEntry, at: number): void {
  const descriptor = readAt(at, 16);
  if (descriptor.length < 12) throw new ZipError('unexpected EOF', entry.name);
  const isSigned = descriptor.readUInt32LE(0) === descriptorSignature;
  if (descriptor.readUInt32LE(isSigned ? 4 : 0) !== entry.crc32)
    throw new ZipError('zip: checksum error', entry.name);
}
