/** Lookup is an answer of a checksum database: the record of one version, its number in the log, and a signed tree head. */
export type Lookup = { readonly id: number; readonly text: string; readonly note: string };

/**
 * parseLookup reads an answer as it is kept; undefined when it is none. `golang.org/x/mod/sumdb/tlog: ParseRecord`
 *
 *     43717294
 *     rsc.io/quote v1.5.2 h1:w5fcysjrx7yqtD/aO+QwRjYZOKnaM9Uh2b40tElTs3Y=
 *     rsc.io/quote v1.5.2/go.mod h1:LzX7hefJvL54yjefDEDHNONDjII0t9xZLPXsUe+TKr0=
 *
 *     go.sum database tree
 *     ...
 */
export function parseLookup(answer: string): Lookup | undefined {
  const match = /^(\d+)\n((?:[^\n]+\n)+)\n([\s\S]+)$/.exec(answer);
  if (match === null) return undefined;
  const [, id = '', text = '', note = ''] = match;
  return { id: Number(id), text, note };
}

/** sumsIn gives the h1 sums that a record holds of a version. */
export function sumsIn(
  text: string,
  path: string,
  version: string,
): { readonly zip: string | undefined; readonly goMod: string | undefined } {
  const find = (name: string): string | undefined =>
    text
      .split('\n')
      .map((line) => line.split(' '))
      .find(
        (fields) => fields[0] === path && fields[1] === name && fields[2]?.startsWith('h1:') === true,
      )?.[2];
  return { zip: find(version), goMod: find(`${version}/go.mod`) };
}
