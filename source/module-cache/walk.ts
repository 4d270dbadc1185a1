import { lstatSync } from 'node:fs';
import { unescapePath } from '../go/module-path.ts';
import type { Draft, Inventory, Part } from './inventory.ts';
import { isUnchanged, type KeptExtracted, type KeptFolder, type KeptTree } from './kept-tree.ts';
import { lastUse } from './module-version.ts';
import { type DownloadKind, isOurs, isToolchain, parseDownloadName, parseExtractedDir } from './paths.ts';
import type { FolderReader } from './read-folder.ts';
import type { Trouble } from './tree-size.ts';

/** Extracted is the folder of an extracted module, by its path below GOMODCACHE; `known` when it did not change since. */
export type Extracted = {
  readonly relative: string;
  readonly draft: Draft;
  readonly stamp: KeptExtracted['stamp'];
  readonly known: KeptExtracted | undefined;
};

export type WalkOptions = {
  readonly root: string;
  readonly known: KeptTree;
  readonly reader: FolderReader;
  readonly inventory: Inventory;
  readonly trouble: Trouble;
  /** isHeld says whether somebody holds a lock on a file now. */
  readonly isHeld: (file: string) => boolean;
  /** hasAccessTimes is false where the file system does not keep them. */
  readonly hasAccessTimes: boolean;
  readonly onExtracted: (extracted: Extracted) => void;
  /** onVersions tells the versions of one module, when all but their folders' sizes is known. */
  readonly onVersions: (drafts: readonly Draft[]) => void;
};

/** ModuleCacheWalk goes through all of GOMODCACHE but the insides of extracted modules: those are told, to be measured. */
export type ModuleCacheWalk = {
  /** findExtracted comes first: others can begin to measure meanwhile. */
  findExtracted(): void;
  /** readCache reads the download cache, and all else below `cache`. */
  readCache(): void;
};

/** createWalk reads nothing yet. */
export function createWalk(options: WalkOptions): ModuleCacheWalk {
  const { root, known, reader, inventory, trouble } = options;
  let hasCache = false;
  return {
    findExtracted() {
      const top = reader.read('', true);
      if (top === undefined) return;
      addFiles(top, 'other');
      for (const name of top.folders) if (name !== 'cache') walkModules(name, name);
      hasCache = top.folders.includes('cache');
    },
    readCache() {
      if (hasCache) walkCache();
    },
  };

  /** walkModules looks for extracted modules; `relative` is the path below GOMODCACHE, with slashes. */
  function walkModules(relative: string, name: string): void {
    if (name.includes('@')) {
      const module = parseExtractedDir(relative);
      if (module === undefined) addTree(relative, isTemporary(name) ? 'leftovers' : 'other');
      else tellExtracted(relative, inventory.draftOf(module));
      return;
    }
    const folder = reader.read(relative, true);
    if (folder === undefined) return;
    addFiles(folder, 'other');
    for (const inner of folder.folders) walkModules(`${relative}/${inner}`, inner);
  }

  function tellExtracted(relative: string, draft: Draft): void {
    const path = `${root}/${relative}`;
    try {
      const stats = lstatSync(path);
      draft.hasDir = true;
      const before = known.extracted.get(relative);
      options.onExtracted({
        relative,
        draft,
        stamp: { mtime: stats.mtimeMs, changed: stats.ctimeMs, inode: stats.ino, readAt: Date.now() },
        known: before !== undefined && isUnchanged(before.stamp, stats) ? before : undefined,
      });
    } catch (error) {
      trouble(path, error);
    }
  }

  /** walkCache goes through `cache`: `download`, `vcs`, the file `lock`, and what a prune moved aside. */
  function walkCache(): void {
    const folder = reader.read('cache', true);
    if (folder === undefined) return;
    for (const [name, bytes, disk] of folder.files)
      inventory.add(name === 'lock' ? 'metadata' : 'other', 1, bytes, disk);
    for (const name of folder.folders) {
      if (name === 'download') walkDownloads('');
      else addTree(`cache/${name}`, name === 'vcs' ? 'vcs' : isOurs(name) ? 'trash' : 'other');
    }
  }

  /** walkDownloads goes through `cache/download`; `escaped` is the module path so far, in its escaped form. */
  function walkDownloads(escaped: string): void {
    const relative = escaped === '' ? 'cache/download' : `cache/download/${escaped}`;
    const folder = reader.read(relative, true);
    if (folder === undefined) return;
    addFiles(folder, 'other');
    for (const name of folder.folders) {
      if (escaped === '' && name === 'sumdb') addTree(`${relative}/sumdb`, 'sumdb');
      else if (name === '@v') walkVersions(`${relative}/@v`, unescapePath(escaped));
      else walkDownloads(escaped === '' ? name : `${escaped}/${name}`);
    }
  }

  /** walkVersions goes through the `@v` folder of one module. */
  function walkVersions(relative: string, module: string | undefined): void {
    const folder = reader.read(relative, true);
    if (folder === undefined) return;
    for (const name of folder.folders) addTree(`${relative}/${name}`, 'other');
    const found = new Map<string, FoundVersion>();
    for (const [name, bytes, disk] of folder.files) {
      const file = parseDownloadName(name);
      if (module !== undefined && file.kind === 'list') inventory.add('metadata', 1, bytes, disk);
      else if (module === undefined || file.version === undefined)
        inventory.add(isTemporary(name) ? 'leftovers' : 'other', 1, bytes, disk);
      else {
        const version = found.get(file.version) ?? {
          kinds: [],
          stem: stemOf(name),
          zip: 0,
          disk: 0,
          metadata: 0,
          metadataDisk: 0,
        };
        found.set(file.version, version);
        version.kinds.push(file.kind);
        if (file.kind === 'zip') {
          version.zip = bytes;
          version.disk = disk;
        } else {
          version.metadata += bytes;
          version.metadataDisk += disk;
        }
      }
    }
    if (module === undefined) return;
    const drafts = Array.from(found, ([version, each]) =>
      addVersion(relative, { path: module, version }, each),
    );
    options.onVersions(drafts.filter((draft) => draft !== undefined));
  }

  function addVersion(
    folder: string,
    name: { readonly path: string; readonly version: string },
    found: FoundVersion,
  ): Draft | undefined {
    const { kinds, stem } = found;
    const file = (kind: DownloadKind): string => `${root}/${folder}/${stem}.${kind}`;
    inventory.add(
      'metadata',
      kinds.filter((kind) => kind !== 'zip').length,
      found.metadata,
      found.metadataDisk,
    );
    // A lock alone, or a hash without its zip, is no version: Go leaves them behind after a download that failed.
    const isLocked = kinds.includes('lock') && options.isHeld(file('lock'));
    if (!isLocked && !kinds.some((kind) => kind !== 'lock' && kind !== 'ziphash')) return undefined;
    const draft = inventory.draftOf(name);
    draft.kinds = kinds;
    draft.metadataBytes = found.metadata;
    draft.isLocked = isLocked;
    if (kinds.includes('zip')) {
      // A zip that was cut or written again in its place has the same folder: its size is asked for every time.
      draft.zipBytes = lookAt(file('zip'))?.size ?? found.zip;
      inventory.add(isToolchain(name) ? 'toolchains' : 'zips', 1, draft.zipBytes, found.disk);
    }
    const telling = tellingKinds.find((kind) => kinds.includes(kind));
    const times = telling === undefined || !options.hasAccessTimes ? undefined : lookAt(file(telling));
    if (times !== undefined) draft.usedAt = lastUse(times);
    return draft;
  }

  function lookAt(path: string) {
    return lstatSync(path, { throwIfNoEntry: false });
  }

  function addFiles(folder: KeptFolder, part: Part): void {
    for (const [name, bytes, disk, count] of folder.files)
      inventory.add(isTemporary(name) ? 'leftovers' : part, count, bytes, disk);
  }

  /** addTree adds all below a folder that holds no modules. */
  function addTree(relative: string, part: Part): void {
    const folder = reader.read(relative, false);
    if (folder === undefined) return;
    for (const [, bytes, disk, count] of folder.files) inventory.add(part, count, bytes, disk);
    for (const name of folder.folders) addTree(`${relative}/${name}`, part);
  }
}

/** tellingKinds are the files whose access time tells of a use, the first that is there: see lastUse. */
const tellingKinds: readonly DownloadKind[] = ['ziphash', 'mod', 'info'];

type FoundVersion = {
  readonly kinds: DownloadKind[];
  readonly stem: string;
  zip: number;
  disk: number;
  metadata: number;
  metadataDisk: number;
};

function stemOf(name: string): string {
  return name.slice(0, name.lastIndexOf('.'));
}

/**
 * isTemporary: `v1.6.0.zip123.tmp` and `x@v1.0.0.tmp-123` are what a go command writes to before it renames.
 * cmd/go/internal/modfetch: tempFile, downloadZip; before Go 1.16 also folders, go1.26
 */
function isTemporary(name: string): boolean {
  return /\.tmp(?:-\d+)?$/.test(name);
}
