/** GoCommand is what the command line of a direct `go` command says about the packages it needs. */
export type GoCommand = {
  readonly subcommand: string;
  /** directory is the value of `-C`. */
  readonly directory: string | undefined;
  /** buildFlags choose and configure packages; `go list` takes them all, in this order. */
  readonly buildFlags: readonly string[];
  /** patterns are packages, patterns or Go files; empty means the folder itself. */
  readonly patterns: readonly string[];
  /** output is the value of `-o`. */
  readonly output: string | undefined;
  readonly isDryRun: boolean;
  /** isCoverLocal says that `-cover` instruments each tested package for its own test alone: no `-coverpkg`. */
  readonly isCoverLocal: boolean;
  /** isCoverPackages says that `-coverpkg` instruments packages for all tests together. */
  readonly isCoverPackages: boolean;
  /** keepsWork says that the user asked for `-work`: the WORK line is theirs. */
  readonly keepsWork: boolean;
  /** printsCommands says that the user asked for `-x` on the command line; `turnsItOff` that it says `-x=false`. */
  readonly printsCommands: boolean;
  readonly turnsCommandsOff: boolean;
};

/** buildSubcommands have a package set that `go list` can tell. */
export const buildSubcommands: ReadonlySet<string> = new Set(['build', 'install', 'run', 'test', 'vet']);

/**
 * parseGoCommand reads the words of a command; undefined when it is not the go command itself (make, a script).
 * The name is `go`, or as golang.org/dl installs them `go1.26.8`, `gotip`.
 */
export function parseGoCommand(words: readonly string[]): GoCommand | undefined {
  const program =
    words[0]
      ?.split(/[/\\]/)
      .at(-1)
      ?.replace(/\.exe$/i, '') ?? '';
  if (!/^go(?:\d+(?:\.\d+)*(?:(?:rc|beta)\d+)?|tip)?$/.test(program)) return undefined;
  const rest = words.slice(1);
  const directory = takeDirectory(rest);
  const subcommand = rest.shift() ?? '';
  const own = directory ?? takeDirectory(rest);
  const { flags, patterns } = cutArguments(subcommand, rest);
  return {
    subcommand,
    directory: own,
    buildFlags: flags.filter((flag) => buildFlagNames.has(nameOf(flag))),
    patterns,
    output: flags.findLast((flag) => nameOf(flag) === 'o')?.replace(/^--?o=/, ''),
    isDryRun: isOn(flags, 'n'),
    isCoverLocal:
      !isOn(flags, 'coverpkg') && ['cover', 'covermode', 'coverprofile'].some((name) => isOn(flags, name)),
    isCoverPackages: isOn(flags, 'coverpkg'),
    keepsWork: isOn(flags, 'work'),
    printsCommands: isOn(flags, 'x'),
    turnsCommandsOff: flags.some((flag) => nameOf(flag) === 'x') && !isOn(flags, 'x'),
  };
}

/** takeDirectory takes `-C DIR` off the front, where Go wants it (cmd/go: handleChdirFlag). */
function takeDirectory(words: string[]): string | undefined {
  const first = words[0] ?? '';
  if (first === '-C' || first === '--C') {
    words.shift();
    return words.shift();
  }
  const joined = /^--?C=(.*)$/s.exec(first)?.[1];
  if (joined !== undefined) words.shift();
  return joined;
}

/**
 * cutArguments parts flags from packages as the subcommand does: build, vet and run stop at the first word that is
 * not a flag; go test goes on (cmd/go/internal/test: testFlags). Flags come back joined, `-tags=x`.
 */
function cutArguments(subcommand: string, words: readonly string[]): { flags: string[]; patterns: string[] } {
  const flags: string[] = [];
  const patterns: string[] = [];
  let arePatternsDone = false;
  let isAfterUnknown = false;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    const mayBeValue = isAfterUnknown;
    isAfterUnknown = false;
    if (!word.startsWith('-') || word === '-') {
      if (subcommand === 'run') return { flags, patterns: runPatterns(words.slice(index)) };
      if (subcommand !== 'test') return { flags, patterns: words.slice(index) };
      // What may be the value of an unknown flag is taken for that: flags of go may still follow.
      if (arePatternsDone && mayBeValue) continue;
      if (arePatternsDone) break;
      patterns.push(word);
      arePatternsDone = !isPattern(words[index + 1]);
      continue;
    }
    if (word === '--')
      return {
        flags,
        patterns: patterns.length > 0 || subcommand === 'test' ? patterns : words.slice(index + 1),
      };
    const name = nameOf(word);
    if (name === 'args') break;
    const takesValue =
      valueFlagNames.has(name) ||
      (subcommand === 'test' && testValueFlagNames.has(name)) ||
      (subcommand === 'vet' && name === 'vettool');
    if (takesValue && !word.includes('=')) flags.push(`-${name}=${words[++index] ?? ''}`);
    else flags.push(word);
    // An unknown flag may take the next word as its value: go test then takes no packages any more.
    if (subcommand === 'test' && !takesValue && !boolFlagNames.has(name)) {
      arePatternsDone = true;
      isAfterUnknown = !word.includes('=');
    }
  }
  return { flags, patterns };
}

function isPattern(word: string | undefined): boolean {
  return word !== undefined && !word.startsWith('-');
}

/** runPatterns are the files or the one package of `go run`; what follows belongs to the program. */
function runPatterns(words: readonly string[]): string[] {
  const files = words.findIndex((word) => !word.endsWith('.go'));
  if (files === 0) return words.slice(0, 1);
  return words.slice(0, files === -1 ? words.length : files);
}

function nameOf(flag: string): string {
  return flag
    .replace(/^--?/, '')
    .replace(/=.*$/s, '')
    .replace(/^test\./, '');
}

function isOn(flags: readonly string[], name: string): boolean {
  const last = flags.findLast((flag) => nameOf(flag) === name);
  return last !== undefined && !/=(?:0|f|F|false|FALSE|False)$/.test(last);
}

// cmd/go/internal/work: AddBuildFlags, AddCoverFlags, go1.26. Left out: what has no part in the choice of packages
// (-p, -v, -work, -json), and -buildvcs, which would make go list call git again.
const buildFlagNames = new Set([
  'asan',
  'asmflags',
  'buildmode',
  'compiler',
  'cover',
  'covermode',
  'coverpkg',
  'gccgoflags',
  'gcflags',
  'installsuffix',
  'ldflags',
  'linkshared',
  'mod',
  'modcacherw',
  'modfile',
  'msan',
  'overlay',
  'pgo',
  'pkgdir',
  'race',
  'tags',
  'trimpath',
]);

const valueFlagNames = new Set([
  'asmflags',
  'buildmode',
  'compiler',
  'covermode',
  'coverpkg',
  'debug-actiongraph',
  'debug-runtime-trace',
  'debug-trace',
  'exec',
  'gccgoflags',
  'gcflags',
  'installsuffix',
  'ldflags',
  'mod',
  'modfile',
  'o',
  'overlay',
  'p',
  'pgo',
  'pkgdir',
  'tags',
  'toolexec',
]);

// cmd/go/internal/test: init, go1.26.
const testValueFlagNames = new Set([
  'bench',
  'benchtime',
  'blockprofile',
  'blockprofilerate',
  'count',
  'coverprofile',
  'cpu',
  'cpuprofile',
  'fuzz',
  'fuzzminimizetime',
  'fuzztime',
  'list',
  'memprofile',
  'memprofilerate',
  'mutexprofile',
  'mutexprofilefraction',
  'outputdir',
  'parallel',
  'run',
  'shuffle',
  'skip',
  'timeout',
  'trace',
  'vet',
]);

const boolFlagNames = new Set([
  'a',
  'artifacts',
  'asan',
  'benchmem',
  'buildvcs',
  'c',
  'cover',
  'failfast',
  'fullpath',
  'i',
  'json',
  'linkshared',
  'modcacherw',
  'msan',
  'n',
  'race',
  'short',
  'trimpath',
  'v',
  'work',
  'x',
]);
