import { closeSync, constants, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { escapePath } from '../../go/module-path.ts';
import { keyOf } from '../../module-graph/graph.ts';
import { type ModFile, type ModuleName, parseModFile } from '../../module-graph/mod-file.ts';

/** createModReader reads go.mod files, each once: of versions from the module cache, without a version from a folder. */
export function createModReader(gomodcache: string): (name: ModuleName) => ModFile | undefined {
  const known = new Map<string, ModFile | undefined>();
  return (name) => {
    const key = keyOf(name);
    if (!known.has(key)) known.set(key, read(fileOf(gomodcache, name)));
    return known.get(key);
  };
}

function fileOf(gomodcache: string, { path, version }: ModuleName): string | undefined {
  if (version === '') return join(path, 'go.mod');
  return cachedFile(gomodcache, { path, version }, 'mod');
}

/** cachedFile is a file of a version in the download cache; undefined for a name that Go does not escape. */
export function cachedFile(
  gomodcache: string,
  { path, version }: ModuleName,
  kind: string,
): string | undefined {
  const [module, escaped] = [escapePath(path), escapePath(version)];
  if (module === undefined || escaped === undefined) return undefined;
  return join(gomodcache, 'cache/download', module, '@v', `${escaped}.${kind}`);
}

function read(file: string | undefined): ModFile | undefined {
  const text = file === undefined ? undefined : readUnnoticed(file);
  return text === undefined ? undefined : parseModFile(text);
}

/**
 * readUnnoticed reads a file and leaves its access time as it is, where that is allowed: it tells when Go used it last.
 * open(2): O_NOATIME is for the owner of the file.
 */
export function readUnnoticed(file: string): string | undefined {
  for (const flag of [constants.O_NOATIME ?? 0, 0]) {
    try {
      const descriptor = openSync(file, constants.O_RDONLY | flag);
      try {
        return readFileSync(descriptor, 'utf8');
      } finally {
        closeSync(descriptor);
      }
    } catch {
      // not the owner: then once more without; or it is not there
    }
  }
  return undefined;
}
