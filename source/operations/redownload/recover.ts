import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { hashFolder } from '../../checksums/hash-folder.ts';
import type { ModuleVersion } from '../../module-cache/paths.ts';
import { codeOf, explain, type Problem } from '../../platform/problem.ts';
import { dropJournal, type Journal, readJournal } from './journal.ts';
import { isThere, type ModuleFiles, moduleFiles } from './module-files.ts';
import { quarantinePath } from './quarantine.ts';
import { draftPrefix, ownerName, removeStage, removeTree, stageAt, stagingRoot } from './stage.ts';
import { moveFolder, swapAll } from './swap.ts';
import { type LockOptions, lockVersion } from './version-lock.ts';

/** Recovered is a repair that was ended before its end, and what became of it now. */
export type Recovered = {
  readonly module: ModuleVersion;
  /** outcome: `finished` after it was decided, `undone` before. */
  readonly outcome: 'finished' | 'undone';
  /** quarantine is where the old parts are; undefined where none were taken. */
  readonly quarantine: string | undefined;
};

/** Recovery is what a start found of repairs that were ended, as by kill -9 or a power failure. */
export type Recovery = {
  readonly recovered: readonly Recovered[];
  /** waiting were left as they are: only told, with `isReadOnly`. */
  readonly waiting: readonly ModuleVersion[];
  readonly problems: readonly Problem[];
};

export type RecoveryOptions = {
  readonly environment: LockOptions['environment'];
  readonly isReadOnly: boolean;
  readonly now: number;
};

/**
 * recoverRepairs finishes repairs that were decided and undoes those that were not. One whose lock is held is at work, or a
 * go command is: it is left alone. It costs one look at a folder where nothing was left.
 */
export async function recoverRepairs(gomodcache: string, options: RecoveryOptions): Promise<Recovery> {
  const recovered: Recovered[] = [];
  const waiting: ModuleVersion[] = [];
  const problems: Problem[] = [];
  for (const id of listStages(gomodcache)) {
    const folder = join(stagingRoot(gomodcache), id);
    try {
      const found = await recover(gomodcache, id, folder, options);
      if (found === undefined) continue;
      if ('outcome' in found) recovered.push(found);
      else if ('what' in found) problems.push(found);
      else waiting.push(found);
    } catch (error) {
      problems.push(explain(folder, 'a repair that was ended cannot be finished', error));
    }
  }
  return { recovered, waiting, problems };
}

function listStages(gomodcache: string): readonly string[] {
  try {
    return readdirSync(stagingRoot(gomodcache)).sort();
  } catch {
    return []; // no repair was ever ended here
  }
}

async function recover(
  gomodcache: string,
  id: string,
  folder: string,
  { environment, isReadOnly, now }: RecoveryOptions,
): Promise<Recovered | Problem | ModuleVersion | undefined> {
  const module = readOwner(folder);
  const place = module === undefined ? undefined : moduleFiles(gomodcache, module);
  const stage = module === undefined ? undefined : stageAt(gomodcache, id, module);
  if (module === undefined || place === undefined || stage === undefined) {
    const stats = lstatSync(folder, { throwIfNoEntry: false });
    if (stats === undefined || isReadOnly) return undefined;
    if (id.startsWith(draftPrefix) && now - stats.mtimeMs < draftMs) return undefined;
    removeStage(folder);
    return undefined;
  }
  const answer = await lockVersion(place.lock, { environment, isWaiting: false });
  if (answer.type === 'failed') return answer.problem;
  if (answer.type !== 'held') return undefined;
  try {
    // Who held the lock may have finished it meanwhile.
    if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) return undefined;
    if (isReadOnly) return module;
    const journal = readJournal(folder);
    if (journal === undefined) {
      removeStage(folder);
      return { module, outcome: 'undone', quarantine: undefined };
    }
    if ('fault' in journal) return unreadable(folder, journal.fault);
    const quarantine = quarantinePath(gomodcache, id, module);
    dropWhatGoMade(journal, module, stage.files, place);
    swapAll(journal, { staged: stage.files, place, quarantine });
    takeOutWrongFolder(journal, module, place, quarantine);
    dropJournal(folder);
    removeStage(folder);
    return { module, outcome: 'finished', quarantine };
  } finally {
    answer.lock.release();
  }
}

// Far longer than one is a draft.
const draftMs = 60_000;

/** dropWhatGoMade: a go command that came in between may have extracted the folder from the new zip; then ours is not needed. */
function dropWhatGoMade(
  { record, parts }: Journal,
  { path, version }: ModuleVersion,
  staged: ModuleFiles,
  place: ModuleFiles,
): void {
  if (!parts.includes('dir')) return;
  const prefix = `${path}@${version}/`;
  const isOurs = h1OfFolder(staged.dir, prefix) === record.sums.repaired;
  if (!isOurs || h1OfFolder(place.dir, prefix) === record.sums.repaired) removeTree(staged.dir);
}

/** takeOutWrongFolder: where a power failure took files of the new folder, the old one goes; go extracts it from the zip, which is on disk. */
function takeOutWrongFolder(
  { record, parts, dirModes }: Journal,
  { path, version }: ModuleVersion,
  place: ModuleFiles,
  quarantine: string,
): void {
  if (!parts.includes('dir') || !isThere(place.dir)) return;
  if (h1OfFolder(place.dir, `${path}@${version}/`) === record.sums.repaired) return;
  moveFolder(place.dir, join(quarantine, basename(place.dir)), dirModes.old);
}

function h1OfFolder(folder: string, prefix: string): string | undefined {
  try {
    return hashFolder(folder, prefix).h1;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

function readOwner(folder: string): ModuleVersion | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(join(folder, ownerName), 'utf8'));
    if (typeof value !== 'object' || value === null || !('path' in value) || !('version' in value))
      return undefined;
    const { path, version } = value;
    return typeof path === 'string' && typeof version === 'string' ? { path, version } : undefined;
  } catch {
    return undefined;
  }
}

function unreadable(folder: string, fault: string): Problem {
  return {
    where: join(folder, 'journal.json'),
    what: 'a repair that was ended cannot be finished',
    why: fault,
    repair: 'redownload the module again; then remove this folder',
  };
}
