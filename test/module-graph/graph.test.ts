import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type GraphInput, keyOf, loadGraph, type ModuleGraph } from '../../source/module-graph/graph.ts';
import { type ModFile, parseModFile, parseWorkFile } from '../../source/module-graph/mod-file.ts';
import { createModReader } from '../../source/operations/module-needs/mod-reader.ts';
import { createRandom } from '../random.ts';
import { goAlone, publish, write } from './mod-files.ts';

const root = mkdtempSync(join(tmpdir(), 'gocachetop-graph-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the graph is what go list -m all and go mod graph say', () => {
  test.each(Array.from({ length: 24 }, (_, seed) => [seed] as const))(
    'of random modules, seed %i',
    (seed) => {
      const dir = join(root, `random-${seed}`);
      const modules = randomModules(seed);
      publish(join(dir, 'proxy'), modules.published);
      const main = join(dir, 'main');
      write(join(main, 'go.mod'), modules.main);
      write(join(main, 'local/go.mod'), modules.local);
      goAlone(dir, main, ['list', '-m', 'all']); // makes go.mod consistent
      compare(dir, main, singleInput(dir, main));
    },
  );

  test('of a workspace whose modules want different versions', () => {
    const dir = join(root, 'workspace');
    publish(
      join(dir, 'proxy'),
      new Map([
        ['example.com/a@v1.0.0', mod('example.com/a', '1.20', ['example.com/b v1.0.0'])],
        [
          'example.com/a@v1.1.0',
          mod('example.com/a', '1.20', ['example.com/b v1.2.0', 'example.com/c v1.1.0']),
        ],
        ['example.com/b@v1.0.0', mod('example.com/b', '1.16', ['example.com/c v1.0.0'])],
        ['example.com/b@v1.2.0', mod('example.com/b', '1.16', ['example.com/d v1.0.0'])],
        ['example.com/c@v1.0.0', mod('example.com/c', '1.20', [])],
        ['example.com/c@v1.1.0', mod('example.com/c', '1.20', ['example.com/d v1.1.0'])],
        ['example.com/d@v1.0.0', mod('example.com/d', '1.20', [])],
        ['example.com/d@v1.1.0', mod('example.com/d', '1.20', [])],
        ['example.com/e@v1.0.0', mod('example.com/e', '1.20', [])],
      ]),
    );
    const work = 'go 1.26\n\nuse (\n\t./one\n\t./two\n)\n\nreplace example.com/e => example.com/c v1.0.0\n';
    write(join(dir, 'work/go.work'), work);
    write(
      join(dir, 'work/one/go.mod'),
      mod('example.org/one', '1.20', ['example.com/a v1.0.0', 'example.com/e v1.0.0']),
    );
    write(
      join(dir, 'work/two/go.mod'),
      mod('example.org/two', '1.20', ['example.com/a v1.1.0', 'example.org/one v0.1.0']),
    );
    const fileOf = (name: string) => parseModFile(readFileSync(join(dir, 'work', name, 'go.mod'), 'utf8'));
    publish(join(dir, 'proxy'), new Map([['example.org/one@v0.1.0', mod('example.org/one', '1.20', [])]]));
    const { replace, use } = parseWorkFile(work);
    compare(
      dir,
      join(dir, 'work'),
      {
        mains: use.map((name) => ({ folder: join(dir, 'work', name), file: fileOf(name) })),
        isWorkspace: true,
        replace: replace.map((each) => ({ ...each, base: join(dir, 'work') })),
        readMod: createModReader(join(dir, 'mod')),
      },
      '',
    );
  });
});

test('without the go.mod files of dependencies the graph says what is missing', () => {
  const graph = loadGraph({
    mains: [{ folder: '/a', file: parseModFile(mod('a', '1.26', ['example.com/x v1.0.0'])) }],
    isWorkspace: false,
    replace: [],
    readMod: () => undefined,
  });
  expect(graph.missing).toMatchObject([{ path: 'example.com/x', version: 'v1.0.0' }]);
  expect([...graph.selected]).toEqual([['example.com/x', 'v1.0.0']]);
});

test('requirements that go in a circle end', () => {
  const files = new Map<string, ModFile>([
    ['x@v1.0.0', parseModFile(mod('x', '1.15', ['y v1.0.0']))],
    ['y@v1.0.0', parseModFile(mod('y', '1.15', ['x v1.0.0', 'main v1.0.0']))],
    ['main@v1.0.0', parseModFile(mod('main', '1.15', ['x v1.0.0']))],
  ]);
  const graph = loadGraph({
    mains: [{ folder: '/a', file: parseModFile(mod('main', '1.15', ['x v1.0.0'])) }],
    isWorkspace: false,
    replace: [],
    readMod: (name) => files.get(keyOf(name)),
  });
  expect([...graph.selected.keys()].sort()).toEqual(['x', 'y']);
});

function singleInput(dir: string, main: string): GraphInput {
  return {
    mains: [{ folder: main, file: parseModFile(readFileSync(join(main, 'go.mod'), 'utf8')) }],
    isWorkspace: false,
    replace: [],
    readMod: createModReader(join(dir, 'mod')),
  };
}

function compare(dir: string, cwd: string, input: GraphInput, flags?: string): void {
  const list = goAlone(
    dir,
    cwd,
    ['list', '-m', '-f', '{{if not .Main}}{{.Path}}@{{.Version}}{{end}}', 'all'],
    flags,
  );
  const edges = goAlone(dir, cwd, ['mod', 'graph'], flags);
  const graph = loadGraph(input);
  expect(selectedOf(graph)).toEqual(linesOf(list));
  // `go` and `toolchain` stand in go's graph like modules; they are none.
  expect(edgesOf(graph)).toEqual(linesOf(edges).filter((line) => !/(?:^| )(?:go|toolchain)@/.test(line)));
  expect(graph.missing).toEqual([]);
}

function selectedOf({ selected }: ModuleGraph): readonly string[] {
  return Array.from(selected, ([path, version]) => `${path}@${version}`).sort();
}

function edgesOf({ requirements }: ModuleGraph): readonly string[] {
  const edges = [...requirements].flatMap(([from, to]) =>
    to.map((name) => `${from.replace(/@$/, '')} ${keyOf(name)}`),
  );
  return [...new Set(edges)].sort();
}

function linesOf(text: string): readonly string[] {
  return [...new Set(text.split('\n').filter((line) => line !== ''))].sort();
}

function mod(path: string, go: string | undefined, require: readonly string[]): string {
  const lines = require.map((each) => `require ${each}\n`);
  return `module ${path}\n${go === undefined ? '' : `\ngo ${go}\n`}\n${lines.join('')}`;
}

/** randomModules are some modules of all ages that require one another, and a main module with its own wishes. */
function randomModules(seed: number) {
  const next = createRandom(seed + 1);
  const pick = <T>(values: readonly T[]): T => values[next(values.length)] as T;
  const paths = Array.from({ length: 8 }, (_, index) => `example.com/m${index}`);
  const versions = ['v1.0.0', 'v1.1.0', 'v1.1.1-0.20260101000000-0123456789ab', 'v1.2.0'];
  const ages = [undefined, '1.13', '1.16', '1.17', '1.20', '1.24.0'];
  const published = new Map<string, string>();
  const someOf = (count: number, of: readonly string[]): readonly string[] =>
    [...new Set(Array.from({ length: count }, () => pick(of)))].map((path) => `${path} ${pick(versions)}`);
  for (const path of paths)
    for (const version of versions)
      published.set(
        `${path}@${version}`,
        mod(
          path,
          pick(ages),
          someOf(
            next(4),
            paths.filter((other) => other !== path),
          ),
        ),
      );
  const exclude = next(2) === 0 ? `\nexclude ${pick(paths)} v1.1.0\n` : '';
  const replace = [
    next(2) === 0 ? `\nreplace ${paths[1]} => ${paths[1]} v1.0.0\n` : '',
    next(2) === 0 ? `\nreplace ${paths[2]} v1.1.0 => ${paths[2]} v1.2.0\n` : '',
    next(2) === 0 ? `\nreplace ${paths[3]} => ./local\n` : '',
  ];
  return {
    published,
    main:
      mod('example.org/main', pick(['1.16', '1.17', '1.26']), someOf(3, paths)) + exclude + replace.join(''),
    local: mod(paths[3] ?? '', '1.20', someOf(2, paths.slice(4))),
  };
}
