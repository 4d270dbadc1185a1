import { type Dirent, lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { codeOf, reasonOf } from '../platform/problem.ts';
import { hashFile } from './file-reader.ts';
import { type FileHashes, h1Of } from './h1.ts';

/** OddFile is a file of an extracted module that is not what Go would make; `name` is relative to the folder. */
export type OddFile =
  | { readonly name: string; readonly kind: 'link'; readonly target: string }
  /** special is a pipe, a socket or a device: it is not opened. */
  | { readonly name: string; readonly kind: 'special' }
  | { readonly name: string; readonly kind: 'unreadable'; readonly why: string }
  /** gone says that it was removed while we looked. */
  | { readonly name: string; readonly kind: 'gone' };

/** FolderHash is what is in the folder of an extracted module. */
export type FolderHash = {
  /** h1 is undefined where something could not be read, or is no regular file. */
  readonly h1: string | undefined;
  readonly files: FileHashes;
  readonly odd: readonly OddFile[];
};

/**
 * hashFolder gives the h1 of an extracted module, and the sha256 of every file below it. A symbolic link is told and not
 * followed, while Go hashes what it leads to: Go never makes one there, and what it leads to can change. A folder that is not
 * there, or that cannot be listed, throws the system's error. `golang.org/x/mod/sumdb/dirhash: HashDir`
 */
export function hashFolder(folder: string, prefix: string): FolderHash {
  const files = new Map<string, string>();
  const odd: OddFile[] = [];

  function look(entry: Dirent, name: string): void {
    const path = `${folder}/${name}`;
    try {
      if (entry.isDirectory()) for (const inner of list(path)) look(inner, `${name}/${inner.name}`);
      else if (entry.isSymbolicLink()) odd.push({ name, kind: 'link', target: readlinkSync(path) });
      else if (entry.isFile()) files.set(name, hashFile(path));
      else odd.push({ name, kind: 'special' });
    } catch (error) {
      odd.push(
        codeOf(error) === 'ENOENT'
          ? { name, kind: 'gone' }
          : { name, kind: 'unreadable', why: reasonOf(error) },
      );
    }
  }

  if (!lstatSync(folder).isDirectory())
    throw Object.assign(new Error('not a directory'), { code: 'ENOTDIR' });
  for (const entry of list(folder)) look(entry, entry.name);
  return { h1: odd.length === 0 ? h1Of(files, prefix) : undefined, files, odd };
}

function list(folder: string): Dirent[] {
  return readdirSync(folder, { withFileTypes: true });
}
