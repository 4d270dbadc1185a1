import type { GoSumLine } from '../../checksums/go-sum.ts';
import type { GoModRequires } from '../../go/go-mod.ts';
import type { Problem } from '../../platform/problem.ts';
import { findBehind, type KnownModules } from './behind.ts';
import { type Collected, collectMissed, type Listing, type Missed } from './collect.ts';
import type { GoModFile } from './list.ts';
import type {
  MainModule,
  MissingFile,
  MissingModule,
  NeededToolchain,
  NeededVersion,
  Needs,
} from './needs.ts';

/** Known is all that was read: what go listed, what go.sum has, what lies in the cache. */
export type Known = {
  readonly mainModules: readonly MainModule[];
  readonly listings: readonly Listing[];
  /** requires are those of the main modules. */
  readonly requires: GoModFile['requires'];
  readonly sums: readonly GoSumLine[];
  hasZip(module: NeededVersion): boolean;
  hasMod(module: NeededVersion): boolean;
  requiresOf(module: NeededVersion): GoModRequires | undefined;
};

type Base = Pick<Needs, 'gomodcache' | 'platforms' | 'toolchain'> & { readonly nowhere: string };

/** sumUpNeeds makes the answer out of what was read. */
export function sumUpNeeds({ nowhere, ...base }: Base, known: Known, problems: readonly Problem[]): Needs {
  const collected = known.listings.map((listing) => collectMissed(listing, nowhere));
  const unsummed = collected.flatMap((each) => each.unsummed);
  const owned = unsummed.flatMap((each) => ownersOf(each, known));
  const missed = [...collected.flatMap((each) => each.missed), ...owned];
  const certain = groupByModule(withMods(missed, known));
  const maybe = behindThem(missed, known, base.toolchain, base.platforms);
  const listed = known.listings.flatMap((each) => each.listed);
  return {
    ...base,
    mainModules: known.mainModules,
    packages: listed.length === 0 ? undefined : countPackages(listed, missed),
    isComplete: missed.length === 0 && base.toolchain?.isThere !== false && problems.length === 0,
    modules: uniqueModules(listed.flatMap(({ module }) => module ?? [])),
    missing: [...certain, ...maybe.filter((each) => !certain.some((other) => isSame(each, other)))],
    problems: [...problems, ...otherProblems(collected), ...unownedProblems(unsummed, known)],
  };
}

/** ownersOf are the required modules that may provide a package and have no line of their zip in go.sum. */
function ownersOf(
  { importPath, importedBy, platform }: Collected['unsummed'][number],
  known: Known,
): readonly Missed[] {
  const owners = known.requires.filter(
    ({ importedAs, module }) => isWithin(importPath, importedAs) && !hasSum(known.sums, module),
  );
  return owners.map(({ module }) => ({ module, file: 'go.sum', platform, importPath, importedBy }));
}

function hasSum(sums: readonly GoSumLine[], { path, version }: NeededVersion): boolean {
  return sums.some((line) => !line.isGoMod && line.path === path && line.version === version);
}

function isWithin(importPath: string, modulePath: string): boolean {
  return importPath === modulePath || importPath.startsWith(`${modulePath}/`);
}

/** withMods adds the go.mod of a module whose zip is missing: go reads it for the language version of the packages. */
function withMods(missed: readonly Missed[], known: Known): readonly Missed[] {
  const mods = missed.filter(({ file, module }) => file === 'zip' && !known.hasMod(module));
  return [...missed, ...mods.map((each) => ({ ...each, file: 'mod' as const }))];
}

function groupByModule(missed: readonly Missed[]): readonly MissingModule[] {
  const groups = new Map<string, Missed[]>();
  for (const each of missed) {
    const key = `${each.module.path}@${each.module.version}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [each]);
    else group.push(each);
  }
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      return {
        ...first.module,
        files: fileOrder.filter((file) => group.some((each) => each.file === file)),
        neededFor: sortedUnique(group.flatMap(({ importPath }) => importPath ?? [])),
        importedBy: unique(group.flatMap(({ importedBy }) => importedBy)),
        platforms: unique(group.map(({ platform }) => platform)),
        isCertain: true,
      };
    })
    .sort(byPath);
}

const fileOrder: readonly MissingFile[] = ['zip', 'mod', 'go.sum', 'go.sum/go.mod'];

/** behindThem is what go.sum knows and the cache has not, as far as it may stand behind what is missing. */
function behindThem(
  missed: readonly Missed[],
  known: Known,
  toolchain: NeededToolchain | undefined,
  allPlatforms: readonly string[],
): readonly MissingModule[] {
  const lacksToolchain = toolchain?.isThere === false;
  if (missed.length === 0 && !lacksToolchain) return [];
  const hasHole = missed.some(
    ({ importPath, module }) => importPath === undefined || !isWithin(importPath, module.path),
  );
  const modules: KnownModules = {
    summed: known.sums.filter(({ isGoMod }) => !isGoMod),
    summedMods: known.sums.filter(({ isGoMod }) => isGoMod),
    hasZip: known.hasZip,
    hasMod: known.hasMod,
    requiresOf: known.requiresOf,
  };
  const fronts = missed.map(({ module }) => module);
  const { zips, mods } = findBehind(fronts, modules, hasHole || lacksToolchain);
  const platforms = lacksToolchain ? allPlatforms : unique(missed.map(({ platform }) => platform));
  const files = [
    ...zips.map((module) => ({ module, file: 'zip' as const })),
    ...zips.flatMap((module) => (known.hasMod(module) ? [] : [{ module, file: 'mod' as const }])),
    ...mods.map((module) => ({ module, file: 'mod' as const })),
  ];
  const grouped = groupByModule(
    files.map(({ module: { path, version }, file }) => ({
      module: { path, version },
      file,
      platform: '',
      importPath: undefined,
      importedBy: [],
    })),
  );
  return grouped.map((each) => ({ ...each, platforms, isCertain: false }));
}

function countPackages(
  listed: readonly Listing['listed'][number][],
  missed: readonly Missed[],
): { readonly needed: number; readonly missing: number } {
  const needed = listed.filter(({ isStandard, isTestMain }) => !isStandard && !isTestMain);
  return {
    needed: unique(needed.map(({ importPath }) => importPath)).length,
    missing: unique(missed.flatMap(({ importPath }) => importPath ?? [])).length,
  };
}

function uniqueModules(modules: readonly NeededVersion[]): readonly NeededVersion[] {
  const found = new Map(modules.map((module) => [`${module.path}@${module.version}`, module]));
  return [...found.values()].sort(byPath);
}

/** otherProblems are errors that no download cures: each once, whatever the platform. */
function otherProblems(collected: readonly Collected[]): readonly Problem[] {
  const found = new Map<string, Problem>();
  for (const { importPath, words } of collected.flatMap(({ others }) => others)) {
    const where = importPath ?? 'go list';
    found.set(`${where} ${words}`, { where, what: 'cannot be loaded', why: words, repair: repairOf(words) });
  }
  return [...found.values()];
}

function repairOf(words: string): string {
  if (words.includes('checksum mismatch')) return 'gocachetop verify says which of the two is wrong';
  if (/\.lock: (?:read-only file system|permission denied)/.test(words))
    return 'it is missing, or not unpacked: make GOMODCACHE writable, go locks there what it wants';
  return 'cure this first: what stands behind it is not known';
}

function unownedProblems(unsummed: Collected['unsummed'], known: Known): readonly Problem[] {
  return unsummed
    .filter((each) => ownersOf(each, known).length === 0)
    .map(({ importPath }) => ({
      where: importPath,
      what: 'cannot be loaded',
      why: 'go.sum has no line for the module that provides it',
      repair: 'go mod tidy',
    }));
}

function unique<Value>(values: readonly Value[]): readonly Value[] {
  return [...new Set(values)];
}

function sortedUnique(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}

function byPath(one: NeededVersion, other: NeededVersion): number {
  return one.path < other.path ? -1 : one.path > other.path ? 1 : one.version < other.version ? -1 : 1;
}

function isSame(one: NeededVersion, other: NeededVersion): boolean {
  return one.path === other.path && one.version === other.version;
}
