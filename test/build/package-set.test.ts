import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addCoverVariants } from '../../source/build/cover-variants.ts';
import { listPackageSet, parseListed } from '../../source/build/list.ts';
import { closure, type PackageSet } from '../../source/build/package-set.ts';
import type { PackageUnit } from '../../source/build/unit.ts';
import { goCommandOf, own, setOf } from './package-sets.ts';
import { makeShop, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(() => {
  shop = makeShop(undefined);
  shop.write({
    'lost/lost.go': 'package lost\n\nimport _ "example.com/shop/nowhere"\n',
    'windows/only_windows.go': 'package windows\n',
    'bare/bare_test.go': 'package bare\n\nimport "testing"\n\nfunc TestBare(t *testing.T) {}\n',
  });
});
afterAll(() => shop.remove());

type Row = {
  needed: readonly string[];
  programs?: readonly string[];
  tested?: readonly string[];
  not?: readonly string[];
};

describe('the real go list', () => {
  test.each<[string, Row, string?]>([
    [
      'go build ./cart ./tools/list ./weigh',
      { needed: ['cart', 'price', 'round', 'tools/list', 'weigh'], programs: ['tools/list'] },
    ],
    ['go build .', { needed: ['.', 'cart', 'price'], programs: ['.'] }],
    ['go build', { needed: ['.', 'cart', 'price'], programs: ['.'] }, 'no pattern is the folder itself'],
    ['go build main.go', { needed: ['cart', 'price'] }, 'files are a package without a path of its own'],
    ['go build -C tools/list', { needed: ['round', 'tools/list'], programs: ['tools/list'] }],
    ['go run . x', { needed: ['.', 'cart', 'price'], programs: ['.'] }],
    ['go build ./windows ./price', { needed: ['price'] }, 'no file for this system'],
    [
      'go test ./cart',
      {
        needed: ['cart [cart.test]', 'cart.test', 'cart_test [cart.test]', 'desk [cart.test]', 'price'],
        programs: ['cart.test'],
        tested: ['cart'],
      },
      'the plain form of what is tested is not compiled',
    ],
    [
      'go test ./desk',
      {
        needed: ['cart', 'desk', 'desk.test', 'desk_test [desk.test]', 'price'],
        programs: ['desk.test'],
        tested: ['desk'],
      },
      'its tests are in desk_test alone: it has no variant',
    ],
    [
      'go test -cover ./desk',
      {
        needed: ['cart', 'desk [desk.test]', 'desk.test', 'desk_test [desk.test]', 'price'],
        programs: ['desk.test'],
        tested: ['desk'],
      },
      'under -cover it has one all the same',
    ],
    [
      'go test -coverpkg=./... ./desk',
      {
        needed: ['cart', 'desk', 'desk.test', 'desk_test [desk.test]', 'price'],
        programs: ['desk.test'],
        tested: ['desk'],
      },
    ],
    ['go test ./price', { needed: ['price'], programs: [], tested: ['price'] }, 'no test files: it is built'],
    [
      'go test ./bare',
      { needed: ['bare [bare.test]', 'bare.test'], programs: ['bare.test'], tested: ['bare'] },
      'test files alone',
    ],
    [
      'go vet ./cart',
      { needed: ['cart [cart.test]', 'desk [cart.test]', 'price'] },
      'what is vetted is not compiled, what it imports is',
    ],
    ['go vet ./price', { needed: [] }],
  ])('%s', (line, row) => {
    const set = setOf(shop, line);
    expect(own(set.needed)).toEqual(row.needed);
    expect(own(set.programs)).toEqual(row.programs ?? []);
    expect(own(set.tested)).toEqual(row.tested ?? []);
    expect(set.loadErrors).toEqual([]);
    for (const name of set.needed) {
      const unit = set.units.get(name);
      expect(unit?.name).toBe(name);
      for (const path of unit?.imports ?? []) expect(set.units.has(path)).toBe(true);
    }
  });

  test('unsafe and C are never compiled; cgo brings runtime/cgo and syscall', () => {
    const set = setOf(shop, 'go build ./weigh');
    expect(set.units.has('unsafe')).toBe(false);
    expect(set.units.get('example.com/shop/weigh')?.imports).toEqual(['runtime/cgo', 'syscall']);
    expect(set.needed.has('runtime/cgo')).toBe(true);
    expect(set.units.get('runtime')).toMatchObject({ isStandard: true, isMain: false });
  });

  test('what a unit is', () => {
    const set = setOf(shop, 'go test ./cart');
    expect(set.units.get('example.com/shop/cart [example.com/shop/cart.test]')).toMatchObject({
      importPath: 'example.com/shop/cart',
      forTest: 'example.com/shop/cart',
      dir: '/home/dev/src/shop/cart',
      isMain: false,
      hasTestFiles: true,
    });
    expect(set.units.get('example.com/shop/cart.test')).toMatchObject({
      isMain: true,
      dir: undefined,
      forTest: undefined,
    });
    expect(set.units.get('example.com/shop/desk [example.com/shop/cart.test]')).toMatchObject({
      hasTestFiles: false,
    });
  });

  test('a tested package waits for its plain form where another tested one imports it', () => {
    const variant = 'example.com/shop/cart [example.com/shop/cart.test]';
    expect(setOf(shop, 'go test ./cart ./desk').units.get(variant)?.waitsFor).toEqual([
      'example.com/shop/cart',
    ]);
    expect(setOf(shop, 'go test ./cart').units.get(variant)?.waitsFor).toEqual([]);
  });

  test('under -cover the packages that the linker adds are needed', () => {
    expect(setOf(shop, 'go test -cover ./desk').needed.has('internal/coverage/rtcov')).toBe(true);
  });

  test('the standard library itself', () => {
    const set = setOf(shop, 'go vet errors');
    expect([...set.needed]).toContain('internal/reflectlite');
    expect([...setOf(shop, 'go build errors').needed]).toContain('errors');
  });

  test('a package that cannot be loaded, in go’s words', () => {
    expect(setOf(shop, 'go build ./lost').loadErrors).toEqual([
      expect.stringMatching(/example\.com\/shop\/nowhere/),
    ]);
  });
});

describe('listPackageSet', () => {
  test('gives the same', async () => {
    const line = 'go test -cover ./desk';
    const set = await listPackageSet({
      program: 'go',
      command: goCommandOf(line),
      cwd: shop.directory,
      environment: shop.environment,
    });
    expect([...(set as PackageSet).needed].toSorted()).toEqual([...setOf(shop, line).needed].toSorted());
  });

  test.each<[string, string, RegExp]>([
    ['no such go', '/nowhere/go', /ENOENT|not found/],
    ['a go that refuses', 'go', /flag provided but not defined|-mod may only be set|mod=strange/],
  ])('%s is a problem, in its words', async (_, program, why) => {
    const problem = await listPackageSet({
      program,
      command: { ...goCommandOf('go build ./price'), buildFlags: ['-mod=strange'] },
      cwd: shop.directory,
      environment: shop.environment,
    });
    expect(problem).toMatchObject({ where: `${program} list`, why: expect.stringMatching(why) });
  });
});

test('parseListed leaves out a record that is cut', () => {
  expect(parseListed('{\n\t"ImportPath": "a"\n}\n{\n\t"ImportPath": "b"\n}\n{\n\t"Impo')).toEqual([
    { ImportPath: 'a' },
    { ImportPath: 'b' },
  ]);
  expect(parseListed('')).toEqual([]);
});

function unit(name: string, imports: readonly string[], change: Partial<PackageUnit> = {}): PackageUnit {
  return {
    name,
    importPath: name.replace(/ \[.*/, ''),
    forTest: / \[(.*)\.test\]/.exec(name)?.[1],
    dir: undefined,
    isMain: false,
    hasTestFiles: false,
    isStandard: false,
    imports,
    waitsFor: [],
    ...change,
  };
}

const unitsOf = (...units: readonly PackageUnit[]): Map<string, PackageUnit> =>
  new Map(units.map((each) => [each.name, each]));

describe('addCoverVariants', () => {
  test('copies what lies between the test and the package', () => {
    const units = unitsOf(
      unit('p.test', ['p_test [p.test]', 'os'], { isMain: true }),
      unit('p_test [p.test]', ['p', 'q']),
      unit('q', ['p', 'os']),
      unit('p', ['os']),
      unit('os', []),
    );
    addCoverVariants(units, ['p']);
    const imports = Object.fromEntries([...units].map(([name, each]) => [name, each.imports]));
    expect(imports).toEqual({
      'p.test': ['p_test [p.test]', 'os'],
      'p_test [p.test]': ['p [p.test]', 'q [p.test]'],
      'q [p.test]': ['p [p.test]', 'os'],
      'p [p.test]': ['os'],
      q: ['p', 'os'],
      p: ['os'],
      os: [],
    });
    expect(units.get('q [p.test]')).toMatchObject({ importPath: 'q', forTest: 'p', isMain: false });
    expect(units.get('p.test')?.isMain).toBe(true);
    expect(own(closure(['p.test'], units))).toEqual([]);
    expect(closure(['p.test'], units).has('p')).toBe(false);
  });

  test.each<[string, Map<string, PackageUnit>]>([
    ['no tests', unitsOf(unit('p', []))],
    [
      'a variant that is there',
      unitsOf(unit('p', []), unit('p [p.test]', []), unit('p.test', ['p [p.test]'])),
    ],
    ['a package that could not be loaded', unitsOf(unit('p.test', []))],
  ])('%s: nothing is added', (_, units) => {
    const before = new Map(units);
    addCoverVariants(units, ['p']);
    expect(units).toEqual(before);
  });
});
