import { join } from 'node:path';
import { readSmallFile } from '../../checksums/file-reader.ts';
import { escapePath } from '../../go/module-path.ts';
import type { NeededVersion } from '../offline/needs.ts';

/** KeptAnswer are the two sums that the checksum database gave for a version. */
export type KeptAnswer = { readonly zip: string | undefined; readonly goMod: string | undefined };

/**
 * readKeptAnswer reads what go kept of a look-up, `cache/download/sumdb/NAME/lookup/PATH@VERSION`; undefined where it kept none.
 * go checks its signature whenever it uses it. `cmd/go/internal/modfetch: (*dbClient).WriteCache, go1.26`
 */
export function readKeptAnswer(
  gomodcache: string,
  database: string,
  { path, version }: NeededVersion,
): KeptAnswer | undefined {
  const name = `${escapePath(path) ?? path}@${escapePath(version) ?? version}`;
  try {
    const file = join(gomodcache, 'cache', 'download', 'sumdb', database, 'lookup', name);
    return parseAnswer(readSmallFile(file).toString('utf8'), { path, version });
  } catch {
    return undefined;
  }
}

/**
 * parseAnswer reads the record of a look-up; what follows the empty line is the signed tree:
 *
 *     13624
 *     rsc.io/quote v1.5.2 h1:w5fcysjrx7yqtD/aO+QwRjYZOKnaM9Uh2b40tElTs3Y=
 *     rsc.io/quote v1.5.2/go.mod h1:LzX7hefJvL54yjefDEDHNONDjII0t9xZLPXsUe+TKr0=
 */
function parseAnswer(text: string, { path, version }: NeededVersion): KeptAnswer {
  const [record = ''] = text.split('\n\n', 1);
  const sumOf = (name: string): string | undefined =>
    record
      .split('\n')
      .find((line) => line.startsWith(`${path} ${name} h1:`))
      ?.split(' ')[2];
  return { zip: sumOf(version), goMod: sumOf(`${version}/go.mod`) };
}
