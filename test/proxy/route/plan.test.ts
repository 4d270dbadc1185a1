import { describe, expect, test } from 'vitest';
import { planRoute } from '../../../source/proxy/route/plan.ts';
import { parseQuestion, queryKindOf, type RouteQuestion } from '../../../source/proxy/route/question.ts';
import { changeSettings, parseChange, type RouteSettings } from '../../../source/proxy/route/settings.ts';
import { compareRoutes } from '../../../source/proxy/route/what-if.ts';

const settings: RouteSettings = {
  goproxy: 'https://u:secret@a.example/go,https://b.example.org|direct',
  gonoproxy: '',
  goprivate: '',
  gonosumdb: '',
  gosumdb: 'sum.golang.org',
  goinsecure: '',
  govcs: '',
  goflags: '',
};
const platform = { goos: 'linux', goarch: 'arm64' };

function ask(text: string): RouteQuestion {
  const question = parseQuestion(text, platform);
  if (typeof question === 'string') throw new Error(question);
  return question;
}

describe('parseQuestion', () => {
  test.each([
    ['github.com/Azure/x', 'github.com/Azure/x latest'],
    ['github.com/a/b@v1.0.0', 'github.com/a/b v1.0.0'],
    ['github.com/a/b@', 'github.com/a/b latest'],
    ['toolchain@go1.27.0', 'golang.org/toolchain v0.0.1-go1.27.0.linux-arm64'],
    ['go@1.27rc1', 'golang.org/toolchain v0.0.1-go1.27rc1.linux-arm64'],
  ])('%s', (text, expected) => {
    const { module, query } = ask(text);
    expect(`${module} ${query}`).toBe(expected);
  });

  test.each([
    ['foo', 'malformed module path "foo": missing dot in first path element'],
    ['a.example/b@-x', 'invalid module version "-x"'],
    ['a.example/../b', 'malformed module path "a.example/../b": invalid path element ".."'],
    ['toolchain', 'invalid toolchain version : name a release, as toolchain@go1.26.0'],
    ['go@1.27', 'invalid go version 1.27: name a release, as go@1.26.0'],
  ])('%s is none', (text, expected) => {
    expect(parseQuestion(text, platform)).toBe(expected);
  });
});

test.each([
  ['latest', 'list'],
  ['v1', 'list'],
  ['v1.2', 'list'],
  ['<v1.2.3', 'list'],
  ['v1.2.3', 'stat'],
  ['v1.2.3-rc.1', 'stat'],
  ['v2.0.0+incompatible', 'stat'],
  ['main', 'stat'],
  ['v0.0.0-20260105090000-0123456789ab', 'stat'],
])('%s is asked for by %s', (query, kind) => {
  expect(queryKindOf(query)).toBe(kind);
});

describe('planRoute', () => {
  test('names the first request of each hop, escaped, without its password', () => {
    const { hops } = planRoute(ask('github.com/Azure/x@v1.0.0-RC'), settings);
    expect(hops.map(({ shown, first }) => [shown, first])).toEqual([
      [
        'https://u:xxxxx@a.example/go',
        'https://u:xxxxx@a.example/go/github.com/%21azure/x/@v/v1.0.0-%21r%21c.info',
      ],
      ['https://b.example.org', 'https://b.example.org/github.com/%21azure/x/@v/v1.0.0-%21r%21c.info'],
      ['direct', undefined],
    ]);
  });

  test('says by which rule Go goes on', () => {
    expect(planRoute(ask('github.com/a/b'), settings).hops.map(({ rule }) => rule)).toEqual([
      '404 and 410 go on to https://b.example.org, any other failure stops',
      'any failure goes on to direct',
      'the origin is the last: nothing behind it is asked',
    ]);
  });

  test('a pattern of GONOPROXY goes before the whole list', () => {
    const plan = planRoute(ask('corp.dev/a'), {
      ...settings,
      goproxy: 'https://a.example,off',
      goprivate: 'corp.dev',
    });
    expect(plan.hops.map(({ shown, isAsked }) => `${shown} ${isAsked}`)).toEqual([
      'direct true',
      'https://a.example false',
      'off false',
    ]);
    expect(plan.match).toEqual({ isPrivate: true, GONOPROXY: 'corp.dev', GONOSUMDB: 'corp.dev' });
    expect(plan.sumdb.rule).toBe('not asked: GONOSUMDB corp.dev matches');
  });

  test('a list that Go refuses has no hops', () => {
    const plan = planRoute(ask('github.com/a/b'), { ...settings, goproxy: 'foo' });
    expect([plan.hops, plan.problem]).toEqual([[], 'invalid proxy URL missing scheme: foo']);
  });

  test('a toolchain is its zip alone, and is checked with GOSUMDB=off too', () => {
    const plan = planRoute(ask('toolchain@go1.27.0'), { ...settings, gosumdb: 'off' });
    expect(plan.hops[1]?.first).toBe(
      'https://b.example.org/golang.org/toolchain/@v/v0.0.1-go1.27.0.linux-arm64.zip',
    );
    expect(plan.sumdb.rule).toContain('a toolchain must be checked');
  });

  test.each([
    ['github.com/a/b/c/v2', 'known-host git https://github.com/a/b true public:git|hg'],
    ['bitbucket.org/a/b', 'known-host git https://bitbucket.org/a/b true public:git|hg'],
    [
      'chiselapp.com/user/a/repository/b',
      'known-host fossil https://chiselapp.com/user/a/repository/b false public:git|hg',
    ],
    ['git.acme.dev/team/tool.git/sub', 'suffix git https://git.acme.dev/team/tool true public:git|hg'],
    ['svn.acme.dev/team/tool.svn', 'suffix svn https://svn.acme.dev/team/tool false public:git|hg'],
    ['acme.dev/tool', 'go-get https://acme.dev/tool?go-get=1'],
    ['acme.dev', 'go-get https://acme.dev/?go-get=1'],
    ['github.com/a', 'refused invalid github.com import path "github.com/a"'],
    ['github.com/a/b.git', 'refused invalid version control suffix in github.com/ path'],
  ])('the origin of %s', (module, expected) => {
    const origin = planRoute(ask(module), settings).hops.at(-1)?.origin;
    const words =
      origin?.how === 'go-get'
        ? `go-get ${origin.url}`
        : origin?.how === 'refused'
          ? `refused ${origin.why}`
          : `${origin?.how} ${origin?.repository.vcs} ${origin?.repository.url} ${origin?.repository.govcs.isAllowed} ${origin?.repository.govcs.rule}`;
    expect(words).toBe(expected);
  });

  test.each([
    ['', true],
    ['*:off', false],
    ['public:hg', false],
    ['github.com/a:git,public:off', true],
    ['github.com/*:off,public:all', false],
    ['private:off', true],
  ])('GOVCS=%s for github.com/a/b', (govcs, isAllowed) => {
    const origin = planRoute(ask('github.com/a/b'), { ...settings, govcs }).hops.at(-1)?.origin;
    expect(origin).toMatchObject({ repository: { govcs: { isAllowed } } });
  });

  test.each([
    ['nonsense', 'malformed entry in GOVCS (missing colon): "nonsense"'],
    ['a.example:git,', 'empty entry in GOVCS'],
    [':git', 'empty pattern in GOVCS: ":git"'],
    ['a.example:', 'empty VCS list in GOVCS: "a.example:"'],
    ['a.example:git|', 'empty VCS name in GOVCS: "a.example:git|"'],
    ['./a:git', 'relative pattern not allowed in GOVCS: "./a"'],
    ['a.example:git,a.example:hg', 'unreachable pattern in GOVCS: "a.example:hg" after "a.example:git"'],
  ])('GOVCS=%s is none', (govcs, why) => {
    const origin = planRoute(ask('github.com/a/b'), { ...settings, govcs }).hops.at(-1)?.origin;
    expect(origin).toMatchObject({ repository: { govcs: { isAllowed: false, why } } });
  });

  test.each([
    [{ goflags: '-mod=vendor' }, 'GOFLAGS has -mod=vendor'],
    [{ goflags: '-mod=vendor -mod=mod' }, undefined],
    [{ gonoproxy: 'corp.dev,10.0.0.0/8' }, '10.0.0.0/8 matches no network'],
    [{ gonoproxy: '10.0.0.1/a' }, undefined],
  ])('notes on %j', (more, expected) => {
    const [note] = planRoute(ask('github.com/a/b'), { ...settings, ...more }).notes;
    if (expected === undefined) expect(note).toBeUndefined();
    else expect(note).toContain(expected);
  });
});

describe('a module that looks private', () => {
  const leaksOf = (module: string, more: Partial<RouteSettings> = {}) =>
    planRoute(ask(module), { ...settings, goproxy: 'https://proxy.public.dev,direct', ...more }).leaks;

  test.each([
    ['git.corp/a', {}, 'the host git.corp is not public', 'git.corp'],
    ['git.acme.internal/a', {}, 'the host git.acme.internal is not public', 'git.acme.internal'],
    ['nas.local/a', {}, 'the host nas.local is not public', 'nas.local'],
    ['box.home.arpa/a', {}, 'the host box.home.arpa is not public', 'box.home.arpa'],
    ['10.1.2.3/a', {}, 'the host 10.1.2.3 is not public', '10.1.2.3'],
    ['172.20.0.1/a', {}, 'the host 172.20.0.1 is not public', '172.20.0.1'],
    [
      'acme.dev/a',
      { goprivate: 'amce.dev/*' },
      'GOPRIVATE has "amce.dev/*", one letter away from acme.dev',
      'acme.dev/*',
    ],
    [
      'acme.dev/a',
      { gonosumdb: 'acm.dev' },
      'GONOSUMDB has "acm.dev", one letter away from acme.dev',
      'acme.dev',
    ],
    [
      'git.acme.dev/a',
      { goprivate: 'acme.dev' },
      'GOPRIVATE has "acme.dev", which does not hold for hosts below it',
      '*.acme.dev',
    ],
    [
      'acme.dev/a',
      { goprivate: '*.acme.dev' },
      'GOPRIVATE has "*.acme.dev", which holds only for hosts below it',
      'acme.dev',
    ],
    [
      'acme.dev/a',
      { goprivate: 'b.dev, acme.dev' },
      'GOPRIVATE has " acme.dev", in which the space counts',
      'acme.dev',
    ],
    [
      'acme.dev/a',
      { goprivate: 'https://acme.dev/*' },
      'GOPRIVATE has "https://acme.dev/*", but a pattern has no scheme and no port',
      'acme.dev/*',
    ],
    [
      'acme.dev/a',
      { goprivate: 'acme.dev:8443' },
      'GOPRIVATE has "acme.dev:8443", but a pattern has no scheme and no port',
      'acme.dev',
    ],
    [
      'acme.dev/a',
      { goprivate: 'acme.dev/...' },
      'GOPRIVATE has "acme.dev/...", but ... means nothing in a pattern',
      'acme.dev',
    ],
    [
      'github.com/Acme/a',
      { goprivate: 'github.com/acme/*' },
      'GOPRIVATE has "github.com/acme/*", which differs in capital letters: they count',
      'github.com/Acme/*',
    ],
    [
      'github.com/acme',
      { goprivate: 'github.com/acme/*' },
      'GOPRIVATE has "github.com/acme/*", which needs one more element than the module has',
      'github.com/acme',
    ],
  ] as const)('%s under %j', (module, more, why, pattern) => {
    expect(leaksOf(module, more)).toEqual([
      { why, pattern, to: 'https://proxy.public.dev', index: 0 },
      { why, pattern, to: 'sum.golang.org', index: undefined },
    ]);
    // What the advice says holds.
    const advised = {
      ...more,
      goprivate: [('goprivate' in more && more.goprivate) || '', pattern].join(','),
    };
    expect(leaksOf(module, { ...advised, gonosumdb: '' })).toEqual([]);
  });

  test.each([
    ['github.com/acme/a', {}],
    ['github.com/acmd/a', { goprivate: 'github.com/acme/*' }],
    ['gitlab.com/acme/a', { goprivate: 'github.com/acme/*' }],
    ['golang.org/x/text', { goprivate: '*.golang.dev' }],
    ['11.1.2.3/a', {}],
    ['172.32.0.1/a', {}],
    ['internal.acme.dev/a', {}],
  ] as const)('%s under %j does not', (module, more) => {
    expect(leaksOf(module, more)).toEqual([]);
  });

  test.each([
    ['file:///srv/proxy,off'],
    ['http://127.0.0.1:3000,off'],
    ['https://goproxy.internal,off'],
    ['https://proxy,off'],
    ['direct'],
  ])('is told to nobody outside by %s', (goproxy) => {
    expect(leaksOf('git.acme.internal/a', { goproxy, gosumdb: 'off' })).toEqual([]);
  });

  test('a proxy of its own domain is in the house', () => {
    const more = { goprivate: 'amce.co.uk', gosumdb: 'off' };
    expect(leaksOf('acme.co.uk/a', { ...more, goproxy: 'https://go.acme.co.uk' })).toEqual([]);
    expect(leaksOf('acme.co.uk/a', { ...more, goproxy: 'https://go.other.co.uk' })).toHaveLength(1);
  });

  test('what is never asked hears nothing', () => {
    expect(
      leaksOf('git.acme.internal/a', { goproxy: 'off,https://proxy.public.dev', gosumdb: 'off' }),
    ).toEqual([]);
  });
});

describe('other settings', () => {
  const defaults = {
    goproxy: 'https://default.example',
    gosumdb: 'sum.golang.org',
    derived: new Set(['GONOPROXY'] as const),
  };
  const explicit = { ...settings, goprivate: 'a.dev', gonoproxy: 'a.dev', gonosumdb: 'b.dev' };

  test('what nobody gave follows GOPRIVATE, what somebody gave does not', () => {
    expect(changeSettings(explicit, { GOPRIVATE: 'c.dev' }, defaults)).toEqual({
      ...explicit,
      goprivate: 'c.dev',
      gonoproxy: 'c.dev',
    });
  });

  test('an empty value is the default', () => {
    const changed = changeSettings(explicit, { GOPROXY: '', GONOSUMDB: '', GOSUMDB: '' }, defaults);
    expect(changed).toMatchObject({
      goproxy: 'https://default.example',
      gonosumdb: 'a.dev',
      gosumdb: 'sum.golang.org',
    });
  });

  test('NAME=VALUE', () => {
    expect(parseChange('GOPROXY=https://a.example/?x=1')).toEqual({ GOPROXY: 'https://a.example/?x=1' });
    expect(parseChange('GOCACHE=/tmp')).toContain('NAME is one of GOPROXY, GONOPROXY');
    expect(parseChange('GOPROXY')).toContain('NAME=VALUE');
  });

  test('before and after, module by module', () => {
    const modules = [
      { path: 'github.com/acme/tool', version: 'v1.0.0' },
      { path: 'github.com/google/uuid', version: 'v1.6.0' },
    ];
    const after = { ...settings, goprivate: 'github.com/acme/*' };
    expect(
      compareRoutes(modules, settings, after).map((row) => [
        row.module,
        row.isChanged,
        row.before.first,
        row.after.hops,
        row.after.isChecked,
      ]),
    ).toEqual([
      ['github.com/acme/tool', true, 'https://u:xxxxx@a.example/go', ['direct'], false],
      [
        'github.com/google/uuid',
        false,
        'https://u:xxxxx@a.example/go',
        ['https://u:xxxxx@a.example/go', 'https://b.example.org', 'direct'],
        true,
      ],
    ]);
  });
});
