import { type BuildId, parseBuildId } from '../go/build-id.ts';
import {
  type ArchiveFault,
  type ArchiveReader,
  type Blocks,
  block,
  longestName,
  openArchive,
  readBlock,
  readString,
  readStrings,
  symSize,
  utf8,
  viewOf,
} from './archive-object.ts';
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

/**
 * parseArchiveHeader reads who an archive is, in about ten small reads wherever the file is large. The import path is in
 * the name of a symbol, `go:cuinfo.packagename.<path>`.
 * cmd/compile/internal/dwarfgen: RecordPackageName, go1.26
 */
export function parseArchiveHeader(read: ArchiveReader): ArchiveIdentity | ArchiveFault {
  const opened = openArchive(read);
  if ('fault' in opened) return opened;
  const { blocks } = opened;
  const header = parseTextHeader(opened.header);
  if (header === undefined) return { fault: 'no "go object" line' };
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

/** parseImports gives the import paths that a package was compiled against directly; undefined when it cannot be read. */
export function parseImports(read: ArchiveReader): readonly string[] | undefined {
  const opened = openArchive(read);
  return 'fault' in opened ? undefined : parseAutolib(read, opened.blocks);
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

function readData(read: ArchiveReader, blocks: Blocks, symbol: number): string {
  const dataIdx = blocks.base + (blocks.offsets[block.dataIdx] ?? 0);
  const bounds = viewOf(read(dataIdx + 4 * symbol, 8));
  if (bounds.byteLength < 8) return '';
  const start = bounds.getUint32(0, true);
  const length = Math.min(bounds.getUint32(4, true) - start, longestName);
  if (length <= 0) return '';
  return utf8(read(blocks.base + (blocks.offsets[block.data] ?? 0) + start, length));
}

// Files beyond these belong to inlined functions of other packages.
const mostFiles = 4096;

function parseFileTable(read: ArchiveReader, blocks: Blocks): string[] {
  return readStrings(read, blocks, readBlock(read, blocks, block.file), { width: 8, at: 0, most: mostFiles });
}

function parseAutolib(read: ArchiveReader, blocks: Blocks): string[] {
  return readStrings(read, blocks, readBlock(read, blocks, block.autolib), {
    width: 16,
    at: 0,
    most: mostFiles,
  });
}
