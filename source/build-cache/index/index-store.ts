import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { OutputId } from '../../go/ids.ts';
import type { Environment } from '../../go/settings.ts';
import { codeOf, type Problem, reasonOf } from '../../platform/problem.ts';
import { createEntryIndex, type EntryIndex } from './entry-index.ts';
import { type CacheIdentity, decodeIndex, encodeIndex, type IndexFile } from './index-file.ts';
import { createLearned, type Learned } from './scan.ts';

/** KeptIndex is an index with what was learned beside it. */
export type KeptIndex = { readonly index: EntryIndex; readonly learned: Learned };

/**
 * indexFolderOf is where indexes are kept between runs, by the XDG Base Directory Specification:
 * `$XDG_CACHE_HOME/gocachetop` or `~/.cache/gocachetop`. undefined when neither is an absolute path.
 */
export function indexFolderOf({
  XDG_CACHE_HOME: caches = '',
  HOME: home = '',
}: Environment): string | undefined {
  if (isAbsolute(caches)) return join(caches, 'gocachetop');
  return isAbsolute(home) ? join(home, '.cache', 'gocachetop') : undefined;
}

/**
 * openKept gives the index of a GOCACHE as the last run kept it, an empty one where there is none. One that is damaged,
 * or of something else, is dropped, and the problem says so.
 */
export async function openKept(
  folder: string | undefined,
  gocache: string,
): Promise<KeptIndex & { readonly problem: Problem | undefined }> {
  const empty = { index: createEntryIndex(), learned: createLearned(), problem: undefined };
  const of = identify(gocache);
  if (folder === undefined || of === undefined) return empty;
  const file = join(folder, fileNameOf(gocache));
  try {
    const kept = await readKept(file, of);
    if (typeof kept !== 'string')
      return { index: createEntryIndex(kept.image), learned: kept.learned, problem: undefined };
    return { ...empty, problem: dropped(file, kept) };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return empty;
    return { ...empty, problem: dropped(file, reasonOf(error)) };
  }
}

async function readKept(file: string, of: CacheIdentity): Promise<IndexFile | string> {
  await using handle = await open(file, 'r');
  return await decodeIndex(async (bytes) => {
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await handle.read(bytes, filled, Math.min(bytes.length - filled, mostPerRead));
      if (bytesRead === 0) return false;
      filled += bytesRead;
    }
    return true;
  }, of);
}

// A read of more than 2 GiB is refused.
const mostPerRead = 64 * 1024 * 1024;

function dropped(file: string, why: string): Problem {
  return { where: file, what: 'the kept index is not used', why, repair: 'GOCACHE is read anew' };
}

/**
 * keep writes an index for the next run, beside the old one, which it then replaces. It gives up when the index changes
 * meanwhile: keep it again later. The index of a small GOCACHE is not kept, since reading it anew takes no longer, and
 * of temporary GOCACHEs there are many. A problem is told and is no reason to stop.
 */
export async function keep(
  folder: string | undefined,
  gocache: string,
  { index, learned }: KeptIndex,
): Promise<Problem | undefined> {
  const of = identify(gocache);
  if (folder === undefined || of === undefined || index.outputs.length < fewestOutputs) return undefined;
  const file = join(folder, fileNameOf(gocache));
  const fresh = `${file}.${process.pid}`;
  const { revision } = index;
  forgetGone(learned, index);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await removeLeftovers(folder);
    const handle = await open(fresh, 'w', 0o600);
    try {
      for (const piece of encodeIndex({ of, image: index.image(), learned })) {
        if (index.revision !== revision) break;
        await handle.writeFile(piece);
      }
    } finally {
      await handle.close();
    }
    if (index.revision === revision) await rename(fresh, file);
    else await rm(fresh, { force: true });
    return undefined;
  } catch (error) {
    await rm(fresh, { force: true }).catch(() => undefined);
    return {
      where: file,
      what: 'the index cannot be kept',
      why: reasonOf(error),
      repair: 'the next start reads all of GOCACHE anew',
    };
  }
}

/** forgetGone drops what was learned of outputs that are gone. */
function forgetGone({ generated, mainActions }: Learned, { outputs }: EntryIndex): void {
  for (const known of [generated, mainActions])
    for (const id of known.keys()) if (outputs.find(id as OutputId) === undefined) known.delete(id);
}

// Below this reading it anew takes no longer than 0.1 s.
const fewestOutputs = 200;

/** removeLeftovers removes what was kept and not used for a month: of a GOCACHE that is gone, or is used no more. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!/\.index(?:\.\d+)?$/.test(name)) continue;
    const file = join(folder, name);
    const stats = await stat(file).catch(() => undefined);
    if (stats !== undefined && Date.now() - stats.mtimeMs > longestUnused) await rm(file, { force: true });
  }
}

const longestUnused = 30 * 86_400_000;

function fileNameOf(gocache: string): string {
  return `${createHash('sha256').update(gocache).digest('hex').slice(0, 16)}.index`;
}

function identify(gocache: string): CacheIdentity | undefined {
  try {
    const { dev, ino } = statSync(gocache);
    return { gocache, device: dev, inode: ino };
  } catch {
    return undefined; // there is none: nothing to keep
  }
}
