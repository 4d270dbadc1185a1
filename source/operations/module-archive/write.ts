import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type GoSumLine, parseGoSum } from '../../checksums/go-sum.ts';
import { hashGoMod } from '../../checksums/h1.ts';
import { hashZip } from '../../checksums/hash-zip.ts';
import type { GoEnv } from '../../go/env.ts';
import { escapePath } from '../../go/module-path.ts';
import { explain, type Problem } from '../../platform/problem.ts';
import { cachePath } from '../offline/cache-files.ts';
import type { NeededVersion, Needs } from '../offline/needs.ts';
import { sumFiles } from '../offline/probe.ts';
import { type ArchivedModule, type Manifest, manifestName, writeManifest } from './manifest.ts';

export type ArchiveOptions = {
  readonly env: GoEnv;
  readonly needs: Needs;
  /** directory is a folder that is not there yet, or empty. */
  readonly directory: string;
  readonly hasTests: boolean;
  readonly hasTools: boolean;
  readonly signal?: AbortSignal;
  onProgress?(done: number, of: number): void;
};

/** WrittenArchive is an archive that was made; a problem leaves nothing behind. */
export type WrittenArchive =
  | { readonly type: 'written'; readonly directory: string; readonly manifest: Manifest }
  | { readonly type: 'failed'; readonly problems: readonly Problem[] };

/**
 * writeArchive copies what is needed out of the download cache into a folder that go takes as GOPROXY=file://DIR. Each file
 * is hashed and held against go.sum first: an archive never carries a module on that Go would refuse. The folder appears
 * at once, when it is whole.
 */
export async function writeArchive(options: ArchiveOptions): Promise<WrittenArchive> {
  const { directory, env, needs } = options;
  const refused = checkTarget(directory);
  if (refused !== undefined) return { type: 'failed', problems: [refused] };
  const sums = sumFiles(env, needs.mainModules).flatMap(
    (file) => parseGoSum(readFileSync(file, 'utf8')).lines,
  );
  let partial: string | undefined;
  try {
    mkdirSync(dirname(directory), { recursive: true });
    partial = mkdtempSync(join(dirname(directory), `.${basename(directory)}.`));
    const made = await fill(partial, sums, options);
    if ('problems' in made) return { type: 'failed', problems: made.problems };
    writeFileSync(join(partial, manifestName), writeManifest(made.manifest));
    writeFileSync(join(partial, 'README'), readme(made.manifest));
    chmodSync(partial, 0o755); // mkdtemp makes it for one user
    renameSync(partial, directory);
    partial = undefined;
    return { type: 'written', directory, manifest: made.manifest };
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    return { type: 'failed', problems: [explain(directory, 'no archive was made', error)] };
  } finally {
    if (partial !== undefined) rmSync(partial, { recursive: true, force: true });
  }
}

function checkTarget(directory: string): Problem | undefined {
  try {
    if (readdirSync(directory).length === 0) return undefined;
  } catch (error) {
    return existsSync(directory) ? explain(directory, 'cannot become an archive', error) : undefined;
  }
  const repair = 'name a folder that is not there, or an empty one';
  return { where: directory, what: 'no archive was made', why: 'the folder is not empty', repair };
}

async function fill(
  folder: string,
  sums: readonly GoSumLine[],
  { env, needs, hasTests, hasTools, signal, onProgress }: ArchiveOptions,
): Promise<{ readonly manifest: Manifest } | { readonly problems: readonly Problem[] }> {
  const { gomodcache, toolchain } = needs;
  const zips = [...needs.modules, ...(toolchain?.isThere === true ? [toolchain.module] : [])];
  const mods = sums
    .filter(({ isGoMod }) => isGoMod)
    .filter(
      (module) =>
        existsSync(cachePath(gomodcache, module, 'mod')) && !zips.some((zip) => isSame(zip, module)),
    );
  const modules: ArchivedModule[] = [];
  const problems: Problem[] = [];
  for (const [index, module] of [...zips, ...mods].entries()) {
    signal?.throwIfAborted();
    const archived = await archiveModule(folder, gomodcache, module, index < zips.length, sums);
    if ('where' in archived) problems.push(archived);
    else modules.push(archived);
    onProgress?.(index + 1, zips.length + mods.length);
  }
  if (problems.length > 0) return { problems };
  writeLists(folder, modules);
  const mainModules = needs.mainModules.map(({ path }) => path);
  const { platforms } = needs;
  return { manifest: { mainModules, platforms, hasTests, hasTools, go: env.goversion, modules } };
}

async function archiveModule(
  folder: string,
  gomodcache: string,
  { path, version }: NeededVersion,
  withZip: boolean,
  sums: readonly GoSumLine[],
): Promise<ArchivedModule | Problem> {
  const module = { path, version };
  const name = `${path}@${version}`;
  const [source, target] = [
    (file: 'mod' | 'zip' | 'info') => cachePath(gomodcache, module, file),
    (file: 'mod' | 'zip' | 'info') => archivePath(folder, module, file),
  ];
  if (!existsSync(source('mod'))) return missing(name, source('mod'));
  mkdirSync(dirname(target('mod')), { recursive: true });
  const content = readFileSync(source('mod'));
  const mod = hashGoMod(content);
  const wrongMod = differs(sums, module, true, mod);
  if (wrongMod !== undefined) return tampered(source('mod'), mod, wrongMod);
  writeFileSync(target('mod'), content);
  // An info holds the time of a version, and no build reads it: where it was lost the version will do.
  if (existsSync(source('info'))) copyFileSync(source('info'), target('info'));
  else writeFileSync(target('info'), JSON.stringify({ Version: version }));
  if (!withZip) return { path, version, zip: undefined, mod, bytes: 0 };
  if (!existsSync(source('zip'))) return missing(name, source('zip'));
  // What is hashed is the copy: nobody else writes to it.
  copyFileSync(source('zip'), target('zip'), constants.COPYFILE_FICLONE);
  const hashed = await hashZip(target('zip'), `${name}/`);
  if ('fault' in hashed) {
    const repair = `gocachetop redownload ${name}`;
    return { where: source('zip'), what: 'is not archived', why: hashed.fault, repair };
  }
  const wrongZip = differs(sums, module, false, hashed.h1);
  if (wrongZip !== undefined) return tampered(source('zip'), hashed.h1, wrongZip);
  return { path, version, zip: hashed.h1, mod, bytes: statSync(target('zip')).size };
}

/** archivePath is where an archive keeps a file: as a proxy serves it. `go help goproxy` */
export function archivePath(
  folder: string,
  { path, version }: NeededVersion,
  file: 'info' | 'mod' | 'zip',
): string {
  return join(folder, escapePath(path) ?? path, '@v', `${escapePath(version) ?? version}.${file}`);
}

/** differs gives the sum of go.sum that a file does not have; undefined when it has it, or go.sum has none. */
export function differs(
  sums: readonly GoSumLine[],
  { path, version }: NeededVersion,
  isGoMod: boolean,
  sum: string,
): string | undefined {
  const lines = sums.filter(
    (line) => line.path === path && line.version === version && line.isGoMod === isGoMod,
  );
  return lines.length === 0 || lines.some((line) => line.sum === sum) ? undefined : lines[0]?.sum;
}

function writeLists(folder: string, modules: readonly ArchivedModule[]): void {
  const versions = new Map<string, string[]>();
  for (const module of modules) {
    const list = join(dirname(archivePath(folder, module, 'mod')), 'list');
    versions.set(list, [...(versions.get(list) ?? []), `${module.version}\n`]);
  }
  for (const [list, lines] of versions) writeFileSync(list, lines.join(''));
}

/** readme says how to use it; measured with go1.26.8, GOSUMDB on and no network: go.sum is enough. */
function readme({ mainModules, platforms, modules }: Manifest): string {
  return `Go modules for ${mainModules.join(', ')} on ${platforms.join(', ')}: ${modules.length} versions, their h1 sums in ${manifestName}.

Another machine, with the same go.mod and go.sum, builds from this folder (DIR is its absolute path) without a network:

  GOPROXY=file://DIR go build ./...

or takes it into its GOMODCACHE, after every sum was held against ${manifestName} and go.sum:

  gocachetop prewarm --from DIR

GOSUMDB can stay on: what go.sum knows is not looked up. GONOSUMDB, GOPRIVATE and GOFLAGS need nothing.
`;
}

function missing(name: string, file: string): Problem {
  return { where: name, what: 'is not archived', why: `${file} is not there`, repair: 'gocachetop prewarm' };
}

function tampered(file: string, actual: string, expected: string): Problem {
  const repair = 'gocachetop verify says which of the two is wrong';
  return {
    where: file,
    what: 'is not archived',
    why: `its sum is ${actual}, go.sum has ${expected}`,
    repair,
  };
}

function isSame(one: NeededVersion, other: NeededVersion): boolean {
  return one.path === other.path && one.version === other.version;
}
