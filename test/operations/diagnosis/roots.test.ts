import { expect, test } from 'vitest';
import type { ArchiveName } from '../../../source/build-cache/index/name.ts';
import { freePrice } from '../../../source/build-cache/index/price.ts';
import type { PackageSum } from '../../../source/build-cache/index/summary.ts';
import { findDuplicates } from '../../../source/operations/diagnosis/roots.ts';

type Given = {
  readonly path: string;
  readonly folder: string | undefined;
  readonly bytes: number;
  readonly change?: Partial<ArchiveName>;
};

const plain: ArchiveName = {
  importPath: '',
  part: 'plain',
  isMain: false,
  goVersion: 'go1.26.8',
  platform: 'linux/amd64',
  flags: [],
  directory: undefined,
  module: undefined,
};

/** duplicatesOf sums archives up as a scan does; the later ones were used later. */
function duplicatesOf(given: readonly Given[]): ReturnType<typeof findDuplicates> {
  const names = given.map(({ path, folder, change }) => ({
    ...plain,
    importPath: path,
    directory: folder,
    ...change,
  }));
  const packages = [...new Set(given.map(({ path }) => path))].map(
    (importPath): PackageSum => ({
      importPath,
      entries: 0,
      bytes: 0,
      lastUsed: 0,
      module: undefined,
      isStandard: false,
      superseded: { entries: 0, bytes: 0 },
      rebuild: freePrice,
      variants: given.flatMap(({ path, bytes }, name) =>
        path === importPath
          ? [{ name, text: '', entries: 2, bytes, lastUsed: name, generations: 1, rebuild: freePrice }]
          : [],
      ),
    }),
  );
  return findDuplicates(packages, names);
}

const folders = (given: readonly Given[]): string[] => duplicatesOf(given).roots.map(({ folder }) => folder);

test('all beyond the largest copy of a variant counts', () => {
  const found = duplicatesOf([
    { path: 'm/a', folder: '/one/a', bytes: 10 },
    { path: 'm/a', folder: '/two/a', bytes: 12 },
    { path: 'm/a', folder: '/three/a', bytes: 11 },
    { path: 'm/b', folder: '/one/b', bytes: 100 },
  ]);
  expect(found.sum).toEqual({ entries: 4, bytes: 21 });
  expect(found.packages).toEqual([{ importPath: 'm/a', entries: 4, bytes: 21 }]);
  expect(found.roots.map(({ bytes }) => bytes)).toEqual([11, 12, 10]);
});

test.each<[string, Given[]]>([
  ['another variant', [{ path: 'm/a', folder: '/two/a', bytes: 1, change: { flags: ['race'] } }]],
  ['another Go version', [{ path: 'm/a', folder: '/two/a', bytes: 1, change: { goVersion: 'go1.25.3' } }]],
  ['another part', [{ path: 'm/a', folder: '/two/a', bytes: 1, change: { part: 'test' } }]],
  ['another module version', [{ path: 'm/a', folder: '/mod/m@v2/a', bytes: 1, change: { module: 'm@v2' } }]],
  ['one of -trimpath', [{ path: 'm/a', folder: 'm/a', bytes: 1 }]],
  ['one of GOROOT', [{ path: 'm/a', folder: '$GOROOT/src/a', bytes: 1 }]],
  ['one without a folder', [{ path: 'm/a', folder: undefined, bytes: 1 }]],
  ['another package', [{ path: 'm/b', folder: '/two/b', bytes: 1 }]],
])('%s is no copy', (_, more) => {
  expect(duplicatesOf([{ path: 'm/a', folder: '/one/a', bytes: 1 }, ...more]).sum.entries).toBe(0);
});

test.each<[string, [string, string][], string[]]>([
  [
    'two worktrees side by side, one named after the module: neither holds the other',
    [
      ['example.com/app', '/src/app'],
      ['example.com/app', '/src/app-fix'],
      ['example.com/app/a', '/src/app/a'],
      ['example.com/app/a', '/src/app-fix/a'],
    ],
    ['/src/app-fix', '/src/app'],
  ],
  [
    'clones of the same name: the deepest folder that holds all',
    [
      ['example.com/app/a', '/one/app/a'],
      ['example.com/app/b/c', '/one/app/b/c'],
      ['example.com/app/a', '/two/app/a'],
      ['example.com/app/b/c', '/two/app/b/c'],
    ],
    ['/two/app', '/one/app'],
  ],
  [
    'a single package is its own folder',
    [
      ['example.com/app/a', '/one/app/a'],
      ['example.com/app/a', '/two/app/a'],
    ],
    ['/two/app/a', '/one/app/a'],
  ],
  [
    'vendored packages lie below their own root',
    [
      ['x.org/v', '/one/vendor/x.org/v'],
      ['x.org/w', '/one/vendor/x.org/w'],
      ['x.org/v', '/two/vendor/x.org/v'],
      ['x.org/w', '/two/vendor/x.org/w'],
    ],
    ['/two/vendor/x.org', '/one/vendor/x.org'],
  ],
])('roots of %s', (_, pairs, expected) => {
  expect(folders(pairs.map(([path, folder]) => ({ path, folder, bytes: 1 })))).toEqual(expected);
});
