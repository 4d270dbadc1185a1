import { type Dirent, readdirSync, realpathSync } from 'node:fs';
import { unescapePath } from '../../go/module-path.ts';
import { parseDownloadName, parseExtractedDir } from '../../module-cache/paths.ts';
import type { ModuleName } from '../../module-graph/mod-file.ts';
import { codeOf, explain, type Problem } from '../../platform/problem.ts';
import { compareModules } from './scope.ts';

/** CacheNames are the versions of which GOMODCACHE has anything, in order, and what could not be listed. */
export type CacheNames = {
  readonly root: string;
  readonly versions: readonly ModuleName[];
  readonly problems: readonly Problem[];
};

/**
 * listVersions lists GOMODCACHE by names alone: it does not look into extracted modules. A `.lock` or a `.ziphash` alone is no
 * version: Go leaves them behind after a download that failed.
 */
export function listVersions(gomodcache: string): CacheNames {
  const found = new Map<string, ModuleName>();
  const problems: Problem[] = [];
  const add = (module: ModuleName): void => void found.set(`${module.path}@${module.version}`, module);

  function list(folder: string): Dirent[] {
    try {
      return readdirSync(folder, { withFileTypes: true });
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') problems.push(explain(folder, 'cannot be listed', error));
      return [];
    }
  }

  function walkDownloads(folder: string, escaped: string): void {
    for (const { name } of foldersOf(list(folder))) {
      if (escaped === '' && name === 'sumdb') continue;
      const path = `${folder}/${name}`;
      if (name === '@v') walkVersions(path, unescapePath(escaped));
      else walkDownloads(path, escaped === '' ? name : `${escaped}/${name}`);
    }
  }

  function walkVersions(folder: string, path: string | undefined): void {
    if (path === undefined) return;
    for (const { name } of list(folder)) {
      const { kind, version } = parseDownloadName(name);
      if (version !== undefined && kind !== 'lock' && kind !== 'ziphash') add({ path, version });
    }
  }

  function walkModules(folder: string, relative: string): void {
    for (const { name } of foldersOf(list(folder))) {
      if (relative === '' && name === 'cache') continue;
      const inner = relative === '' ? name : `${relative}/${name}`;
      const module = name.includes('@') ? parseExtractedDir(inner) : undefined;
      if (module !== undefined) add(module);
      else if (!name.includes('@')) walkModules(`${folder}/${name}`, inner);
    }
  }

  const root = realPathOf(gomodcache);
  walkDownloads(`${root}/cache/download`, '');
  walkModules(root, '');
  const versions = [...found.values()].sort(compareModules);
  return { root, versions, problems };
}

/** realPathOf follows a GOMODCACHE that is a link itself. */
function realPathOf(gomodcache: string): string {
  try {
    return realpathSync(gomodcache);
  } catch {
    return gomodcache;
  }
}

function foldersOf(entries: readonly Dirent[]): readonly Dirent[] {
  return entries.filter((entry) => entry.isDirectory());
}
