import type { FileHashes } from './h1.ts';

/** FileDifference is a file that two lists of files do not agree on; names are relative to the module's folder. */
export type FileDifference = { readonly name: string; readonly kind: 'changed' | 'extra' | 'missing' };

/** ZipFiles are the sums of the files in a zip; undefined for one that is in it and damaged. */
export type ZipFiles = ReadonlyMap<string, string | undefined>;

/**
 * findDifferences compares an extracted folder with its zip, by name. `present` are files that are there and could not be
 * hashed: they are not missing. Folders in a zip are nothing to compare.
 */
export function findDifferences(
  zip: ZipFiles,
  folder: FileHashes,
  present: ReadonlySet<string>,
): FileDifference[] {
  const differences: FileDifference[] = [];
  for (const [name, sum] of zip) {
    if (name.endsWith('/')) continue;
    const found = folder.get(name);
    if (found !== undefined && sum !== undefined && found !== sum)
      differences.push({ name, kind: 'changed' });
    else if (found === undefined && !present.has(name)) differences.push({ name, kind: 'missing' });
  }
  for (const name of [...folder.keys(), ...present])
    if (!zip.has(name)) differences.push({ name, kind: 'extra' });
  return differences.sort((one, other) => (one.name < other.name ? -1 : 1));
}

/**
 * withoutRestored drops the go.mod files of a toolchain. Its zip has them as `_go.mod`, since a module has one go.mod only; the
 * go command copies them beside before it runs it. `cmd/go/internal/toolchain: Exec, go1.26`
 */
export function withoutRestored(folder: FileHashes): FileHashes {
  const isRestored = (name: string, sum: string): boolean =>
    /(?:^|\/)go\.mod$/.test(name) && folder.get(name.replace(/go\.mod$/, '_go.mod')) === sum;
  return new Map([...folder].filter(([name, sum]) => !isRestored(name, sum)));
}
