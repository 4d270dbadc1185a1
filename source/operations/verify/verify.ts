import { judge } from '../../checksums/judge.ts';
import { filesOf } from '../../checksums/module-files.ts';
import type { ModuleVerdict } from '../../checksums/verdict.ts';
import { type GoEnv, isProblem } from '../../go/env.ts';
import type { ModuleVersion } from '../../module-cache/paths.ts';
import type { Problem } from '../../platform/problem.ts';
import { claimsOf, type Recorded } from './claims.ts';
import { caseCollisions, replacesIntoCache, staleLines } from './conflicts.ts';
import { createFactStore, type FactStore } from './fact-store.ts';
import { type GoList, type ListedModule, listMissingSums, listModules } from './go-list.ts';
import { holderOf } from './held.ts';
import { listVersions } from './list.ts';
import { hasMainModule, isWorkspace, readSumFiles, sumFilesOf } from './main-module.ts';
import { nameOf, neededVersions, selectNamed } from './scope.ts';

/** VerifyOptions say what to verify, and how. */
export type VerifyOptions = {
  readonly env: GoEnv;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** words are MODULE or MODULE@VERSION; without any it is what the main module here needs, or with isAll everything. */
  readonly words: readonly string[];
  readonly isAll: boolean;
  /** isPatient leaves the processor to builds. */
  readonly isPatient: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
};

/** Verification is what came of it. */
export type Verification = {
  /** scope is what was verified: `named` modules, what the `main` module here needs, or `all` of GOMODCACHE. */
  readonly scope: 'named' | 'main' | 'all';
  readonly gomodcache: string;
  readonly sumFiles: readonly string[];
  readonly modules: readonly ModuleVerdict[];
  /** notes are about more than one module, and no faults. */
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
  readonly durationMs: number;
};

/**
 * verify compares all there is of module versions, with two threads, and says whose fault each difference is. It writes
 * nothing, asks no network, and needs no main module. It rejects with the signal's reason when it is stopped.
 */
export async function verify(options: VerifyOptions): Promise<Verification> {
  const { env, words, signal } = options;
  const startedAt = performance.now();
  const go: GoList = { goroot: env.goroot, cwd: options.cwd, environment: options.environment, signal };
  const listing = hasMainModule(env) ? listModules(go) : Promise.resolve([]);
  const cache = listVersions(env.gomodcache);
  const scope = words.length > 0 ? 'named' : hasMainModule(env) && !options.isAll ? 'main' : 'all';
  const named = selectNamed(cache.versions, words);
  const here = await readSums(env, listing);
  const facts = createFactStore(cache.root, options);

  const isInSum = (each: ModuleVersion): boolean => here.recorded.has(nameOf(each));
  const inScope = { named: named.chosen, all: cache.versions, main: cache.versions.filter(isInSum) }[scope];
  await facts.read(inScope);
  const listed = await listing;
  const modules = isProblem(listed) ? [] : listed;
  const needed = neededVersions(modules);
  if (scope === 'main') await facts.read(notInSum(cache.versions, needed, isInSum));

  const missing = await findMissingSums(go, needed, facts, here.recorded);
  const judged = (name: string, busy: string | undefined): ModuleVerdict[] => {
    const of = facts.get(name);
    const { zip = [], goMod = [] } = here.recorded.get(name) ?? {};
    return of === undefined
      ? []
      : [judge(of, { zip, goMod, database: undefined, missing: missing.get(name), busy })];
  };
  const busy = new Map<string, string>();
  const again: ModuleVersion[] = [];
  for (const module of facts.versions()) {
    if (judged(nameOf(module), undefined)[0]?.verdict !== 'faulty') continue;
    const holder = holderOf(filesOf(cache.root, module.path, module.version)?.lock);
    if (holder === undefined) again.push(module);
    else busy.set(nameOf(module), holder);
  }
  // A go command may have been at it while we read: what is still wrong now is wrong.
  await facts.read(again);
  return {
    scope,
    gomodcache: cache.root,
    sumFiles: here.sums.map(({ file }) => file),
    modules: facts.versions().flatMap((each) => judged(nameOf(each), busy.get(nameOf(each)))),
    notes: [
      ...caseCollisions(scope === 'all' ? cache.versions : needed),
      ...replacesIntoCache(modules, cache.root),
      ...(modules.length === 0 ? [] : staleLines(here.sums, modules)),
    ],
    problems: [
      ...cache.problems,
      ...named.problems,
      ...here.problems,
      ...(isProblem(listed) && scope === 'main' ? [listed] : []),
    ],
    durationMs: performance.now() - startedAt,
  };
}

/** readSums reads the go.sum files that count here. A workspace names its main modules only through go list. */
async function readSums(env: GoEnv, listing: Promise<readonly ListedModule[] | Problem>) {
  if (!hasMainModule(env)) return { sums: [], problems: [], recorded: claimsOf([]) };
  const listed = isWorkspace(env) ? await listing : [];
  const { sums, problems } = readSumFiles(sumFilesOf(env, isProblem(listed) ? [] : listed));
  return { sums, problems, recorded: claimsOf(sums) };
}

/** notInSum are needed versions that lie in GOMODCACHE and that no go.sum names. */
function notInSum(
  versions: readonly ModuleVersion[],
  needed: readonly ModuleVersion[],
  isInSum: (each: ModuleVersion) => boolean,
): readonly ModuleVersion[] {
  const names = new Set(needed.map(nameOf));
  return versions.filter((each) => names.has(nameOf(each)) && !isInSum(each));
}

/** findMissingSums asks go list for its word where a version that lies here has no line in go.sum: a build may not need it. */
async function findMissingSums(
  go: GoList,
  needed: readonly ModuleVersion[],
  facts: FactStore,
  recorded: ReadonlyMap<string, Recorded>,
): Promise<ReadonlyMap<string, string>> {
  const isSuspect = needed.some((each) => {
    const of = facts.get(nameOf(each));
    const sums = recorded.get(nameOf(each));
    const hasContent = of !== undefined && (of.zip.state !== 'absent' || of.folder.state !== 'absent');
    return hasContent && (sums === undefined || sums.zip.length === 0 || sums.goMod.length === 0);
  });
  if (!isSuspect) return new Map();
  const missing = await listMissingSums(go);
  return new Map(
    missing.flatMap(({ about, isPackage, detail }) => {
      const owners = needed.filter(
        ({ path }) => about === path || (isPackage && about.startsWith(`${path}/`)),
      );
      const [owner] = owners.toSorted((one, other) => other.path.length - one.path.length);
      return owner === undefined ? [] : [[nameOf(owner), detail] as const];
    }),
  );
}
