import {
  accessSync,
  constants,
  lstatSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { scanBuildCache } from '../../build-cache/scan.ts';
import { type GoEnv, readSettingFiles } from '../../go/env.ts';
import type { Environment } from '../../go/settings.ts';
import { diskSpace } from '../../platform/disk.ts';
import { mountOf } from '../../platform/mounts.ts';
import { codeOf, reasonOf } from '../../platform/problem.ts';
import { readBatches } from '../removal/batch-folder.ts';
import { findGuard } from '../removal/guard.ts';
import { isProcessAlive } from '../removal/processes.ts';
import type { RepointFacts, SettingFacts, Shadow, SourceFacts, TargetFacts } from './facts.ts';
import { findShellLines, shellLines, startupFiles } from './shell-lines.ts';
import { findSurroundings } from './surroundings.ts';
import { lookAtTarget, nearestFolder } from './target-folder.ts';

export type ProbeOptions = {
  /** asked is the folder as the user gave it. */
  readonly asked: string;
  readonly env: GoEnv;
  readonly cwd: string;
  /** environment of the user, without our flags: what go env -w and later builds see. */
  readonly environment: Environment;
  /** isReadOnly asks for the rights only, and makes no file to see. */
  readonly isReadOnly: boolean;
  readonly signal?: AbortSignal;
  /** onProgress is told how many folders of the present GOCACHE were counted, of 256. */
  onProgress?(folders: number): void;
};

/**
 * probeRepoint looks at everything that a re-point depends on. It makes one file in the new folder, or where that will
 * be made, and removes it again: a mode alone tells little (root, quotas, read-only mounts).
 */
export async function probeRepoint(options: ProbeOptions): Promise<RepointFacts> {
  const { asked, env, cwd } = options;
  const to = resolve(cwd, asked);
  const from = await probeSource(options);
  const target = await probeTarget(to, options);
  const setting = await probeSetting(to, env, options.environment);
  return { asked, to, from, target, setting };
}

async function probeSource({ env, signal, onProgress }: ProbeOptions): Promise<SourceFacts> {
  const { gocache } = env;
  const isThere = statOf(gocache)?.isDirectory() === true;
  const totals = await scanBuildCache(gocache, {
    ...(signal === undefined ? {} : { signal }),
    onProgress: ({ folders }) => onProgress?.(folders),
  });
  const guard = isThere ? findGuard(gocache, Date.now()) : { guardMs: 0, processes: [] };
  const held = readBatches(gocache).filter(
    ({ expiresAt, pid, startTicks }) =>
      expiresAt === undefined && pid !== undefined && isProcessAlive(pid, startTicks),
  );
  return {
    path: gocache,
    entries: totals.entries.action + totals.entries.output,
    bytes: totals.bytes,
    diskBytes: totals.diskBytes + totals.fuzzBytes,
    isThere,
    isLink: isThere && lstatSync(resolve(gocache)).isSymbolicLink(),
    isMountPoint: isThere && mountOf(realpathSync(gocache))?.at === realpathSync(gocache),
    foreignFiles: totals.foreign.files,
    users: guard.guardMs > 0 && guard.processes.length === 0 ? undefined : guard.processes,
    heldBatches: held.length,
  };
}

async function probeTarget(to: string, options: ProbeOptions): Promise<TargetFacts> {
  const { env, environment, isReadOnly, signal } = options;
  const look = lookAtTarget(to);
  const base = nearestFolder(to);
  const [here, there] = [statOf(env.gocache), statOf(base)];
  const space = await diskSpace(base);
  const totals =
    look.state === 'cache' ? await scanBuildCache(to, signal === undefined ? {} : { signal }) : undefined;
  return {
    ...look,
    entries: totals === undefined ? 0 : totals.entries.action + totals.entries.output,
    bytes: totals?.bytes ?? 0,
    unwritable: look.state === 'broken' ? undefined : whyUnwritable(base, isReadOnly),
    isSameFolder:
      resolve(env.gocache) === to ||
      (look.realPath === base && here !== undefined && here.ino === there?.ino && here.dev === there.dev),
    isSameFileSystem: here !== undefined && here.dev === there?.dev,
    fileSystem: mountOf(base)?.type ?? space?.type,
    freeBytes: space?.freeBytes,
    within: findSurroundings(look.realPath, env, environment),
  };
}

async function probeSetting(to: string, env: GoEnv, environment: Environment): Promise<SettingFacts> {
  const { goenv, gocacheprog } = env;
  const files = await readSettingFiles(env);
  const value = environment.GOCACHE ?? '';
  return {
    file: goenv,
    before: files.goenv.get('GOCACHE'),
    unwritable: goenv === '' ? undefined : whyNoFile(goenv),
    shadow: value === '' ? undefined : explainShadow(value, to, environment),
    gocacheprog,
  };
}

function explainShadow(value: string, to: string, environment: Environment): Shadow {
  const home = environment.HOME || homedir();
  const places = startupFiles.flatMap((name) => {
    const text = readText(name.replace(/^~/, home));
    return findShellLines(text).map(({ line, text }) => ({ at: `${name}:${line}`, text }));
  });
  return { value, places, lines: shellLines(environment.SHELL, to) };
}

/** whyUnwritable tries it out: a file that only we know is made and removed. */
function whyUnwritable(folder: string, isReadOnly: boolean): string | undefined {
  const file = join(folder, `.gocachetop-${process.pid}-${Date.now().toString(36)}`);
  try {
    if (isReadOnly) accessSync(folder, constants.W_OK | constants.X_OK);
    else {
      writeFileSync(file, '', { flag: 'wx' });
      rmSync(file, { force: true });
    }
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

/** whyNoFile asks for the rights on the file of go env -w, or on the folder that it would be made in. */
function whyNoFile(file: string): string | undefined {
  try {
    accessSync(file, constants.W_OK);
    return undefined;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') return reasonOf(error);
  }
  try {
    const folder = nearestFolder(dirname(file));
    accessSync(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

function statOf(path: string) {
  return statSync(path, { throwIfNoEntry: false });
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // most are not there
  }
}
