import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  compareGoVersions,
  isAtLeast,
  parseGoVersion,
  parseGoVersionLine,
} from '../../source/go/toolchain.ts';
import { buildOracle, type Oracle } from './oracle.ts';

test.each([
  ['go1.26.8', { major: '1', minor: '26', patch: '8', kind: '', pre: '' }],
  ['go1.27rc1', { major: '1', minor: '27', patch: '', kind: 'rc', pre: '1' }],
  ['go1.20', { major: '1', minor: '20', patch: '0', kind: '', pre: '' }],
  // From 1.21 on this is the language version, not a release.
  ['go1.21', { major: '1', minor: '21', patch: '', kind: '', pre: '' }],
  ['go1.26.8-custom', { major: '1', minor: '26', patch: '8', kind: '', pre: '' }],
  ['go1.26.8 X:nodwarf5', { major: '1', minor: '26', patch: '8', kind: '', pre: '' }],
  [
    'devel go1.27-a1b2c3d Mon Jan 5 10:00:00 2026 +0000',
    { major: '1', minor: '27', patch: '', kind: '', pre: '' },
  ],
  ['devel +a1b2c3d', undefined],
  ['1.26.8', undefined],
  ['go1.26.8rc1', undefined],
  ['go1.026', undefined],
  ['', undefined],
])('parseGoVersion(%j)', (name, expected) => {
  expect(parseGoVersion(name)).toEqual(expected);
});

test.each([
  ['go version go1.26.8 linux/amd64', { version: 'go1.26.8', goos: 'linux', goarch: 'amd64' }],
  [
    'go version go1.26.8 X:nodwarf5 linux/arm64\n',
    { version: 'go1.26.8 X:nodwarf5', goos: 'linux', goarch: 'arm64' },
  ],
  [
    'go version devel go1.27-a1b2c3d Mon Jan 5 10:00:00 2026 +0000 darwin/arm64',
    { version: 'devel go1.27-a1b2c3d Mon Jan 5 10:00:00 2026 +0000', goos: 'darwin', goarch: 'arm64' },
  ],
  ['gocachetop 0.1.0', undefined],
])('parseGoVersionLine(%j)', (line, expected) => {
  expect(parseGoVersionLine(line)).toEqual(expected);
});

test.each([
  ['go1.20.14', 'go1.21', false],
  ['go1.21', 'go1.21', true],
  ['go1.21rc1', 'go1.21', true],
  ['go1.26.8', 'go1.21', true],
  ['go1.9', 'go1.21', false],
  // Unknown is not "too old".
  ['devel +a1b2c3d', 'go1.21', undefined],
])('isAtLeast(%j, %j) is %j', (name, least, expected) => {
  expect(isAtLeast(name, least)).toBe(expected);
});

let oracle: Oracle | undefined;
beforeAll(async () => {
  oracle = await buildOracle();
}, 120_000);
afterAll(() => oracle?.remove());

test('versions are ordered as internal/gover orders them', async ({ skip }) => {
  if (oracle === undefined) return skip('this Go has no sources of cmd/vendor: NOT compared with Go');
  const versions = [
    '1',
    '1.9',
    '1.20',
    '1.20rc2',
    '1.20.1',
    '1.21',
    '1.21rc1',
    '1.21rc10',
    '1.21beta1',
    '1.21.0',
    '1.26.8',
    '1.100',
    'x',
    '1.2.3rc1',
    '01',
    '',
  ];
  const pairs = versions.flatMap((one) => versions.map((other) => [one, other] as const));
  const answers = await oracle.ask(pairs.map((args) => ({ fn: 'gover', args })));
  const ours = pairs.map(([one, other]) => Math.sign(compareGoVersions(`go${one}`, `go${other}`)));
  expect(pairs.map((pair, index) => [...pair, ours[index]])).toEqual(
    pairs.map((pair, index) => [...pair, answers[index]]),
  );
});
