import { readArchive } from '../archive-file.ts';
import { parseImports } from '../archive-header.ts';
import { hexAt } from './entry-pack.ts';
import { idSize } from './id-table.ts';

/** Importer is an archive, by its output ID, that was compiled against some of the packages that were asked for. */
export type Importer = { readonly id: string; readonly imports: readonly string[] };

/** findImporters reads of archives what they import; `ids` are packed, 32 bytes each. One that cannot be read is left out. */
export function findImporters(gocache: string, ids: Uint8Array, wanted: readonly string[]): Importer[] {
  const asked = new Set(wanted);
  return Array.from({ length: ids.length / idSize }, (_, index) => {
    const id = hexAt(ids, index);
    const imports = importsOf(`${gocache}/${id.slice(0, 2)}/${id}-d`).filter((path) => asked.has(path));
    return { id, imports };
  }).filter(({ imports }) => imports.length > 0);
}

function importsOf(path: string): readonly string[] {
  try {
    return readArchive(path, parseImports) ?? [];
  } catch {
    return []; // removed meanwhile, or not readable, which the check itself tells
  }
}
