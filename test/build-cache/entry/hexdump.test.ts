import { expect, test } from 'vitest';
import { hexdump, isText } from '../../../source/build-cache/entry/hexdump.ts';

test('a line is offset, bytes and characters', () => {
  expect(hexdump(Buffer.from('!<arch>\n__.PKGDEF'), 8)).toEqual([
    '000 21 3c 61 72 63 68 3e 0a !<arch>.',
    '008 5f 5f 2e 50 4b 47 44 45 __.PKGDE',
    '010 46                      F',
  ]);
  expect(hexdump(Buffer.alloc(0), 16)).toEqual([]);
});

test('4 KiB fit into 36 cells of a screen of 40, and into 76 of 80', () => {
  const most = (perLine: number) =>
    Math.max(...hexdump(Buffer.alloc(4096), perLine).map(({ length }) => length));
  expect(most(8)).toBeLessThanOrEqual(36);
  expect(most(16)).toBeLessThanOrEqual(76);
});

test.each([
  ['a list of files', Buffer.from('./a.go\n./b.go\n'), true],
  ['a result with tabs', Buffer.from('ok  \texample.com/a\t0.2s\n'), true],
  ['UTF-8', Buffer.from('grün\n'), true],
  ['nothing', Buffer.alloc(0), true],
  ['gob', Buffer.from('\r\xff\x81\x02', 'latin1'), false],
  ['coverage meta data', Buffer.from('\0cvm'), false],
  ['another encoding', Buffer.from('gr\xfcn\n', 'latin1'), false],
])('%s is text or not', (_, content, expected) => {
  expect(isText(content)).toBe(expected);
});
