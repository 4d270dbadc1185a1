import { createHash } from 'node:crypto';
import { closeSync, readdirSync, readSync } from 'node:fs';
import { codeOf, reasonOf } from '../../platform/problem.ts';
import { openQuietly } from '../archive-file.ts';
import { hexAt } from './entry-pack.ts';
import { idSize } from './id-table.ts';

/** HashedOutput is an output whose content is not what its name says, or that cannot be read; `why` is in words. */
export type HashedOutput = { readonly id: string; readonly isUnreadable: boolean; readonly why: string };

/** hashOutputs reads outputs whole and gives those whose sha256 is not their name; `ids` are packed, 32 bytes each. */
export function hashOutputs(gocache: string, ids: Uint8Array, folders: Uint8Array): HashedOutput[] {
  return Array.from({ length: ids.length / idSize }, (_, index) => {
    return hashOutput(gocache, hexAt(ids, index), folders[index] === 1);
  }).filter((found) => found !== undefined);
}

function hashOutput(gocache: string, id: string, isFolder: boolean): HashedOutput | undefined {
  const path = `${gocache}/${id.slice(0, 2)}/${id}-d`;
  try {
    const file = isFolder ? onlyFile(path) : path;
    // An executable's folder without its file, or with a second one, is what go run makes anew without a word.
    if (file === undefined) return { id, isUnreadable: false, why: 'the folder does not hold one file' };
    const hash = hashFile(file);
    return hash === id ? undefined : { id, isUnreadable: false, why: `its sha256 is ${hash}` };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined; // removed meanwhile
    return { id, isUnreadable: true, why: reasonOf(error) };
  }
}

function onlyFile(folder: string): string | undefined {
  const [name, ...more] = readdirSync(folder);
  return name === undefined || more.length > 0 ? undefined : `${folder}/${name}`;
}

// Large enough that the calls cost nothing beside the hash.
const buffer = Buffer.alloc(1024 * 1024);

function hashFile(path: string): string {
  const hash = createHash('sha256');
  const descriptor = openQuietly(path);
  try {
    while (true) {
      const count = readSync(descriptor, buffer, 0, buffer.length, null);
      if (count === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, count));
    }
  } finally {
    closeSync(descriptor);
  }
}
