import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isCacheFolder } from '../../build-cache/file-name.ts';
import { codeOf } from '../../platform/problem.ts';
import { entriesOf } from '../removal/batch-folder.ts';
import { findLayoutFault } from '../removal/cache-folder.ts';
import { putBack } from '../removal/entry-file.ts';

/**
 * moveBack gives a renamed GOCACHE its old name again, with what came into it since. Where a go command has begun a new
 * one under the old name, each entry goes over on its own, outputs first, and the newer one stays.
 */
export function moveBack(folder: string, oldName: string): void {
  mkdirSync(dirname(oldName), { recursive: true });
  try {
    renameSync(folder, oldName); // over nothing, or an empty folder
    return;
  } catch (error) {
    if (codeOf(error) !== 'ENOTEMPTY' && codeOf(error) !== 'EEXIST') throw error;
  }
  const fault = findLayoutFault(oldName);
  if (fault !== undefined) throw new Error(`it has other files now, and ${fault}`);
  for (const file of entriesOf(folder)) {
    mkdirSync(join(oldName, file.name.slice(0, 2)), { recursive: true });
    putBack(folder, oldName, file);
  }
  for (const name of readdirSync(folder)) {
    if (isCacheFolder(name)) dropEmptyFolder(join(folder, name));
    else if (!existsSync(join(oldName, name))) renameSync(join(folder, name), join(oldName, name));
    else if (madeByGo.has(name)) rmSync(join(folder, name));
  }
  dropEmptyFolder(folder);
}

// Each GOCACHE has its own of these.
const madeByGo: ReadonlySet<string> = new Set(['README', 'trim.txt', 'testexpire.txt']);

/** dropEmptyFolder removes a folder that holds nothing; any other stays. */
export function dropEmptyFolder(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // somebody works with it
  }
}
