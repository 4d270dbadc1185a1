import {
  chmodSync,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { escapePath } from '../../go/module-path.ts';
import type { ModuleVersion } from '../../module-cache/paths.ts';
import { newBatchId } from '../removal/batch.ts';
import { isThere, type ModuleFiles, moduleFiles } from './module-files.ts';
import type { Seeds } from './plan.ts';

/** stagingName is the folder in `GOMODCACHE/cache` where repairs are prepared: beside it, so that a rename is enough. */
const stagingName = 'gocachetop-staging';

/** stagingRoot is that folder. No go command looks there but `go clean -modcache`, which removes everything. */
export function stagingRoot(gomodcache: string): string {
  return join(gomodcache, 'cache', stagingName);
}

/** Stage is a GOMODCACHE of its own for one module version, and an empty main module to run go in. */
export type Stage = {
  readonly id: string;
  readonly folder: string;
  readonly gomodcache: string;
  readonly main: string;
  readonly files: ModuleFiles;
};

/**
 * openStage makes one; it throws what the system says. It gets its name when its owner.json is in it: a stage without one is
 * on its way out.
 */
export function openStage(gomodcache: string, module: ModuleVersion, now: number): Stage {
  const id = newBatchId(now);
  const stage = stageAt(gomodcache, id, module);
  if (stage === undefined) throw new Error(`${module.path}@${module.version}: no module version`);
  const draft = join(stagingRoot(gomodcache), `${draftPrefix}${id}`);
  try {
    mkdirSync(draft, { recursive: true });
    writeFileSync(join(draft, ownerName), `${JSON.stringify({ ...module, pid: process.pid })}\n`);
    renameSync(draft, stage.folder);
    mkdirSync(stage.main);
    mkdirSync(stage.files.versions, { recursive: true });
    return stage;
  } catch (error) {
    for (const folder of [draft, stage.folder]) removeStage(folder);
    throw error;
  }
}

/** stageAt says where one lies that was made before. */
export function stageAt(gomodcache: string, id: string, module: ModuleVersion): Stage | undefined {
  const folder = join(stagingRoot(gomodcache), id);
  const own = join(folder, 'modcache');
  const files = moduleFiles(own, module);
  return files === undefined ? undefined : { id, folder, gomodcache: own, main: join(folder, 'main'), files };
}

/** draftPrefix stands before the name of a stage that is being made. */
export const draftPrefix = 'new-';

/** ownerName names the module version that a stage is for: whoever holds its lock owns the stage. */
export const ownerName = 'owner.json';

/**
 * plantSeeds gives a stage the good parts of what is there, so that go downloads only the rest. Links are enough: go
 * replaces such files and never writes into them. An info that is missing is made up, for no network must be
 * asked for a time that nothing depends on; it is not brought into the cache.
 */
export function plantSeeds(
  stage: Stage,
  from: ModuleFiles,
  seeds: Seeds,
  version: string,
  isInfoMadeUp: boolean,
): void {
  if (seeds.zip) share(from.zip, stage.files.zip);
  if (seeds.mod === 'mod') share(from.mod, stage.files.mod);
  // A copy of its own: the folder's file is read-only, and its own.
  else if (seeds.mod === 'dir') writeFileSync(stage.files.mod, readFileSync(join(from.dir, 'go.mod')));
  if (seeds.info) share(from.info, stage.files.info);
  else if (isInfoMadeUp) writeFileSync(stage.files.info, JSON.stringify({ Version: version }));
}

/**
 * shareSumdb lends a stage the answers of the checksum database that go has kept: it checks them again, each by its place in
 * the signed tree, and asks only for what is not there. What cannot be lent is asked for.
 */
export function shareSumdb(gomodcache: string, stage: Stage, { path, version }: ModuleVersion): void {
  const sumdb = join('cache', 'download', 'sumdb');
  const escaped = `${escapePath(path)}@${escapePath(version)}`;
  for (const name of listFolder(join(gomodcache, sumdb))) {
    const [from, to] = [join(gomodcache, sumdb, name), join(stage.gomodcache, sumdb, name)];
    const lookup = join('lookup', ...escaped.split('/'));
    if (isThere(join(from, lookup))) shareOrLeave(join(from, lookup), join(to, lookup));
    shareTree(join(from, 'tile'), join(to, 'tile'));
  }
}

function shareTree(from: string, to: string): void {
  for (const name of listFolder(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    if (lstatSync(source).isDirectory()) shareTree(source, target);
    else shareOrLeave(source, target);
  }
}

function shareOrLeave(from: string, to: string): void {
  try {
    share(from, to);
  } catch {
    // go asks for it
  }
}

function listFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // go has kept none
  }
}

/** share links a file, or copies it where the file system has no links or they are not ours to make. */
function share(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

/** removeStage removes one, its owner.json last: whoever is ended meanwhile leaves one that is known. */
export function removeStage(folder: string): void {
  for (const name of listFolder(folder)) if (name !== ownerName) removeTree(join(folder, name));
  rmSync(folder, { recursive: true, force: true });
}

/** removeTree removes a folder that go made, and made read-only. */
export function removeTree(folder: string): void {
  makeWritable(folder);
  rmSync(folder, { recursive: true, force: true });
}

function makeWritable(folder: string): void {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  if (stats === undefined || !stats.isDirectory()) return;
  if ((stats.mode & 0o700) !== 0o700) chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) makeWritable(join(folder, entry.name));
}
