import { type ArchiveName, variantText } from '../../build-cache/index/name.ts';
import type { PackageSum, Sum } from '../../build-cache/index/summary.ts';
import type { PackageShare } from '../prune/select.ts';
import type { Root } from './finding.ts';

/** Duplicates is what was compiled from several folders. */
export type Duplicates = {
  /** sum and packages are what lies there beyond the largest copy of each variant: other copies need not be equal to it. */
  readonly sum: Sum;
  readonly packages: readonly PackageShare[];
  /** roots of those packages, the most recently used first. */
  readonly roots: readonly Root[];
};

/**
 * findDuplicates looks for packages whose variants were compiled from more than one folder: two worktrees, two clones, a
 * copy in a container. The folder of its sources is among the inputs of an action, unless -trimpath takes it out
 * (cmd/go/internal/work: buildActionID, go1.26). Packages of GOROOT and those built with -trimpath name no absolute folder.
 */
export function findDuplicates(packages: readonly PackageSum[], names: readonly ArchiveName[]): Duplicates {
  const shares: PackageShare[] = [];
  const copies: Copy[] = [];
  for (const { importPath, variants } of packages) {
    const groups = Map.groupBy(
      variants.flatMap((sum) => copyOf(sum, names[sum.name])),
      ({ variant }) => variant,
    );
    let [entries, bytes] = [0, 0];
    for (const group of groups.values()) {
      if (group.length < 2) continue;
      copies.push(...group);
      const [, ...more] = group.toSorted((one, other) => other.bytes - one.bytes);
      entries += more.reduce((sum, each) => sum + each.entries, 0);
      bytes += more.reduce((sum, each) => sum + each.bytes, 0);
    }
    if (entries > 0) shares.push({ importPath, entries, bytes });
  }
  shares.sort((one, other) => other.bytes - one.bytes);
  const entries = shares.reduce((sum, each) => sum + each.entries, 0);
  const bytes = shares.reduce((sum, each) => sum + each.bytes, 0);
  return { sum: { entries, bytes }, packages: shares, roots: findRoots(copies) };
}

type Copy = Sum & {
  readonly importPath: string;
  readonly directory: string;
  readonly variant: string;
  readonly lastUsed: number;
};

function copyOf(sum: PackageSum['variants'][number], name: ArchiveName | undefined): readonly Copy[] {
  if (name?.directory?.startsWith('/') !== true) return [];
  const { importPath, directory, module = '' } = name;
  const { entries, bytes, lastUsed } = sum;
  return [
    { importPath, directory, variant: `${module} ${variantText(name, true)}`, entries, bytes, lastUsed },
  ];
}

/**
 * findRoots finds where the trees begin: a folder and an import path that end alike begin where they differ. Of what begins
 * there it takes the deepest folder that holds all, so that a root holds nothing but what was compiled.
 */
function findRoots(copies: readonly Copy[]): Root[] {
  const trees = Map.groupBy(copies, ({ directory, importPath }) => {
    const [folders, words] = [directory.split('/'), importPath.split('/')];
    while (words.length > 0 && folders.at(-1) === words.at(-1)) {
      folders.pop();
      words.pop();
    }
    return `${folders.join('/')}\n${words.join('/')}`;
  });
  return [...trees.values()]
    .map((tree) => ({
      folder: commonFolder(tree.map(({ directory }) => directory)),
      entries: tree.reduce((sum, each) => sum + each.entries, 0),
      bytes: tree.reduce((sum, each) => sum + each.bytes, 0),
      lastUsed: Math.max(...tree.map(({ lastUsed }) => lastUsed)),
    }))
    .sort((one, other) => other.lastUsed - one.lastUsed || (one.folder < other.folder ? -1 : 1));
}

function commonFolder(directories: readonly string[]): string {
  const [first = '', ...rest] = directories;
  let common = first;
  for (const directory of rest)
    while (common !== '' && !`${directory}/`.startsWith(`${common}/`))
      common = common.slice(0, common.lastIndexOf('/'));
  return common;
}
