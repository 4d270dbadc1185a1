import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type GoModRequires, readRequires } from '../../go/go-mod.ts';
import { escapePath } from '../../go/module-path.ts';
import type { NeededVersion } from './needs.ts';

/** CacheFile is an ending in the download cache. */
export type CacheFile = 'info' | 'mod' | 'zip' | 'ziphash' | 'partial';

/** cachePath is where the download cache keeps a file of a module version. `cmd/go/internal/modfetch: CachePath, go1.26` */
export function cachePath(gomodcache: string, { path, version }: NeededVersion, file: CacheFile): string {
  return join(gomodcache, 'cache', 'download', escaped(path), '@v', `${escaped(version)}.${file}`);
}

/** extractedDir is the folder of the extracted module. `cmd/go/internal/modfetch: DownloadDir, go1.26` */
export function extractedDir(gomodcache: string, { path, version }: NeededVersion): string {
  return join(gomodcache, `${escaped(path)}@${escaped(version)}`);
}

/**
 * hasModuleFiles says that go finds a module's files without a network: from the zip, whose ziphash it makes again when that
 * is lost, or from the whole folder with its ziphash. `cmd/go/internal/modfetch: download, DownloadDir, downloadZip, go1.26`
 */
export function hasModuleFiles(gomodcache: string, module: NeededVersion): boolean {
  if (existsSync(cachePath(gomodcache, module, 'zip'))) return true;
  return (
    existsSync(extractedDir(gomodcache, module)) &&
    existsSync(cachePath(gomodcache, module, 'ziphash')) &&
    !existsSync(cachePath(gomodcache, module, 'partial'))
  );
}

/** readCachedRequires reads a module's go.mod from the download cache, or from the extracted module; undefined without either. */
export function readCachedRequires(gomodcache: string, module: NeededVersion): GoModRequires | undefined {
  const places = [cachePath(gomodcache, module, 'mod'), join(extractedDir(gomodcache, module), 'go.mod')];
  for (const place of places) {
    try {
      return readRequires(readFileSync(place, 'utf8'));
    } catch {
      // Not there, or not to be read: the other may be.
    }
  }
  return undefined;
}

/** escaped keeps what cannot be escaped: no such file exists, and go has refused it before. */
function escaped(text: string): string {
  return escapePath(text) ?? text;
}
