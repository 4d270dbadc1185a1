import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { codeOf, type Problem, reasonOf } from '../../platform/problem.ts';
import type { EntryChange } from './entry-index.ts';
import { idSize } from './id-table.ts';

/** FolderRead is what one of the 256 folders holds. */
export type FolderRead = {
  readonly folder: string;
  readonly actions: Extract<EntryChange, { type: 'actions' }>;
  readonly outputs: Extract<EntryChange, { type: 'outputs' }>;
  /** foreign are files that are not Go's: listed, never touched. */
  readonly foreign: readonly ForeignFile[];
  readonly problems: readonly Problem[];
};

export type ForeignFile = { readonly path: string; readonly bytes: number };

/** readFolder lists a folder and asks for size and times of each entry: two calls of the system for each. */
export function readFolder(gocache: string, folder: string): FolderRead {
  const problems: Problem[] = [];
  const base = `${gocache}/${folder}`;
  const names = attempt(base, problems, () => readdirSync(base)) ?? [];
  const actions = createPack(names.length);
  const outputs = createPack(names.length);
  const foreign: ForeignFile[] = [];
  for (const name of names) {
    const path = `${base}/${name}`;
    const stats = attempt(path, problems, () => lstatSync(path, { throwIfNoEntry: false }));
    if (stats === undefined) continue; // gone again, or among the problems
    const letter = entryLetter(name, folder);
    if (letter === 'a' && stats.isFile()) actions.add(name, stats, stats.size, false);
    else if (letter === 'd' && stats.isFile()) outputs.add(name, stats, stats.size, false);
    else if (letter === 'd' && stats.isDirectory()) {
      const inside = sumFolder(path, problems);
      outputs.add(name, { ...stats, blocks: stats.blocks + inside.blocks }, inside.bytes, true);
    } else foreign.push({ path, bytes: stats.isDirectory() ? sumFolder(path, problems).bytes : stats.size });
  }
  const a = actions.take();
  return {
    folder,
    actions: { type: 'actions', ids: a.ids, mtimes: a.mtimes, blocks: a.blocks },
    outputs: { type: 'outputs', ...outputs.take() },
    foreign,
    problems,
  };
}

/** sumFolder adds up a folder with all in it. */
export function sumFolder(
  folder: string,
  problems: Problem[],
): { readonly bytes: number; readonly blocks: number; readonly files: number } {
  let [bytes, blocks, files] = [0, 0, 0];
  for (const entry of attempt(folder, problems, () => readdirSync(folder, { withFileTypes: true })) ?? []) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      const inside = sumFolder(path, problems);
      [bytes, blocks, files] = [bytes + inside.bytes, blocks + inside.blocks, files + inside.files];
      continue;
    }
    const stats = attempt(path, problems, () => lstatSync(path, { throwIfNoEntry: false }));
    if (stats !== undefined) [bytes, blocks, files] = [bytes + stats.size, blocks + stats.blocks, files + 1];
  }
  return { bytes, blocks, files };
}

// More of one kind tell no more than their number; a folder that cannot be read has a problem per file.
const mostProblems = 20;

function attempt<T>(path: string, problems: Problem[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' && problems.length < mostProblems)
      problems.push({ where: path, what: 'cannot be read', why: reasonOf(error), repair: '' });
    return undefined;
  }
}

const entryName = /^[0-9a-f]{64}-[ad]$/;

function entryLetter(name: string, folder: string): string | undefined {
  return entryName.test(name) && name.startsWith(folder) ? name.at(-1) : undefined;
}

/** createPack gathers entries into arrays that can be handed to another thread without a copy. */
function createPack(most: number) {
  const ids = Buffer.from(new ArrayBuffer(most * idSize));
  const mtimes = new Float64Array(most);
  const blocks = new Uint32Array(most);
  const sizes = new Float64Array(most);
  const folders = new Uint8Array(most);
  let count = 0;
  return {
    add(name: string, stats: Pick<Stats, 'mtimeMs' | 'blocks'>, bytes: number, isFolder: boolean): void {
      ids.write(name, count * idSize, idSize, 'hex');
      mtimes[count] = stats.mtimeMs;
      blocks[count] = stats.blocks;
      sizes[count] = bytes;
      folders[count] = isFolder ? 1 : 0;
      count += 1;
    },
    take: () => ({
      ids: new Uint8Array(ids.buffer, 0, count * idSize).slice(),
      mtimes: mtimes.slice(0, count),
      blocks: blocks.slice(0, count),
      sizes: sizes.slice(0, count),
      folders: folders.slice(0, count),
    }),
  };
}
