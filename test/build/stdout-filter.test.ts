import { describe, expect, test } from 'vitest';
import { createStdoutFilter } from '../../source/build/stdout-filter.ts';
import { createXParser } from '../../source/build/x-parser.ts';
import { cutAt, fixtureContext, joinWords, readFixture, readStdout, usersBytes } from './fixtures.ts';

/** filterPieces gives what of these pieces is the user's, and the lines that were read. */
function filterPieces(pieces: readonly Uint8Array[], readOutput = (text: string) => text) {
  const lines: string[] = [];
  const filter = createStdoutFilter({ readOutput, readLine: (line) => lines.push(line) });
  const out = [...pieces.map((piece) => filter.push(piece)), filter.end()];
  return { out: Buffer.concat(out), lines };
}

function filterText(text: string, readOutput?: (text: string) => string) {
  const { out, lines } = filterPieces([Buffer.from(text)], readOutput);
  return { out: out.toString(), lines };
}

describe('lines that -x adds to stdout are taken out', () => {
  test.each<[string, string, string]>([
    ['go clean', 'cd /home/dev/src/shop/cart\nrm -f cart.test cart.test.exe cart.test cart.test.exe\n', ''],
    ['go clean of a program', 'cd /home/dev/src/shop\nrm -f shop shop.exe shop shop.exe main main.exe\n', ''],
    ['go clean in a folder with a blank', 'cd "/home/dev/my src"\nrm -f a.test a.test.exe\n', ''],
    ['go clean -cache', 'rm -rf /c/go-build/00 /c/go-build/01 /c/go-build/02\n', ''],
    ['go fmt', '/usr/local/go/bin/gofmt -l -w main.go a/a.go\nmain.go\n', 'main.go\n'],
  ])('%s', (_, text, expected) => {
    expect(filterText(text).out).toBe(expected);
    expect(filterText(`before\n${text}after\n`).out).toBe(`before\n${expected}after\n`);
  });
});

const users: readonly (readonly [string, string])[] = [
  ['what make echoes', 'rm -f build/shop.exe\nrm -f shop shop.exe\nrm -rf build/00\n'],
  ['a folder', 'cd /home/dev\nhello\n'],
  ['folders', 'cd /home/dev\ncd /home\ncd "/x y"\n'],
  ['a folder at the end', 'cd /home/dev\n'],
  ['a folder before a removal of the user’s', 'cd /home/dev\nrm -f app.exe\n'],
  [
    'words before what could be ours',
    'x rm -f a a.exe\nx {"ImportPath":"a","Action":"build-output","Output":"o"}\n',
  ],
  ['JSON', '{"a":1}\n{"ImportPath":"a"\n{"Action":"build-output"}\n'],
  ['JSON of a user, cut', '{"ImportPath":"a","Action":"build-output","Output":\n'],
  ['a record without text', '{"ImportPath":"a","Action":"build-output","Output":1}\n'],
  [
    'a record of the user alone',
    '{"ImportPath":"a", "Action":"build-output" ,"Output":"<&>"}\n'.replaceAll(' ', ''),
  ],
  ['CRLF', 'ok  \ta\t0.1s\r\n\r\nx\r\n'],
  ['no line end', 'Password: '],
  ['tests', 'ok  \ta\t0.1s\nFAIL\tb\t0.1s\nFAIL\n'],
];

describe('the user’s bytes come through', () => {
  test.each(users)('%s, cut at every place', (_, text) => {
    const bytes = Buffer.from(text);
    for (let place = 0; place <= bytes.length; place++)
      expect(filterPieces(cutAt(bytes, [place])).out.toString()).toBe(text);
    expect(filterPieces([...bytes].map((byte) => Buffer.from([byte]))).out.toString()).toBe(text);
  });

  test('bytes that are no UTF-8', () => {
    const bytes = Buffer.from(Array.from({ length: 2048 }, (_, index) => (index * 11) % 256));
    for (let place = 0; place <= bytes.length; place += 3)
      expect(filterPieces(cutAt(bytes, [place])).out.equals(bytes)).toBe(true);
  });
});

describe('each whole line is read', () => {
  test('wherever it is cut', () => {
    const text = 'ok  \texample.com/a\t0.3s\n?   \tb\t[no test files]\nlast';
    for (let place = 0; place <= text.length; place++)
      expect(filterPieces(cutAt(Buffer.from(text), [place])).lines).toEqual(text.split('\n'));
  });

  test('and none of ours', () => {
    expect(filterText('/usr/local/go/bin/gofmt -l -w a.go\na.go\n').lines).toEqual(['a.go']);
  });
});

describe('holding', () => {
  test.each<[string, string, boolean]>([
    ['Password: ', 'Password: ', false],
    ['50 %\r', '50 %\r', false],
    ['{"ImportPath":', '', true],
    ['{', '', true],
    ['rm -f ', '', true],
    ['cd /home', '', true],
    ['cd /home\n', '', true],
    ['/usr/local/go/bin/gofmt -l', '', true],
    ['/usr/local', '/usr/local', false],
    ['line\nPassword: ', 'line\nPassword: ', false],
    ['', '', false],
  ])('%j: %j goes out at once', (text, out, isHolding) => {
    const filter = createStdoutFilter({ readOutput: (text) => text, readLine: () => {} });
    expect(Buffer.from(filter.push(Buffer.from(text))).toString()).toBe(out);
    expect(filter.isHolding).toBe(isHolding);
    expect(Buffer.from(filter.end()).toString()).toBe(text.slice(out.length));
    expect(filter.isHolding).toBe(false);
  });

  test('a line whose beginning was given back goes on as the user’s', () => {
    const filter = createStdoutFilter({ readOutput: () => '', readLine: () => {} });
    filter.push(Buffer.from('{"ImportPath":"a",'));
    expect(Buffer.from(filter.end()).toString()).toBe('{"ImportPath":"a",');
    const rest = '"Action":"build-output","Output":"mkdir"}\n';
    expect(Buffer.from(filter.push(Buffer.from(rest))).toString()).toBe(rest);
  });
});

describe('build-output records', () => {
  const record = (output: string): string =>
    `{"ImportPath":"example.com/a","Action":"build-output","Output":${output}}\n`;

  test('of ours alone vanish', () => {
    const { out, lines } = filterText(record('"mkdir -p $WORK/b001/\\n"'), () => '');
    expect(out).toBe('');
    expect(lines).toEqual([]);
  });

  test('of the user alone stay byte by byte, whatever their escaping', () => {
    const text = record('"\\u0061 \\u003c \\/"');
    expect(filterText(text).out).toBe(text);
  });

  test('of both keep the user’s part, escaped as Go does', () => {
    const { out } = filterText(record('"mkdir x\\n<a> & ä\\u2028\\u0001\\"\\\\ \\t\\n"'), (text) =>
      text.replace('mkdir x\n', ''),
    );
    expect(out).toBe(record('"\\u003ca\\u003e \\u0026 ä\\u2028\\u0001\\"\\\\ \\t\\n"'));
  });

  test('captured from go build -json: what is left is what it prints without -x', () => {
    const text = readStdout('build-json');
    for (const places of [
      [],
      [1000],
      [1, 2000, 2001],
      Array.from({ length: text.length }, (_, index) => index),
    ]) {
      const parser = createXParser(fixtureContext());
      const { out } = filterPieces(cutAt(text, places), (output) =>
        usersBytes(joinWords(parser.push(Buffer.from(output)))).toString(),
      );
      expect(out.toString()).toBe(
        [
          record('"# example.com/shop/price\\n"'),
          record(
            '"price/broken.go:5:28: cannot use \\"no number\\" (untyped string constant) as int value in return statement\\n"',
          ),
          '{"ImportPath":"example.com/a","Action":"build-fail"}\n',
        ]
          .join('')
          .replaceAll('example.com/a', 'example.com/shop/price'),
      );
    }
    expect(readFixture('build-json').stderr).toHaveLength(0);
  });
});
