import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../platform/problem.ts';
import { readHead } from './archive-file.ts';

/** FuzzTest is what a fuzz test has found: inputs that reach code which no other reaches. Times are Unix milliseconds. */
export type FuzzTest = {
  readonly importPath: string;
  /** name as `FuzzParse`. */
  readonly name: string;
  readonly files: number;
  readonly bytes: number;
  readonly newest: number;
};

/** FuzzFile is one input; its name is the start of the sha256 of its content. */
export type FuzzFile = { readonly name: string; readonly bytes: number; readonly mtime: number };

/**
 * probeFuzz walks the fuzz corpus, GOCACHE/fuzz/<import path>/<test>/<input>. Go never trims it; only go clean -fuzzcache
 * removes it. cmd/go/internal/load: fuzz; cmd/go/internal/cache: FuzzDir, go1.26
 */
export async function probeFuzz(gocache: string): Promise<readonly FuzzTest[]> {
  const tests: FuzzTest[] = [];
  await walk(join(gocache, 'fuzz'), '', tests);
  return tests;
}

async function walk(folder: string, path: string, tests: FuzzTest[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return []; // no corpus, or removed meanwhile
    throw error;
  });
  const files = entries.filter((entry) => entry.isFile());
  if (files.length > 0 && path.includes('/')) {
    const at = path.lastIndexOf('/');
    const stats = await statAll(folder, files);
    tests.push({
      importPath: path.slice(0, at),
      name: path.slice(at + 1),
      files: stats.length,
      bytes: stats.reduce((sum, { bytes }) => sum + bytes, 0),
      newest: stats.reduce((most, { mtime }) => Math.max(most, mtime), 0),
    });
  }
  for (const entry of entries)
    if (entry.isDirectory())
      await walk(join(folder, entry.name), path === '' ? entry.name : `${path}/${entry.name}`, tests);
}

/** probeFuzzTest lists the inputs of a test, the newest first; `test` is its import path, a slash and its name. */
export async function probeFuzzTest(gocache: string, test: string): Promise<readonly FuzzFile[]> {
  const folder = join(gocache, 'fuzz', test);
  const entries = await readdir(folder, { withFileTypes: true });
  const files = await statAll(
    folder,
    entries.filter((entry) => entry.isFile()),
  );
  return files.sort((one, other) => other.mtime - one.mtime);
}

// As many calls as the pool of Node has threads keep it busy.
const atOnce = 64;

async function statAll(folder: string, entries: readonly { readonly name: string }[]): Promise<FuzzFile[]> {
  const files: FuzzFile[] = [];
  for (let at = 0; at < entries.length; at += atOnce) {
    const part = entries.slice(at, at + atOnce).map(async ({ name }) => {
      const stats = await lstat(join(folder, name)).catch(() => undefined);
      return stats === undefined ? [] : [{ name, bytes: stats.size, mtime: stats.mtimeMs }];
    });
    files.push(...(await Promise.all(part)).flat());
  }
  return files;
}

// `go test fuzz v1` and a value a line; one of a megabyte is seen at its beginning.
const mostText = 64 * 1024;

/** probeFuzzFile reads an input; `file` is the test, a slash and the file's name. */
export function probeFuzzFile(gocache: string, file: string): Uint8Array {
  return readHead(join(gocache, 'fuzz', file), mostText);
}
