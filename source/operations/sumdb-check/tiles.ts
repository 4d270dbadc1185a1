import { type ReadTile, type Tile, tilePath, tileWidth } from '../../checksums/database/tree.ts';
import { joinSumdbUrl } from '../../proxy/route/hop-url.ts';
import { bodyOf, type Get } from './get.ts';

/** TileStore fetches tiles, each once, and lets them prove something. */
export type TileStore = {
  /**
   * prove tries the tiles of the server, then those that go kept where there are some: which are right, the signed head
   * decides. What neither proves is told as it came out with the server's.
   */
  prove<Outcome extends string>(
    tiles: readonly Tile[],
    look: (readTile: ReadTile) => Outcome | 'proven',
  ): Promise<Outcome | 'proven'>;
};

/** createTileStore fetches tiles below the base of a checksum database. */
export function createTileStore(base: string, keptTiles: ReadTile, get: Get): TileStore {
  const fetched = new Map<string, Promise<Buffer | undefined>>();

  function fetchTile(tile: Tile): Promise<Buffer | undefined> {
    const path = tilePath(tile);
    const known = fetched.get(path) ?? ask(tile);
    fetched.set(path, known);
    return known;
  }

  async function ask(tile: Tile): Promise<Buffer | undefined> {
    const body = bodyOf(await get(joinSumdbUrl(base, tilePath(tile))));
    if (body !== undefined || tile.width === tileWidth) return body;
    // It was completed since, and only the complete one is still there. `golang.org/x/mod/sumdb: (*Client).readTile`
    return fetchTile({ ...tile, width: tileWidth });
  }

  return {
    async prove(tiles, look) {
      const bodies = await Promise.all(tiles.map(fetchTile));
      const remote = new Map(tiles.map((tile, index) => [tilePath(tile), bodies[index]]));
      const fromServer = look((tile) => remote.get(tilePath(tile)));
      if (fromServer === 'proven' || fromServer === 'fork') return fromServer;
      const fromBoth = look((tile) => keptTiles(tile) ?? remote.get(tilePath(tile)));
      return fromBoth === 'proven' || fromBoth === 'fork' ? fromBoth : fromServer;
    },
  };
}
