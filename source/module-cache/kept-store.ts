import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, type Problem, reasonOf } from '../platform/problem.ts';
import { type CacheIdentity, decodeTree, encodeTree, type KeptTree, newTree } from './kept-tree.ts';

/** openTree gives what the last run kept of a GOMODCACHE; one that is damaged, or of something else, is dropped with a problem. */
export function openTree(
  folder: string | undefined,
  root: string,
): { readonly tree: KeptTree; readonly problem: Problem | undefined } {
  if (folder === undefined) return { tree: newTree(), problem: undefined };
  const file = join(folder, fileNameOf(root));
  let why: string;
  try {
    const tree = decodeTree(readFileSync(file, 'utf8'), identify(root));
    if (typeof tree !== 'string') return { tree, problem: undefined };
    why = tree;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { tree: newTree(), problem: undefined };
    why = reasonOf(error);
  }
  const what = 'the kept index is not used';
  return { tree: newTree(), problem: { where: file, what, why, repair: 'GOMODCACHE is read anew' } };
}

/** keepTree writes it for the next run, in the place of the old one. A problem is told and is no reason to stop. */
export function keepTree(folder: string, root: string, tree: KeptTree): Problem | undefined {
  const file = join(folder, fileNameOf(root));
  const fresh = `${file}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    removeLeftovers(folder);
    writeFileSync(fresh, encodeTree(identify(root), tree), { mode: 0o600 });
    renameSync(fresh, file);
    return undefined;
  } catch (error) {
    removeQuietly(fresh);
    const repair = 'the next start reads all of GOMODCACHE anew';
    return { where: file, what: 'the index cannot be kept', why: reasonOf(error), repair };
  }
}

function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // it never came to be
  }
}

/** removeLeftovers removes what was kept and not used for a month: of a GOMODCACHE that is gone, or is used no more. */
function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!/\.modules(?:\.\d+)?$/.test(name)) continue;
    const file = join(folder, name);
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats !== undefined && Date.now() - stats.mtimeMs > longestUnused) rmSync(file, { force: true });
  }
}

const longestUnused = 30 * 86_400_000;

function fileNameOf(root: string): string {
  return `${createHash('sha256').update(root).digest('hex').slice(0, 16)}.modules`;
}

function identify(root: string): CacheIdentity {
  const { dev, ino } = statSync(root);
  return { gomodcache: root, device: dev, inode: ino };
}
