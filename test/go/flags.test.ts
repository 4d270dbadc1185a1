import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isBoolFlagSet, joinGoFlags, splitGoFlags, withX } from '../../source/go/flags.ts';
import { buildOracle, type Oracle } from './oracle.ts';

describe('withX', () => {
  test.each([
    ['', '-x', false],
    ['   ', '-x', false],
    ['-mod=vendor', '-mod=vendor -x', false],
    ['-mod=vendor ', '-mod=vendor -x', false],
    ['-x', '-x', true],
    ['--x', '--x', true],
    ['-x=true', '-x=true', true],
    ['-x=1 -v', '-x=1 -v', true],
    // The last one decides, so ours must come last.
    ['-x=false', '-x=false -x', false],
    ['-x=0 -x', '-x=0 -x', true],
    ['-x -x=F', '-x -x=F -x', false],
    // Go will refuse `maybe` itself.
    ['-x=maybe', '-x=maybe -x', false],
    // -x inside of another flag's value is not -x.
    [`'-ldflags=-s -x'`, `'-ldflags=-s -x' -x`, false],
    [`'-x'`, `'-x'`, true],
    ['-xfoo', '-xfoo -x', false],
    // Both kinds of quotes in one value can be kept, though Join could not write them.
    [`"-gcflags=it's" '-ldflags=a"b'`, `"-gcflags=it's" '-ldflags=a"b' -x`, false],
    // Go cannot read it: unchanged, so that it stops with its own words.
    [`'-ldflags=-s`, `'-ldflags=-s`, false],
  ])('%j becomes %j', (goflags, expected, userHasX) => {
    expect(withX(goflags)).toEqual({ goflags: expected, userHasX });
  });
});

test.each([
  [['-race'], 'race', true],
  [['-race=t'], 'race', true],
  [['-race', '--race=false'], 'race', false],
  [['-tags=race'], 'race', false],
  [['---race', '-=race'], 'race', false],
])('isBoolFlagSet(%j, %j) is %j', (words, name, expected) => {
  expect(isBoolFlagSet(words, name)).toBe(expected);
});

describe('beside cmd/internal/quoted', () => {
  let oracle: Oracle | undefined;
  beforeAll(async () => {
    oracle = await buildOracle();
  }, 120_000);
  afterAll(() => oracle?.remove());

  const texts = [
    '',
    ' \t\r\n',
    '-a -b',
    '\t-a\n-b\r',
    `'-ldflags=-s -w' -v`,
    `"-ldflags=-X 'a=b c'"`,
    // A quote inside of a word does not count.
    `-ldflags='-s -w'`,
    // The next word may begin right after a closing quote.
    `'a'b "c"'d'`,
    `''`,
    `'open`,
    `-a "open`,
    // Other Unicode spaces do not separate.
    'a\u00a0b c\vd',
    `'é ü' ñ`,
    `a\\ b`,
  ];
  const lists = [
    [],
    ['-a'],
    ['-a', '-b c'],
    [''],
    ['', 'a'],
    [`it's`],
    ['say "x"'],
    [`both ' and "`],
    ['a\tb'],
    ['é b'],
  ];

  test('split and join say the same', async ({ skip }) => {
    if (oracle === undefined) return skip('this Go has no sources of cmd/vendor: NOT compared with Go');
    const answers = await oracle.ask([
      ...texts.map((text) => ({ fn: 'split', args: [text] })),
      ...lists.map((list) => ({ fn: 'join', args: list })),
    ]);
    expect(texts.map((text) => orNull(splitGoFlags(text)))).toEqual(answers.slice(0, texts.length));
    const ours = lists.map((list) => joinGoFlags(list));
    expect(ours.map(({ goflags, fault }) => ({ goflags, failed: fault !== undefined }))).toEqual(
      answers.slice(texts.length),
    );
  });
});

function orNull({ words, fault }: { words: readonly string[]; fault: string | undefined }) {
  return { words, fault: fault ?? null };
}
