import { afterAll, beforeAll, expect, test } from 'vitest';
import { checksumUse, parseSumdb } from '../../source/proxy/sumdb.ts';
import { buildOracle, type Oracle } from '../go/oracle.ts';

/** key is the verifier key of golang.org/x/mod/sumdb/note's documentation. */
const key = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';

test.each([
  ['off', { kind: 'off' }],
  ['sum.golang.org', { kind: 'database', name: 'sum.golang.org', key: undefined, url: undefined }],
  // The alias counts as a whole only.
  ['sum.golang.google.cn', { kind: 'database', name: 'sum.golang.org', url: 'https://sum.golang.google.cn' }],
  [
    'sum.golang.google.cn https://x.example',
    { kind: 'invalid', fault: 'invalid GOSUMDB: malformed verifier id' },
  ],
  [
    '  sum.golang.org   https://u:p@s.example/db ',
    { kind: 'database', url: 'https://u:p@s.example/db', shownUrl: 'https://u:xxxxx@s.example/db' },
  ],
  [key, { kind: 'database', name: 'PeterNeumann', key }],
  [`${key} https://s.example`, { kind: 'database', name: 'PeterNeumann', key, url: 'https://s.example' }],
  ['', { kind: 'invalid', fault: 'missing GOSUMDB' }],
  ['a b c', { kind: 'invalid', fault: 'invalid GOSUMDB: too many fields' }],
  ['sum.example', { kind: 'invalid', fault: 'invalid GOSUMDB: malformed verifier id' }],
  [key.replace('c74f', 'c74e'), { kind: 'invalid', fault: 'invalid GOSUMDB: invalid verifier hash' }],
  // Off is a word of its own, not a name.
  ['OFF', { kind: 'invalid', fault: 'invalid GOSUMDB: malformed verifier id' }],
])('GOSUMDB=%j', (gosumdb, expected) => {
  expect(parseSumdb(gosumdb)).toMatchObject(expected);
});

test.each([
  ['corp.example/a', {}, { isChecked: true }],
  ['corp.example/a', { gosumdb: 'off' }, { isChecked: false, by: 'GOSUMDB', pattern: 'off' }],
  [
    'corp.example/a',
    { goprivate: 'corp.example' },
    { isChecked: false, by: 'GONOSUMDB', pattern: 'corp.example' },
  ],
  // Toolchains are checked in spite of both, but not from a single file:// proxy.
  ['golang.org/toolchain', { gosumdb: 'off', goprivate: '*' }, { isChecked: true }],
  [
    'golang.org/toolchain',
    { gosumdb: 'off', goproxy: 'file:///srv' },
    { isChecked: false, by: 'GOSUMDB', pattern: 'off' },
  ],
  ['golang.org/toolchain', { gosumdb: 'off', goproxy: 'file:///srv,off' }, { isChecked: true }],
] as const)('%s under %j', (path, settings, expected) => {
  const all = {
    gosumdb: 'sum.golang.org',
    gonosumdb: '',
    gonoproxy: '',
    goprivate: '',
    goproxy: 'direct',
    ...settings,
  };
  expect(checksumUse(path, all)).toEqual(expected);
});

let oracle: Oracle | undefined;
beforeAll(async () => {
  oracle = await buildOracle();
}, 120_000);
afterAll(() => oracle?.remove());

test('a verifier key is refused in the words of sumdb/note', async ({ skip }) => {
  if (oracle === undefined) return skip('this Go has no sources of cmd/vendor: NOT compared with Go');
  const keys = [
    key,
    'a',
    'a+b',
    '+c74f20a3+AA==',
    'a+c74f20a3+',
    'a+c74f20a3+!!',
    'a+00000000+AQ==',
    key.slice(0, -1),
    `${key}=`,
    key.toUpperCase(),
  ];
  const answers = await oracle.ask(keys.map((one) => ({ fn: 'verifier', args: [one] })));
  const ours = keys.map((one) => {
    const setting = parseSumdb(one);
    return setting.kind === 'invalid' ? setting.fault.replace('invalid GOSUMDB: ', '') : null;
  });
  expect(ours).toEqual(answers);
});
