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

export type Subcommand = 'report';

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
} as const;

/** laterSubcommands are in the contract and not in this version: each says what to use until then. */
const laterSubcommands: ReadonlyMap<string, string> = new Map([
  ['scan', 'du -sh "$(go env GOCACHE)"'],
  ['prune', 'go clean -cache removes all of it'],
  ['clean', 'go clean -cache'],
  ['undo', 'there is nothing to undo yet'],
  ['repoint', 'go env -w GOCACHE=DIR'],
  ['bench', 'time a go build with GOCACHE=DIR'],
  ['why', 'GODEBUG=gocachehash=1 go build prints the inputs of every key'],
  ['compare', 'run gocachetop report --json twice'],
  ['modules', 'du -sh "$(go env GOMODCACHE)"'],
  ['verify', 'go mod verify'],
  ['redownload', 'go mod download MODULE@VERSION'],
  ['prewarm', 'go mod download'],
  ['offline', 'GOPROXY=off go build ./...'],
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
  const subcommand = first === 'report' ? first : undefined;
  if (values.help === true) return { type: 'help', subcommand };
  if (values.version === true) return { type: 'version' };
  if (first !== undefined && subcommand === undefined) return usage(unknownSubcommand(first));
  if (more.length > 0)
    return usage(
      `unexpected word "${more[0]}": a command stands behind --, as in gocachetop report -- go build ./...`,
    );
  if (command?.[0] === '' || command?.length === 0)
    return usage('no command behind --, as in gocachetop -- go build ./...');
  if (subcommand === 'report' && command === undefined)
    return usage('report needs a command: gocachetop report -- go build ./...');
  return { type: 'run', subcommand, command, flags: toFlags(values) };
}

function parseOwn(words: string[]) {
  return parseArgs({ args: words, options: flagOptions, allowPositionals: true, strict: true });
}

function toFlags(values: ReturnType<typeof parseOwn>['values']): Flags {
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
  return subcommand === 'report' ? reportHelp : generalHelp;
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
  --help            print this; gocachetop report --help for report
`;

const generalHelp = `gocachetop: an explorer of Go's caches, live while you build

usage:
  gocachetop [flags]                        explore; any build that runs meanwhile shows up
  gocachetop [flags] -- COMMAND [ARG...]    run COMMAND and watch it live
  gocachetop report [flags] -- COMMAND ...  the same without a screen: a summary at the end

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
