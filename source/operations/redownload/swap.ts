import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { codeOf } from '../../platform/problem.ts';
import { type Journal, type SwapPart, syncFolder } from './journal.ts';
import type { ModuleFiles } from './module-files.ts';
import { isThere } from './module-files.ts';
import { dropRecord, writeRecord } from './quarantine.ts';

/** SwapPlaces are where the new parts lie, where they go, and the folder for what they replace. */
export type SwapPlaces = {
  readonly staged: ModuleFiles;
  readonly place: ModuleFiles;
  readonly quarantine: string;
};

/**
 * swapAll brings the parts of a journal from the stage into the cache, and what they replace into the quarantine. The lock of
 * the module version is held. Each step is one rename, and may have been done before: what is no longer in the stage is in
 * place. A file is never missing: its old one gets a second name, then the new one takes over the first.
 *
 * The order is such that go at no moment accepts what it refused before. The old folder goes first: a folder that is gone
 * go makes from the zip. The zip comes before its .ziphash, since go unpacks a zip that has one without looking, and makes a
 * .ziphash that is malformed from the zip, which then approves of the folder, too.
 * `cmd/go/internal/modfetch: DownloadZip, unzip, checkMod, go1.26`
 */
export function swapAll(journal: Journal, places: SwapPlaces): void {
  const { parts, record } = journal;
  const { staged, place, quarantine } = places;
  const swap = (part: Exclude<SwapPart, 'dir'>): void => {
    if (parts.includes(part)) swapFile(staged[part], place[part], quarantine);
  };
  writeRecord(quarantine, record);
  swap('mod');
  swap('info');
  if (parts.includes('dir')) takeOutFolder(journal, places);
  swap('zip');
  if (parts.includes('dir')) bringInFolder(journal, places);
  swap('ziphash');
  rmSync(place.partial, { force: true });
  syncFolder(place.versions);
  syncFolder(quarantine);
}

/** syncStaged puts the files of a stage on disk before they are counted on; a folder is compared with its sum before use. */
export function syncStaged(staged: ModuleFiles, parts: readonly SwapPart[]): void {
  for (const part of parts) {
    if (part === 'dir') continue;
    const opened = openSync(staged[part], 'r');
    try {
      fsyncSync(opened);
    } finally {
      closeSync(opened);
    }
  }
}

function swapFile(staged: string, place: string, quarantine: string): void {
  if (!isThere(staged)) return;
  if (isThere(place)) setAside(place, quarantine);
  renameSync(staged, place);
}

function setAside(place: string, quarantine: string): void {
  const aside = freeName(place, quarantine);
  if (aside === undefined) return;
  try {
    linkSync(place, aside);
  } catch (error) {
    if (!linkless.has(codeOf(error) ?? '')) throw error;
    renameSync(place, aside);
  }
}

/** linkless: the file system has no hard links, or a file of another user may not have one (protected_hardlinks, proc(5)); or it is a folder. */
const linkless: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'ENOSYS']);

/** freeName is a name in the quarantine that nothing has; undefined when this very file is there already. */
function freeName(place: string, quarantine: string): string | undefined {
  const ours = lstatSync(place);
  for (let count = 1; ; count += 1) {
    const name = join(quarantine, count === 1 ? basename(place) : `${basename(place)}.${count}`);
    const theirs = lstatSync(name, { throwIfNoEntry: false });
    if (theirs === undefined) return name;
    if (theirs.ino === ours.ino && theirs.dev === ours.dev) return undefined;
  }
}

/** takeOutFolder: a folder that gets another parent must be writable itself, since its `..` changes. */
function takeOutFolder({ dirModes }: Journal, { staged, place, quarantine }: SwapPlaces): void {
  const aside = join(quarantine, basename(place.dir));
  if (isThere(staged.dir) && isThere(place.dir))
    moveFolder(place.dir, freeName(place.dir, quarantine) ?? aside, dirModes.old);
  // Ended between the rename and its chmod.
  else if (dirModes.old !== undefined && isThere(aside)) setMode(aside, dirModes.old);
}

function bringInFolder({ dirModes }: Journal, { staged, place }: SwapPlaces): void {
  if (isThere(staged.dir)) {
    mkdirSync(dirname(place.dir), { recursive: true });
    moveFolder(staged.dir, place.dir, dirModes.new);
    syncFolder(dirname(place.dir));
  } else if (dirModes.new !== undefined && isThere(place.dir)) setMode(place.dir, dirModes.new);
}

/** swapBack undoes what swapAll has done so far, the last step first; it throws where that fails, too. */
export function swapBack({ parts, dirModes }: Journal, { staged, place, quarantine }: SwapPlaces): void {
  const back = (part: Exclude<SwapPart, 'dir'>): void => {
    if (parts.includes(part)) backFile(staged[part], place[part], quarantine);
  };
  const hasFolder = parts.includes('dir');
  const aside = join(quarantine, basename(place.dir));
  back('ziphash');
  if (hasFolder && !isThere(staged.dir)) moveFolder(place.dir, staged.dir, undefined);
  back('zip');
  if (hasFolder && isThere(aside)) moveFolder(aside, place.dir, dirModes.old);
  back('info');
  back('mod');
  if (isThere(quarantine)) dropRecord(quarantine);
  syncFolder(place.versions);
}

function backFile(staged: string, place: string, quarantine: string): void {
  const aside = join(quarantine, basename(place));
  if (!isThere(staged)) renameSync(place, staged);
  if (!isThere(aside)) return;
  renameSync(aside, place);
  // A rename onto another name of the same file does nothing, rename(2).
  rmSync(aside, { force: true });
}

/** moveFolder moves it and leaves it with `mode`, or the mode that it has, whatever happens. */
export function moveFolder(from: string, to: string, mode: number | undefined): void {
  const stats = lstatSync(from);
  const kept = mode ?? stats.mode & 0o7777;
  const isShut = stats.isDirectory() && (stats.mode & 0o200) === 0;
  if (isShut) chmodSync(from, stats.mode | 0o700);
  try {
    renameSync(from, to);
  } catch (error) {
    if (isShut) chmodSync(from, kept);
    throw error;
  }
  if (stats.isDirectory()) setMode(to, kept);
}

function setMode(folder: string, mode: number): void {
  const stats = lstatSync(folder);
  if (stats.isDirectory() && (stats.mode & 0o7777) !== mode) chmodSync(folder, mode);
}
