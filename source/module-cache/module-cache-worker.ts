import { type Dirent, lstatSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { unescapePath } from '../go/module-path.ts';
import { codeOf, type Problem, reasonOf } from '../platform/problem.ts';
import { parseDownloadName, parseExtractedDir, toolchainModule } from './paths.ts';
import type { ModuleCacheMessage, ModuleCacheTotals, SizeOf } from './totals.ts';

/** progressMs is the time between two messages: smooth enough for a number on a screen. */
const progressMs = 200;
/** shownProblems bounds the list of what cannot be read; the rest is counted. */
const shownProblems = 20;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Part = Mutable<SizeOf>;
type VersionRecord = {
  readonly path: string;
  readonly version: string;
  zipBytes: number | undefined;
  dirBytes: number | undefined;
  files: number | undefined;
  isPartial: boolean;
};

const all: Part = { files: 0, bytes: 0 };
const parts = {
  zips: newPart(),
  extracted: newPart(),
  metadata: newPart(),
  toolchains: newPart(),
  sumdb: newPart(),
  vcs: newPart(),
  other: newPart(),
};
const versions = new Map<string, VersionRecord>();
const problems: Problem[] = [];
let unreadable = 0;
let vanished = 0;
let toldAt = performance.now();

const { gomodcache } = workerData as { readonly gomodcache: string };
const startedAt = performance.now();
const isThere = scanRoot();
tell({ kind: 'done', totals: sumUp() });

/** scanRoot goes through GOMODCACHE, which may be a symbolic link itself; false when it is not there. */
function scanRoot(): boolean {
  let root: string;
  try {
    root = realpathSync(gomodcache);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') note(gomodcache, error);
    return codeOf(error) !== 'ENOENT';
  }
  for (const entry of list(root)) {
    const path = join(root, entry.name);
    if (entry.name === 'cache' && entry.isDirectory()) scanCache(path);
    else scanModules(path, entry, entry.name);
  }
  return true;
}

/** scanCache goes through `cache`: `download`, `vcs` and the file `lock`. */
function scanCache(dir: string): void {
  for (const entry of list(dir)) {
    const path = join(dir, entry.name);
    if (!entry.isDirectory()) addFile(path, entry.name === 'lock' ? parts.metadata : parts.other);
    else if (entry.name === 'vcs') addTree(path, parts.vcs);
    else if (entry.name === 'download') scanDownloads(path, '');
    else addTree(path, parts.other);
  }
}

/** scanDownloads goes through `cache/download`; `escaped` is the module path so far, in its escaped form. */
function scanDownloads(dir: string, escaped: string): void {
  for (const entry of list(dir)) {
    const path = join(dir, entry.name);
    if (!entry.isDirectory()) addFile(path, parts.other);
    else if (escaped === '' && entry.name === 'sumdb') addTree(path, parts.sumdb);
    else if (entry.name === '@v') scanVersions(path, unescapePath(escaped));
    else scanDownloads(path, escaped === '' ? entry.name : `${escaped}/${entry.name}`);
  }
}

/** scanVersions goes through the `@v` folder of one module. */
function scanVersions(dir: string, module: string | undefined): void {
  for (const entry of list(dir)) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) {
      addTree(path, parts.other);
      continue;
    }
    const file = parseDownloadName(entry.name);
    if (module === undefined || file.kind === 'other') {
      addFile(path, parts.other);
    } else if (file.kind === 'list') {
      addFile(path, parts.metadata);
    } else if (file.kind === 'zip') {
      const bytes = addFile(path, module === toolchainModule ? parts.toolchains : parts.zips);
      if (bytes !== undefined) recordOf(module, file.version).zipBytes = bytes;
    } else {
      addFile(path, parts.metadata);
      if (file.kind === 'partial') recordOf(module, file.version).isPartial = true;
      // A lock alone, or a hash without its zip, is no version: Go leaves them behind after a download that failed.
      else if (file.kind === 'info' || file.kind === 'mod') recordOf(module, file.version);
    }
  }
}

/** scanModules looks for extracted modules below GOMODCACHE; `relative` is the path there, with slashes. */
function scanModules(path: string, entry: Dirent, relative: string): void {
  if (!entry.isDirectory()) {
    addFile(path, parts.other);
    return;
  }
  if (!entry.name.includes('@')) {
    for (const inner of list(path)) scanModules(join(path, inner.name), inner, `${relative}/${inner.name}`);
    return;
  }
  const module = parseExtractedDir(relative);
  if (module === undefined) {
    addTree(path, parts.other);
    return;
  }
  const part = module.path === toolchainModule ? parts.toolchains : parts.extracted;
  const before = { ...part };
  addTree(path, part);
  const record = recordOf(module.path, module.version);
  record.dirBytes = part.bytes - before.bytes;
  record.files = part.files - before.files;
}

/** addTree adds all files below a folder; symbolic links count as themselves and are not followed. */
function addTree(dir: string, part: Part): void {
  for (const entry of list(dir)) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) addTree(path, part);
    else addFile(path, part);
  }
}

/** addFile adds one file and gives its size; undefined when it is gone or cannot be seen. */
function addFile(path: string, part: Part): number | undefined {
  try {
    const { size } = lstatSync(path);
    part.files++;
    part.bytes += size;
    all.files++;
    all.bytes += size;
    tellProgress();
    return size;
  } catch (error) {
    note(path, error);
    return undefined;
  }
}

function list(dir: string): readonly Dirent[] {
  try {
    return readdirSync(dir, { withFileTypes: true });
  } catch (error) {
    note(dir, error);
    return [];
  }
}

/** note counts what could not be read. A file that is gone was removed while we looked: that is no fault. */
function note(path: string, error: unknown): void {
  if (codeOf(error) === 'ENOENT') {
    vanished++;
    return;
  }
  unreadable++;
  if (problems.length < shownProblems) {
    const repair = 'it is missing from the sums: check its mode and owner';
    problems.push({ where: path, what: 'cannot be read', why: reasonOf(error), repair });
  }
}

function recordOf(path: string, version: string): VersionRecord {
  const key = `${path}@${version}`;
  const known = versions.get(key);
  if (known !== undefined) return known;
  const record = {
    path,
    version,
    zipBytes: undefined,
    dirBytes: undefined,
    files: undefined,
    isPartial: false,
  };
  versions.set(key, record);
  return record;
}

function sumUp(): ModuleCacheTotals {
  const sizes = [...versions.values()];
  const count = (is: (record: VersionRecord) => boolean) => sizes.filter(is).length;
  return {
    gomodcache,
    isThere,
    ...all,
    ...parts,
    modules: new Set(sizes.map((record) => record.path)).size,
    versions: sizes.length,
    downloaded: count((record) => record.zipBytes !== undefined || record.dirBytes !== undefined),
    toolchainVersions: count((record) => record.path === toolchainModule),
    partial: count((record) => record.isPartial),
    sizes,
    unreadable,
    problems,
    vanished,
    durationMs: Math.round(performance.now() - startedAt),
  };
}

function tellProgress(): void {
  const now = performance.now();
  if (now - toldAt < progressMs) return;
  toldAt = now;
  tell({ kind: 'progress', progress: { versions: versions.size, ...all } });
}

function tell(message: ModuleCacheMessage): void {
  parentPort?.postMessage(message);
}

function newPart(): Part {
  return { files: 0, bytes: 0 };
}
