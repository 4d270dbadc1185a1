import { unescapePath } from '../../go/module-path.ts';
import { parseDownloadName } from '../paths.ts';

/** ArrivalKind is what came into the download cache; `sumdb` is an answer of the checksum database. */
export type ArrivalKind = 'info' | 'mod' | 'zip' | 'sumdb';

/** Arrival is a file that a go command put into `cache/download`. Times are Unix milliseconds. */
export type Arrival = {
  readonly module: string;
  readonly version: string;
  readonly kind: ArrivalKind;
  readonly bytes: number;
  readonly at: number;
};

/**
 * parseArrival reads a path below `cache/download`; undefined for files that are no download: lists, locks, hashes, what is
 * still being written. `cmd/go/internal/modfetch: CachePath, (*dbClient).WriteCache, go1.26`
 *
 *     github.com/!azure/x/@v/v1.0.0.zip
 *     sumdb/sum.example/lookup/github.com/!azure/x@v1.0.0
 */
export function parseArrival(relative: string): Pick<Arrival, 'module' | 'version' | 'kind'> | undefined {
  const lookup = /^sumdb\/.+?\/lookup\/(.+)@([^/]+)$/.exec(relative);
  if (lookup !== null) {
    const [module, version] = [unescapePath(lookup[1] ?? ''), unescapePath(lookup[2] ?? '')];
    return module === undefined || version === undefined ? undefined : { module, version, kind: 'sumdb' };
  }
  const match = /^(.+)\/@v\/([^/]+)$/.exec(relative);
  const module = match?.[1] === undefined ? undefined : unescapePath(match[1]);
  const file = parseDownloadName(match?.[2] ?? '');
  if (module === undefined || relative.startsWith('sumdb/')) return undefined;
  return file.kind === 'info' || file.kind === 'mod' || file.kind === 'zip'
    ? { module, version: file.version, kind: file.kind }
    : undefined;
}

/** isArrivalFolder says in which folders downloads come: not in the tiles of the checksum database, which name no module. */
export function isArrivalFolder(relative: string): boolean {
  return !/^sumdb\/.+\/tile$/.test(relative);
}

/** isVersionFolder: an `@v` folder holds files alone. */
export function isVersionFolder(relative: string): boolean {
  return relative.endsWith('/@v');
}
