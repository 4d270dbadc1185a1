import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isProblem, readGoEnv, readSettingFiles } from '../../source/go/env.ts';
import {
  type Environment,
  explainSetting,
  explainSettings,
  parseSettingFile,
  type SettingSources,
  shownSettings,
} from '../../source/go/settings.ts';

const none: SettingSources = {
  effective: {},
  environment: {},
  goenv: new Map(),
  goroot: new Map(),
  flags: new Map(),
};

describe('parseSettingFile', () => {
  test.each([
    ['GOFLAGS=-mod=mod\nGOPROXY=off\n', 'go env -w', { GOFLAGS: '-mod=mod', GOPROXY: 'off' }],
    ['GOPROXY=off', 'go env -w', { GOPROXY: 'off' }],
    // Nothing is trimmed, no quotes are taken off.
    ['GOPROXY= "off" \r\n', 'go env -w', { GOPROXY: ' "off" \r' }],
    ['# GOPROXY=off\n\n GOPROXY=off\ngoproxy=off\nGOPROXY\n', 'go env -w', {}],
    ['GOPROXY=\n', 'go env -w', { GOPROXY: '' }],
    ['GOPROXY=a\nGOPROXY=b\n', 'go env -w', { GOPROXY: 'b' }],
    ['GOPROXY=a\nGOPROXY=b\n', 'GOROOT', { GOPROXY: 'a' }],
  ] as const)('%j of %s', (text, origin, expected) => {
    expect(Object.fromEntries(parseSettingFile(text, origin))).toEqual(expected);
  });
});

describe('explainSetting', () => {
  test('the strongest place counts, the others are shadowed in order', () => {
    const sources: SettingSources = {
      effective: { GOPROXY: 'https://a.example' },
      environment: { GOPROXY: 'https://a.example' },
      goenv: new Map([['GOPROXY', 'https://b.example']]),
      goroot: new Map([['GOPROXY', 'direct']]),
      flags: new Map(),
    };
    expect(explainSetting('GOPROXY', sources)).toEqual({
      name: 'GOPROXY',
      value: 'https://a.example',
      origin: 'environment',
      shadows: [
        { origin: 'go env -w', value: 'https://b.example' },
        { origin: 'GOROOT', value: 'direct' },
      ],
      derivedFrom: undefined,
    });
  });

  test('passwords are hidden in the value and in what it shadows', () => {
    const sources = {
      ...none,
      environment: { GOPROXY: 'https://u:one@a.example' },
      goenv: new Map([['GOPROXY', 'https://u:two@b.example']]),
    };
    expect(explainSetting('GOPROXY', sources)).toMatchObject({
      value: 'https://u:xxxxx@a.example',
      shadows: [{ value: 'https://u:xxxxx@b.example' }],
    });
  });

  test('a flag of ours counts before the environment', () => {
    const sources = {
      ...none,
      effective: { GOCACHE: '/e' },
      environment: { GOCACHE: '/e' },
      flags: new Map([['GOCACHE', '/f']]),
    };
    expect(explainSetting('GOCACHE', sources)).toMatchObject({
      value: '/f',
      origin: 'flag',
      shadows: [{ origin: 'environment', value: '/e' }],
    });
  });

  test('a default taken from another setting names it', () => {
    const sources = {
      ...none,
      effective: { GONOPROXY: 'corp.example' },
      environment: { GOPRIVATE: 'corp.example' },
    };
    expect(explainSetting('GONOPROXY', sources)).toMatchObject({
      origin: 'default',
      derivedFrom: 'GOPRIVATE',
    });
    expect(explainSetting('GONOSUMDB', none)).toMatchObject({ origin: 'default', derivedFrom: undefined });
  });

  test('a toolchain that go.mod switched to gives version and GOROOT', () => {
    const effective = {
      GOMODCACHE: '/m',
      GOROOT: '/m/golang.org/toolchain@v0.0.1-go1.27.0.linux-amd64',
      GOVERSION: 'go1.27.0',
    };
    expect(explainSetting('GOVERSION', { ...none, effective })).toMatchObject({
      origin: 'go.mod',
      value: 'go1.27.0',
    });
    const byName = { ...none, effective, environment: { GOTOOLCHAIN: 'go1.27.0+auto' } };
    expect(explainSetting('GOROOT', byName)).toMatchObject({
      origin: 'environment',
      derivedFrom: 'GOTOOLCHAIN',
    });
    // A smaller minimum was named: the go line of go.mod raised it.
    const raised = { ...none, effective, environment: { GOTOOLCHAIN: 'go1.26.0+auto' } };
    expect(explainSetting('GOVERSION', raised)).toMatchObject({ origin: 'go.mod' });
  });
});

describe('beside the real go command', () => {
  let dir = '';
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'gocachetop-settings-'));
  });
  afterAll(() => rm(dir, { recursive: true }));

  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GO')));

  /** read gives the settings as they are with these lines in the GOENV file and these variables. */
  async function read(goenv: string, variables: Environment, names: readonly string[]) {
    const file = join(dir, 'env');
    await writeFile(file, goenv);
    const environment = { ...clean, ...variables, GOENV: file };
    const env = await readGoEnv({ goCommand: 'go', cwd: dir, environment });
    if (isProblem(env)) throw new Error(env.why);
    const files = await readSettingFiles(env);
    const sources = { ...files, effective: env.raw, environment, flags: new Map() };
    return { raw: env.raw, settings: explainSettings(sources, names) };
  }

  test.each([
    ['environment over file', 'GOFLAGS=-v\n', { GOFLAGS: '-mod=mod' }, 'GOFLAGS', 'environment', '-mod=mod'],
    ['an empty variable counts as unset', 'GOFLAGS=-v\n', { GOFLAGS: '' }, 'GOFLAGS', 'go env -w', '-v'],
    ['file over GOROOT', 'GOSUMDB=off\n', {}, 'GOSUMDB', 'go env -w', 'off'],
    ['the last line of the file', 'GOPROXY=off\nGOPROXY=direct\n', {}, 'GOPROXY', 'go env -w', 'direct'],
    ['GOENV itself is environment only', 'GOENV=/x\n', {}, 'GOENV', 'environment', undefined],
    ['GODEBUG is environment only', 'GODEBUG=x=1\n', {}, 'GODEBUG', 'default', ''],
    ['nobody sets GOVERSION', 'GOVERSION=go9\n', { GOVERSION: 'go9' }, 'GOVERSION', 'default', undefined],
    ['CGO_ENABLED is 0 or 1', 'CGO_ENABLED=0\n', { CGO_ENABLED: 'yes' }, 'CGO_ENABLED', 'default', undefined],
    ['CGO_ENABLED of the file', 'CGO_ENABLED=0\n', {}, 'CGO_ENABLED', 'go env -w', '0'],
    ['GOMODCACHE follows GOPATH', '', { GOPATH: '/p' }, 'GOMODCACHE', 'default', '/p/pkg/mod'],
    ['GONOPROXY of its own', '', { GOPRIVATE: 'a', GONOPROXY: 'b' }, 'GONOPROXY', 'environment', 'b'],
    ['GOTMPDIR', 'GOTMPDIR=/t\n', {}, 'GOTMPDIR', 'go env -w', '/t'],
    ['GOOS of the file', 'GOOS=plan9\n', {}, 'GOOS', 'go env -w', 'plan9'],
    ['a relative GOCACHE is off', '', { GOCACHE: 'rel' }, 'GOCACHE', 'environment', 'off'],
  ] as const)('%s', async (_why, goenv, variables, name, origin, value) => {
    const { raw, settings } = await read(goenv, variables, [name]);
    expect(settings).toMatchObject([{ name, origin, value: value ?? raw[name] ?? '' }]);
  });

  test('GOROOT gives the rest of the defaults, and an empty line of the file hides it', async ({ skip }) => {
    const { raw, settings } = await read('', {}, ['GOPROXY']);
    if (settings[0]?.origin !== 'GOROOT') return skip('this Go has no GOPROXY in go.env');
    expect(settings[0].value).toBe(raw.GOPROXY);
    const hidden = await read('GOPROXY=\n', {}, ['GOPROXY']);
    expect(hidden.raw.GOPROXY).toBe('');
    expect(hidden.settings).toMatchObject([{ origin: 'default', value: '' }]);
  });

  test('each shown setting has the value that go env says', async () => {
    const { raw, settings } = await read('GOPRIVATE=corp.example\n', {}, shownSettings);
    expect(settings.map(({ name, value }) => [name, value])).toEqual(
      shownSettings.map((name) => [name, raw[name] ?? '']),
    );
  });
});
