import type { PackageUnit } from './unit.ts';

/**
 * addCoverVariants adds what `go list -test` leaves out: under `-cover` every tested package has a variant for its
 * own test, also where all its tests are in `p_test`, and what imports it there has one too
 * (cmd/go/internal/load: TestPackagesAndErrors, recompileForTest, go1.26).
 */
export function addCoverVariants(units: Map<string, PackageUnit>, tested: readonly string[]): void {
  for (const path of tested) {
    const own = units.get(path);
    const main = `${path}.test`;
    const variant = `${path} [${main}]`;
    if (own === undefined || !units.has(main) || units.has(variant)) continue;
    units.set(variant, { ...own, name: variant, forTest: path, isMain: false });
    const copies = new Map<string, string>([[path, variant]]);
    copyImporters(main, path, units, copies);
  }
}

/** copyImporters gives every unit between the test program and the package its copy; it returns the name to use. */
function copyImporters(
  name: string,
  path: string,
  units: Map<string, PackageUnit>,
  copies: Map<string, string>,
): string {
  const known = copies.get(name);
  if (known !== undefined) return known;
  const unit = units.get(name);
  if (unit === undefined) return name;
  copies.set(name, name);
  const imports = unit.imports?.map((each) => copyImporters(each, path, units, copies));
  if (imports === undefined || imports.every((each, index) => each === unit.imports?.[index])) return name;
  // The test program and p_test are of this test already.
  const isOwn = name === `${path}.test` || unit.forTest === path;
  const copy = isOwn ? name : `${unit.importPath} [${path}.test]`;
  units.set(copy, {
    ...unit,
    name: copy,
    imports,
    forTest: isOwn ? unit.forTest : path,
    isMain: isOwn && unit.isMain,
  });
  copies.set(name, copy);
  return copy;
}
