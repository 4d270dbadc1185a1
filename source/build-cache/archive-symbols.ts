import {
  type ArchiveFault,
  type ArchiveReader,
  block,
  openArchive,
  readStrings,
  symSize,
  viewOf,
} from './archive-object.ts';

/** SymbolSize is a symbol that a package defines, and the bytes that it takes in the archive. */
export type SymbolSize = {
  /** row is its number among all symbols of the archive; names may come twice. */
  readonly row: number;
  readonly name: string;
  /** section as the linker places it; `debug` is what the debugger reads. */
  readonly section: 'text' | 'rodata' | 'data' | 'bss' | 'debug';
  readonly bytes: number;
};

/** SymbolTable is the largest symbols of an archive, the largest first, and the sum of all. */
export type SymbolTable = {
  readonly symbols: readonly SymbolSize[];
  readonly count: number;
  readonly bytes: number;
};

/**
 * parseSymbols reads what a package defines, with sizes, as `go tool nm -size -sort size` shows it. That tool is not run: since Go 1.25 it is
 * not shipped but built on first use, which would write into the very GOCACHE that is looked at.
 * cmd/internal/goobj: Sym, (*Reader).Sym, go1.26
 */
export function parseSymbols(read: ArchiveReader, most: number): SymbolTable | ArchiveFault {
  const opened = openArchive(read);
  if ('fault' in opened) return opened;
  const { header, blocks } = opened;
  const sectionOf = sectionsOf(header);
  // Four blocks of defined symbols follow each other.
  const first = blocks.offsets[block.symdef] ?? 0;
  const end = blocks.offsets[block.nonpkgref] ?? first;
  const table = viewOf(read(blocks.base + first, end - first));
  const found: { row: number; section: SymbolSize['section']; bytes: number }[] = [];
  let sum = 0;
  for (let row = 0; (row + 1) * symSize <= table.byteLength; row++) {
    const section = sectionOf(table.getUint8(row * symSize + typeAt));
    const bytes = table.getUint32(row * symSize + sizeAt, true);
    if (section === undefined) continue;
    sum += bytes;
    found.push({ row, section, bytes });
  }
  found.sort((one, other) => other.bytes - one.bytes);
  const shown = found.slice(0, most);
  const names = readStrings(read, blocks, packRows(table, shown), { width: 8, at: 0, most });
  return {
    symbols: shown.map((each, index) => ({ ...each, name: names[index] ?? '' })),
    count: found.length,
    bytes: sum,
  };
}

// cmd/internal/goobj: Sym: name 8 bytes, ABI 2, type 1, flag 1, flag2 1, size 4, align 4.
const typeAt = 10;
const sizeAt = 13;

/** packRows takes the names of some rows out of a table of symbols. */
function packRows(table: DataView, rows: readonly { readonly row: number }[]): DataView {
  const packed = new DataView(new ArrayBuffer(rows.length * 8));
  for (const [index, { row }] of rows.entries()) {
    packed.setUint32(index * 8, table.getUint32(row * symSize, true), true);
    packed.setUint32(index * 8 + 4, table.getUint32(row * symSize + 4, true), true);
  }
  return packed;
}

/** sectionsOf knows the numbers of cmd/internal/objabi: SymKind; go1.24 put the kinds of FIPS between them. */
function sectionsOf(header: string): (kind: number) => SymbolSize['section'] | undefined {
  const minor = Number(/ go1\.(\d+)/.exec(header)?.[1] ?? Number.POSITIVE_INFINITY);
  const ends = minor >= 24 ? [2, 4, 8, 11, 21, 24] : [1, 2, 4, 7, 17, 20];
  const [text = 0, rodata = 0, data = 0, bss = 0, debug = 0, counters = 0] = ends;
  return (kind) => {
    if (kind === 0) return undefined;
    if (kind <= text) return 'text';
    if (kind <= rodata) return 'rodata';
    if (kind <= data) return 'data';
    return kind <= bss || (kind > debug && kind <= counters) ? 'bss' : 'debug';
  };
}
