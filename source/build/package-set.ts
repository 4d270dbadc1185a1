import { addCoverVariants } from './cover-variants.ts';
import type { GoCommand } from './go-command.ts';
import type { PackageUnit } from './unit.ts';

/** PackageSet is the set of units that one go command needs, from `go list -deps`. */
export type PackageSet = {
  readonly units: ReadonlyMap<string, PackageUnit>;
  /** needed are the names of those that the command compiles or takes from GOCACHE. */
  readonly needed: ReadonlySet<string>;
  /** programs are the units that the command links: mains, and the test programs `p.test`. */
  readonly programs: readonly string[];
  /** tested are the import paths whose tests the command runs, and roots without test files. */
  readonly tested: readonly string[];
  /** loadErrors are go list's words for packages that cannot be loaded: the command then builds nothing. */
  readonly loadErrors: readonly string[];
};

/** ListedPackage is one record of `go list -json`, with the fields we ask for. */
export type ListedPackage = {
  readonly ImportPath: string;
  readonly Dir?: string;
  readonly Name?: string;
  readonly ForTest?: string;
  readonly Standard?: boolean;
  readonly DepOnly?: boolean;
  readonly Imports?: readonly string[];
  readonly GoFiles?: readonly string[];
  readonly CgoFiles?: readonly string[];
  readonly TestGoFiles?: readonly string[];
  readonly XTestGoFiles?: readonly string[];
  readonly Error?: { readonly Err: string };
};

/** listFields is the value of go list's `-json`: only these are worked out and printed. */
export const listFields =
  'ImportPath,Dir,Name,ForTest,Standard,DepOnly,Imports,GoFiles,CgoFiles,TestGoFiles,XTestGoFiles,Error';

/**
 * parsePackageSet makes the set out of what `go list -e -deps [-test]` printed, for one subcommand.
 * `unsafe`, `C` and packages without Go files are never compiled (cmd/go/internal/work: build, go1.26).
 */
export function parsePackageSet(
  listed: readonly ListedPackage[],
  command: Pick<GoCommand, 'subcommand' | 'isCoverLocal' | 'isCoverPackages'>,
): PackageSet {
  const { subcommand } = command;
  const units = new Map<string, PackageUnit>();
  const listedByName = new Map<string, ListedPackage>();
  for (const record of listed) {
    listedByName.set(record.ImportPath, record);
    const unit = unitOf(record);
    if (unit !== undefined) units.set(unit.name, unit);
  }
  const roots = listed.filter(
    (record) => record.DepOnly !== true && record.ForTest === undefined && !isTestMain(record),
  );
  const rootPaths = roots.map((root) => root.ImportPath);
  if (subcommand === 'test' && command.isCoverLocal) addCoverVariants(units, rootPaths);
  if (subcommand === 'test') orderTestVariants(units, rootPaths);
  return {
    units,
    needed: neededUnits(command, roots, listed, units),
    programs: programsOf(subcommand, roots, units),
    tested: subcommand === 'test' ? roots.map((root) => root.ImportPath) : [],
    loadErrors: listed.flatMap((record) => (isLoadError(record) ? [oneLine(record.Error?.Err ?? '')] : [])),
  };
}

function unitOf(record: ListedPackage): PackageUnit | undefined {
  const files = (record.GoFiles?.length ?? 0) + (record.CgoFiles?.length ?? 0);
  if (record.ImportPath === 'unsafe' || files === 0) return undefined;
  const imports = (record.Imports ?? []).filter((path) => path !== 'unsafe' && path !== 'C');
  // The code that cgo writes imports these two (cmd/go/internal/load: cgoExclude and cgoSyscallExclude).
  if ((record.CgoFiles?.length ?? 0) > 0) {
    if (!cgoExclude.has(record.ImportPath)) imports.push('runtime/cgo');
    if (!cgoSyscallExclude.has(record.ImportPath)) imports.push('syscall');
  }
  const space = record.ImportPath.indexOf(' [');
  return {
    name: record.ImportPath,
    importPath: space === -1 ? record.ImportPath : record.ImportPath.slice(0, space),
    forTest: record.ForTest,
    dir: isTestMain(record) ? undefined : record.Dir,
    isMain: record.Name === 'main' && record.ForTest === undefined,
    hasTestFiles: (record.GoFiles ?? []).some((file) => file.endsWith('_test.go')),
    isStandard: record.Standard === true,
    imports,
    waitsFor: [],
  };
}

// cmd/go/internal/load: cgoExclude, cgoSyscallExclude, go1.26.
const cgoExclude = new Set(['runtime/cgo']);
const cgoSyscallExclude = new Set(['runtime/cgo', 'runtime/race', 'runtime/msan', 'runtime/asan']);

/** isTestMain says whether the record is the program that go test writes, `p.test`: it lies in no folder of its own. */
function isTestMain(record: ListedPackage): boolean {
  return (
    record.Name === 'main' &&
    record.ImportPath.endsWith('.test') &&
    (record.Imports ?? []).includes('testing/internal/testdeps')
  );
}

function isLoadError(record: ListedPackage): boolean {
  return (
    record.Error !== undefined &&
    !/build constraints exclude all Go files|no (?:non-test )?Go files in/.test(record.Error.Err)
  );
}

function neededUnits(
  { subcommand, isCoverPackages }: Pick<GoCommand, 'subcommand' | 'isCoverPackages'>,
  roots: readonly ListedPackage[],
  listed: readonly ListedPackage[],
  units: ReadonlyMap<string, PackageUnit>,
): ReadonlySet<string> {
  if (subcommand !== 'test' && subcommand !== 'vet') return new Set(units.keys());
  const starts =
    subcommand === 'test'
      ? roots.flatMap((root) => testStarts(root, units, isCoverPackages))
      : vetStarts(roots, listed, units);
  const needed = closure(starts, units);
  // What a linker adds to a program without an import: runtime/race, internal/coverage and the like.
  if (subcommand === 'test') {
    for (const record of listed)
      if (record.Standard === true && record.DepOnly === true && units.has(record.ImportPath))
        needed.add(record.ImportPath);
  }
  return needed;
}

/**
 * testStarts are the test program of a package, or the package itself when it has no tests; under `-coverpkg` the
 * package itself as well, for its meta-data (cmd/go/internal/test: builderTest, writeCoverMetaAct, go1.26).
 */
function testStarts(
  root: ListedPackage,
  units: ReadonlyMap<string, PackageUnit>,
  isCoverPackages: boolean,
): string[] {
  const program = `${root.ImportPath}.test`;
  if (!units.has(program)) return [root.ImportPath];
  return isCoverPackages ? [program, root.ImportPath] : [program];
}

/**
 * orderTestVariants adds what is no import and is waited for all the same: `p [p.test]` is compiled after p, where
 * another tested package imports p, so that errors come once (cmd/go/internal/test: builderTest, go1.26).
 */
function orderTestVariants(units: Map<string, PackageUnit>, roots: readonly string[]): void {
  const imported = new Set(roots.flatMap((root) => units.get(root)?.imports ?? []));
  for (const root of roots) {
    const variant = units.get(`${root} [${root}.test]`);
    if (variant === undefined || !imported.has(root)) continue;
    units.set(variant.name, { ...variant, waitsFor: [root] });
  }
}

/** vetStarts are what vet needs compiled: the imports of each package and of its tests, not these themselves. */
function vetStarts(
  roots: readonly ListedPackage[],
  listed: readonly ListedPackage[],
  units: ReadonlyMap<string, PackageUnit>,
): string[] {
  const rootPaths = new Set(roots.map((root) => root.ImportPath));
  const vetted = listed.filter(
    (record) =>
      rootPaths.has(record.ImportPath) ||
      (record.ForTest !== undefined && rootPaths.has(record.ForTest) && isOwnVariant(record, record.ForTest)),
  );
  return vetted.flatMap((record) => units.get(record.ImportPath)?.imports ?? []);
}

function isOwnVariant(record: ListedPackage, tested: string): boolean {
  return record.ImportPath.startsWith(`${tested} [`) || record.ImportPath.startsWith(`${tested}_test [`);
}

/** closure is everything that the starts import, and they themselves. */
export function closure(starts: readonly string[], units: ReadonlyMap<string, PackageUnit>): Set<string> {
  const found = new Set<string>();
  const open = [...starts];
  while (open.length > 0) {
    const name = open.pop() ?? '';
    const unit = units.get(name);
    if (unit === undefined || found.has(name)) continue;
    found.add(name);
    open.push(...(unit.imports ?? []));
  }
  return found;
}

function programsOf(
  subcommand: string,
  roots: readonly ListedPackage[],
  units: ReadonlyMap<string, PackageUnit>,
): readonly string[] {
  if (subcommand === 'vet') return [];
  const paths = roots.map((root) => (subcommand === 'test' ? `${root.ImportPath}.test` : root.ImportPath));
  return paths.filter((path) => units.get(path)?.isMain === true);
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').trim();
}
