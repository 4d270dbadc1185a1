import { expect, test } from 'vitest';
import type { Setting } from '../../../source/go/settings.ts';
import { findSettingStates } from '../../../source/operations/recovery/setting-states.ts';

function setting(name: string, value: string): Setting {
  return { name, value, origin: 'go env -w', shadows: [], derivedFrom: undefined };
}

function statesOf(name: string, value: string) {
  return findSettingStates({
    settings: new Map([[name, setting(name, value)]]),
    needed: [
      { path: 'github.com/google/uuid', version: 'v1.6.0' },
      { path: 'corp.example/a/b', version: 'v1.0.0' },
    ],
    sums: [],
    databaseFailure: undefined,
  });
}

test.each([
  ['*', true],
  ['*.*', true],
  ['*/*', true],
  ['*.com', true],
  ['github.com', true],
  ['github.com/*', true],
  ['github.com/corp', false],
  ['github.com/corp/*', false],
  ['corp.example', false],
  ['*.corp.example', false],
  ['none', false],
  ['', false],
])('GONOSUMDB=%s keeps public modules away: %s', (value, isWide) => {
  expect(statesOf('GONOSUMDB', value).map(({ code }) => code)).toEqual(isWide ? ['nosumdb-wide'] : []);
});

test.each([
  ['-insecure', 'go env -u GOFLAGS'],
  ['--insecure=true -mod=mod', 'go env -w GOFLAGS=-mod=mod'],
  ["-mod=mod -insecure '-ldflags=-s -w'", "go env -w 'GOFLAGS=-mod=mod '\\''-ldflags=-s -w'\\'''"],
])('GOFLAGS=%s is cured by %s', (value, command) => {
  expect(statesOf('GOFLAGS', value).map(({ steps }) => steps[0]?.command)).toEqual([command]);
});

test('flags that only begin like it stay', () => {
  expect(statesOf('GOFLAGS', '-insecurely -mod=mod')).toEqual([]);
});
