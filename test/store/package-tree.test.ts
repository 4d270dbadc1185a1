import { expect, test } from 'vitest';
import { freePrice } from '../../source/build-cache/index/price.ts';
import type { IndexSummary, PackageSum } from '../../source/build-cache/index/summary.ts';
import { packageTree } from '../../source/store/package-tree.ts';

const sum = (importPath: string, change: Partial<PackageSum> = {}): PackageSum => ({
  importPath,
  entries: 2,
  bytes: 100,
  lastUsed: 1,
  module: undefined,
  isStandard: false,
  superseded: { entries: 1, bytes: 10 },
  rebuild: { ms: 40, known: 1, unknown: 0 },
  variants: [
    { name: 0, text: 'linux/amd64', entries: 2, bytes: 100, lastUsed: 1, generations: 1, rebuild: freePrice },
  ],
  ...change,
});

const inModule = (importPath: string, module: string) => sum(importPath, { module });

const summaryOf = (packages: readonly PackageSum[]): IndexSummary => ({
  entries: { action: 0, output: 0 },
  bytes: 0,
  diskBytes: 0,
  oldest: undefined,
  newest: undefined,
  kinds: [],
  packages,
  unattributed: { entries: 0, bytes: 0 },
  ages: [],
  nextTrimTakes: { entries: 0, bytes: 0 },
  unread: 0,
});

const names = (rows: readonly { readonly name: string }[]) => rows.map(({ name }) => name).sort();
const std = Array.from({ length: 30 }, (_, index) =>
  sum(index % 3 === 0 ? `crypto/c${index}` : `net${index === 1 ? '' : `/n${index}`}`, { isStandard: true }),
);

test('the top is std, the modules, and what else there is at the prefix where it branches', () => {
  const tree = packageTree(
    summaryOf([
      ...std,
      inModule('golang.org/x/tools/go/ast', 'golang.org/x/tools@v0.30.0'),
      inModule('golang.org/x/tools/imports', 'golang.org/x/tools@v0.31.0'),
      // A package of generics only names no folder, so that its module is not known.
      sum('golang.org/x/tools/sets'),
      inModule('gopkg.in/yaml.v3', 'gopkg.in/yaml.v3@v3.0.1'),
      sum('example.com/shop'),
      sum('example.com/shop/cart'),
      sum('/home/gopher/script'),
    ]),
  );
  expect(names(tree.rows(undefined))).toEqual([
    '/home/gopher/script',
    'example.com/shop/...',
    'golang.org/x/tools/...',
    'gopkg.in/yaml.v3',
    'std',
  ]);
  expect(names(tree.rows('tree:golang.org/x/tools'))).toEqual([
    'golang.org/x/tools/go/ast',
    'golang.org/x/tools/imports',
    'golang.org/x/tools/sets',
  ]);
  expect(names(tree.rows('tree:std'))).toEqual(['crypto/...', 'net/...']);
  expect(names(tree.rows('tree:net'))).toHaveLength(20);
  expect(tree.all).toHaveLength(37);
});

test('a node is the sum of all packages below, each of which is below one node of its level only', () => {
  const tree = packageTree(summaryOf([...std, sum('example.com/a'), sum('example.com/b')]));
  const top = tree.rows(undefined);
  expect(top.reduce((total, { bytes }) => total + bytes, 0)).toBe(3200);
  expect(tree.node('tree:std')).toMatchObject({
    entries: 60,
    bytes: 3000,
    variants: 30,
    superseded: { entries: 30, bytes: 300 },
    rebuild: { ms: 1200, known: 30, unknown: 0 },
  });
  const below = tree.rows('tree:std').flatMap(({ packages }) => packages);
  expect(names(below.map(({ importPath }) => ({ name: importPath })))).toEqual(
    names(std.map(({ importPath }) => ({ name: importPath }))),
  );
});

test('a level with one node and nothing else is passed over', () => {
  const tree = packageTree(summaryOf(std));
  expect(names(tree.rows(undefined))).toEqual(['crypto/...', 'net/...']);
  expect(names(packageTree(summaryOf([sum('example.com/a')])).rows(undefined))).toEqual(['example.com/a']);
});

test('a node that was open stays open in the next summary, also where its place has changed', () => {
  expect(packageTree(summaryOf([...std, sum('example.com/a')])).rows('tree:net')).toHaveLength(20);
  const fewer = packageTree(summaryOf(std.slice(0, 9)));
  expect(names(fewer.rows('tree:crypto'))).toEqual(['crypto/c0', 'crypto/c3', 'crypto/c6']);
  expect(fewer.rows('tree:gone')).toEqual([]);
});
