import { crc32 } from 'node:zlib';
import type { FolderState } from './folder-state.ts';
import type { IdTableImage } from './id-table.ts';
import { idSize } from './id-table.ts';
import type { IndexImage } from './index-image.ts';
import type { Learned } from './scan.ts';

/** IndexFile is what is kept of a GOCACHE between runs. */
export type IndexFile = { readonly of: CacheIdentity; readonly image: IndexImage; readonly learned: Learned };

/** CacheIdentity says which folder it is: another one may stand under the same path later. */
export type CacheIdentity = { readonly gocache: string; readonly device: number; readonly inode: number };

// A number for each form of the file: what another version wrote is not read.
const version = 1;
const magic = `gocachetop index ${version}\n`;
const startSize = magic.length + 4;
const checksumSize = 4;

/**
 * encodeIndex gives the file as pieces: a line that says what it is; the length of the header, and the header, which is
 * JSON; each column of numbers as it lies in memory; at the end the CRC-32 of all of it.
 */
export function encodeIndex({ of, image, learned }: IndexFile): Uint8Array[] {
  const header = Buffer.from(
    JSON.stringify({
      of,
      actions: image.actions.length,
      outputs: image.outputs.length,
      oddSizes: image.actions.oddSizes,
      names: image.names,
      generated: [...learned.generated],
      mainActions: [...learned.mainActions],
      folders: [...learned.folders],
    } satisfies Header),
  );
  const start = Buffer.alloc(startSize);
  start.write(magic, 'latin1');
  start.writeUInt32LE(header.length, magic.length);
  const pieces: Uint8Array[] = [start, header];
  for (const [column] of columnsOf(image))
    pieces.push(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  const end = Buffer.alloc(checksumSize);
  end.writeUInt32LE(pieces.reduce((sum, piece) => crc32(piece, sum), 0));
  return [...pieces, end];
}

/** ReadBytes fills the bytes from where the file was read to; false when it ends before. */
export type ReadBytes = (bytes: Uint8Array) => Promise<boolean>;

/** decodeIndex reads what encodeIndex gave, column by column to where it stays; a text is what is wrong with it. */
export async function decodeIndex(read: ReadBytes, of: CacheIdentity): Promise<IndexFile | string> {
  let sum = 0;
  const next = async (bytes: Uint8Array): Promise<boolean> => {
    const isWhole = await read(bytes);
    if (isWhole) sum = crc32(bytes, sum);
    return isWhole;
  };
  const start = Buffer.alloc(startSize);
  if (!(await next(start)) || start.toString('latin1', 0, magic.length) !== magic)
    return 'it is of another version';
  const headerSize = start.readUInt32LE(magic.length);
  if (headerSize > largestHeader) return damaged;
  const bytes = Buffer.alloc(headerSize);
  if (!(await next(bytes))) return damaged;
  const header = parseHeader(bytes.toString());
  if (header === undefined || Math.max(header.actions, header.outputs) > mostRows) return damaged;
  const image = {
    names: header.names,
    actions: { ...emptyActions(header.actions), oddSizes: header.oddSizes },
    outputs: emptyOutputs(header.outputs),
  };
  for (const [column, size] of columnsOf(image))
    if (!(await next(new Uint8Array(column.buffer, column.byteOffset, size)))) return damaged;
  const end = Buffer.alloc(checksumSize);
  if (!(await read(end)) || end.readUInt32LE() !== sum) return damaged;
  if (header.of.gocache !== of.gocache || header.of.device !== of.device || header.of.inode !== of.inode)
    return 'it is of another folder';
  const learned = {
    generated: new Map(header.generated),
    mainActions: new Map(header.mainActions),
    folders: new Map(header.folders),
  };
  return { of, image, learned };
}

const damaged = 'its checksum is wrong';

// Nothing is made so large for a file that is damaged where its sizes stand.
const largestHeader = 512 * 1024 * 1024;
const mostRows = 20_000_000;

type Header = {
  readonly of: CacheIdentity;
  /** actions and outputs are numbers of rows. */
  readonly actions: number;
  readonly outputs: number;
  readonly oddSizes: IndexImage['actions']['oddSizes'];
  readonly names: IndexImage['names'];
  readonly generated: readonly (readonly [string, readonly string[]])[];
  readonly mainActions: readonly (readonly [string, string])[];
  readonly folders: readonly (readonly [string, FolderState])[];
};

/** parseHeader: its checksum is behind the columns, so that it may be anything until then. */
function parseHeader(text: string): Header | undefined {
  try {
    const header: unknown = JSON.parse(text);
    return typeof header === 'object' && header !== null && 'of' in header && 'folders' in header
      ? (header as Header)
      : undefined;
  } catch {
    return undefined;
  }
}

type Numbers = Float64Array | Uint32Array | Int32Array | Uint8Array;

/** columnsOf gives the columns in their order in the file, each with the bytes that its rows take. */
function columnsOf({ actions, outputs }: IndexImage): readonly (readonly [Numbers, number])[] {
  const { oddSizes: _, ...columns } = actions;
  return [...tableColumns(columns), ...tableColumns(outputs)];
}

function tableColumns<Table extends IdTableImage>({ length, ...columns }: Table): [Numbers, number][] {
  return Object.entries(columns)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, column]) => [column, length * (name === 'ids' ? idSize : column.BYTES_PER_ELEMENT)]);
}

/** roomFor is room for so many rows and some more, so that a few new entries do not move it all. */
function roomFor(rows: number): number {
  return Math.ceil(rows * 1.05) + 1024;
}

function emptyActions(length: number): Omit<IndexImage['actions'], 'oddSizes'> {
  const room = roomFor(length);
  return {
    length,
    ids: new Uint32Array((room * idSize) / 4),
    used: new Uint8Array(room),
    mtime: new Float64Array(room),
    blocks: new Uint32Array(room),
    output: new Int32Array(room),
    addedAt: new Float64Array(room),
    size: new Float64Array(room),
  };
}

function emptyOutputs(length: number): IndexImage['outputs'] {
  const room = roomFor(length);
  return {
    length,
    ids: new Uint32Array((room * idSize) / 4),
    used: new Uint8Array(room),
    mtime: new Float64Array(room),
    blocks: new Uint32Array(room),
    bytes: new Float64Array(room),
    folder: new Uint8Array(room),
    kind: new Uint8Array(room),
    name: new Int32Array(room),
    isThere: new Uint8Array(room),
  };
}
