import { createHash } from 'node:crypto';

/** Tree is the head of a transparent log: how many records it has, and the hash over all of them. */
export type Tree = { readonly size: number; readonly hash: Buffer };

/** parseTree reads the text of a tree head. `golang.org/x/mod/sumdb/tlog: ParseTree` */
export function parseTree(text: string): Tree | undefined {
  const [title, size = '', base64 = ''] = text.split('\n');
  const hash = Buffer.from(base64, 'base64');
  const isTree =
    title === 'go.sum database tree' && /^(?:0|[1-9]\d*)$/.test(size) && hash.length === hashBytes;
  return isTree ? { size: Number(size), hash } : undefined;
}

/** Tile is a piece of the tree: up to 256 hashes of one level, side by side. */
export type Tile = { readonly level: number; readonly index: number; readonly width: number };

/** ReadTile gives at least `width` hashes of a tile; undefined where it is not kept. */
export type ReadTile = (tile: Tile) => Buffer | undefined;

/** tileHeight: a tile is eight levels high. `golang.org/x/mod/sumdb: NewClient` */
const tileHeight = 8;
export const tileWidth = 256;
const hashBytes = 32;

/** tilePath is where a tile stands: `tile/8/0/x123/x456/789`, an unfinished one with `.p/17`. `golang.org/x/mod/sumdb/tlog: Tile.Path` */
export function tilePath({ level, index, width }: Tile): string {
  const digits = (value: number): string => String(value % 1000).padStart(3, '0');
  let path = digits(index);
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000))
    path = `x${digits(rest)}/${path}`;
  return `tile/${tileHeight}/${level}/${path}${width === tileWidth ? '' : `.p/${width}`}`;
}

/** Proof is what came of looking for a record in a tree. */
export type Proof = 'proven' | 'tiles-missing' | 'false';

/** Prover looks for records, and for what it was earlier, in one tree. */
export type Prover = {
  /** prove says whether the record with that number and that text is in the tree. */
  prove(id: number, text: string): Proof;
  /** proveEarlier says whether the tree held what an earlier head says when it had only so many records. */
  proveEarlier(earlier: Tree): EarlierProof;
};

/** EarlierProof: `fork` proves that two heads cannot be of one log; `false`, that the tiles do not belong to the later head. */
export type EarlierProof = Proof | 'fork';

/**
 * createProver compares each tile with what the one above holds of it, from the record's up to the hash of the tree head. What
 * it found of a tile it keeps: all records share the upper ones. `golang.org/x/mod/sumdb/tlog: TileHashReader, RecordHash`
 */
export function createProver(tree: Tree, readTile: ReadTile): Prover {
  const { size } = tree;
  /** found is what is known of whole tiles, and of those at the right edge together, by their path. */
  const found = new Map<string, Proof>();
  return {
    prove(id, text) {
      if (id >= size) return 'tiles-missing';
      return proveHash(0, id, sha256(leafPrefix, Buffer.from(text)));
    },
    proveEarlier(earlier) {
      if (earlier.size > size) return 'tiles-missing';
      const edge = edgeOf(earlier.size).map((tile) => ({ tile, wide: wider(tree, tile) }));
      for (const { wide } of edge) {
        const data = read(wide, readTile);
        const proof = data === undefined ? 'tiles-missing' : proveTile(wide, data);
        if (proof !== 'proven') return proof;
      }
      // What was the edge then is the left part of tiles that the tree of now has.
      const proof = proveEdge(earlier, (tile) => readTile(wider(tree, tile)));
      return proof === 'false' ? 'fork' : proof;
    },
  };

  /** proveHash says whether the hash at a place of a level is what the tree has there. */
  function proveHash(level: number, index: number, wanted: Buffer): Proof {
    const tile = tileAt(size, level, Math.floor(index / tileWidth));
    const data = read(tile, readTile);
    if (data === undefined) return 'tiles-missing';
    return hashAt(data, index % tileWidth).equals(wanted) ? proveTile(tile, data) : 'false';
  }

  function proveTile(tile: Tile, data: Buffer): Proof {
    // An unfinished tile is at the right edge, of which the head itself is made.
    const isEdge = tile.width < tileWidth;
    const path = isEdge ? '' : tilePath(tile);
    const known = found.get(path);
    if (known !== undefined) return known;
    const proof = isEdge
      ? proveEdge(tree, readTile)
      : proveHash(tile.level + 1, tile.index, rootOf(data, 0, tileWidth));
    found.set(path, proof);
    return proof;
  }
}

/** tilesFor are the tiles that the proof of a record needs. */
export function tilesFor({ size }: Tree, id: number): readonly Tile[] {
  return distinct([...upFrom(size, 0, Math.floor(id / tileWidth)), ...edgeOf(size)]);
}

/** tilesForEarlier are the tiles that the proof of an earlier head needs. `golang.org/x/mod/sumdb/tlog: TileHashReader` */
export function tilesForEarlier({ size }: Tree, earlier: Tree): readonly Tile[] {
  const then = edgeOf(earlier.size).flatMap(({ level, index }) => upFrom(size, level, index));
  return distinct([...then, ...edgeOf(size)]);
}

/** upFrom are a tile and those above it that hold its hash, up to the edge. */
function upFrom(size: number, lowest: number, first: number): readonly Tile[] {
  const tiles: Tile[] = [];
  for (let level = lowest, index = first; ; level++, index = Math.floor(index / tileWidth)) {
    const tile = tileAt(size, level, index);
    tiles.push(tile);
    if (tile.width < tileWidth) return tiles;
  }
}

function distinct(tiles: readonly Tile[]): readonly Tile[] {
  return [...new Map(tiles.map((tile) => [tilePath(tile), tile])).values()];
}

/** wider is the tile at the same place as it is in a tree that has grown. */
function wider({ size }: Tree, { level, index }: Tile): Tile {
  return tileAt(size, level, index);
}

/** edgeOf are the unfinished tiles at the right edge, the highest first. */
function edgeOf(size: number): Tile[] {
  const tiles: Tile[] = [];
  for (let level = 0, count = size; count > 0; level++, count = Math.floor(count / tileWidth))
    if (count % tileWidth > 0)
      tiles.unshift({ level, index: Math.floor(count / tileWidth), width: count % tileWidth });
  return tiles;
}

/** proveEdge makes the hash of the tree from the tiles at its right edge, and compares it with the head. */
function proveEdge(tree: Tree, readTile: ReadTile): Proof {
  const peaks: Buffer[] = [];
  for (const tile of edgeOf(tree.size)) {
    const data = read(tile, readTile);
    if (data === undefined) return 'tiles-missing';
    // The complete subtrees of the tile, the largest first.
    for (let bit = tileWidth / 2, at = 0; bit >= 1; bit /= 2) {
      if ((tile.width & bit) === 0) continue;
      peaks.push(rootOf(data, at, bit));
      at += bit;
    }
  }
  // RFC 6962, section 2.1: the hash of no record is that of nothing.
  const hash =
    peaks.length === 0 ? sha256() : peaks.reduceRight((right, left) => sha256(nodePrefix, left, right));
  return hash.equals(tree.hash) ? 'proven' : 'false';
}

function tileAt(size: number, level: number, index: number): Tile {
  const count = Math.floor(size / tileWidth ** level);
  return { level, index, width: Math.min(tileWidth, count - index * tileWidth) };
}

function read(tile: Tile, readTile: ReadTile): Buffer | undefined {
  const data = readTile(tile);
  return data === undefined || data.length < tile.width * hashBytes ? undefined : data;
}

function hashAt(data: Buffer, index: number): Buffer {
  return data.subarray(index * hashBytes, (index + 1) * hashBytes);
}

/** rootOf is the hash over `count` hashes from a place on; the count is a power of two. */
function rootOf(data: Buffer, from: number, count: number): Buffer {
  if (count === 1) return hashAt(data, from);
  return sha256(nodePrefix, rootOf(data, from, count / 2), rootOf(data, from + count / 2, count / 2));
}

// RFC 6962, section 2.1: leaves and nodes hash apart.
const leafPrefix = Buffer.of(0);
const nodePrefix = Buffer.of(1);

function sha256(...parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
