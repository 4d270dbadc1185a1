import { lstatSync, readdirSync } from 'node:fs';
import { codeOf, type Problem, reasonOf } from '../../platform/problem.ts';
import { isCacheFolder } from '../file-name.ts';
import type { EntryIndex } from './entry-index.ts';
import { packIds } from './entry-pack.ts';
import { type FolderState, holdsSameNames } from './folder-state.ts';
import { type IndexOrder, openPool, type Pool } from './pool.ts';
import { createTroubles, type ForeignFile, sumFolder } from './read-folder.ts';

/** ScanProgress says how far a scan is: first all entries are listed, then their contents are read for names. */
export type ScanProgress = {
  readonly folders: number;
  readonly toRead: number;
  readonly toName: number;
};

/** IndexScan is what a scan found beside the entries. */
export type IndexScan = {
  readonly foreign: readonly ForeignFile[];
  readonly fuzz: { readonly bytes: number; readonly files: number };
  readonly problems: readonly Problem[];
  /** isFresh says that the times of all entries are those of now; false where only changed folders were listed. */
  readonly isFresh: boolean;
  readonly durationMs: number;
};

export type ScanOptions = IndexOrder & {
  readonly index: EntryIndex;
  /** learned is what is kept beside the index from scan to scan. */
  readonly learned: Learned;
  /**
   * which folders are listed: all, or only those where names came or went since. Uses and writings in place are missed
   * then: ages may be out of date.
   */
  readonly which?: 'all' | 'changed';
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ScanProgress) => void;
};

/** Learned is what is known of a GOCACHE beside its entries. */
export type Learned = {
  /** generated files of lists, by output ID. */
  readonly generated: Map<string, readonly string[]>;
  /** mainActions of executables, by output ID. */
  readonly mainActions: Map<string, string>;
  /** folders as they were when they were listed, by name; a folder that is not here must be listed. */
  readonly folders: Map<string, FolderState>;
};

export function createLearned(): Learned {
  return { generated: new Map(), mainActions: new Map(), folders: new Map() };
}

/**
 * scanEntries brings an index up to date with a GOCACHE: lists its folders, reads action entries and looks into outputs
 * that the index does not know yet. It rejects when it is aborted, or when a thread breaks.
 */
export async function scanEntries(options: ScanOptions): Promise<IndexScan> {
  const { gocache, gomodcache, index, learned, which = 'all', signal, onProgress } = options;
  const startedAt = performance.now();
  const problems: Problem[] = [];
  const folders = listFolders(gocache, problems);
  const toList = which === 'all' ? folders : folders.filter((folder) => hasChanged(gocache, folder, learned));
  const pool = openPool({ gocache, gomodcache }, threadsFor(toList.length), signal);
  try {
    const listed = await listEntries(folders, toList, index, learned, pool, onProgress);
    problems.push(...listed.problems);
    await readContents(index, learned, pool, {
      actions: index.actions,
      outputs: index.outputs,
      onProgress,
    });
    const troubles = createTroubles();
    const fuzz = sumFolder(`${gocache}/fuzz`, troubles);
    problems.push(...troubles.problems);
    return {
      foreign: [...listed.foreign, ...[...learned.folders.values()].flatMap(({ foreign }) => foreign)],
      fuzz,
      problems,
      isFresh: toList.length === folders.length,
      durationMs: performance.now() - startedAt,
    };
  } finally {
    pool.close();
  }
}

// Two read the million entries of a large cache in half the time; more would take from a build. The last few folders
// are read before a second thread has started.
const threads = 2;
const foldersOfOneThread = 16;

function threadsFor(folders: number): number {
  return folders < foldersOfOneThread ? 1 : threads;
}

async function listEntries(
  folders: readonly string[],
  toList: readonly string[],
  index: EntryIndex,
  learned: Learned,
  pool: Pool,
  onProgress: ScanOptions['onProgress'],
): Promise<{ readonly problems: readonly Problem[]; readonly foreign: readonly ForeignFile[] }> {
  const problems: Problem[] = [];
  // Those of a folder whose state is not known, and which is listed again the next time.
  const foreign: ForeignFile[] = [];
  const isKept = new Uint8Array(256);
  for (const folder of folders) isKept[Number.parseInt(folder, 16)] = 1;
  for (const folder of toList) isKept[Number.parseInt(folder, 16)] = 0;
  const isKnown = new Uint8Array(256);
  for (const folder of learned.folders.keys()) {
    const number = Number.parseInt(folder, 16);
    isKnown[number] = 1;
    if (isKept[number] === 0) learned.folders.delete(folder);
  }
  const isAnyRead =
    toList.length > 0 || isKept.some((isStill, folder) => isStill === 0 && isKnown[folder] === 1);
  if (!isAnyRead) return { problems, foreign };
  let done = 256 - toList.length;
  const isFirst = index.actions.count + index.outputs.count === 0;
  index.beginScan();
  await pool.each(
    toList.map((folder) => ({ type: 'folder' as const, folder })),
    ({ read }) => {
      index.apply(read.actions);
      index.apply(read.outputs);
      if (read.state === undefined) foreign.push(...read.foreign);
      else learned.folders.set(read.folder, read.state);
      problems.push(...read.problems);
      done += 1;
      if (isFirst && done === foldersThatTell) index.reserve(expectedFrom(index, done));
      onProgress?.({ folders: done, toRead: index.actions.count, toName: index.outputs.count });
    },
  );
  index.endScan((folder) => isKept[folder] === 0);
  return { problems, foreign };
}

// Entries are spread over the folders by hashes: the first few tell how many there are in all.
const foldersThatTell = 16;

function expectedFrom(index: EntryIndex, folders: number): { actions: number; outputs: number } {
  const expect = (count: number): number => Math.ceil((count / folders) * 256 * 1.03);
  return { actions: expect(index.actions.count), outputs: expect(index.outputs.count) };
}

const actionsPerRequest = 500;
const outputsPerRequest = 100;

/** readContents reads those of the rows that are not known yet: what action entries say, and what outputs are. */
export async function readContents(
  index: EntryIndex,
  learned: Learned,
  pool: Pool,
  what: {
    readonly actions: Rows;
    readonly outputs: Rows;
    readonly onProgress?: ScanOptions['onProgress'];
  },
): Promise<void> {
  const { actions, outputs } = index;
  const unread = rowsWhere(what.actions, (row) => actions.isUsed(row) && !actions.isRead(row));
  let toRead = unread.length;
  const unnamed = rowsWhere(what.outputs, (row) => outputs.isUsed(row) && outputs.kind(row) === undefined);
  let toName = unnamed.length;
  await pool.each(
    requests(unread, actionsPerRequest, (rows) => ({
      type: 'read' as const,
      ids: packRows(rows, actions.id),
    })),
    ({ change }) => {
      index.apply(change);
      toRead -= change.sizes.length;
      what.onProgress?.({ folders: 256, toRead, toName });
    },
  );
  await pool.each(
    requests(unnamed, outputsPerRequest, (rows) => ({
      type: 'name' as const,
      ids: packRows(rows, outputs.id),
      folders: Uint8Array.from(rows, (row) => (outputs.isFolder(row) ? 1 : 0)),
    })),
    ({ named }) => {
      for (const { id, kind, name, generated, mainAction } of named) {
        index.apply({ type: 'named', id, kind, name });
        if (generated.length > 0) learned.generated.set(id, generated);
        if (mainAction !== undefined) learned.mainActions.set(id, mainAction);
      }
      toName -= named.length;
      what.onProgress?.({ folders: 256, toRead: 0, toName });
    },
  );
}

/** Rows are all rows of a part of the index, or some of them. */
export type Rows = { readonly length: number } | readonly number[];

/** rowsWhere lists the rows that are wanted. */
export function rowsWhere(rows: Rows, wanted: (row: number) => boolean): Int32Array {
  let found = new Int32Array(1024);
  let count = 0;
  const some = Array.isArray(rows) ? (rows as readonly number[]) : undefined;
  // A generator would take ten times as long for a million.
  for (let number = 0; number < rows.length; number++) {
    const row = some === undefined ? number : (some[number] ?? 0);
    if (!wanted(row)) continue;
    if (count === found.length) {
      const more = new Int32Array(count * 2);
      more.set(found);
      found = more;
    }
    found[count++] = row;
  }
  return found.subarray(0, count);
}

/** requests cuts rows into requests, each made when it is asked for. */
export function* requests<Request>(
  rows: Int32Array,
  size: number,
  make: (rows: Int32Array) => Request,
): Generator<Request> {
  for (let from = 0; from < rows.length; from += size) yield make(rows.subarray(from, from + size));
}

/** packRows puts the IDs of rows one behind the other. */
export function packRows(rows: Int32Array, id: (row: number) => string): Uint8Array {
  return packIds(Array.from(rows, id));
}

function listFolders(gocache: string, problems: Problem[]): string[] {
  try {
    return readdirSync(gocache).filter(isCacheFolder).sort();
  } catch (error) {
    if (codeOf(error) !== 'ENOENT')
      problems.push({ where: gocache, what: 'cannot be read', why: reasonOf(error), repair: '' });
    return [];
  }
}

function hasChanged(gocache: string, folder: string, { folders }: Learned): boolean {
  const state = folders.get(folder);
  if (state === undefined) return true;
  try {
    return !holdsSameNames(state, lstatSync(`${gocache}/${folder}`));
  } catch {
    return true; // the listing tells why
  }
}
