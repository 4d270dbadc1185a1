import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { checkModulePath, escapePath } from '../../go/module-path.ts';
import { isSemver } from '../../go/semver.ts';
import type { ModuleVersion } from '../../module-cache/paths.ts';

/** ModuleFiles are the places of one module version in a GOMODCACHE, by absolute path. */
export type ModuleFiles = {
  /** versions is the folder `cache/download/MODULE/@v`. */
  readonly versions: string;
  readonly info: string;
  readonly mod: string;
  readonly zip: string;
  readonly ziphash: string;
  /** lock guards all of them, and the folder: go holds it while it downloads and extracts. */
  readonly lock: string;
  /** partial is there while the folder is being extracted. */
  readonly partial: string;
  /** dir is the extracted folder. */
  readonly dir: string;
};

/**
 * moduleFiles says where go keeps a module version; undefined for what is no path or no full version.
 * `cmd/go/internal/modfetch: CachePath, DownloadDir, lockVersion, go1.26`
 */
export function moduleFiles(gomodcache: string, { path, version }: ModuleVersion): ModuleFiles | undefined {
  const [escaped, escapedVersion] = [escapePath(path), escapePath(version)];
  if (escaped === undefined || escapedVersion === undefined) return undefined;
  if (checkModulePath(path) !== undefined || !isFullVersion(version)) return undefined;
  const versions = join(gomodcache, 'cache', 'download', ...escaped.split('/'), '@v');
  const file = (suffix: string): string => join(versions, `${escapedVersion}.${suffix}`);
  return {
    versions,
    info: file('info'),
    mod: file('mod'),
    zip: file('zip'),
    ziphash: file('ziphash'),
    lock: file('lock'),
    partial: file('partial'),
    dir: join(gomodcache, `${escaped}@${escapedVersion}`),
  };
}

/** isFullVersion: a version of the cache has all three numbers, and of build metadata only `+incompatible`. `golang.org/x/mod/module: CanonicalVersion` */
export function isFullVersion(version: string): boolean {
  return isSemver(version) && /^v\d+\.\d+\.\d+(?:-[^+]+)?(?:\+incompatible)?$/.test(version);
}

/** isAbsent says that nothing of a module version is there: it was never downloaded, or is gone as a whole. */
export function isAbsent({ info, mod, zip, ziphash, dir }: ModuleFiles): boolean {
  return ![info, mod, zip, ziphash, dir].some(isThere);
}

/** isThere says whether something lies at a path, a dangling link too. */
export function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
