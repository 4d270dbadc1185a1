/** ReadAt gives bytes of a file, fewer at its end, none outside of it; what it gives stands until the next call only. */
export type ReadAt = (offset: number, length: number) => Buffer;

/** ZipEntry is one file of a zip as its central directory tells it. */
export type ZipEntry = {
  readonly name: string;
  /** method is 0 for stored and 8 for deflated; Go knows no other. */
  readonly method: number;
  readonly hasDescriptor: boolean;
  readonly isLink: boolean;
  readonly crc32: number;
  readonly packedBytes: number;
  readonly bytes: number;
  /** offset is that of its local header in the file. */
  readonly offset: number;
};

/** ZipError is a fault of the zip's form, in Go's words where Go has some; `file` is the entry that it is about. */
export class ZipError extends Error {
  readonly file: string | undefined;

  constructor(message: string, file?: string) {
    super(message);
    this.file = file;
  }
}

/** notValid is Go's word for most of what is wrong. `archive/zip: ErrFormat` */
export const notValid = 'zip: not a valid zip file';

const endBytes = 22;
const headerBytes = 46;
const locatorBytes = 20;
const end64Bytes = 56;
const endSignature = 0x06054b50;
const headerSignature = 0x02014b50;
const locatorSignature = 0x07064b50;
const end64Signature = 0x06064b50;
/** zip64Tag marks the extra field that holds numbers too large for 32 bits. */
const zip64Tag = 1;
const most16 = 0xffff;
const most32 = 0xffffffff;

/**
 * readDirectory gives the entries of a zip one by one, in the order of its central directory, without believing its counts: it
 * reads headers until one is none, and then compares the number. Throws a ZipError. `archive/zip: (*Reader).init, go1.26`
 */
export function* readDirectory(readAt: ReadAt, size: number): Generator<ZipEntry> {
  const { records, start, base } = findDirectory(readAt, size);
  let at = start;
  let count = 0;
  while (true) {
    const header = readHeader(readAt, at);
    if (header === undefined) break;
    count += 1;
    at = header.next;
    yield { ...header.entry, offset: header.entry.offset + base };
  }
  // The number has 16 bits in an old zip: only those are compared.
  if ((count & most16) !== (records & most16)) throw new ZipError(notValid);
}

type Directory = {
  readonly records: number;
  /** start is where the directory begins in the file. */
  readonly start: number;
  /** base is what stands before the zip in the file; offsets do not count it. */
  readonly base: number;
};

function findDirectory(readAt: ReadAt, size: number): Directory {
  const endAt = findEnd(readAt, size);
  const end = readAt(endAt, endBytes);
  let records = end.readUInt16LE(10);
  let bytes = end.readUInt32LE(12);
  let offset = end.readUInt32LE(16);
  let recordAt = endAt;
  // 0xffff as the mark of a size is Go's own reading. `archive/zip: readDirectoryEnd`
  if (records === most16 || bytes === most16 || offset === most32) {
    const end64At = findEnd64(readAt, endAt);
    if (end64At !== undefined) {
      const end64 = readAt(end64At, end64Bytes);
      if (end64.length < end64Bytes || end64.readUInt32LE(0) !== end64Signature) throw new ZipError(notValid);
      records = number64(end64, 32);
      bytes = number64(end64, 40);
      offset = number64(end64, 48);
      recordAt = end64At;
    }
  }
  const base = recordAt - bytes - offset;
  const start = base + offset;
  if (start < 0 || start >= size) throw new ZipError(notValid);
  // Some writers give an end that is off: where a header stands at the offset itself, Go takes that.
  if (base > 0 && readHeader(readAt, offset) !== undefined) return { records, start: offset, base: 0 };
  return { records, start, base };
}

/** findEnd looks for the record at the end, behind which a comment of up to 64 KiB may stand. */
function findEnd(readAt: ReadAt, size: number): number {
  for (const length of [1024, 65 * 1024]) {
    const from = Math.max(0, size - length);
    const tail = readAt(from, size - from);
    for (let at = tail.length - endBytes; at >= 0; at -= 1) {
      if (tail.readUInt32LE(at) !== endSignature) continue;
      if (at + endBytes + tail.readUInt16LE(at + 20) > tail.length) break;
      return from + at;
    }
    if (from === 0) break;
  }
  throw new ZipError(notValid);
}

function findEnd64(readAt: ReadAt, endAt: number): number | undefined {
  if (endAt < locatorBytes) return undefined;
  const locator = readAt(endAt - locatorBytes, locatorBytes);
  const isThere =
    locator.length === locatorBytes &&
    locator.readUInt32LE(0) === locatorSignature &&
    locator.readUInt32LE(4) === 0 &&
    locator.readUInt32LE(16) === 1;
  return isThere ? number64(locator, 8) : undefined;
}

/** readHeader reads one header of the directory and where the next one begins; undefined where there is none. */
function readHeader(
  readAt: ReadAt,
  at: number,
): { readonly entry: ZipEntry; readonly next: number } | undefined {
  const fixed = readAt(at, headerBytes);
  if (fixed.length < headerBytes || fixed.readUInt32LE(0) !== headerSignature) return undefined;
  const nameBytes = fixed.readUInt16LE(28);
  const extraBytes = fixed.readUInt16LE(30);
  const all = headerBytes + nameBytes + extraBytes + fixed.readUInt16LE(32);
  const header = readAt(at, all);
  if (header.length < all) return undefined;
  const sizes = {
    bytes: header.readUInt32LE(24),
    packedBytes: header.readUInt32LE(20),
    offset: header.readUInt32LE(42),
  };
  const extra = header.subarray(headerBytes + nameBytes, headerBytes + nameBytes + extraBytes);
  const wide = widen(extra, sizes);
  if (wide === undefined) return undefined;
  return {
    entry: {
      name: header.toString('utf8', headerBytes, headerBytes + nameBytes),
      method: header.readUInt16LE(10),
      hasDescriptor: (header.readUInt16LE(8) & 8) !== 0,
      isLink: isLink(header.readUInt16LE(4), header.readUInt32LE(38)),
      crc32: header.readUInt32LE(16),
      ...wide,
    },
    next: at + all,
  };
}

type Sizes = { readonly bytes: number; readonly packedBytes: number; readonly offset: number };

/** widen takes from the zip64 field what did not fit into 32 bits; undefined where it had to be there and is not. */
function widen(extra: Buffer, sizes: Sizes): Sizes | undefined {
  if (![sizes.bytes, sizes.packedBytes, sizes.offset].includes(most32)) return sizes;
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (end > extra.length) break;
    if (extra.readUInt16LE(at) === zip64Tag) return takeWide(extra.subarray(at + 4, end), sizes);
    at = end;
  }
  // Go lets a size of exactly 2³²-1 pass; it is far over the limit of a module anyway.
  return sizes.packedBytes === most32 || sizes.offset === most32 ? undefined : sizes;
}

function takeWide(field: Buffer, sizes: Sizes): Sizes | undefined {
  let at = 0;
  const wide = { ...sizes };
  for (const key of ['bytes', 'packedBytes', 'offset'] as const) {
    if (sizes[key] !== most32) continue;
    if (at + 8 > field.length) return undefined;
    wide[key] = number64(field, at);
    at += 8;
  }
  return wide;
}

/** isLink reads the mode that a Unix or macOS writer left: S_IFLNK. `archive/zip: (*FileHeader).Mode` */
function isLink(madeBy: number, attributes: number): boolean {
  const system = madeBy >> 8;
  return (system === 3 || system === 19) && ((attributes >>> 16) & 0xf000) === 0xa000;
}

/** number64 is not exact beyond 2⁵³: no file is as large, and what lies there is not found. */
function number64(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at));
}
