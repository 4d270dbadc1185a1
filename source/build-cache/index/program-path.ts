import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { unescapePath } from '../../go/module-path.ts';
import type { ArchiveIdentity } from '../archive-header.ts';

/** ProgramPaths knows the import paths of programs: the archive of a program says `main` only, and its folder. */
export type ProgramPaths = {
  /** pathOf is undefined for an archive that is no program, or whose folder tells nothing. */
  pathOf(archive: Pick<ArchiveIdentity, 'importPath' | 'directory'>): string | undefined;
};

/** createProgramPaths looks for go.mod files above folders, and remembers what it found. */
export function createProgramPaths(gomodcache: string): ProgramPaths {
  const modules = new Map<string, { readonly folder: string; readonly path: string } | undefined>();

  function moduleAt(folder: string): { readonly folder: string; readonly path: string } | undefined {
    if (modules.has(folder)) return modules.get(folder);
    const path = readModulePath(join(folder, 'go.mod'));
    const parent = dirname(folder);
    const found = path !== undefined ? { folder, path } : parent === folder ? undefined : moduleAt(parent);
    modules.set(folder, found);
    return found;
  }

  return {
    pathOf({ importPath, directory }) {
      if (importPath !== 'main' || directory === undefined) return undefined;
      if (directory.startsWith('$GOROOT/src/')) return directory.slice('$GOROOT/src/'.length);
      const versioned = /^(.*)@v[^/]+(\/.*)?$/.exec(directory);
      if (versioned?.[1] !== undefined) return cachedPath(versioned[1], versioned[2] ?? '', gomodcache);
      // Under -trimpath it is the import path itself.
      if (!directory.startsWith('/')) return directory;
      const module = moduleAt(directory);
      if (module === undefined) return undefined;
      const rest = relative(module.folder, directory);
      return rest === '' ? module.path : `${module.path}/${rest}`;
    },
  };
}

/** cachedPath: a folder of GOMODCACHE, `<GOMODCACHE>/github.com/!burnt!sushi/toml@v1.5.0/cmd/tomlv`; without it under -trimpath. */
function cachedPath(module: string, rest: string, gomodcache: string): string | undefined {
  const marker = '/pkg/mod/';
  const at = module.indexOf(marker);
  const escaped = module.startsWith(`${gomodcache}/`)
    ? module.slice(gomodcache.length + 1)
    : at === -1
      ? module
      : module.slice(at + marker.length);
  const path = escaped.startsWith('/') ? undefined : unescapePath(escaped);
  return path === undefined ? undefined : `${path}${rest}`;
}

/** readModulePath reads `module example.com/app` out of a go.mod; undefined when there is none. */
function readModulePath(file: string): string | undefined {
  try {
    return /^\s*module\s+("?)([^\s"]+)\1/m.exec(readFileSync(file, 'utf8'))?.[2];
  } catch {
    return undefined;
  }
}
