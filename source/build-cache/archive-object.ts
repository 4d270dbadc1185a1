/** ArchiveReader gives `length` bytes from `offset` on, fewer at the end of the file. */
export type ArchiveReader = (offset: number, length: number) => Uint8Array;

/** ArchiveFault is why an archive could not be read, in words. */
export type ArchiveFault = { readonly fault: string };

/** OpenedArchive is the text header of an archive, and where the blocks of its Go object lie. */
export type OpenedArchive = { readonly header: string; readonly blocks: Blocks };

/**
 * openArchive finds the parts of an archive:
 *
 *     !<arch>\n
 *     __.PKGDEF       0           0     0     644     4242      `\n
 *     go object linux amd64 go1.26.8 GOAMD64=v1\nbuild id "A/B"\nmain\n\n... export data
 *     _go_.o          0           0     0     644     98765     `\n
 *     go object linux ...\n[cgo pragmas as JSON]\n!\n\0go120ld...
 *
 * cmd/compile/internal/gc: dumpobj1; cmd/internal/goobj, go1.26
 */
export function openArchive(read: ArchiveReader): OpenedArchive | ArchiveFault {
  const head = read(0, firstRead);
  if (text(head, 0, archiveMagic.length) !== archiveMagic)
    return { fault: 'not the start of an archive file' };
  const pkgdef = parseMember(head, archiveMagic.length);
  if (pkgdef?.name !== '__.PKGDEF') return { fault: 'no __.PKGDEF at the start' };
  const pkgdefAt = archiveMagic.length + memberHeaderSize;
  const header = text(head, pkgdefAt, head.length);
  if (!header.startsWith('go object ')) return { fault: 'no "go object" line' };

  const objectAt = pkgdefAt + pkgdef.size + (pkgdef.size % 2);
  const object = parseMember(read(objectAt, memberHeaderSize), 0);
  if (object?.name !== '_go_.o') return { fault: 'no _go_.o after __.PKGDEF' };
  const base = findObject(read, objectAt + memberHeaderSize, object.size);
  const blocks = base === undefined ? undefined : parseBlocks(read, base);
  return blocks === undefined ? { fault: 'no Go object of a known format in _go_.o' } : { header, blocks };
}

const archiveMagic = '!<arch>\n';
// cmd/internal/archive: HeaderSize
const memberHeaderSize = 60;
// Holds both headers before the export data; the build ID is 41 or 83 characters long.
const firstRead = 1024;
const objectMagic = '\0go120ld';
// The cgo pragmas of the largest package seen were 150 kB; a search further than this is in a damaged file.
const longestPragmas = 8 * 1024 * 1024;

function parseMember(bytes: Uint8Array, at: number): { name: string; size: number } | undefined {
  const line = text(bytes, at, at + memberHeaderSize);
  if (line.length < memberHeaderSize || !line.endsWith('`\n')) return undefined;
  const size = Number.parseInt(line.slice(48, 58), 10);
  return Number.isNaN(size) ? undefined : { name: line.slice(0, 16).trimEnd(), size };
}

// findObject gives the offset behind "\n!\n", which ends the text part of _go_.o.
function findObject(read: ArchiveReader, start: number, size: number): number | undefined {
  const end = start + Math.min(size, longestPragmas);
  for (let at = start, length = firstRead; at < end; length = 65_536) {
    const chunk = read(at, Math.min(length, end - at));
    const found = indexOf(chunk, '\n!\n');
    if (found >= 0) return at + found + 3;
    if (chunk.length < 3) return undefined;
    // The mark may be cut by the end of this piece.
    at += chunk.length - 2;
    if (end - at < 3) return undefined;
  }
  return undefined;
}

// Blocks of a Go object, by their number in cmd/internal/goobj (Blk...), go1.26.
export type Blocks = { readonly base: number; readonly offsets: readonly number[] };
export const block = {
  autolib: 0,
  file: 2,
  symdef: 3,
  nonpkgdef: 6,
  nonpkgref: 7,
  dataIdx: 13,
  reloc: 14,
  data: 16,
};
const blockCount = 19;
/** symSize is how long a symbol is: its name as length and offset, ABI, type, two flags, size, alignment. */
export const symSize = 21;

function parseBlocks(read: ArchiveReader, base: number): Blocks | undefined {
  const bytes = read(base, 20 + 4 * blockCount);
  if (text(bytes, 0, objectMagic.length) !== objectMagic || bytes.length < 20 + 4 * blockCount)
    return undefined;
  const view = viewOf(bytes);
  const offsets = Array.from({ length: blockCount }, (_, index) => view.getUint32(20 + 4 * index, true));
  const isRising = offsets.every((offset, index) => index === 0 || offset >= (offsets[index - 1] ?? 0));
  return isRising ? { base, offsets } : undefined;
}

/** readBlock gives a block as a whole. */
export function readBlock(read: ArchiveReader, blocks: Blocks, number: number): DataView {
  const start = blocks.offsets[number] ?? 0;
  return viewOf(read(blocks.base + start, (blocks.offsets[number + 1] ?? start) - start));
}

// Longer than any import path; symbols of instantiated generics run to many kilobytes.
export const longestName = 4096;

/** readString reads a name, at most `longestName` bytes of it. */
export function readString(read: ArchiveReader, blocks: Blocks, length: number, offset: number): string {
  return utf8(read(blocks.base + offset, Math.min(length, longestName)));
}

/**
 * readStrings follows the string references of a table, which stand `at` bytes into each row of `width`; they lie near each other, so that
 * one read gets them all.
 */
export function readStrings(
  read: ArchiveReader,
  blocks: Blocks,
  table: DataView,
  { width, at, most }: { readonly width: number; readonly at: number; readonly most: number },
): string[] {
  const count = Math.min(Math.floor(table.byteLength / width), most);
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (let index = 0; index < count; index++) {
    const offset = table.getUint32(index * width + at + 4, true);
    low = Math.min(low, offset);
    high = Math.max(high, offset + table.getUint32(index * width + at, true));
  }
  if (count === 0) return [];
  const isNear = high - low <= 262_144;
  const near = isNear ? read(blocks.base + low, high - low) : undefined;
  const strings: string[] = [];
  for (let index = 0; index < count; index++) {
    const length = table.getUint32(index * width + at, true);
    const offset = table.getUint32(index * width + at + 4, true);
    const bytes = near?.subarray(offset - low, offset - low + length);
    strings.push(bytes ? utf8(bytes) : readString(read, blocks, length, offset));
  }
  return strings;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function text(bytes: Uint8Array, start: number, end: number): string {
  return asBuffer(bytes).toString('latin1', start, end);
}

export function utf8(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('utf8');
}

function indexOf(bytes: Uint8Array, mark: string): number {
  return asBuffer(bytes).indexOf(mark, 0, 'latin1');
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
