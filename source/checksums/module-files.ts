import { escapePath } from '../go/module-path.ts';

/** ModuleFiles are the places of one version in GOMODCACHE. */
export type ModuleFiles = {
  readonly zip: string;
  readonly ziphash: string;
  readonly goMod: string;
  readonly info: string;
  readonly lock: string;
  readonly partial: string;
  readonly folder: string;
};

/** filesOf gives the places of a version; undefined for a name that Go would not escape. `cmd/go/internal/modfetch: CachePath, DownloadDir, go1.26` */
export function filesOf(gomodcache: string, path: string, version: string): ModuleFiles | undefined {
  const [escaped, escapedVersion] = [escapePath(path), escapePath(version)];
  if (escaped === undefined || escapedVersion === undefined) return undefined;
  const base = `${gomodcache}/cache/download/${escaped}/@v/${escapedVersion}`;
  return {
    zip: `${base}.zip`,
    ziphash: `${base}.ziphash`,
    goMod: `${base}.mod`,
    info: `${base}.info`,
    lock: `${base}.lock`,
    partial: `${base}.partial`,
    folder: `${gomodcache}/${escaped}@${escapedVersion}`,
  };
}
