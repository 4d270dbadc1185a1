import type { PackageSet } from './package-set.ts';
import type { Step } from './steps.ts';
import type { PackageUnit } from './unit.ts';

/** Candidates finds the units that a compile can stand for. */
export type Candidates = (step: Step) => readonly PackageUnit[];

/**
 * createCandidates prepares the look-up by import path and by folder. `-p` names the path of all but main packages;
 * their folder, or the test that they are written for, names those. Variants of one path are told apart by their
 * files where that is possible; the rest the import configs of their importers decide.
 */
export function createCandidates(set: PackageSet): Candidates {
  const byPath = new Map<string, PackageUnit[]>();
  const mainsByDir = new Map<string, PackageUnit[]>();
  for (const unit of set.units.values()) {
    addTo(byPath, unit.importPath, unit);
    if (unit.isMain && unit.dir !== undefined) addTo(mainsByDir, unit.dir, unit);
  }
  return (step) => {
    const { compile } = step;
    if (isTestMain(step)) return testMains(step, set);
    const isMain = compile?.packagePath === 'main';
    const path = step.importPath ?? (isMain ? undefined : compile?.packagePath);
    const found =
      path === undefined
        ? (mainsByDir.get(sourceDir(compile?.files ?? []) ?? '') ?? [])
        : (byPath.get(path) ?? []);
    return narrow(found, isMain, compile?.files);
  };
}

/** isTestMain says whether a step compiles the program that go test writes. */
export function isTestMain(step: Step): boolean {
  return step.compile?.files.some((file) => file.endsWith('_testmain.go')) === true;
}

/**
 * testMains: the program of p's tests imports p, or p_test, or both, and beside them what every such program does
 * (cmd/go/internal/load: TestMainDeps, go1.26).
 */
function testMains(step: Step, set: PackageSet): readonly PackageUnit[] {
  const own = testedPaths(step).flatMap((path) => set.units.get(`${path}.test`) ?? []);
  if (own.length > 0) return own;
  // Of the packages that every test program imports, one is tested itself.
  return step.imports.flatMap(({ path }) => set.units.get(`${path}.test`) ?? []);
}

/** testedPaths are the paths that a test program can be of. */
export function testedPaths(step: Step): readonly string[] {
  const imported = step.imports
    .map((each) => each.path)
    .filter((path) => !testMainImports.has(path) && !path.startsWith('internal/'));
  return [...new Set(imported.map((path) => path.replace(/_test$/, '')))];
}

const testMainImports = new Set([
  'os',
  'reflect',
  'runtime',
  'testing',
  'testing/internal/testdeps',
  'runtime/race',
  'runtime/msan',
  'runtime/asan',
  'runtime/cgo',
  'math',
]);

/** narrow leaves what the files allow: only `p [p.test]` and `p_test [p.test]` hold test files of p's own folder. */
function narrow(
  found: readonly PackageUnit[],
  isMain: boolean,
  files: readonly string[] | undefined,
): readonly PackageUnit[] {
  if (found.length < 2 || files === undefined) return found;
  // A main that tests import is compiled under its own path (cmd/go/internal/work: pkgPath, ForceLibrary).
  const kind = found.some((unit) => unit.isMain) ? found.filter((unit) => unit.isMain === isMain) : found;
  const hasTestFiles = files.some((file) => file.endsWith('_test.go'));
  const fitting = kind.filter((unit) => unit.hasTestFiles === hasTestFiles);
  return fitting.length > 0 ? fitting : kind;
}

/** sourceDir is the folder of the package's own sources: the last file that go did not write itself. */
function sourceDir(files: readonly string[]): string | undefined {
  const own = files.findLast((file) => !file.startsWith('$WORK'));
  return own === undefined ? undefined : own.replace(/[/\\][^/\\]*$/, '');
}

/**
 * unitOfStep names a unit from its compile alone, where no package set is known: by its path, as a test variant when
 * it holds test files; a main by the folder of its sources until a link names it.
 */
export function unitOfStep(step: Step): PackageUnit {
  const files = step.compile?.files ?? [];
  const path = step.importPath ?? step.compile?.packagePath ?? '';
  const dir = sourceDir(files);
  if (isTestMain(step)) {
    const importPath = `${testedPaths(step)[0] ?? 'unknown'}.test`;
    return { ...emptyUnit(importPath), isMain: true };
  }
  const isMain = path === 'main';
  const importPath = isMain ? (dir ?? path) : path;
  const hasTestFiles = files.some((file) => file.endsWith('_test.go'));
  if (!hasTestFiles) return { ...emptyUnit(importPath), dir, isMain };
  const forTest = importPath.replace(/_test$/, '');
  return { ...emptyUnit(importPath), name: `${importPath} [${forTest}.test]`, forTest, dir, hasTestFiles };
}

/** emptyUnit is a unit of which only the path is known. */
export function emptyUnit(importPath: string): PackageUnit {
  return {
    name: importPath,
    importPath,
    forTest: undefined,
    dir: undefined,
    isMain: false,
    hasTestFiles: false,
    isStandard: false,
    imports: undefined,
    waitsFor: [],
  };
}

function addTo<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const there = map.get(key);
  if (there === undefined) map.set(key, [value]);
  else there.push(value);
}
