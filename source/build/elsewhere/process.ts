/** WorkCommand is the command line of a process that works in a unit's objdir: `$WORK/b003/`. */
export type WorkCommand = {
  readonly work: string;
  /** objdir is the last part of it: `b003`. */
  readonly objdir: string;
  /** isProgram: what runs is a program that was built there (`go run`, `go test`), not a tool that builds. */
  readonly isProgram: boolean;
  readonly compile: { readonly package: string; readonly buildId: string } | undefined;
};

/** parseArguments splits /proc/PID/cmdline or /proc/PID/environ at its NUL bytes. */
export function parseArguments(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\0$/, '').split('\0');
}

/**
 * parseWorkCommand finds the WORK of a command: `/usr/local/go/pkg/tool/linux_amd64/compile -o
 * /tmp/go-build1/b003/_pkg_.a -trimpath /tmp/go-build1/b003=> -p example.com/a ... -buildid A/A ...`. A -toolexec
 * command stands in front of the tool. undefined for a command that names no objdir.
 */
export function parseWorkCommand(words: readonly string[]): WorkCommand | undefined {
  const tool = words.slice(0, toolDepth).findIndex((word) => /(?:^|[/\\])compile(?:\.exe)?$/.test(word));
  if (tool !== -1) {
    const place = parseObjdir(wordAfter(words, '-o', tool));
    const path = wordAfter(words, '-p', tool);
    const buildId = wordAfter(words, '-buildid', tool);
    // `compile -V=full` asks for its version and has no objdir.
    if (place !== undefined && path !== undefined && buildId !== undefined)
      return { ...place, isProgram: false, compile: { package: path, buildId } };
  }
  for (const [index, word] of words.entries()) {
    const place = parseObjdir(word);
    if (place !== undefined) return { ...place, isProgram: index === 0, compile: undefined };
  }
  return undefined;
}

/** ProcessStat is what /proc/PID/stat tells of a process. */
export type ProcessStat = {
  readonly name: string;
  /** hasEnded: it only waits for its parent to ask how (a zombie). */
  readonly hasEnded: boolean;
  readonly parent: number;
  /** startTicks: hundredths of a second from boot to its start. */
  readonly startTicks: number;
};

/** parseProcessStat reads `22426 (compile) R 22416 21968 ...`; a name may hold spaces and parentheses (proc(5)). */
export function parseProcessStat(text: string): ProcessStat | undefined {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  const fields = text.slice(close + 2).split(' ');
  // Fields 4 and 22 by proc(5); the first one here is field 3.
  const parent = Number(fields[1]);
  const startTicks = Number(fields[19]);
  if (open === -1 || close < open || !Number.isInteger(parent) || !Number.isInteger(startTicks))
    return undefined;
  const hasEnded = fields[0] === 'Z' || fields[0] === 'X';
  return { name: text.slice(open + 1, close), hasEnded, parent, startTicks };
}

/** isGoCommand says whether a process name is that of a go command: `go`, `go1.26.8`, `go-1.22`, `go.exe`. */
export function isGoCommand(name: string): boolean {
  return /^go(?:[-.\d].*)?$/.test(name);
}

/** isWorkName says whether a name in the temp folder is that of a WORK: os.MkdirTemp adds digits to `go-build`. */
export function isWorkName(name: string): boolean {
  return /^go-build\d+$/.test(name);
}

/** findVariable reads one variable of an environ; the last one counts, as for the Go tools (os/exec: dedupEnv). */
export function findVariable(environ: readonly string[], name: string): string | undefined {
  return environ.findLast((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1);
}

// A -toolexec command has few words of its own; further behind `compile` would be a user's word.
const toolDepth = 8;

function parseObjdir(word: string | undefined): { work: string; objdir: string } | undefined {
  // The path begins the word, or follows a `=` or an -I, -L: `-I/tmp/go-build1/b001/`.
  const found = /^(?:-[^=/\\]*=?)?((?:\/|[A-Za-z]:\\).*?[/\\]go-build\d+)[/\\](b\d+)(?:[/\\]|=>|$)/.exec(
    word ?? '',
  );
  const [, work, objdir] = found ?? [];
  return work === undefined || objdir === undefined ? undefined : { work, objdir };
}

function wordAfter(words: readonly string[], flag: string, from: number): string | undefined {
  const at = words.indexOf(flag, from);
  return at === -1 ? undefined : words[at + 1];
}
