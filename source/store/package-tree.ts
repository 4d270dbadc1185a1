import { type RebuildPrice, sumPrices } from '../build-cache/index/price.ts';
import type { IndexSummary, PackageSum, Sum } from '../build-cache/index/summary.ts';

/** PackageRow is a package, or a node of the tree with all packages below it. */
export type PackageRow = Sum & {
  /** id is the import path of a package, and `tree:` with a path of a node: no import path has a colon. */
  readonly id: string;
  /** name is the import path, or Go's pattern for what is below: `golang.org/x/tools/...`. */
  readonly name: string;
  readonly isNode: boolean;
  readonly packages: readonly PackageSum[];
  readonly variants: number;
  readonly lastUsed: number;
  readonly superseded: Sum;
  readonly rebuild: RebuildPrice;
};

/** PackageTree groups the packages of a GOCACHE by module path. */
export type PackageTree = {
  /** all are the packages without nodes. */
  readonly all: readonly PackageRow[];
  /** rows are what lies directly below a node; of the whole cache without one. A node that is gone has none. */
  rows(node: string | undefined): readonly PackageRow[];
  node(id: string): PackageRow | undefined;
};

/**
 * packageTree groups the packages of a summary: the standard library is one node, a module of GOMODCACHE is one, and what else there is
 * hangs together by the path prefix at which it branches. It is made once per summary, and each node when it is opened.
 */
export function packageTree(summary: IndexSummary): PackageTree {
  const known = trees.get(summary);
  if (known !== undefined) return known;
  const tree = createTree(summary.packages);
  trees.set(summary, tree);
  return tree;
}

const trees = new WeakMap<IndexSummary, PackageTree>();

type Group = { readonly prefix: string; readonly packages: readonly PackageSum[] };

function createTree(packages: readonly PackageSum[]): PackageTree {
  const nodes = new Map<string, PackageRow>();
  const opened = new Map<string | undefined, readonly PackageRow[]>();

  function toRow({ prefix, packages: inside }: Group): PackageRow {
    const [only] = inside;
    if (inside.length === 1 && only !== undefined) return packageRow(only);
    const row = nodeRow(prefix, inside);
    nodes.set(row.id, row);
    return row;
  }

  function rows(node: string | undefined): readonly PackageRow[] {
    const known = opened.get(node);
    if (known !== undefined) return known;
    const at = node === undefined ? undefined : findNode(node);
    const made =
      node === undefined
        ? withoutOnlyNode(topGroups(packages).map(toRow))
        : at === undefined
          ? []
          : rowsBelow(at);
    opened.set(node, made);
    return made;
  }

  function rowsBelow({ id, packages: inside }: PackageRow): readonly PackageRow[] {
    if (inside.length <= fewPackages) return inside.map(packageRow);
    return withoutOnlyNode(branches(inside, prefixOf(id)).map(toRow));
  }

  /** withoutOnlyNode: a level that held one node and nothing else would only be one more key to press. */
  function withoutOnlyNode(made: readonly PackageRow[]): readonly PackageRow[] {
    const [first] = made;
    return made.length === 1 && first?.isNode === true ? rows(first.id) : made;
  }

  /** findNode goes down to a node that was opened in an earlier summary; where its place has changed, all below its path are it. */
  function findNode(id: string, from?: string): PackageRow | undefined {
    const known = nodes.get(id);
    if (known !== undefined || !id.startsWith(mark)) return known;
    const path = prefixOf(id);
    const ways = rows(from).filter((row) => row.isNode && row.id !== from && isBelow(path, prefixOf(row.id)));
    // All paths may lie below std.
    const way = ways.find((row) => prefixOf(row.id) !== '') ?? ways[0];
    if (way !== undefined) return findNode(id, way.id);
    const inside = packages.filter(({ importPath }) => isBelow(importPath, path));
    return inside.length === 0 ? undefined : nodeRow(path, inside);
  }

  let all: readonly PackageRow[] | undefined;
  return {
    get all() {
      all ??= packages.map(packageRow);
      return all;
    },
    rows,
    node: (id) => findNode(id),
  };
}

// A node of so few lists them all: a screenful needs no more levels.
const fewPackages = 20;
const standard = 'std';
const mark = 'tree:';

function prefixOf(id: string): string {
  return id === mark + standard ? '' : id.slice(mark.length);
}

function isBelow(path: string, prefix: string): boolean {
  return prefix === '' || path === prefix || path.startsWith(`${prefix}/`);
}

function packageRow(sum: PackageSum): PackageRow {
  const { importPath, entries, bytes, lastUsed, superseded, rebuild, variants } = sum;
  return {
    id: importPath,
    name: importPath,
    isNode: false,
    packages: [sum],
    entries,
    bytes,
    lastUsed,
    superseded,
    rebuild,
    variants: variants.length,
  };
}

function nodeRow(prefix: string, packages: readonly PackageSum[]): PackageRow {
  const total = { entries: 0, bytes: 0, variants: 0, lastUsed: 0 };
  const superseded = { entries: 0, bytes: 0 };
  for (const each of packages) {
    total.entries += each.entries;
    total.bytes += each.bytes;
    total.variants += each.variants.length;
    total.lastUsed = Math.max(total.lastUsed, each.lastUsed);
    superseded.entries += each.superseded.entries;
    superseded.bytes += each.superseded.bytes;
  }
  const rebuild = sumPrices(packages.map((each) => each.rebuild));
  const name = prefix === standard ? standard : `${prefix}/...`;
  return { id: mark + prefix, name, isNode: true, packages, ...total, superseded, rebuild };
}

function topGroups(packages: readonly PackageSum[]): readonly Group[] {
  const modules = new Set(packages.flatMap(({ module }) => modulePath(module) ?? []));
  const byModule = new Map<string, PackageSum[]>();
  const others: PackageSum[] = [];
  for (const each of packages) {
    const group = each.isStandard ? standard : (modulePath(each.module) ?? moduleAbove(each, modules));
    if (group === undefined) others.push(each);
    else if (byModule.has(group)) byModule.get(group)?.push(each);
    else byModule.set(group, [each]);
  }
  return [
    ...[...byModule].map(([prefix, inside]) => ({ prefix, packages: inside })),
    ...branches(others, ''),
  ];
}

function modulePath(module: string | undefined): string | undefined {
  return module?.slice(0, module.lastIndexOf('@'));
}

/** moduleAbove finds the module of a package whose archive names no folder, as one of generics only does. */
function moduleAbove({ importPath }: PackageSum, modules: ReadonlySet<string>): string | undefined {
  for (let end = importPath.length; end > 0; end = importPath.lastIndexOf('/', end - 1)) {
    if (modules.has(importPath.slice(0, end))) return importPath.slice(0, end);
  }
  return undefined;
}

/** branches parts packages by the path element behind a prefix, each part with the longest prefix that it shares. */
function branches(packages: readonly PackageSum[], prefix: string): readonly Group[] {
  const start = prefix === '' ? 0 : prefix.length + 1;
  const parts = new Map<string, PackageSum[]>();
  for (const each of packages) {
    const end = each.importPath.indexOf('/', start);
    // A path that begins with a slash is the folder of a program outside of any module.
    const part = each.importPath.slice(0, end <= 0 ? undefined : end);
    const there = parts.get(part);
    if (there === undefined) parts.set(part, [each]);
    else there.push(each);
  }
  return [...parts].map(([part, inside]) => ({ prefix: sharedPrefix(inside, part), packages: inside }));
}

function sharedPrefix(packages: readonly PackageSum[], atLeast: string): string {
  let shared = packages[0]?.importPath ?? atLeast;
  for (const { importPath } of packages) {
    while (shared.length > atLeast.length && importPath !== shared && !importPath.startsWith(`${shared}/`))
      shared = shared.slice(0, Math.max(atLeast.length, shared.lastIndexOf('/')));
  }
  return shared;
}
