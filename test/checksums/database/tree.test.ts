import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  createProver,
  type ReadTile,
  type Tile,
  type Tree,
  tilePath,
  tilesFor,
  tilesForEarlier,
} from '../../../source/checksums/database/tree.ts';

const sha256 = (...parts: readonly Buffer[]): Buffer =>
  createHash('sha256').update(Buffer.concat(parts)).digest();
const textOf = (id: number): string => `example.org/m${id} v1.0.0 h1:${id}\n`;
const leaves = Array.from({ length: 66_000 }, (_, id) => sha256(Buffer.of(0), Buffer.from(textOf(id))));

/** hashOf is the hash of the records from one on: RFC 6962, section 2.1, word for word. */
const known = new Map<string, Buffer>();
function hashOf(from: number, count: number): Buffer {
  if (count === 0) return sha256();
  if (count === 1) return leaves[from] ?? expect.fail('no such record');
  const key = `${from} ${count}`;
  let half = 1;
  while (half * 2 < count) half *= 2;
  const hash = known.get(key) ?? sha256(Buffer.of(1), hashOf(from, half), hashOf(from + half, count - half));
  known.set(key, hash);
  return hash;
}

const treeOf = (size: number): Tree => ({ size, hash: hashOf(0, size) });
const dataOf = ({ level, index, width }: Tile): Buffer =>
  Buffer.concat(
    Array.from({ length: width }, (_, at) => hashOf((index * 256 + at) * 256 ** level, 256 ** level)),
  );

/** only gives those tiles and no others: what a proof needs must be among them. */
function only(
  tiles: readonly Tile[],
  change: (path: string, data: Buffer) => Buffer = (_, data) => data,
): ReadTile {
  const kept = new Map(tiles.map((tile) => [tilePath(tile), change(tilePath(tile), dataOf(tile))]));
  return (tile) => kept.get(tilePath(tile));
}

const sizes = [1, 2, 3, 255, 256, 257, 511, 512, 1000, 65_535, 65_536, 65_537, 66_000];
const pairs = sizes.flatMap((earlier) =>
  sizes.filter((size) => size >= earlier).map((size) => [earlier, size] as const),
);

test.each(pairs)('the tree of %i records is in that of %i, by the tiles that are named', (earlier, size) => {
  const tiles = tilesForEarlier(treeOf(size), treeOf(earlier));
  const prover = createProver(treeOf(size), only(tiles));
  expect(prover.proveEarlier(treeOf(earlier))).toBe('proven');
  expect(prover.proveEarlier({ size: earlier, hash: Buffer.alloc(32, 1) })).toBe('fork');
  // Each of them is needed.
  for (const missing of tiles) {
    const rest = tiles.filter((tile) => tile !== missing);
    expect(createProver(treeOf(size), only(rest)).proveEarlier(treeOf(earlier))).toBe('tiles-missing');
  }
});

test('a tile that was changed proves nothing, and accuses nobody of a fork', () => {
  const [tree, earlier] = [treeOf(66_000), treeOf(65_537)];
  const tiles = tilesForEarlier(tree, earlier);
  for (const changed of tiles) {
    const readTile = only(tiles, (path, data) => {
      const copy = Buffer.from(data);
      if (path === tilePath(changed)) copy[0] = (copy[0] ?? 0) ^ 1;
      return copy;
    });
    expect(createProver(tree, readTile).proveEarlier(earlier)).toBe('false');
  }
});

test('no record is where every log began', () => {
  expect(
    createProver(treeOf(300), only(tilesForEarlier(treeOf(300), treeOf(0)))).proveEarlier(treeOf(0)),
  ).toBe('proven');
  expect(createProver(treeOf(3), () => undefined).proveEarlier(treeOf(4))).toBe('tiles-missing');
});

test.each(sizes)('each record of %i is proven by the tiles that are named', (size) => {
  for (const id of [0, 1, 255, 256, 65_535, size - 1].filter((each) => each < size)) {
    const prover = createProver(treeOf(size), only(tilesFor(treeOf(size), id)));
    expect(prover.prove(id, textOf(id))).toBe('proven');
    expect(prover.prove(id, 'example.org/other v1.0.0 h1:x\n')).toBe('false');
  }
});
