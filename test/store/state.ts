import { parseGoCommand } from '../../source/build/go-command.ts';
import { type ListedPackage, parsePackageSet } from '../../source/build/package-set.ts';
import type { BuildEvent } from '../../source/build/progress.ts';
import type { BuildCacheTotals } from '../../source/build-cache/totals.ts';
import type { Setting } from '../../source/go/settings.ts';
import type { ModuleVersion } from '../../source/module-cache/module-version.ts';
import type { ModuleCacheTotals } from '../../source/module-cache/totals.ts';
import { parseProxyChain } from '../../source/proxy/chain.ts';
import type { AppEvent } from '../../source/store/event.ts';
import { initialState } from '../../source/store/initial-state.ts';
import { type Effect, initialScreen, updateScreen } from '../../source/store/screen.ts';
import type { AppState } from '../../source/store/state.ts';
import { update } from '../../source/store/update.ts';
import type { RouteBasis } from '../../source/store/what-if.ts';

/** start is when the builds of these tests begin, Unix milliseconds. */
export const start = 1_760_000_000_000;

/** goCommand is the wrapped command of these tests. */
export const goCommand: readonly string[] = ['go', 'build', './...'];

/** begin is a state that knows its settings and the size of its terminal. */
export function begin(command?: readonly string[], size: { columns: number; rows: number } = wide): AppState {
  const state = initialState({
    cwd: '/home/gopher/shop',
    command,
    now: start,
    screen: initialScreen(command !== undefined),
  });
  return apply(state, [
    { type: 'screen', event: { type: 'resized', ...size } },
    {
      type: 'workspace',
      workspace: { cwd: '/home/gopher/shop', goVersion: 'go1.26.8', goos: 'linux', goarch: 'amd64' },
    },
    {
      type: 'settings',
      settings,
      gocache: '/home/gopher/.cache/go-build',
      gomodcache: '/home/gopher/go/pkg/mod',
      chain: parseProxyChain('https://a.example,https://b.example|direct,https://never.example'),
      sumdb: 'sum.example',
      basis,
    },
  ]);
}

/** basis is what routes are worked out from; the first hop has a password. */
export const basis: RouteBasis = {
  settings: {
    goproxy: 'https://user:sesame@a.example.com,https://b.example.com|direct',
    gonoproxy: '',
    goprivate: '',
    gonosumdb: '',
    gosumdb: 'sum.example.com',
    goinsecure: '',
    govcs: '',
    goflags: '',
  },
  defaults: {
    goproxy: 'https://b.example.com,direct',
    gosumdb: 'sum.example.com',
    derived: new Set(['GONOPROXY', 'GONOSUMDB']),
  },
  mainFile: '/home/gopher/shop/go.mod',
  goenv: '/home/gopher/.config/go/env',
  written: new Map(),
};

/** wide shows all panes together. */
const wide = { columns: 120, rows: 40 };

/** apply gives events to the real update. */
export function apply(state: AppState, events: readonly AppEvent[]): AppState {
  return update(state, events, updateScreen).state;
}

/** press types keys, one after the other. */
export function press(
  state: AppState,
  ...keys: readonly string[]
): { readonly state: AppState; readonly effects: readonly Effect[] } {
  const change = update(
    state,
    keys.map((key) => ({ type: 'screen', event: { type: 'key', key } })),
    updateScreen,
  );
  return { state: change.state, effects: change.effects };
}

/** build gives what happened to the wrapped command to the state, and lets its clock come to `at`. */
export function build(state: AppState, events: readonly BuildEvent[], at?: number): AppState {
  const given: AppEvent[] = events.map((event) => ({ type: 'build', event }));
  return apply(state, at === undefined ? given : [...given, { type: 'clock', now: at }]);
}

/** listed is the answer of go list, for `go build`: path to what it imports. The first is the program. */
export function listed(imports: Readonly<Record<string, readonly string[]>>): BuildEvent {
  const packages = Object.entries(imports).map(
    ([path, imported], index): ListedPackage => ({
      ImportPath: path,
      Dir: `/home/gopher/src/${path}`,
      Name: index === 0 ? 'main' : 'lib',
      DepOnly: index > 0,
      Imports: imported,
      GoFiles: ['a.go'],
    }),
  );
  const parsed = parseGoCommand(goCommand);
  if (parsed === undefined) throw new Error('go build is a go command');
  return {
    type: 'package-set',
    set: parsePackageSet(packages, parsed),
  };
}

/** compile begins the compile of a package, `after` milliseconds from the start. */
export function compile(objdir: string, path: string, after: number): readonly BuildEvent[] {
  const at = start + after;
  const line = `/usr/local/go/pkg/tool/linux_amd64/compile -o $WORK/${objdir}/_pkg_.a -p ${path} -buildid ${buildIdOf(path)}/${buildIdOf(path)} ./a.go`;
  return [
    { type: 'x', at, event: { type: 'objdir', objdir } },
    {
      type: 'x',
      at,
      event: {
        type: 'compile',
        objdir,
        packagePath: path,
        buildId: buildIdOf(path),
        files: [`/home/gopher/src/${path}/a.go`],
        line,
      },
    },
  ];
}

/** store ends a compile: its output is in GOCACHE. */
export function store(objdir: string, path: string, after: number, bytes: number): readonly BuildEvent[] {
  const at = start + after;
  const outputId = outputIdOf(path);
  const stored = `/home/gopher/.cache/go-build/${outputId.slice(0, 2)}/${outputId}-d`;
  return [
    { type: 'x', at, event: { type: 'build-id-written', objdir, target: '_pkg_.a' } },
    {
      type: 'x',
      at,
      bytes,
      event: {
        type: 'stored',
        objdir,
        target: '_pkg_.a',
        path: stored,
        outputId,
        line: `cp $WORK/${objdir}/_pkg_.a ${stored}`,
      },
    },
  ];
}

/** fail is what go prints above and of a compile error. */
function fail(path: string, words: string, after: number): readonly BuildEvent[] {
  const at = start + after;
  return [
    { type: 'x', at, event: { type: 'header', name: path, isVet: false } },
    { type: 'x', at, event: { type: 'passthrough', text: `${words}\n` } },
  ];
}

/** end is the end of the command, as the session tells it. */
export function end(state: AppState, after: number, exitCode: number): AppState {
  const at = start + after;
  const ended = build(state, [{ type: 'ended', at, exitCode, wasStopped: false }]);
  return apply(ended, [{ type: 'build-ended', at, exitCode, signal: undefined, unrecognized: 0 }]);
}

/** outputIdOf and buildIdOf are IDs of the right form, one per package. */
export function outputIdOf(path: string): string {
  return Buffer.from(path).toString('hex').padEnd(64, '0').slice(0, 64);
}

function buildIdOf(path: string): string {
  return Buffer.from(path).toString('base64url').padEnd(20, 'A').slice(0, 20);
}

/** shop is a small program, all of whose packages go list names. */
export const shop = listed({
  'example.com/shop': ['example.com/shop/cart', 'example.com/shop/store'],
  'example.com/shop/cart': ['strings'],
  'example.com/shop/store': ['strings'],
  strings: [],
});

/** work is the first line of every go command that builds. */
export const work: BuildEvent = { type: 'x', at: start, event: { type: 'session', work: '/tmp/go-build1' } };

/** failedShop is a build of the shop that ended: one hit, one compiled, one failed, one not reached. */
export function failedShop(size = wide): AppState {
  const running = build(begin(goCommand, size), [
    shop,
    ...compile('b003', 'example.com/shop/cart', 200),
    ...store('b003', 'example.com/shop/cart', 1400, 2_000_000),
    ...compile('b004', 'example.com/shop/store', 500),
    ...fail('example.com/shop/store', './a.go:41:2: undefined: rows', 900),
  ]);
  return end(running, 1500, 1);
}

const settings: readonly Setting[] = [
  {
    name: 'GOCACHE',
    value: '/home/gopher/.cache/go-build',
    origin: 'environment',
    shadows: [{ origin: 'go env -w', value: '/big/go-build' }],
    derivedFrom: undefined,
  },
  {
    name: 'GOMODCACHE',
    value: '/home/gopher/go/pkg/mod',
    origin: 'default',
    shadows: [],
    derivedFrom: undefined,
  },
  {
    name: 'GOPRIVATE',
    value: 'corp.example/*',
    origin: 'go env -w',
    shadows: [],
    derivedFrom: undefined,
  },
];

/** buildCacheTotals is a scan of GOCACHE that is done, unless the change says otherwise. */
export function buildCacheTotals(change: Partial<BuildCacheTotals> = {}): BuildCacheTotals {
  return {
    entries: { action: 9_412, output: 7_001 },
    bytes: 1_288_490_189,
    diskBytes: 1_320_000_000,
    oldest: start - 4 * 86_400_000,
    newest: start,
    foreign: { files: 0, bytes: 0 },
    fuzzBytes: 0,
    folders: 256,
    isComplete: true,
    durationMs: 300,
    problems: [],
    unreadable: 0,
    ...change,
  };
}

/** moduleCacheTotals is a scan of GOMODCACHE with these versions. */
export function moduleCacheTotals(sizes: readonly ModuleVersion[]): ModuleCacheTotals {
  const sum = (of: (version: ModuleVersion) => number | undefined): number =>
    sizes.reduce((total, version) => total + (of(version) ?? 0), 0);
  const none = { files: 0, bytes: 0 };
  const zips = { files: sizes.length, bytes: sum(({ zipBytes }) => zipBytes) };
  const extracted = { files: sum(({ files }) => files), bytes: sum(({ dirBytes }) => dirBytes) };
  return {
    gomodcache: '/home/gopher/go/pkg/mod',
    isThere: true,
    bytes: zips.bytes + extracted.bytes,
    files: zips.files + extracted.files,
    diskBytes: zips.bytes + extracted.bytes,
    zips,
    extracted,
    metadata: none,
    toolchains: none,
    sumdb: none,
    vcs: none,
    trash: none,
    leftovers: none,
    other: none,
    modules: new Set(sizes.map(({ path }) => path)).size,
    versions: sizes.length,
    downloaded: sizes.length,
    toolchainVersions: 0,
    partial: sizes.filter(({ state }) => state === 'partial').length,
    sizes,
    unreadable: 0,
    problems: [],
    vanished: 0,
    remembered: 0,
    durationMs: 100,
  };
}
