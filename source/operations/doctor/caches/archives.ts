import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { readArchiveIdentity } from '../../../build-cache/archive-file.ts';
import { isCacheFolder } from '../../../build-cache/file-name.ts';
import type { TrimpathFacts } from './facts.ts';
import { firstNames } from './first-names.ts';

// Each takes about 0.2 ms.
const mostLooked = 150;

// What was used before is of builds that are over: Go itself trims it soon.
const recentMs = 2 * 86_400_000;

/**
 * sampleTrimpath reads from some archives of the last two days whether they were compiled with -trimpath, module by module. An
 * archive names the folder of its sources: absolute without the flag, and with it `module@version` or the import path.
 * `cmd/go/internal/work: (*Builder).build; cmd/compile: -trimpath, go1.26`
 */
export function sampleTrimpath(gocache: string, mainModule: string | undefined, now: number): TrimpathFacts {
  const modules = new Map<string, { trimmed: number; plain: number }>();
  let looked = 0;
  for (const path of someOutputs(gocache)) {
    if (looked >= mostLooked) break;
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats?.isFile() !== true || now - stats.mtimeMs > recentMs) continue;
    looked += 1;
    const archive = readArchiveIdentity(path);
    if ('fault' in archive || archive.directory === undefined || archive.variant !== 'plain') continue;
    const { directory, importPath, module } = archive;
    const owner =
      module === undefined ? mainOwner(importPath, mainModule) : `${module.path}@${module.version}`;
    if (owner === undefined) continue;
    const sums = modules.get(owner) ?? { trimmed: 0, plain: 0 };
    modules.set(owner, sums);
    if (directory.startsWith('/')) sums.plain += 1;
    else sums.trimmed += 1;
  }
  const mixed = [...modules].filter(([, { trimmed, plain }]) => trimmed > 0 && plain > 0);
  return { looked, modules: modules.size, mixed: mixed.map(([name]) => name) };
}

function mainOwner(importPath: string, mainModule: string | undefined): string | undefined {
  if (mainModule === undefined) return undefined;
  return importPath === mainModule || importPath.startsWith(`${mainModule}/`) ? mainModule : undefined;
}

// Enough for as many archives, where the half are action entries and others are no archives.
const namesPerFolder = 12;

/** someOutputs gives some outputs of all folders in turn: one of each, then another. */
function* someOutputs(gocache: string) {
  const folders = firstNames(gocache, mostFolders)
    .filter(isCacheFolder)
    .map((folder) => ({
      folder,
      names: firstNames(join(gocache, folder), namesPerFolder).filter((name) => name.endsWith('-d')),
    }));
  for (let at = 0; at < namesPerFolder; at += 1) {
    for (const { folder, names } of folders) {
      const name = names[at];
      if (name !== undefined) yield join(gocache, folder, name);
    }
  }
}

// The 256, and what else lies there.
const mostFolders = 300;
