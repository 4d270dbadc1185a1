import { hash } from 'node:crypto';
import { type OpenFile, openFile } from './file-reader.ts';
import { type FileHashes, h1Of } from './h1.ts';
import { hashContent, readContent } from './zip-content.ts';
import { notValid, type ReadAt, readDirectory, type ZipEntry, ZipError } from './zip-directory.ts';
import { mostZipBytes, mostZipFiles } from './zip-limits.ts';
import { createNameCheck } from './zip-name.ts';

/** ZipHash is what is in a module zip, or why it cannot be told. Names are relative to the module's folder. */
export type ZipHash =
  | { readonly h1: string; readonly files: FileHashes }
  | {
      /** fault is the first thing that is wrong, in Go's words where Go has some. */
      readonly fault: string;
      /** damaged are the files that it is about, as far as it names any; `files` are those that could be read. */
      readonly damaged: readonly string[];
      readonly files: FileHashes;
    };

/**
 * hashZip gives the h1 of a module zip, and the sha256 of every file in it. It refuses what Go refuses to unpack: names that
 * leave the folder `prefix` (`module@version/`) or collide, more than 500 MiB, sizes and sums that do not hold; and links. What
 * a header only claims takes no memory. `see` gets each small file with its sum, while it is at hand. A file that cannot be read throws the system's error.
 * `golang.org/x/mod/sumdb/dirhash: HashZip`, `golang.org/x/mod/zip: checkZip`
 */
export async function hashZip(
  path: string | Buffer,
  prefix: string,
  see?: (name: string, content: Buffer, sha256: string) => void,
): Promise<ZipHash> {
  const file = open(path);
  const files = new Map<string, string>();
  const damaged: string[] = [];
  let fault: string | undefined;
  try {
    if (file.bytes > mostZipBytes)
      throw new ZipError(
        `module zip file is too large (${file.bytes} bytes; limit is ${mostZipBytes} bytes)`,
      );
    for (const entry of checkedEntries(file.readAt, file.bytes, prefix)) {
      const name = entry.name.slice(prefix.length);
      try {
        files.set(
          name,
          name.endsWith('/')
            ? folderHash(entry)
            : await hashContent(file.readAt, entry, (content, sum) => see?.(name, content, sum)),
        );
      } catch (error) {
        if (!(error instanceof ZipError)) throw error;
        fault ??= `${name}: ${error.message}`;
        damaged.push(name);
      }
    }
  } catch (error) {
    if (!(error instanceof ZipError)) throw error;
    if (error.file !== undefined) damaged.push(error.file);
    fault = error.file === undefined ? error.message : `${error.file}: ${error.message}`;
  } finally {
    file.close();
  }
  return fault === undefined ? { h1: h1Of(files, prefix), files } : { fault, damaged, files };
}

/** readZipFile gives the content of one small file of a zip that could be hashed; undefined where that is not possible. */
export function readZipFile(path: string | Buffer, name: string): Buffer | undefined {
  const file = open(path);
  try {
    for (const entry of readDirectory(file.readAt, file.bytes))
      if (entry.name === name) return readContent(file.readAt, entry);
    return undefined;
  } catch (error) {
    if (error instanceof ZipError) return undefined;
    throw error;
  } finally {
    file.close();
  }
}

/** open opens a file by its path, or what of it is in memory already. */
function open(file: string | Buffer): OpenFile {
  if (typeof file === 'string') return openFile(file);
  return {
    bytes: file.length,
    readAt: (offset, length) => (offset < 0 ? file.subarray(0, 0) : file.subarray(offset, offset + length)),
    close: () => undefined,
  };
}

/** emptyHash is what a folder's entry adds to the h1: a file without content. */
const emptyHash = hash('sha256', '', 'hex');

function folderHash({ name, bytes }: ZipEntry): string {
  if (bytes !== 0) throw new ZipError(notValid, name);
  return emptyHash;
}

/** checkedEntries are all entries, each found fine before the first is unpacked, in the order in which they lie in the file. */
function checkedEntries(readAt: ReadAt, size: number, prefix: string): ZipEntry[] {
  const entries: ZipEntry[] = [];
  const faultOf = createNameCheck();
  let bytes = 0;
  for (const entry of readDirectory(readAt, size)) {
    const { name } = entry;
    if (!name.startsWith(prefix)) throw new ZipError(`path does not have prefix "${prefix}"`, name);
    const fault = entry.isLink ? 'a symbolic link' : faultOf(name.slice(prefix.length), entry.bytes);
    if (fault !== undefined) throw new ZipError(fault, name);
    bytes += entry.bytes;
    if (bytes > mostZipBytes)
      throw new ZipError(
        `total uncompressed size of module contents too large (max size is ${mostZipBytes} bytes)`,
      );
    entries.push(entry);
    if (entries.length > mostZipFiles) throw new ZipError(`more than ${mostZipFiles} files: not read on`);
  }
  return entries.sort((one, other) => one.offset - other.offset);
}
