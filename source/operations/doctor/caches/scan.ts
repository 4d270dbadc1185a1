import {
  accessSync,
  constants,
  type Dirent,
  lstatSync,
  readdirSync,
  readFileSync,
  type Stats,
} from 'node:fs';
import { join } from 'node:path';
import { isCacheFolder } from '../../../build-cache/file-name.ts';
import { parseTrimTxt, trimCutoff } from '../../../build-cache/trim.ts';
import { isOurs } from '../../../module-cache/paths.ts';
import type { SampleFacts, TrimFacts } from './facts.ts';
import { firstNames } from './first-names.ts';

/** emptySample is that of a folder that is not there. */
export const emptySample: SampleFacts = {
  looked: 0,
  isWhole: true,
  foreign: { count: 0, example: undefined, owners: [] },
  unreadable: { count: 0, example: undefined },
  unwritable: { count: 0, example: undefined },
  future: { count: 0, example: undefined },
};

// What is wrong with a cache is seldom wrong with one file: these are looked at in some 20 ms.
const foldersLooked = 16;
const filesPerFolder = 100;

/** sampleBuildCache looks at all of the 256 folders, and at some files of some. */
export function sampleBuildCache(gocache: string, owner: number, now: number): SampleFacts {
  const notes = createNotes(owner, now);
  const folders = namesIn(gocache).filter(({ name }) => isCacheFolder(name));
  for (const { name } of folders) notes.folder(join(gocache, name));
  for (const { file, path } of someEntries(gocache, folders)) notes.file(path, file);
  notes.cut();
  return notes.sum();
}

// GOMODCACHE has a folder for each element of a path: 595 modules have 1,700, which are read in some 40 ms.
const mostFolders = 5000;
// The files of one version come together.
const filesPerVersion = 3;

/** ModuleCacheScan is the download cache, folder by folder. */
export type ModuleCacheScan = {
  readonly sample: SampleFacts;
  readonly folders: number;
  readonly isWhole: boolean;
  /** partials and locks are marks of Go, by their paths. */
  readonly partials: readonly string[];
  readonly locks: readonly string[];
};

/** scanModuleCache looks at what go writes into: the folders of the download cache, all marks there, and some files. */
export function scanModuleCache(gomodcache: string, owner: number, now: number): ModuleCacheScan {
  const notes = createNotes(owner, now);
  const [partials, locks]: [string[], string[]] = [[], []];
  const queue = [join(gomodcache, 'cache')];
  let folders = 0;
  // A queue: what lies high up is seen of all hosts before any is seen to the ground.
  for (const folder of queue) {
    if (folders >= mostFolders) break;
    folders += 1;
    notes.folder(folder);
    let files = 0;
    for (const entry of namesIn(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        // The tiles of the checksum database are many, and all alike.
        if (!isOurs(entry.name) && entry.name !== 'tile') queue.push(path);
        continue;
      }
      if (entry.name.endsWith('.partial')) partials.push(path);
      if (entry.name.endsWith('.lock')) locks.push(path);
      files += 1;
      if (files <= filesPerVersion) notes.file(path, entry.name);
      else notes.cut();
    }
  }
  for (const { name } of namesIn(gomodcache)) if (!name.includes('@')) notes.folder(join(gomodcache, name));
  const isWhole = queue.length <= mostFolders;
  if (!isWhole) notes.cut();
  return { sample: notes.sum(), folders, isWhole, partials, locks };
}

/** readTrimFacts reads trim.txt, and how many files of the sample a trim at its time would have taken. */
export function readTrimFacts(gocache: string): TrimFacts {
  const file = join(gocache, 'trim.txt');
  const [text, stats] = readWithStats(file);
  const last = text === undefined ? undefined : parseTrimTxt(text);
  let [looked, survivors] = [0, 0];
  if (last !== undefined) {
    const folders = namesIn(gocache).filter(({ name }) => isCacheFolder(name));
    for (const { file: name, path } of someEntries(gocache, folders)) {
      if (!/-[ad]$/.test(name)) continue;
      const entry = lstatOf(path);
      looked += 1;
      if (entry !== undefined && entry.mtimeMs < trimCutoff(last)) survivors += 1;
    }
  }
  return { file, last, changedAt: stats?.ctimeMs, survivors, looked };
}

function* someEntries(gocache: string, folders: readonly Dirent[]) {
  const step = Math.max(1, Math.floor(folders.length / foldersLooked));
  for (let at = 0; at < folders.length; at += step) {
    const folder = join(gocache, folders[at]?.name ?? '');
    for (const name of firstNames(folder, filesPerFolder)) yield { file: name, path: join(folder, name) };
  }
}

function createNotes(owner: number, now: number) {
  const kinds = { foreign: noted(), unreadable: noted(), unwritable: noted(), future: noted() };
  const owners = new Set<number>();
  const hasUsers = process.getuid !== undefined;
  // For root nothing is forbidden, and on a read-only mount all is: that is told of the cache as a whole.
  const isRoot = process.getuid?.() === 0;
  let [looked, isWhole] = [0, true];

  function note(path: string, stats: Stats): void {
    looked += 1;
    if (hasUsers && stats.uid !== owner) {
      add(kinds.foreign, path);
      owners.add(stats.uid);
    }
    if (stats.mtimeMs - now > futureMs) add(kinds.future, path);
  }

  return {
    folder(path: string): void {
      const stats = lstatOf(path);
      if (stats === undefined) return;
      note(path, stats);
      if (!isRoot && !isAllowed(path, constants.W_OK | constants.X_OK)) add(kinds.unwritable, path);
      if (!isRoot && !isAllowed(path, constants.R_OK)) add(kinds.unreadable, path);
    },
    file(path: string, name: string): void {
      const stats = lstatOf(path);
      if (stats === undefined) return;
      note(path, stats);
      if (!isRoot && !isAllowed(path, constants.R_OK)) add(kinds.unreadable, path);
      // Go opens a lock for writing. cmd/go/internal/lockedfile: Mutex.Lock, go1.26
      else if (!isRoot && name.endsWith('.lock') && !isAllowed(path, constants.W_OK))
        add(kinds.unwritable, path);
    },
    cut(): void {
      isWhole = false;
    },
    sum: (): SampleFacts => ({
      ...kinds,
      looked,
      isWhole,
      foreign: { ...kinds.foreign, owners: [...owners] },
    }),
  };
}

// Go itself sets times by this clock; what lies an hour ahead was written while a clock was wrong.
const futureMs = 3_600_000;

function noted(): { count: number; example: string | undefined } {
  return { count: 0, example: undefined };
}

function add(kind: { count: number; example: string | undefined }, path: string): void {
  kind.count += 1;
  kind.example ??= path;
}

function isAllowed(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

function namesIn(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // it is missing, or told as unreadable
  }
}

function lstatOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function readWithStats(file: string): readonly [string | undefined, Stats | undefined] {
  try {
    return [readFileSync(file, 'utf8'), lstatSync(file)];
  } catch {
    return [undefined, undefined];
  }
}
