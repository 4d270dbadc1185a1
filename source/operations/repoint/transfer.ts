import {
  accessSync,
  constants,
  copyFileSync,
  linkSync,
  lstatSync,
  readdirSync,
  renameSync,
  rmSync,
  type Stats,
  utimesSync,
} from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CacheFileName } from '../../build-cache/file-name.ts';
import { codeOf } from '../../platform/problem.ts';
import { measureEntry } from '../removal/entry-file.ts';
import { createFailures } from '../removal/failures.ts';
import type { CopyOptions, CopyResult } from './copy.ts';

/** Transfer brings files from one GOCACHE into another, one by one. Names are as `3f/3f0a...-a`. */
export type Transfer = {
  entry(name: string, file: CacheFileName): Promise<void>;
  /** other is a file of the fuzz corpus. */
  other(name: string): Promise<void>;
  /** setting is README, trim.txt or testexpire.txt: one that is newer replaces what is there. */
  setting(name: string): Promise<void>;
  result(): Omit<CopyResult, 'wasStopped'>;
};

/** createTransfer begins one. Its functions throw what makes all other files fail too, and collect the rest. */
export function createTransfer({ from, to, isLink, made }: CopyOptions): Transfer {
  const failures = createFailures();
  const taken = { entries: 0, bytes: 0 };
  let present = 0;

  async function entry(name: string, file: CacheFileName): Promise<void> {
    await attempt(name, async (ours) => {
      const bytes = measureEntry(join(from, name), file.kind, ours);
      if (bytes === undefined) return; // not what Go writes there
      const theirs = lstatSync(join(to, name), { throwIfNoEntry: false });
      if (theirs !== undefined && isAsGood(join(to, name), theirs, ours, file)) {
        present += 1;
        return;
      }
      if (ours.isDirectory()) await program(name, ours);
      else await put(name, ours, theirs !== undefined);
      taken.entries += 1;
      taken.bytes += bytes;
    });
  }

  /** program brings an executable: a folder with one file. Its own time comes last, as the file changes it. */
  async function program(name: string, { atimeMs, mtimeMs }: Stats): Promise<void> {
    made.folder(join(to, name));
    for (const inner of readdirSync(join(from, name))) {
      const path = `${name}/${inner}`;
      const isThere = lstatSync(join(to, path), { throwIfNoEntry: false }) !== undefined;
      if (!isThere) await put(path, lstatSync(join(from, path)), false);
    }
    utimesSync(join(to, name), atimeMs / 1000, mtimeMs / 1000);
  }

  /** put makes a file under another name first: under its own it is whole from the beginning, whatever happens. */
  async function put(name: string, { size, atimeMs, mtimeMs }: Stats, isReplaced: boolean): Promise<void> {
    const [source, target] = [join(from, name), join(to, name)];
    const partial = `${target}${partialSuffix}`;
    try {
      rmSync(partial, { force: true });
      if (isLink) linkSync(source, partial);
      else if (size > blockingBytes) await copyFile(source, partial, constants.COPYFILE_FICLONE);
      else copyFileSync(source, partial, constants.COPYFILE_FICLONE);
      // A double holds today's seconds to a quarter of a microsecond; Go's rules count in hours.
      if (!isLink) utimesSync(partial, atimeMs / 1000, mtimeMs / 1000);
      renameSync(partial, target);
    } catch (error) {
      rmSync(partial, { force: true });
      throw error;
    }
    if (!isReplaced) made.file(target);
  }

  async function attempt(name: string, bring: (ours: Stats) => Promise<void>): Promise<void> {
    const source = join(from, name);
    try {
      const ours = lstatSync(source, { throwIfNoEntry: false });
      if (ours !== undefined) await bring(ours);
    } catch (error) {
      // A trim took it away meanwhile; or it is another user's. All else is about the new folder.
      if (codeOf(error) === 'ENOENT' && lstatSync(source, { throwIfNoEntry: false }) === undefined) return;
      if (codeOf(error) !== 'EACCES' || canRead(source)) throw error;
      failures.add(source, 'cannot be read, and stays behind', error);
    }
  }

  async function other(name: string): Promise<void> {
    await attempt(name, async (ours) => {
      const isThere = lstatSync(join(to, name), { throwIfNoEntry: false }) !== undefined;
      if (ours.isFile() && !isThere) await put(name, ours, false);
    });
  }

  async function setting(name: string): Promise<void> {
    await attempt(name, async (ours) => {
      const theirs = lstatSync(join(to, name), { throwIfNoEntry: false });
      if (ours.isFile() && (theirs === undefined || theirs.mtimeMs < ours.mtimeMs))
        await copySetting(name, ours, theirs !== undefined);
    });
  }

  /** copySetting copies in any case: Go writes these again in place, and each GOCACHE has its own. */
  async function copySetting(name: string, { atimeMs, mtimeMs }: Stats, isReplaced: boolean): Promise<void> {
    const target = join(to, name);
    if (!isReplaced) made.file(target);
    copyFileSync(join(from, name), target);
    utimesSync(target, atimeMs / 1000, mtimeMs / 1000);
  }

  return {
    entry,
    other,
    setting,
    result: () => ({ taken: { ...taken }, present, failed: failures.list() }),
  };
}

/** isAsGood: outputs of one name and size are equal; of two action entries the newer counts. */
function isAsGood(path: string, theirs: Stats, ours: Stats, { kind }: CacheFileName): boolean {
  if (theirs.isDirectory()) return !ours.isDirectory() || readdirSync(path).length > 0;
  if (ours.isDirectory()) return true; // a folder cannot take the place of a file
  if (theirs.ino === ours.ino && theirs.dev === ours.dev) return true;
  return kind === 'action' ? theirs.mtimeMs >= ours.mtimeMs : theirs.size === ours.size;
}

function canRead(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

// Neither -a nor -d, so that Go never looks at it; `go clean -cache` removes it.
const partialSuffix = '.gocachetop';

// Copying as much takes a millisecond or two; what is larger goes to a thread, so that keys are read meanwhile.
const blockingBytes = 1 << 20;
