import { type BuildId, parseBuildId } from '../go/build-id.ts';
import { type ArchiveOrigin, originOf } from './archive-origin.ts';

/** ArchiveIdentity is what an archive says of itself: which package it is and how it was compiled. */
export type ArchiveIdentity = ArchiveOrigin & {
  /** importPath as the compiler was told with -p: `main` for every program and test main. */
  readonly importPath: string;
  /** packageName is the name in the package clause: `main`, `a`, `a_test`. */
  readonly packageName: string;
  readonly isMain: boolean;
  readonly goos: string;
  readonly goarch: string;
  /** goVersion as `go1.26.8`. */
  readonly goVersion: string;
  /** settings are the further words of the first line: `GOAMD64=v1`, `X:rangefunc`. */
  readonly settings: readonly string[];
  /** buildId of the archive; undefined when it was compiled without one, as by hand. */
  readonly buildId: BuildId | undefined;
  /** flags are the compiler's flags that it records: `-race`, `-N`, `-l`, `-shared`, `-dwarf=false`, ... */
  readonly flags: readonly string[];
  readonly isRace: boolean;
  /** isCover says that counters of -cover were compiled in. */
  readonly isCover: boolean;
};

/** ArchiveReader gives `length` bytes from `offset` on, fewer at the end of the file. */
export type ArchiveReader = (offset: number, length: number) => Uint8Array;

/** ArchiveFault is why an archive could not be read, in words. */
export type ArchiveFault = { readonly fault: string };

/**
 * parseArchiveHeader reads who an archive is, in about ten small reads wherever the file is large:
 *
 *     !<arch>\n
 *     __.PKGDEF       0           0     0     644     4242      `\n
 *     go object linux amd64 go1.26.8 GOAMD64=v1\nbuild id "A/B"\nmain\n\n... export data
 *     _go_.o          0           0     0     644     98765     `\n
 *     go object linux ...\n[cgo pragmas as JSON]\n!\n\0go120ld...
 *
 * The import path is in the name of a symbol, `go:cuinfo.packagename.<path>`.
 * cmd/compile/internal/gc: dumpobj1; cmd/internal/goobj; cmd/compile/internal/dwarfgen: RecordPackageName, go1.26
 */
export function parseArchiveHeader(read: ArchiveReader): ArchiveIdentity | ArchiveFault {
  const head = read(0, firstRead);
  if (text(head, 0, archiveMagic.length) !== archiveMagic)
    return { fault: 'not the start of an archive file' };
  const pkgdef = parseMember(head, archiveMagic.length);
  if (pkgdef?.name !== '__.PKGDEF') return { fault: 'no __.PKGDEF at the start' };
  const pkgdefAt = archiveMagic.length + memberHeaderSize;
  const header = parseTextHeader(text(head, pkgdefAt, head.length));
  if (header === undefined) return { fault: 'no "go object" line' };

  const objectAt = pkgdefAt + pkgdef.size + (pkgdef.size % 2);
  const object = parseMember(read(objectAt, memberHeaderSize), 0);
  if (object?.name !== '_go_.o') return { fault: 'no _go_.o after __.PKGDEF' };
  const base = findObject(read, objectAt + memberHeaderSize, object.size);
  const blocks = base === undefined ? undefined : parseBlocks(read, base);
  if (blocks === undefined) return { fault: 'no Go object of a known format in _go_.o' };

  const unit = findCompileUnit(read, blocks);
  if (unit === undefined) return { fault: 'no go:cuinfo.packagename symbol' };
  const files = parseFileTable(read, blocks);
  const isMaybeTest = unit.importPath === 'main' || unit.importPath.endsWith('_test');
  const origin = originOf({ ...unit, files, imports: isMaybeTest ? parseAutolib(read, blocks) : [] });
  return {
    ...header,
    ...origin,
    importPath: unit.importPath,
    packageName: unit.packageName,
    flags: unit.flags,
    isRace: unit.flags.includes('-race'),
    isCover: files.some((file) => file.endsWith('covervars.go')),
  };
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

// go object linux amd64 go1.26.8 GOAMD64=v1 X:boringcrypto\nbuild id "A/B"\nmain\n\n
function parseTextHeader(header: string) {
  const lines = header.split('\n', 4);
  const [go, object, goos, goarch, goVersion, ...settings] = (lines[0] ?? '').split(' ');
  if (go !== 'go' || object !== 'object' || !goos || !goarch || !goVersion) return undefined;
  const buildId = /^build id "([^"]*)"$/.exec(lines[1] ?? '')?.[1];
  const isMain = lines[buildId === undefined ? 1 : 2] === 'main';
  return { goos, goarch, goVersion, settings, isMain, buildId: buildId ? parseBuildId(buildId) : undefined };
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
type Blocks = { readonly base: number; readonly offsets: readonly number[] };
const block = {
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
const symSize = 21;

function parseBlocks(read: ArchiveReader, base: number): Blocks | undefined {
  const bytes = read(base, 20 + 4 * blockCount);
  if (text(bytes, 0, objectMagic.length) !== objectMagic || bytes.length < 20 + 4 * blockCount)
    return undefined;
  const view = viewOf(bytes);
  const offsets = Array.from({ length: blockCount }, (_, index) => view.getUint32(20 + 4 * index, true));
  const isRising = offsets.every((offset, index) => index === 0 || offset >= (offsets[index - 1] ?? 0));
  return isRising ? { base, offsets } : undefined;
}

function readBlock(read: ArchiveReader, blocks: Blocks, number: number): DataView {
  const start = blocks.offsets[number] ?? 0;
  return viewOf(read(blocks.base + start, (blocks.offsets[number + 1] ?? start) - start));
}

const cuinfo = 'go:cuinfo.';
const packageName = `${cuinfo}packagename.`;
const producer = `${cuinfo}producer.`;
// objabi.SDWARFCUINFO: 12 since go1.24, 8 before.
const cuinfoKinds: ReadonlySet<number> = new Set([12, 8]);

type CompileUnit = {
  readonly importPath: string;
  readonly packageName: string;
  readonly flags: readonly string[];
};

function findCompileUnit(read: ArchiveReader, blocks: Blocks): CompileUnit | undefined {
  const symbols = readBlock(read, blocks, block.nonpkgdef);
  const known = collectUnit(read, blocks, symbols, (kind) => cuinfoKinds.has(kind));
  // The kinds are numbered anew when one is added: look at every name then.
  return known ?? collectUnit(read, blocks, symbols, (kind) => !cuinfoKinds.has(kind));
}

function collectUnit(
  read: ArchiveReader,
  blocks: Blocks,
  symbols: DataView,
  isWanted: (kind: number) => boolean,
): CompileUnit | undefined {
  const before = (blocks.offsets[block.nonpkgdef] ?? 0) - (blocks.offsets[block.symdef] ?? 0);
  let unit: { importPath: string; packageName: string } | undefined;
  let flags: readonly string[] | undefined;
  for (let at = 0; at + symSize <= symbols.byteLength; at += symSize) {
    if (!isWanted(symbols.getUint8(at + 10))) continue;
    const length = symbols.getUint32(at, true);
    if (length <= producer.length || length > longestName) continue;
    const name = readString(read, blocks, length, symbols.getUint32(at + 4, true));
    if (!name.startsWith(cuinfo)) continue;
    const content = () => readData(read, blocks, (before + at) / symSize);
    if (name.startsWith(packageName)) {
      unit = { importPath: name.slice(packageName.length), packageName: content() };
    } else if (name.startsWith(producer)) {
      flags = content()
        .split(' ')
        .filter((word) => word.startsWith('-'));
    }
    if (unit !== undefined && flags !== undefined) break;
  }
  // The producer symbol is absent when there is nothing to say, as with GOARCH=386.
  return unit && { ...unit, flags: flags ?? [] };
}

// Longer than any import path; symbols of instantiated generics run to many kilobytes.
const longestName = 4096;

function readData(read: ArchiveReader, blocks: Blocks, symbol: number): string {
  const dataIdx = blocks.base + (blocks.offsets[block.dataIdx] ?? 0);
  const bounds = viewOf(read(dataIdx + 4 * symbol, 8));
  if (bounds.byteLength < 8) return '';
  const start = bounds.getUint32(0, true);
  const length = Math.min(bounds.getUint32(4, true) - start, longestName);
  if (length <= 0) return '';
  return utf8(read(blocks.base + (blocks.offsets[block.data] ?? 0) + start, length));
}

function readString(read: ArchiveReader, blocks: Blocks, length: number, offset: number): string {
  return utf8(read(blocks.base + offset, Math.min(length, longestName)));
}

// Files beyond these belong to inlined functions of other packages.
const mostFiles = 4096;

function parseFileTable(read: ArchiveReader, blocks: Blocks): string[] {
  return readStrings(read, blocks, readBlock(read, blocks, block.file), 8);
}

function parseAutolib(read: ArchiveReader, blocks: Blocks): string[] {
  return readStrings(read, blocks, readBlock(read, blocks, block.autolib), 16);
}

// readStrings follows the string references of a table; they lie near each other, so that one read gets them all.
function readStrings(read: ArchiveReader, blocks: Blocks, table: DataView, width: number): string[] {
  const count = Math.min(Math.floor(table.byteLength / width), mostFiles);
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (let index = 0; index < count; index++) {
    const offset = table.getUint32(index * width + 4, true);
    low = Math.min(low, offset);
    high = Math.max(high, offset + table.getUint32(index * width, true));
  }
  if (count === 0) return [];
  const isNear = high - low <= 262_144;
  const near = isNear ? read(blocks.base + low, high - low) : undefined;
  const strings: string[] = [];
  for (let index = 0; index < count; index++) {
    const length = table.getUint32(index * width, true);
    const offset = table.getUint32(index * width + 4, true);
    const bytes = near?.subarray(offset - low, offset - low + length);
    strings.push(bytes ? utf8(bytes) : readString(read, blocks, length, offset));
  }
  return strings;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function text(bytes: Uint8Array, start: number, end: number): string {
  return asBuffer(bytes).toString('latin1', start, end);
}

function utf8(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('utf8');
}

function indexOf(bytes: Uint8Array, mark: string): number {
  return asBuffer(bytes).indexOf(mark, 0, 'latin1');
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
