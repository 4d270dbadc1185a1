import type { CompilingUnit } from './event.ts';
import type { GoProcess, WorkProcess } from './probe.ts';
import type { FoundLink, WorkFolder } from './scan.ts';

/** OtherBuild is a WORK folder that we know of, and what is known about it. It is changed in place by the feed alone. */
export type OtherBuild = {
  readonly folder: WorkFolder;
  readonly bornAt: number;
  readonly foundAt: number;
  /** isLive: a go command works in it; what a killed one left behind stays silent. */
  isLive: boolean;
  /** isOurs: it is on the GOCACHE we look at; undefined until there is a proof. */
  isOurs: boolean | undefined;
  owner: GoProcess | undefined;
  hasBegun: boolean;
  /** links are those found and not yet told. */
  links: FoundLink[];
  lastActivityAt: number;
  /** awakeUntil: it is looked at until then; later only when its folder changes or its owner is known. */
  awakeUntil: number;
};

/** applyFolder takes in what a look into its folder gave. New files prove that somebody works there. */
export function applyFolder(
  build: OtherBuild,
  seen: { readonly links: readonly FoundLink[]; readonly newUnits: number },
  at: number,
): void {
  build.links.push(...seen.links);
  if (seen.newUnits === 0 && seen.links.length === 0) return;
  build.isLive = true;
  build.lastActivityAt = at;
}

/** applyProcess takes in a process that works in its folder, as a child of a go command. */
export function applyProcess(
  build: OtherBuild,
  process: WorkProcess,
  at: number,
  isOurCache: (folder: string) => boolean,
): void {
  build.isLive = true;
  build.owner ??= process.owner;
  if (process.gocache !== undefined) build.isOurs ??= isOurCache(process.gocache);
  if (!process.isProgram) build.lastActivityAt = at;
  if (process.compile !== undefined && process.compile.package !== 'main')
    build.folder.leaveOut(process.objdir);
}

/** applyCacheOfHits takes the GOCACHE of its first hit, when no process has told it. */
export function applyCacheOfHits(build: OtherBuild, isOurCache: (folder: string) => boolean): void {
  const [cache] = build.links.flatMap(({ config }) => config.cacheFolders);
  if (cache !== undefined) build.isOurs ??= isOurCache(cache);
}

/** isAwake says whether its folder is to be looked at without being told that it changed. */
export function isAwake(build: OtherBuild, at: number): boolean {
  return build.owner !== undefined || build.hasBegun || at < build.awakeUntil;
}

/** isBusy says whether something happened in it lately. */
export function isBusy(build: OtherBuild, at: number): boolean {
  return at - build.lastActivityAt < busyMs;
}

/** isOver says whether its go command is gone; where none can be seen, after a long silence. */
export function isOver(
  build: OtherBuild,
  at: number,
  isAlive: ((owner: GoProcess) => boolean) | undefined,
): boolean {
  if (build.owner !== undefined) return isAlive?.(build.owner) === false;
  return build.hasBegun && at - build.lastActivityAt > silenceMs;
}

/** needsProcesses: a link was found, and whose it is can be seen in its process, for as long as that runs. */
export function needsProcesses(build: OtherBuild, at: number): boolean {
  const isKnown = build.owner !== undefined && build.isOurs !== undefined;
  return build.links.length > 0 && !isKnown && at - build.lastActivityAt < urgentMs;
}

/** selectCompiling lists the compilers among processes; a -toolexec command and the compiler below it are one. */
export function selectCompiling(found: readonly WorkProcess[]): readonly CompilingUnit[] {
  const units = new Map<string, CompilingUnit>();
  for (const { work, objdir, compile, importPath, startedAt } of found) {
    const key = `${work}/${objdir}`;
    if (compile === undefined || units.has(key)) continue;
    const { buildId } = compile;
    units.set(key, { importPath: importPath ?? compile.package, buildId, startedAt, work });
  }
  return [...units.values()];
}

const busyMs = 3000;
// A link that nobody is seen working on after this time is over.
const urgentMs = 400;
// Without /proc the end of a killed build is not seen; go test kills a test that runs for longer (-timeout 10m).
const silenceMs = 10 * 60_000;
