import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openFile } from '../../checksums/file-reader.ts';
import { parseGoSum } from '../../checksums/go-sum.ts';
import { readDirectory } from '../../checksums/zip-directory.ts';
import { escapePath, unescapePath } from '../../go/module-path.ts';
import { redactUrl } from '../../go/redact.ts';
import { compareSemver } from '../../go/semver.ts';
import { isRetracted, type ModuleName, parseModFile } from '../../module-graph/mod-file.ts';
import { cachedFile, readUnnoticed } from '../module-needs/mod-reader.ts';
import { isLicence, type ModuleDetail, type ModuleFile, type NamedSums, parseInfo } from './detail.ts';

/** readDetail reads what GOMODCACHE and the go.sum files beside the roots say of one version. */
export function readDetail(gomodcache: string, name: ModuleName, sumFiles: readonly string[]): ModuleDetail {
  const folder = folderOf(gomodcache, name);
  const modText = readCached(gomodcache, name, 'mod');
  const info = parseInfo(readCached(gomodcache, name, 'info') ?? '');
  return {
    name,
    folder,
    zipHash: readCached(gomodcache, name, 'ziphash')?.trim() || undefined,
    sums: sumFiles.flatMap((file) => {
      const sums = sumsIn(file, readUnnoticed(file) ?? '', name);
      return sums.zip === undefined && sums.goMod === undefined ? [] : [sums];
    }),
    database: readDatabase(gomodcache, name),
    info:
      info?.origin?.url === undefined
        ? info
        : { ...info, origin: { ...info.origin, url: redactUrl(info.origin.url) } },
    mod: modText === undefined ? undefined : { file: parseModFile(modText), text: modText },
    licences: folder === undefined ? [] : readNames(folder).filter(isLicence),
    ...readSayings(gomodcache, name),
  };
}

/** listFolder lists the files of an extracted module. */
export function listFolder(gomodcache: string, name: ModuleName): readonly ModuleFile[] {
  const top = folderOf(gomodcache, name);
  if (top === undefined) throw new Error('it is not extracted');
  const files: ModuleFile[] = [];
  const add = (relative: string): void => {
    for (const entry of readdirSync(join(top, relative), { withFileTypes: true })) {
      const path = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (entry.isDirectory()) add(path);
      else files.push({ name: path, bytes: lstatSync(join(top, path)).size, packedBytes: undefined });
    }
  };
  add('');
  return files;
}

/** listZip lists the files of a module zip, by its central directory; names without `module@version/`. */
export function listZip(gomodcache: string, name: ModuleName): readonly ModuleFile[] {
  const path = cachedFile(gomodcache, name, 'zip');
  if (path === undefined) throw new Error('it has no zip');
  const zip = openFile(path);
  const prefix = `${name.path}@${name.version}/`;
  try {
    return Array.from(readDirectory(zip.readAt, zip.bytes), (entry) => ({
      name: entry.name.startsWith(prefix) ? entry.name.slice(prefix.length) : entry.name,
      bytes: entry.bytes,
      packedBytes: entry.packedBytes,
    }));
  } finally {
    zip.close();
  }
}

/** folderOf is where a version is extracted; undefined where it is not. */
function folderOf(gomodcache: string, { path, version }: ModuleName): string | undefined {
  const [module, escaped] = [escapePath(path), escapePath(version)];
  if (module === undefined || escaped === undefined) return undefined;
  const folder = join(gomodcache, `${module}@${escaped}`);
  return lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === true ? folder : undefined;
}

function readCached(gomodcache: string, name: ModuleName, kind: string): string | undefined {
  const file = cachedFile(gomodcache, name, kind);
  return file === undefined ? undefined : readUnnoticed(file);
}

function sumsIn(from: string, text: string, { path, version }: ModuleName): NamedSums {
  const lines = parseGoSum(text).lines.filter((line) => line.path === path && line.version === version);
  const sumOf = (wantsMod: boolean): string | undefined =>
    lines.find(({ isGoMod }) => isGoMod === wantsMod)?.sum;
  return { from, zip: sumOf(false), goMod: sumOf(true) };
}

/**
 * readDatabase reads the kept answer of the checksum database: its lines have the form of go.sum.
 * `cmd/go/internal/modfetch: (*dbClient).ReadCache; golang.org/x/mod/sumdb: (*Client).Lookup`
 */
function readDatabase(gomodcache: string, name: ModuleName): NamedSums | undefined {
  const databases = join(gomodcache, 'cache/download/sumdb');
  const [module, version] = [escapePath(name.path), escapePath(name.version)];
  for (const database of readNames(databases)) {
    const text = readUnnoticed(join(databases, database, 'lookup', `${module}@${version}`));
    const sums = text === undefined ? undefined : sumsIn(database, text, name);
    if (sums?.zip !== undefined || sums?.goMod !== undefined) return sums;
  }
  return undefined;
}

/**
 * readSayings: retractions and deprecation stand in the go.mod of the newest version; the newest that GOMODCACHE has may not be
 * the newest that there is. `cmd/go/internal/modload: (*State).CheckRetractions, CheckDeprecation, go1.26`
 */
function readSayings(gomodcache: string, name: ModuleName): Pick<ModuleDetail, 'retracted' | 'deprecated'> {
  const own = cachedFile(gomodcache, name, 'mod');
  const versions = own === undefined ? [] : readNames(dirname(own)).flatMap(versionOfMod);
  const newest = versions.toSorted(compareReleases).at(-1);
  const text = newest === undefined ? undefined : readCached(gomodcache, { ...name, version: newest }, 'mod');
  if (newest === undefined || text === undefined) return { retracted: undefined, deprecated: undefined };
  const file = parseModFile(text);
  const retraction = isRetracted(name.version, file.retract);
  return {
    retracted: retraction === undefined ? undefined : { text: retraction.rationale, by: newest },
    deprecated: file.deprecated === undefined ? undefined : { text: file.deprecated, by: newest },
  };
}

function versionOfMod(name: string): readonly string[] {
  const version = name.endsWith('.mod') ? unescapePath(name.slice(0, -'.mod'.length)) : undefined;
  return version === undefined ? [] : [version];
}

/** compareReleases puts releases above prereleases, as the query `latest` does. */
function compareReleases(one: string, other: string): number {
  const isRelease = (version: string): number => (version.includes('-') ? 0 : 1);
  return isRelease(one) - isRelease(other) || compareSemver(one, other);
}

function readNames(folder: string): readonly string[] {
  let entries: readonly Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.map(({ name }) => name);
}
