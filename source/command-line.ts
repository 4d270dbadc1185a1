import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { helps, type Subcommand } from './help/registry.ts';

/** CommandLine is what the user asked for. */
export type CommandLine =
  | { readonly type: 'version' }
  | { readonly type: 'help'; readonly subcommand: Subcommand | undefined }
  | {
      readonly type: 'run';
      readonly subcommand: Subcommand | undefined;
      readonly command: readonly string[] | undefined;
      readonly flags: Flags;
    }
  /** usage is what is wrong with it, in one line; the exit code is then 2. */
  | { readonly type: 'usage'; readonly message: string };

export type Flags = {
  readonly isJson: boolean;
  readonly isJsonStream: boolean;
  readonly isAscii: boolean;
  readonly isReadOnly: boolean;
  readonly isLowBandwidth: boolean;
  readonly isSi: boolean;
  readonly gocache: string | undefined;
  readonly gomodcache: string | undefined;
  readonly directory: string | undefined;
  /** isSure is `--yes`: no question is asked. */
  readonly isSure: boolean;
  readonly isDryRun: boolean;
  /** isChecking is `--check` of scan. */
  readonly isChecking: boolean;
  readonly prune: PruneFlags;
  /** isAll is `--all` of verify: not only what the main module here needs. */
  readonly isAll: boolean;
  /** asksNetwork is `--network`. */
  readonly asksNetwork: boolean;
  /** cleans is what `clean` removes. */
  readonly cleans: 'all' | 'tests' | 'fuzz';
  /** operands are the words behind a subcommand that takes some, as the folders of `repoint` and `bench`. */
  readonly operands: readonly string[];
  /** start is `--start` of repoint as it was typed. */
  readonly start: string | undefined;
  readonly bench: BenchFlags;
  /** isListing is `--quarantine` of redownload. */
  readonly isListing: boolean;
  readonly pruneModules: PruneModulesFlags;
  /** roots are the folders and files of `--root`, absolute. */
  readonly roots: readonly string[];
  readonly modules: ModuleFlags;
  readonly proxy: ProxyFlags;
  /** fix is `--fix` of doctor: the code of a finding. */
  readonly fix: string | undefined;
};

/** ProxyFlags say what proxy does, as it was typed. */
export type ProxyFlags = {
  /** whatIf are `NAME=VALUE`. */
  readonly whatIf: readonly string[];
  /** isPlan is `--plan`: nobody is asked. */
  readonly isPlan: boolean;
  readonly sendsPrivate: boolean;
  /** conformance is the URL of a server to check as a GOPROXY. */
  readonly conformance: string | undefined;
  /** isSumdb is `--sumdb`: the checksum database is checked. */
  readonly isSumdb: boolean;
};

/** ModuleFlags say what prewarm and offline look at, as it was typed. */
export type ModuleFlags = {
  /** platforms as `linux/arm64`; none: that of go env. */
  readonly platforms: readonly string[];
  readonly isWithoutTests: boolean;
  readonly isWithoutTools: boolean;
  readonly isWithoutProof: boolean;
  /** archive is the folder to make one in, from that of one to take in. */
  readonly archive: string | undefined;
  readonly from: string | undefined;
  /** isMeasuring is `--measure` of workspaces. */
  readonly isMeasuring: boolean;
  /** isRunning is `--run` of recover. */
  readonly isRunning: boolean;
};

/** PruneFlags are the selectors of prune as they were typed. */
export type PruneFlags = {
  readonly unusedFor: string | undefined;
  readonly packages: string | undefined;
  readonly variant: string | undefined;
  readonly goVersion: string | undefined;
  readonly sourcesIn: string | undefined;
  readonly kind: string | undefined;
  readonly isSuperseded: boolean;
  readonly isNeverReused: boolean;
  readonly isDamaged: boolean;
  readonly maxSize: string | undefined;
  readonly keep: string | undefined;
};

/** PruneModulesFlags are the selectors of `prune --modules` beside those that it shares with prune. */
export type PruneModulesFlags = {
  /** isMeant is `--modules`: GOMODCACHE in the place of GOCACHE. */
  readonly isMeant: boolean;
  readonly module: string | undefined;
  readonly isUnneeded: boolean;
  readonly keepNewest: string | undefined;
  readonly isZipsOnly: boolean;
  readonly isFoldersOnly: boolean;
  readonly isToolchains: boolean;
  readonly isTiles: boolean;
};

/** BenchFlags are what bench measures, as it was typed. */
export type BenchFlags = {
  readonly directories: readonly string[];
  /** packages are those of `--build`; none: no real build. */
  readonly packages: readonly string[];
  readonly rounds: string | undefined;
};

const flagOptions = {
  json: { type: 'boolean' },
  'json-stream': { type: 'boolean' },
  'no-color': { type: 'boolean' },
  ascii: { type: 'boolean' },
  'read-only': { type: 'boolean' },
  'low-bandwidth': { type: 'boolean' },
  si: { type: 'boolean' },
  gocache: { type: 'string' },
  gomodcache: { type: 'string' },
  directory: { type: 'string', short: 'C' },
  version: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  yes: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  check: { type: 'boolean' },
  'unused-for': { type: 'string' },
  package: { type: 'string' },
  variant: { type: 'string' },
  'go-version': { type: 'string' },
  'sources-in': { type: 'string' },
  kind: { type: 'string' },
  superseded: { type: 'boolean' },
  'never-reused': { type: 'boolean' },
  damaged: { type: 'boolean' },
  'max-size': { type: 'string' },
  keep: { type: 'string' },
  tests: { type: 'boolean' },
  fuzz: { type: 'boolean' },
  start: { type: 'string' },
  build: { type: 'string', multiple: true },
  rounds: { type: 'string' },
  quarantine: { type: 'boolean' },
  root: { type: 'string', multiple: true },
  all: { type: 'boolean' },
  platform: { type: 'string', multiple: true },
  'no-tests': { type: 'boolean' },
  'no-tools': { type: 'boolean' },
  'no-proof': { type: 'boolean' },
  archive: { type: 'string' },
  from: { type: 'string' },
  measure: { type: 'boolean' },
  run: { type: 'boolean' },
  network: { type: 'boolean' },
  modules: { type: 'boolean' },
  module: { type: 'string' },
  unneeded: { type: 'boolean' },
  'keep-newest': { type: 'string' },
  'zips-only': { type: 'boolean' },
  'folders-only': { type: 'boolean' },
  toolchains: { type: 'boolean' },
  tiles: { type: 'boolean' },
  'what-if': { type: 'string', multiple: true },
  plan: { type: 'boolean' },
  'send-private': { type: 'boolean' },
  fix: { type: 'string' },
  conformance: { type: 'string' },
  sumdb: { type: 'boolean' },
} as const;

/** changing are the subcommands that remove or change something, or may do so. */
const changing: readonly Subcommand[] = [
  'prune',
  'clean',
  'undo',
  'repoint',
  'bench',
  'prewarm',
  'offline',
  'workspaces',
  'recover',
  'redownload',
  'doctor',
];

/** ownFlags are those that only some subcommands have. */
const ownFlags: Readonly<Record<string, readonly (Subcommand | 'screen')[]>> = {
  yes: changing,
  'dry-run': changing,
  check: ['scan'],
  'unused-for': ['prune'],
  package: ['prune'],
  variant: ['prune'],
  'go-version': ['prune'],
  'sources-in': ['prune'],
  kind: ['prune'],
  superseded: ['prune'],
  'never-reused': ['prune'],
  damaged: ['prune'],
  'max-size': ['prune'],
  keep: ['prune'],
  tests: ['clean'],
  fuzz: ['clean'],
  start: ['repoint'],
  build: ['bench'],
  rounds: ['bench'],
  quarantine: ['redownload'],
  root: ['modules', 'prune', 'screen'],
  all: ['verify'],
  network: ['verify', 'recover', 'doctor'],
  fix: ['doctor'],
  platform: ['prewarm', 'offline'],
  'no-tests': ['prewarm', 'offline'],
  'no-tools': ['prewarm', 'offline'],
  'no-proof': ['prewarm', 'offline'],
  archive: ['prewarm', 'offline'],
  from: ['prewarm', 'offline'],
  measure: ['workspaces'],
  run: ['recover'],
  modules: ['prune'],
  module: ['prune'],
  unneeded: ['prune'],
  'keep-newest': ['prune'],
  'zips-only': ['prune'],
  'folders-only': ['prune'],
  toolchains: ['prune'],
  tiles: ['prune'],
  'what-if': ['proxy'],
  plan: ['proxy'],
  'send-private': ['proxy'],
  conformance: ['proxy'],
  sumdb: ['proxy'],
};

const moduleSelectors = [
  'module',
  'unneeded',
  'keep-newest',
  'zips-only',
  'folders-only',
  'toolchains',
  'tiles',
] as const;

/** proxyModes are what proxy does instead of going the way of a module. */
const proxyModes = ['conformance', 'sumdb', 'plan', 'what-if'] as const;

/** mostOperands are how many words a subcommand takes; those that are not named take none. */
const mostOperands: Readonly<Partial<Record<Subcommand, number>>> = {
  repoint: 1,
  bench: Number.POSITIVE_INFINITY,
  redownload: Number.POSITIVE_INFINITY,
  modules: Number.POSITIVE_INFINITY,
  verify: Number.POSITIVE_INFINITY,
  workspaces: Number.POSITIVE_INFINITY,
  proxy: 1,
};

/** laterSubcommands are in the contract and not in this version: each says what to use until then. */
const laterSubcommands: ReadonlyMap<string, string> = new Map([
  ['why', 'GODEBUG=gocachehash=1 go build prints the inputs of every key'],
  ['compare', 'run gocachetop report --json twice'],
  ['export', 'gocachetop report --json'],
]);

/** parseCommandLine reads the words behind the program's name. All behind the first `--` is the user's command. */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const dashes = argv.indexOf('--');
  const own = dashes === -1 ? [...argv] : argv.slice(0, dashes);
  const command = dashes === -1 ? undefined : argv.slice(dashes + 1);
  let parsed: ReturnType<typeof parseOwn>;
  try {
    parsed = parseOwn(own);
  } catch (error) {
    return usage(firstSentence(error));
  }
  const { values, positionals } = parsed;
  const [first, ...more] = positionals;
  const subcommand = isSubcommand(first) ? first : undefined;
  if (values.help === true) return { type: 'help', subcommand };
  if (values.version === true) return { type: 'version' };
  if (first !== undefined && subcommand === undefined) return usage(unknownSubcommand(first));
  const misplaced = Object.keys(values).find((name) => isMisplaced(name, subcommand));
  if (misplaced !== undefined)
    return usage(`--${misplaced} is a flag of ${ownFlags[misplaced]?.join(', ')} only`);
  const alien = moduleSelectors.find((name) => values[name] !== undefined && values.modules !== true);
  if (alien !== undefined)
    return usage(`--${alien} is about GOMODCACHE: gocachetop prune --modules --${alien}`);
  if (subcommand === 'bench' && more.length === 0)
    return usage(
      'bench needs a directory: gocachetop bench DIR..., as in gocachetop bench ~/.cache /dev/shm',
    );
  if (subcommand === 'bench' && values.build?.some((pattern) => pattern.startsWith('-')))
    return usage('--build takes packages, as ./...; flags of go build go into GOFLAGS');
  const mostWords = subcommand === undefined ? 0 : (mostOperands[subcommand] ?? 0);
  if (more.length > mostWords)
    return usage(
      `unexpected word "${more[mostWords]}": a command stands behind --, as in gocachetop report -- go build ./...`,
    );
  if (command?.[0] === '' || command?.length === 0)
    return usage('no command behind --, as in gocachetop -- go build ./...');
  const modes = proxyModes.filter((name) => values[name] !== undefined);
  if (modes.length > 1 && (modes.includes('conformance') || modes.includes('sumdb')))
    return usage(`--${modes[0]} and --${modes[1]} do not go together: each is an answer of its own`);
  if (subcommand === 'report' && command === undefined)
    return usage('report needs a command: gocachetop report -- go build ./...');
  if (subcommand !== undefined && subcommand !== 'report' && command !== undefined)
    return usage(`${subcommand} runs no command: leave out what stands behind --`);
  return { type: 'run', subcommand, command, flags: toFlags(values, more) };
}

function isSubcommand(word: string | undefined): word is Subcommand {
  return word !== undefined && Object.hasOwn(helps, word);
}

function isMisplaced(flag: string, subcommand: Subcommand | undefined): boolean {
  const owners = ownFlags[flag];
  return owners !== undefined && !owners.includes(subcommand ?? 'screen');
}

function parseOwn(words: string[]) {
  return parseArgs({ args: words, options: flagOptions, allowPositionals: true, strict: true });
}

function toFlags(values: ReturnType<typeof parseOwn>['values'], operands: readonly string[]): Flags {
  return {
    isJson: values.json === true,
    isJsonStream: values['json-stream'] === true,
    isAscii: values.ascii === true,
    isReadOnly: values['read-only'] === true,
    isLowBandwidth: values['low-bandwidth'] === true,
    isSi: values.si === true,
    gocache: values.gocache,
    gomodcache: values.gomodcache,
    directory: values.directory,
    isSure: values.yes === true,
    isDryRun: values['dry-run'] === true,
    isChecking: values.check === true,
    isAll: values.all === true,
    asksNetwork: values.network === true,
    prune: {
      unusedFor: values['unused-for'],
      packages: values.package,
      variant: values.variant,
      goVersion: values['go-version'],
      sourcesIn: values['sources-in'],
      kind: values.kind,
      isSuperseded: values.superseded === true,
      isNeverReused: values['never-reused'] === true,
      isDamaged: values.damaged === true,
      maxSize: values['max-size'],
      keep: values.keep,
    },
    cleans: values.tests === true ? 'tests' : values.fuzz === true ? 'fuzz' : 'all',
    operands,
    start: values.start,
    bench: { directories: operands, packages: values.build ?? [], rounds: values.rounds },
    isListing: values.quarantine === true,
    pruneModules: {
      isMeant: values.modules === true,
      module: values.module,
      isUnneeded: values.unneeded === true,
      keepNewest: values['keep-newest'],
      isZipsOnly: values['zips-only'] === true,
      isFoldersOnly: values['folders-only'] === true,
      isToolchains: values.toolchains === true,
      isTiles: values.tiles === true,
    },
    roots: (values.root ?? []).map((root) => resolve(values.directory ?? '.', root)),
    modules: {
      platforms: values.platform ?? [],
      isWithoutTests: values['no-tests'] === true,
      isWithoutTools: values['no-tools'] === true,
      isWithoutProof: values['no-proof'] === true,
      archive: values.archive,
      from: values.from,
      isMeasuring: values.measure === true,
      isRunning: values.run === true,
    },
    proxy: {
      whatIf: values['what-if'] ?? [],
      isPlan: values.plan === true,
      sendsPrivate: values['send-private'] === true,
      conformance: values.conformance,
      isSumdb: values.sumdb === true,
    },
    fix: values.fix,
  };
}

function unknownSubcommand(word: string): string {
  const instead = laterSubcommands.get(word);
  if (instead !== undefined) return `${word} is not in this version; until then: ${instead}`;
  return `unknown subcommand "${word}": see gocachetop --help; a command to run stands behind --`;
}

function usage(message: string): CommandLine {
  return { type: 'usage', message };
}

function firstSentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split(/\. |\n/)[0] ?? message).replace(/\.$/, '');
}
