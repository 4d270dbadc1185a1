import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { codeOf, type Problem, reasonOf } from '../../platform/problem.ts';
import type { ActionsFound, OutputsFound } from './entry-change.ts';
import { createEntryPack, type EntryPack, hexAt } from './entry-pack.ts';
import type { FolderState } from './folder-state.ts';
import { idSize } from './id-table.ts';

/** FolderRead is what one of the 256 folders holds. */
export type FolderRead = {
  readonly folder: string;
  /** state is how the folder was before it was listed; undefined when that cannot be told. */
  readonly state: FolderState | undefined;
  readonly actions: ActionsFound;
  readonly outputs: OutputsFound;
  /** foreign are files that are not Go's: listed, never touched. */
  readonly foreign: readonly ForeignFile[];
  readonly problems: readonly Problem[];
  /** unreadable counts what could not be read; of the problems there are only a few. */
  readonly unreadable: number;
};

/** EntryPacks are where a thread gathers what it reads. */
export type EntryPacks = { readonly actions: EntryPack; readonly outputs: EntryPack };

/**
 * createEntryPacks returns two pairs, in turn: while one thread takes what the other gathered in one of them, that one
 * gathers in the other. It is asked for more only then.
 */
export function createEntryPacks(): () => EntryPacks {
  const make = (): EntryPacks => ({ actions: createEntryPack(), outputs: createEntryPack() });
  let [next, other] = [make(), make()];
  return () => {
    [next, other] = [other, next];
    next.actions.clear();
    next.outputs.clear();
    return next;
  };
}

export type ForeignFile = { readonly path: string; readonly bytes: number };

/** readFolder lists a folder and asks for size and times of each entry: two calls of the system for each. */
export function readFolder(gocache: string, folder: string, packs: EntryPacks): FolderRead {
  const troubles = createTroubles();
  const base = `${gocache}/${folder}`;
  const readAt = Date.now();
  const before = attempt(base, troubles, () => lstatSync(base, { throwIfNoEntry: false }));
  const names = attempt(base, troubles, () => readdirSync(base)) ?? [];
  const foreign: ForeignFile[] = [];
  for (const name of names) {
    const path = `${base}/${name}`;
    const stats = attempt(path, troubles, () => lstatSync(path, { throwIfNoEntry: false }));
    if (stats === undefined) continue; // gone again, or among the problems
    const isOwn = entryName.test(name) && name.startsWith(folder);
    if (!isOwn || !addEntry(name, path, stats, packs, troubles))
      foreign.push({ path, bytes: stats.isDirectory() ? sumFolder(path, troubles).bytes : stats.size });
  }
  return {
    folder,
    // What could not be read must be tried again.
    state:
      before === undefined || troubles.count > 0
        ? undefined
        : { mtime: before.mtimeMs, changed: before.ctimeMs, inode: before.ino, readAt, foreign },
    actions: packs.actions.actions(),
    outputs: packs.outputs.outputs(),
    foreign,
    problems: troubles.problems,
    unreadable: troubles.count,
  };
}

/** EntriesStatted is what became of single entries. */
export type EntriesStatted = {
  readonly actions: ActionsFound;
  readonly outputs: OutputsFound;
  /** goneActions and goneOutputs are the packed IDs of those that are not there. */
  readonly goneActions: Uint8Array;
  readonly goneOutputs: Uint8Array;
};

/** statEntries asks for size and times of single entries. What cannot be read is left as it was known. */
export function statEntries(
  gocache: string,
  ids: { readonly actions: Uint8Array; readonly outputs: Uint8Array },
  packs: EntryPacks,
): EntriesStatted {
  const goneActions = statAll(gocache, ids.actions, 'a', packs);
  const goneOutputs = statAll(gocache, ids.outputs, 'd', packs);
  const { actions, outputs } = packs;
  return { actions: actions.actions(), outputs: outputs.outputs(), goneActions, goneOutputs };
}

/** statAll adds those that are there to their pack and gives the packed IDs of those that are not. */
function statAll(
  gocache: string,
  ids: Uint8Array,
  letter: 'a' | 'd',
  packs: EntryPacks,
): Uint8Array<ArrayBuffer> {
  const count = ids.length / idSize;
  const gone = new Uint8Array(ids.length);
  let goneCount = 0;
  for (let at = 0; at < count; at++) {
    const name = `${hexAt(ids, at)}-${letter}`;
    const path = `${gocache}/${name.slice(0, 2)}/${name}`;
    const troubles = createTroubles();
    const stats = attempt(path, troubles, () => lstatSync(path, { throwIfNoEntry: false }));
    const isThere = stats !== undefined && addEntry(name, path, stats, packs, troubles);
    if (!isThere && troubles.count === 0) {
      gone.set(ids.subarray(at * idSize, (at + 1) * idSize), goneCount * idSize);
      goneCount += 1;
    }
  }
  return gone.slice(0, goneCount * idSize);
}

/** addEntry adds what is an entry by its name to its pack; false when it is something else, as a folder named `-a`. */
function addEntry(
  name: string,
  path: string,
  stats: Stats,
  { actions, outputs }: EntryPacks,
  troubles: Troubles,
): boolean {
  if (stats.isFile()) {
    (name.endsWith('-a') ? actions : outputs).add(name, stats, stats.size, false);
    return true;
  }
  if (!stats.isDirectory() || !name.endsWith('-d')) return false;
  const inside = sumFolder(path, troubles);
  outputs.add(name, { mtimeMs: stats.mtimeMs, blocks: stats.blocks + inside.blocks }, inside.bytes, true);
  return true;
}

/** sumFolder adds up a folder with all in it. */
export function sumFolder(
  folder: string,
  troubles: Troubles,
): { readonly bytes: number; readonly blocks: number; readonly files: number } {
  let [bytes, blocks, files] = [0, 0, 0];
  for (const entry of attempt(folder, troubles, () => readdirSync(folder, { withFileTypes: true })) ?? []) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      const inside = sumFolder(path, troubles);
      [bytes, blocks, files] = [bytes + inside.bytes, blocks + inside.blocks, files + inside.files];
      continue;
    }
    const stats = attempt(path, troubles, () => lstatSync(path, { throwIfNoEntry: false }));
    if (stats !== undefined) [bytes, blocks, files] = [bytes + stats.size, blocks + stats.blocks, files + 1];
  }
  return { bytes, blocks, files };
}

/** Troubles is what could not be read: how often, and the first few in words. */
export type Troubles = { count: number; readonly problems: Problem[] };

export function createTroubles(): Troubles {
  return { count: 0, problems: [] };
}

// More of one kind tell no more than their number; a folder that cannot be read has a problem per file.
const mostProblems = 20;

function attempt<T>(path: string, troubles: Troubles, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    troubles.count += 1;
    if (troubles.problems.length < mostProblems)
      troubles.problems.push({ where: path, what: 'cannot be read', why: reasonOf(error), repair: '' });
    return undefined;
  }
}

const entryName = /^[0-9a-f]{64}-[ad]$/;
