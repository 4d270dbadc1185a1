import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  checkModulePath,
  escapePath,
  findPrefixPattern,
  matchPrefixPatterns,
  splitPathVersion,
  unescapePath,
} from '../../source/go/module-path.ts';
import { matchGlob } from '../../source/go/path-match.ts';
import { compareSemver, compareVersions, isPseudoVersion, isSemver } from '../../source/go/semver.ts';
import { buildOracle, type Oracle } from './oracle.ts';

test.each([
  ['github.com/Azure/azure-sdk', 'github.com/!azure/azure-sdk'],
  ['github.com/BurntSushi/toml', 'github.com/!burnt!sushi/toml'],
  ['golang.org/x/text', 'golang.org/x/text'],
  ['v1.0.0-RC1', 'v1.0.0-!r!c1'],
])('%s is escaped as %s and back', (path, escaped) => {
  expect(escapePath(path)).toBe(escaped);
  expect(unescapePath(escaped)).toBe(path);
});

test.each(['github.com/Azure', 'a/!', 'a/!!b', 'a/!1', 'a/é'])('%s is no escaped form', (escaped) => {
  expect(unescapePath(escaped)).toBeUndefined();
});

test('findPrefixPattern names the glob as the user wrote it', () => {
  expect(findPrefixPattern('other.example,corp.example/*/', 'corp.example/a/b')).toBe('corp.example/*/');
  expect(findPrefixPattern('corp.exmple/*', 'corp.example/a')).toBeUndefined();
});

test('compareVersions sorts as a version list is read', () => {
  const versions = [
    'v1.10.0',
    'junk',
    'v1.2.0',
    'v1.2.0-rc.2',
    'v1.2.0-rc.10',
    'v1.2.0+incompatible',
    'v2.0.0',
  ];
  expect(versions.toSorted(compareVersions)).toEqual([
    'junk',
    'v1.2.0-rc.2',
    'v1.2.0-rc.10',
    'v1.2.0',
    'v1.2.0+incompatible',
    'v1.10.0',
    'v2.0.0',
  ]);
});

const globs: readonly (readonly [globs: string, target: string])[] = [
  ['corp.example', 'corp.example'],
  ['corp.example', 'corp.example/a/b'],
  ['corp.example/*', 'corp.example/a/b'],
  // One element more than the path has: no match.
  ['corp.example/*', 'corp.example'],
  ['*.corp.example', 'git.corp.example/a'],
  ['*.corp.example', 'corp.example/a'],
  ['*.corp.example', 'a.b.corp.example/x'],
  ['corp.example/', 'corp.example/a'],
  // Only one slash at the end is forgiven.
  ['corp.example//', 'corp.example/a'],
  [',,corp.example', 'corp.example/a'],
  // Spaces are not trimmed.
  ['a.example, corp.example', 'corp.example/a'],
  ['[', 'corp.example'],
  ['[,corp.example', 'corp.example'],
  ['corp.example/[a-c]*', 'corp.example/b/c'],
  ['corp.example/[^a-c]*', 'corp.example/b/c'],
  // No address ranges: this is a path of two elements.
  ['10.0.0.0/8', '10.1.2.3/a'],
  ['none', 'corp.example/a'],
  ['*', 'corp.example/a'],
  ['**', 'corp.example'],
  ['*/*/c', 'a.example/b/c/d'],
  ['', 'corp.example'],
];

const patterns: readonly (readonly [pattern: string, name: string])[] = [
  ['abc', 'abc'],
  ['*', 'abc'],
  ['*c', 'abc'],
  ['a*', 'ab/c'],
  ['a*/b', 'abc/b'],
  ['a*b*c*d*e*/f', 'axbxcxdxexxx/f'],
  ['a*b*c*d*e*/f', 'axbxcxdxe/xxx/f'],
  ['a*b?c*x', 'abxbbxdbxebxczzx'],
  ['a*b?c*x', 'abxbbxdbxebxczzy'],
  ['ab[c]', 'abc'],
  ['ab[^e-g]', 'abc'],
  ['ab[^b-d]', 'abc'],
  ['a\\*b', 'a*b'],
  ['a\\*b', 'ab'],
  ['a?b', 'a☺b'],
  ['a[^a]b', 'a☺b'],
  ['a???b', 'a☺b'],
  ['[a-ζ]*', 'α'],
  ['*[a-ζ]', 'A'],
  ['a?b', 'a/b'],
  ['a*b', 'a/b'],
  ['[\\]a]', ']'],
  ['[\\-]', '-'],
  ['[x\\-]', 'z'],
  ['[\\-x]', 'a'],
  ['[]a]', ']'],
  ['[-]', '-'],
  ['[x-]', 'x'],
  ['[-x]', 'a'],
  ['\\', 'a'],
  ['[a-b-c]', 'a'],
  ['[', 'a'],
  ['[^', 'a'],
  ['[^bc', 'a'],
  ['a[', 'a'],
  ['a[', 'ab'],
  ['a[', 'x'],
  ['a/b[', 'x'],
  ['*x', 'xxx'],
  ['', ''],
  ['', 'a'],
  ['a*[', 'zzz'],
  ['*[ab]*\\', 'zzz'],
  ['[^]', 'a'],
];

const paths = [
  'github.com/Azure/azure-sdk',
  'rsc.io/quote/v2',
  'rsc.io/quote/v1',
  'rsc.io/quote/v0',
  'rsc.io/quote/v01',
  'rsc.io/quote/v1.2',
  'rsc.io/quote/v10',
  'rsc.io/quote/v',
  'rsc.io/quote/v.',
  'v2.example',
  'a.example/v2',
  'gopkg.in/yaml.v3',
  'gopkg.in/yaml.v3-unstable',
  'gopkg.in/yaml',
  'gopkg.in/yaml.v03',
  'gopkg.in/check.v0',
  'std',
  'example',
  'Example.com/a',
  'a.example/b c',
  'a.example/b@c',
  'a.example/é',
  'a.example/.git',
  'a.example/b.',
  'a.example/..',
  'a.example//b',
  'a.example/',
  '/a.example',
  '-a.example',
  'a.example/-b',
  'a.example/CON',
  'a.example/com1.x',
  'a.example/b~1',
  'a.example/b~1x',
  'a.example/b~1.x',
  '',
];

const versions = [
  'v1',
  'v1.2',
  'v1.2.3',
  'v01.2.3',
  'v1.2.3-pre',
  'v1.2-pre',
  'v1.2.3-01',
  'v1.2.3-0a',
  'v1.2.3-',
  'v1.2.3-a..b',
  'v1.2.3-alpha.1',
  'v1.2.3-alpha.beta',
  'v1.2.3-alpha',
  'v1.2.3-2',
  'v1.2.3-10',
  'v1.2.3--',
  'v1.2.3+meta.01',
  'v1.2.3+',
  '1.2.3',
  'v1.2.3 ',
  'v99999999999999999999.0.0',
  'v0.0.0-20161208181325-20d25e280405',
  'v1.2.4-0.20161208181325-20d25e280405',
  'v1.2.3-pre.0.20161208181325-20d25e280405',
  'v2.0.0-20161208181325-20d25e280405+incompatible',
  'v1.2.3-20161208181325-20d25e280405',
  'v1.2.4-0.2016120818132-20d25e280405',
  '',
];

describe('beside golang.org/x/mod', () => {
  let oracle: Oracle | undefined;
  beforeAll(async () => {
    oracle = await buildOracle();
  }, 120_000);
  afterAll(() => oracle?.remove());

  test.for([
    ['prefix', globs.map((args) => [args, matchPrefixPatterns(...args)])],
    ['match', patterns.map((args) => [args, matchGlob(...args) ?? null])],
    ['check', paths.map((path) => [[path], checkModulePath(path) ?? null])],
    ['splitVersion', paths.map((path) => [[path], toPair(splitPathVersion(path))])],
    ['valid', versions.map((version) => [[version], isSemver(version)])],
    ['pseudo', versions.map((version) => [[version], isPseudoVersion(version)])],
    [
      'compare',
      versions.flatMap((one) =>
        versions.map((other) => [[one, other], Math.sign(compareSemver(one, other))] as const),
      ),
    ],
  ] as [string, [string[], unknown][]][])('%s says the same', async ([fn, cases], { skip }) => {
    if (oracle === undefined) return skip('this Go has no sources of cmd/vendor: NOT compared with Go');
    const answers = await oracle.ask(cases.map(([args]) => ({ fn, args })));
    expect(cases.length).toBeGreaterThan(20);
    expect(cases).toEqual(cases.map(([args], index) => [args, answers[index]]));
  });
});

function toPair(
  split: { readonly prefix: string; readonly major: string } | undefined,
): readonly string[] | null {
  return split === undefined ? null : [split.prefix, split.major];
}
