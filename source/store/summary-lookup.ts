import type { IndexSummary, PackageSum, VariantSum } from '../build-cache/index/summary.ts';

type Lookup = {
  readonly packages: ReadonlyMap<string, PackageSum>;
  readonly variants: ReadonlyMap<number, VariantSum>;
};

// A summary comes once per reading, and pages look packages up in every frame.
const lookups = new WeakMap<IndexSummary, Lookup>();

/** packageSum finds a package in a summary. */
export function packageSum(summary: IndexSummary | undefined, importPath: string): PackageSum | undefined {
  return summary === undefined ? undefined : lookupOf(summary).packages.get(importPath);
}

/** variantSum finds a variant in a summary by its number. */
export function variantSum(summary: IndexSummary | undefined, name: number): VariantSum | undefined {
  return summary === undefined ? undefined : lookupOf(summary).variants.get(name);
}

function lookupOf(summary: IndexSummary): Lookup {
  const known = lookups.get(summary);
  if (known !== undefined) return known;
  const made = {
    packages: new Map(summary.packages.map((each) => [each.importPath, each])),
    variants: new Map(
      summary.packages.flatMap((each) => each.variants.map((variant) => [variant.name, variant])),
    ),
  };
  lookups.set(summary, made);
  return made;
}
