import { describe, expect, test } from 'vitest';
import { parseImportConfig, parseVetConfig } from '../../source/build/import-config.ts';
import { parsePieces, readFixture } from './fixtures.ts';

const id = 'be4114093acaad70353eef000e7a041c1fd15e57623c2da205c523946ee72083';

describe('parseImportConfig', () => {
  test.each<[string, string, object, string?]>([
    [
      `packagefile runtime=/home/dev/.cache/go-build/be/${id}-d`,
      'runtime',
      { outputId: id, objdir: undefined },
      'from GOCACHE',
    ],
    [
      'packagefile a=/tmp/go-build1/b003/_pkg_.a',
      'a',
      { outputId: undefined, objdir: 'b003' },
      'compiled now',
    ],
    ['packagefile a=$WORK/b003/_pkg_.a', 'a', { outputId: undefined, objdir: 'b003' }],
    [`packagefile a=C:\\cache\\be\\${id}-d`, 'a', { outputId: id, objdir: undefined }],
    ['packagefile a=/x/pkg/a.a', 'a', { outputId: undefined, objdir: undefined }, 'neither'],
    [`packagefile a=/cache/00/${id}-d`, 'a', { outputId: undefined, objdir: undefined }, 'not in its folder'],
    ['packagefile a=/x/b=c/b003/_pkg_.a', 'a', { objdir: 'b003' }, 'an equals sign in a folder'],
  ])('%s', (line, path, expected) => {
    const [found, ...more] = parseImportConfig(`# import config\n${line}\n`);
    expect(more).toEqual([]);
    expect(found).toMatchObject({ path, ...expected });
  });

  test('leaves out all other lines', () => {
    expect(
      parseImportConfig(
        '# import config\nimportmap a=b\nmodinfo "x"\npackageshlib a=b\npackagefile\npackagefile broken\n\n',
      ),
    ).toEqual([]);
  });

  test('reads a real one: the first package of importcfg.link is the program', () => {
    const events = parsePieces([readFixture('build-cold').stderr]);
    const links = events.flatMap((event) =>
      event.type === 'document' && event.name === 'importcfg.link' ? [parseImportConfig(event.body)] : [],
    );
    expect(links.map(([main]) => main?.path)).toEqual(['example.com/shop', 'example.com/shop/tools/list']);
    for (const imports of links) {
      expect(imports.length).toBeGreaterThan(20);
      expect(imports.filter((each) => each.outputId === undefined && each.objdir === undefined)).toEqual([]);
    }
    expect(links[0]?.filter((each) => each.objdir !== undefined).map((each) => each.path)).toEqual([
      'example.com/shop',
      'example.com/shop/cart',
      'example.com/shop/price',
    ]);
  });
});

describe('parseVetConfig', () => {
  test('reads a real one', () => {
    const events = parsePieces([readFixture('test-error').stderr]);
    const body = events.flatMap((event) =>
      event.type === 'document' && event.name === 'vet.cfg' ? [event.body] : [],
    )[0];
    expect(parseVetConfig(body ?? '')).toEqual({ importPath: 'example.com/shop/round', imports: [] });
  });

  test.each<[string, string]>([
    ['', 'empty'],
    ['{"ImportPath":"a"', 'cut'],
    ['null', 'no object'],
    ['{"ImportPath":"a"}', 'no files'],
    ['{"ImportPath":1,"PackageFile":{}}', 'no path'],
    ['{"ImportPath":"a","PackageFile":null}', 'no map'],
  ])('%s is none: %s', (body) => {
    expect(parseVetConfig(body)).toBeUndefined();
  });

  test('says where the imports are', () => {
    const body = JSON.stringify({
      ImportPath: 'a',
      PackageFile: { fmt: `/cache/be/${id}-d`, b: '/tmp/go-build1/b004/_pkg_.a' },
    });
    expect(parseVetConfig(body)?.imports).toEqual([
      { path: 'fmt', file: `/cache/be/${id}-d`, outputId: id, objdir: undefined },
      { path: 'b', file: '/tmp/go-build1/b004/_pkg_.a', outputId: undefined, objdir: 'b004' },
    ]);
  });
});
