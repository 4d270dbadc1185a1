import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

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

export type Subcommand =
  | 'report'
  | 'scan'
  | 'prune'
  | 'clean'
  | 'undo'
  | 'repoint'
  | 'bench'
  | 'modules'
  | 'verify'
  | 'prewarm'
  | 'offline'
  | 'workspaces'
  | 'recover'
  | 'redownload';

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
} as const;

/** ownFlags are those that only some subcommands have. */
const ownFlags: Readonly<Record<string, readonly (Subcommand | 'screen')[]>> = {
  yes: [
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
  ],
  'dry-run': [
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
  ],
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
  network: ['verify', 'recover'],
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

/** mostOperands are how many words a subcommand takes; those that are not named take none. */
const mostOperands: Readonly<Partial<Record<Subcommand, number>>> = {
  repoint: 1,
  bench: Number.POSITIVE_INFINITY,
  redownload: Number.POSITIVE_INFINITY,
  modules: Number.POSITIVE_INFINITY,
  verify: Number.POSITIVE_INFINITY,
  workspaces: Number.POSITIVE_INFINITY,
};

/** laterSubcommands are in the contract and not in this version: each says what to use until then. */
const laterSubcommands: ReadonlyMap<string, string> = new Map([
  ['why', 'GODEBUG=gocachehash=1 go build prints the inputs of every key'],
  ['compare', 'run gocachetop report --json twice'],
  ['proxy', 'go env GOPROXY; go mod download -x'],
  ['doctor', 'go env'],
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
  if (subcommand === 'report' && command === undefined)
    return usage('report needs a command: gocachetop report -- go build ./...');
  if (subcommand !== undefined && subcommand !== 'report' && command !== undefined)
    return usage(`${subcommand} runs no command: leave out what stands behind --`);
  return { type: 'run', subcommand, command, flags: toFlags(values, more) };
}

function isSubcommand(word: string | undefined): word is Subcommand {
  return word !== undefined && Object.hasOwn(subcommandHelps, word);
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

/** helpText is what `--help` prints, in general or for a subcommand. */
export function helpText(subcommand: Subcommand | undefined): string {
  return subcommand === undefined ? generalHelp : subcommandHelps[subcommand];
}

const commonFlags = `flags:
  --json            one JSON object on stdout; the command's own stdout then goes to stderr
  --json-stream     events as they happen, one JSON object a line, the same object last
  --ascii           plain marks and lines
  --no-color        no colour (NO_COLOR does the same)
  --low-bandwidth   at most one frame a second, as for a slow SSH line
  --read-only       refuse every operation that writes
  --si              sizes in powers of 1000
  --gocache DIR     use DIR as GOCACHE, for the command too
  --gomodcache DIR  use DIR as GOMODCACHE, for the command too
  -C DIR            run in DIR
  --version         print the version
  --help            print this; behind a subcommand its own flags
`;

const generalHelp = `gocachetop: an explorer of Go's caches, live while you build

usage:
  gocachetop [flags]                        explore; any build that runs meanwhile shows up
  gocachetop [flags] -- COMMAND [ARG...]    run COMMAND and watch it live
  gocachetop report [flags] -- COMMAND ...  the same without a screen: a summary at the end
  gocachetop scan                           what fills GOCACHE: kinds, packages, ages, next trim
  gocachetop prune | clean | undo           remove from GOCACHE; wipe it; undo the last prune or re-point
  gocachetop repoint DIR                    point GOCACHE to another folder (go env -w), which is checked first
  gocachetop bench DIR...                   how good a directory is as GOCACHE
  gocachetop modules [PATTERN...]           what fills GOMODCACHE, version by version, and who needs it
  gocachetop verify [MODULE[@VERSION]...]   compare GOMODCACHE with go.sum and the checksum database, file by file
  gocachetop prewarm | offline              download all that a build without a network needs; say what is missing for one
  gocachetop workspaces DIR...              which share a GOMODCACHE, what that saves, how else they could
  gocachetop recover                        GOSUMDB, go.sum and GOMODCACHE fail together: why, and the way out in steps
  gocachetop redownload MODULE@VERSION...   repair modules of GOMODCACHE: what is broken, and no more

${commonFlags}
examples:
  gocachetop -- go build ./...
  gocachetop -- make test
  gocachetop report --json -- go test ./... > report.json

exit code: the command's own; else 0, 1 when something is wrong, 2 for a wrong command line
`;

const reportHelp = `gocachetop report: run a command and sum up what came from GOCACHE and what was compiled

usage:
  gocachetop report [flags] -- COMMAND [ARG...]

The command's output comes through as it is; the summary follows on stderr.

${commonFlags}
examples:
  gocachetop report -- go build ./...
  gocachetop report --json -- go test -race ./... > report.json
  gocachetop report --json-stream -- make | jq -c 'select(.event == "package")'
`;

const scanHelp = `gocachetop scan: what fills GOCACHE, by name, what it would take to rebuild, and what is of little use

usage:
  gocachetop scan [--check] [flags]

  --check           compare the sha256 of every output with its name; what differs is a problem, exit code 1

${commonFlags}
examples:
  gocachetop scan
  gocachetop scan --json | jq '.packages | sort_by(-.bytes) | .[:10]'
  gocachetop scan --check
`;

const pruneHelp = `gocachetop prune: remove from GOCACHE or GOMODCACHE what is of no use, also while builds run

usage:
  gocachetop prune SELECTOR... [--keep AGE] [--dry-run] [--yes] [flags]
  gocachetop prune --modules SELECTOR... [--root DIR]... [--keep AGE] [--dry-run] [--yes] [flags]

selectors, which narrow each other:
  --unused-for AGE  not used for 36h, 14d, ...
  --package PATTERN of these packages, with Go's ... as in example.com/...
  --variant VARIANT of this variant, as scan names it: linux/amd64, 'linux/amd64 race', ...
  --go-version V    compiled by this version of Go: go1.26.8
  --sources-in DIR  compiled from sources in DIR or below, as in a worktree that is no longer there
  --kind KIND       archive, test, vet, index, files, executable, cgo, fuzz or other
  --superseded      archives that are not the most recently used of their package and variant
  --never-reused    not used again after the day they were made
  --damaged         outputs whose content is not what their name says
  --max-size SIZE   the least recently used of these (of all, alone) until GOCACHE is no larger: 500MB, 10GiB, 10%

selectors with --modules, for GOMODCACHE in the place of GOCACHE:
  --unneeded        what no main module needs: that here, those of --root DIR. No other is asked
  --superseded      versions that every main module which uses them uses a newer one of
  --unused-for AGE  not used for so long, by access times; where they are not known it stays
  --keep-newest N   all but the N newest versions of each module
  --module PATTERN  of these modules, as golang.org/x/..., or one MODULE@VERSION
  --toolchains      only versions of Go itself; the one that runs here stays
  --zips-only       only zips whose folder stays; --folders-only the other way round, extracted again without a download
  --tiles           the kept answers of the checksum database, too

  --keep AGE        move it to a trash for that long; gocachetop undo puts it back
  --dry-run         say what would go, and stop
  --yes             do not ask; needed where there is no terminal

${commonFlags}
examples:
  gocachetop prune --max-size 10GiB --unused-for 14d --yes
  gocachetop prune --package 'example.com/old/...' --keep 2d
  gocachetop prune --superseded --dry-run
  gocachetop prune --modules --unneeded --root ~/src --keep 2d
`;

const cleanHelp = `gocachetop clean: wipe GOCACHE, or part of it, through go clean

usage:
  gocachetop clean [--tests | --fuzz] [--dry-run] [--yes] [flags]

  --tests           only let test results expire (go clean -testcache)
  --fuzz            only the fuzz corpus (go clean -fuzzcache)
  --dry-run         say what would go, and stop
  --yes             do not ask; needed where there is no terminal

${commonFlags}
examples:
  gocachetop clean --dry-run
  gocachetop clean --tests --yes
`;

const repointHelp = `gocachetop repoint: point GOCACHE to another folder, through go env -w

usage:
  gocachetop repoint DIR [--start HOW] [--dry-run] [--yes] [flags]

It checks the folder first (absolute, a folder or one that can be made, writable, on a local file system, with room,
in no module), and that no environment variable shadows what go env -w writes. It asks go env afterwards.

  --start empty     the entries stay where they are (this is the default); what lies in DIR already is used
  --start copy      copy the entries, with their times: the next build hits
  --start link      hard links in the place of copies: no bytes, on the same file system
  --start rename    rename the folder, on the same file system, while no go command runs on it
  --dry-run         say what it would do, and stop
  --yes             do not ask; needed where there is no terminal

${commonFlags}
examples:
  gocachetop repoint /big/gocache --dry-run
  gocachetop repoint /big/gocache --start copy --yes
  gocachetop undo
`;

const undoHelp = `gocachetop undo: undo the last prune --keep (of GOCACHE or GOMODCACHE) or re-point, whichever was later

usage:
  gocachetop undo [--dry-run] [--yes] [flags]

  --dry-run         say what it would put back, and stop
  --yes             do not ask; needed where there is no terminal

${commonFlags}
examples:
  gocachetop undo --yes
`;

const benchHelp = `gocachetop bench: how good directories are as GOCACHE

usage:
  gocachetop bench DIR... [--build PACKAGES] [--rounds N] [--dry-run] [flags]

What a real build of 81 packages did to its GOCACHE, every open, read, write in place, utimes and look for what is
not there, is done again in each DIR, cold and warm, in turn, by as many threads as go would use. 48 MB must be free.

  --build PACKAGES  also run go build PACKAGES in the working directory, cold and warm, with GOCACHE in each DIR:
                    twice the DIRs times the rounds builds, so mind the time; may be given more than once
  --rounds N        so many rounds; without it 7, and 4 of real builds, the fewest that can tell a difference
  --dry-run         say what would be done, and stop
  --yes             accepted for scripts: nothing is asked

It works in a folder of its own in each DIR and removes it, at the next run also that of a run that was killed. The
page cache is warm, as between two builds: it is never dropped, which would slow down everyone on this machine. Give
one DIR twice to see how far the times of the same thing lie apart.

${commonFlags}
examples:
  gocachetop bench ~/.cache /dev/shm
  gocachetop bench ~/.cache /mnt/nvme --build ./... --json
`;

const modulesHelp = `gocachetop modules: what fills GOMODCACHE, version by version, and who needs it

usage:
  gocachetop modules [PATTERN...] [--root DIR]... [flags]

  PATTERN           only these modules, with Go's ... as in golang.org/x/..., or one MODULE@VERSION
  --root DIR        main modules that may need them: each go.mod and go.work in DIR and below, or such a file; may be
                    given more than once. The main module or workspace here counts too. No other place is searched

States: complete (zip and folder), zip-only, folder-only, graph-only (its go.mod or info alone), partial (an
extraction that did not end), locked (a go command is at it now).

Last use is the access time of the file that each build reads of a module, its .ziphash: to a day under relatime,
not known where the file system keeps no access times. Needed is what the roots build with, by their go.mod and
go.sum, and the go.mod files that their module graphs are made of; other main modules on this machine are not asked.

${commonFlags}
examples:
  gocachetop modules
  gocachetop modules --root ~/src --json | jq '.modules[] | select(.neededFor == "nobody")'
  gocachetop modules 'golang.org/x/...'
`;

const verifyHelp = `gocachetop verify: compare what lies in GOMODCACHE with all that is recorded of it, and say who is right

usage:
  gocachetop verify [MODULE[@VERSION]...] [--all] [flags]

Without a module: what the main module here needs; where there is none, or with --all, everything in GOMODCACHE. Compared are
zip, .ziphash, extracted folder (file by file), .mod, .info, every go.sum that counts here, and the kept answers of the
checksum database, by their signatures. It changes nothing. Exit code 1 when something is faulty: a step for CI.

  --all             everything in GOMODCACHE, not only what the main module here needs
  --network         ask the checksum database about what no kept answer proves, on the way that GOPROXY and GOSUMDB say

${commonFlags}
examples:
  gocachetop verify
  gocachetop verify golang.org/x/text@v0.3.7
  gocachetop verify --all --json | jq '.modules[] | select(.verdict == "faulty")'
`;

const needsFlags = `  --platform P      for this platform, as linux/arm64; may be given more than once (without it that of go env)
  --no-tests        go build only, not go test and go vet
  --no-tools        without the tools of go.mod
  --archive DIR     copy what is needed to a new folder that serves as GOPROXY=file://DIR on another machine, with a
                    manifest of h1 sums; go lists all packages through it alone, to prove it
  --from DIR        take such an archive in first: every sum is held against its manifest and go.sum before`;

const prewarmHelp = `gocachetop prewarm: download all that a build without a network needs, and prove it

usage:
  gocachetop prewarm [--platform GOOS/GOARCH]... [--no-tests] [--no-tools] [--no-proof] [flags]

For the main module, or all modules of a go.work: what go list wants and has not is downloaded by go itself, several at
once, until nothing is missing. No go.mod and no go.sum is changed. The proof are real builds with GOPROXY=off and
-mod=readonly, in a namespace without a network where the system allows it: go build, go vet with one analyzer (it
type-checks the tests and compiles what they import, and runs nothing), and go build of the tools.

${needsFlags}
  --no-proof        do not build
  --dry-run         say what would be downloaded, and stop: no network is asked
  --yes             accepted for scripts: nothing is asked

The proof uses your GOCACHE, as your next build does: a hit hides no missing file, since go hashes the sources to find
it. With --gocache DIR on an empty folder all is compiled.

${commonFlags}
examples:
  gocachetop prewarm
  gocachetop prewarm --platform linux/amd64 --platform darwin/arm64 --archive /media/stick/modules
  gocachetop prewarm --from /media/stick/modules

exit code: 0 all is there, 1 a download or the proof failed, 2 for a wrong command line
`;

const offlineHelp = `gocachetop offline: is all here to build without a network? Which files are missing, for which packages?

usage:
  gocachetop offline [--platform GOOS/GOARCH]... [--no-tests] [--no-tools] [flags]

It asks nobody: go list runs on the main module, or all modules of a go.work, with an empty folder in the place of
every proxy, and what go wants from there is missing. A missing toolchain counts, and so do lines of go.sum. go itself
may unpack a zip that is there. Behind a missing module more may be missing: what go.sum knows is named as possible.

${needsFlags}
  --no-proof        do not list through the archive
  --dry-run, --yes  accepted for scripts: it only looks, unless --archive or --from are given

${commonFlags}
examples:
  gocachetop offline && echo ready for the aeroplane
  gocachetop offline --platform linux/amd64 --platform windows/amd64
  gocachetop offline --json | jq -r '.missing[] | "\\(.module)@\\(.version)"'

exit code: 0 all is here, 1 something is missing, 2 for a wrong command line
`;

const workspacesHelp = `gocachetop workspaces: which workspaces share a GOMODCACHE, what that saves, and how else they could

usage:
  gocachetop workspaces [DIR[=GOMODCACHE]...] [--measure] [--dry-run] [flags]

A workspace is a folder with a go.mod or go.work; without DIR it is the working directory. Its GOMODCACHE is that of go
env there, or the one named, where another program sets it. Nobody is asked and nothing is changed: it says what each
takes of its GOMODCACHE, and what it would cost alone.

  --measure         set up each way below the temporary folder, for the first two, and let go use it, with real
                    downloads through GOPROXY: a folder each, one shared, a symlink to it, an overlayfs on it, and
                    GOPROXY=file:// on its downloads. A changed source file and go clean -modcache show what reaches
                    the other. Your caches are not touched.
  --dry-run         with --measure: only say what takes how much room
  --yes             accepted for scripts: nothing is asked

${commonFlags}
examples:
  gocachetop workspaces ~/src/shop ~/src/bank
  gocachetop workspaces ~/src/shop ~/src/bank --measure --json
`;

const recoverHelp = `gocachetop recover: GOSUMDB, go.sum and GOMODCACHE fail together: why, and the way out in steps

usage:
  gocachetop recover [--network] [--run] [--dry-run] [--yes] [flags]

It recognizes GOSUMDB=off, -insecure left in GOFLAGS, a GONOSUMDB or GOPRIVATE that keeps public modules from the checksum
database, a database that does not answer, wrong lines of go.sum and wrong modules in GOMODCACHE, and says what each
means. Each step says what it does, the command that does the same, and the one that undoes it.

  --network         ask the checksum database about what disagrees and what go kept no answer for: go itself looks it up
  --run             carry the steps out, each after a question, then compare all sums again
  --dry-run         with --run: only list the steps
  --yes             do not ask; with --run needed where there is no terminal

${commonFlags}
examples:
  gocachetop recover
  gocachetop recover --network --run

exit code: 0 nothing is wrong (any more), 1 something is, 2 for a wrong command line
`;

const redownloadHelp = `gocachetop redownload: repair modules of GOMODCACHE, what is broken and no more

usage:
  gocachetop redownload MODULE@VERSION... [--dry-run] [--yes] [flags]
  gocachetop redownload --quarantine [--json]

It compares zip, .ziphash, folder and .mod with go.sum and the checksum database. What is wrong is made beside the cache
by go itself, checked, and swapped in under go's own lock: from the zip, where that is right, without a network. What was
there before goes to a quarantine in GOMODCACHE/cache, with a record of what was wrong. go.sum is never changed.

  --dry-run         say what is wrong and what would be done, and stop
  --yes             do not ask; needed where there is no terminal
  --quarantine      list what repairs have taken out, and how to remove it

Where a file looks changed by somebody, and not damaged, the module's path must be typed (--yes is enough, and says so).
Ended at any moment, the cache is as before or repaired: the next start finishes what was begun.

${commonFlags}
examples:
  gocachetop redownload github.com/google/uuid@v1.6.0 --dry-run
  gocachetop redownload github.com/google/uuid@v1.6.0 golang.org/x/text@v0.21.0 --yes --json
`;

const subcommandHelps: Readonly<Record<Subcommand, string>> = {
  report: reportHelp,
  scan: scanHelp,
  prune: pruneHelp,
  clean: cleanHelp,
  undo: undoHelp,
  repoint: repointHelp,
  bench: benchHelp,
  modules: modulesHelp,
  verify: verifyHelp,
  prewarm: prewarmHelp,
  offline: offlineHelp,
  workspaces: workspacesHelp,
  recover: recoverHelp,
  redownload: redownloadHelp,
};
