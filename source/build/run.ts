import type { ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { Readable } from 'node:stream';
import { execa } from 'execa';
import { isBoolFlagSet, splitGoFlags, withX } from '../go/flags.ts';
import { type Pipe, readPipe } from '../platform/pipe.ts';
import { codeOf } from '../platform/problem.ts';
import type { GoCommand } from './go-command.ts';
import type { BuildEvent } from './progress.ts';
import { createStdoutFilter, type StdoutFilter } from './stdout-filter.ts';
import { parseTestLine, parseTestRecord } from './test-output.ts';
import { restoreCgoWords } from './user-words.ts';
import { asksForWork, type WorkFolders, watchWorkFolders } from './work-folders.ts';
import type { XEvent } from './x-event.ts';
import { createXParser } from './x-parser.ts';

export type RunOptions = {
  readonly words: readonly string[];
  /** goCommand is the command where it is the go command itself. */
  readonly goCommand: GoCommand | undefined;
  readonly cwd: string;
  /** environment of the user, to which only GOFLAGS is changed. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** goflags is the effective GOFLAGS; undefined when no go command told it: nothing is then added. */
  readonly goflags: string | undefined;
  /** temp is the effective GOTMPDIR, where `go env` told one: go commands make their WORK there. */
  readonly temp?: string | undefined;
  readonly stdin: 'inherit' | 'ignore';
  /** pipes are for stdout and stderr; without them the command gets sockets. Both are used up by this. */
  readonly pipes?: readonly Pipe[] | undefined;
  /** isOwnGroup puts the command in a process group of its own, so that keys of the screen do not reach it. */
  readonly isOwnGroup: boolean;
  readonly emit: (event: BuildEvent) => void;
  /** write takes the command's output; it returns a promise while the reader is slow. */
  readonly write: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => Promise<void> | undefined;
  /** failed is told once when our own analysis breaks: the output then comes through as it is. */
  readonly failed: (error: unknown) => void;
};

export type RunningCommand = {
  readonly pid: number | undefined;
  send(signal: NodeJS.Signals): void;
  /** expectEnd says that a signal reached the command without us, as Ctrl-C at the terminal. */
  expectEnd(): void;
  /** closeOutput closes our end of a stream, as when the reader of ours has gone: the command gets SIGPIPE. */
  closeOutput(stream: 'stdout' | 'stderr'): void;
  readonly ended: Promise<CommandEnd>;
  readonly unrecognized: number;
};

export type CommandEnd = {
  /** exitCode is the command's own, 128+n when signal n ended it, 127 not found, 126 not allowed. */
  readonly exitCode: number;
  readonly signal: NodeJS.Signals | undefined;
  /** startError is the system's code when it could not start. */
  readonly startError: string | undefined;
};

// A word of the user's, as a prompt, waits this long for its line end; a line that looks like ours a little longer.
const wordsHoldMs = 20;
const lineHoldMs = 300;
// After the end, output of what the command left behind in the background is waited for this long.
const quietMs = 200;

/**
 * startCommand runs the user's command with `-x` merged into GOFLAGS and takes the lines of `-x` out of its output
 * again. Stdout and stderr are pipes of their own and are never merged. What the analysis throws ends the analysis,
 * not the command.
 */
export function startCommand(options: RunOptions): RunningCommand {
  const plan = planInjection(options);
  const work = watchWorkFolders(options.temp ?? tempOf(plan.environment));
  const child = execa(plan.words[0] ?? '', plan.words.slice(1), {
    cwd: options.cwd,
    env: plan.environment,
    extendEnv: false,
    reject: false,
    buffer: false,
    cleanup: false,
    detached: options.isOwnGroup,
    stdin: options.stdin,
    stdout: sinkOf(options.pipes?.[0]),
    stderr: sinkOf(options.pipes?.[1]),
    encoding: 'buffer',
  });
  const [stdout, stderr] = outputsOf(child, options.pipes);
  const reader = createReader(options, plan.keepsLines, work, child.pid);
  const drained = [reader.follow(stdout, 'stdout'), reader.follow(stderr, 'stderr')];
  let wasSignalled = false;

  async function end(): Promise<CommandEnd> {
    const { exitCode, signal, startError } = await exitOf(child);
    // What a background process of the command still holds open does not hold us.
    await Promise.race([Promise.all(drained), reader.quiet(quietMs)]);
    stdout.destroy();
    stderr.destroy();
    reader.finish();
    work.close();
    const code = exitCode ?? (signal === undefined ? 1 : 128 + (constants.signals[signal] ?? 0));
    reader.tell({
      type: 'ended',
      at: Date.now(),
      exitCode: code,
      wasStopped: wasSignalled || signal !== undefined,
    });
    return { exitCode: code, signal, startError };
  }

  return {
    pid: child.pid,
    send(signal) {
      wasSignalled = true;
      try {
        if (options.isOwnGroup && child.pid !== undefined) process.kill(-child.pid, signal);
        else child.kill(signal);
      } catch {
        // It has ended meanwhile.
      }
    },
    expectEnd() {
      wasSignalled = true;
    },
    closeOutput(stream) {
      (stream === 'stdout' ? stdout : stderr).destroy();
    },
    ended: end(),
    get unrecognized() {
      return reader.unrecognized;
    },
  };
}

type Injection = {
  readonly words: readonly string[];
  readonly environment: Record<string, string>;
  readonly keepsLines: boolean;
};

// Under `-x` these print what they run among their own output, or to stdout, in no form that can be told from it.
const quietSubcommands: ReadonlySet<string> = new Set(['clean', 'fmt', 'generate']);

/** planInjection: `-x` for every go command under this one, unless the user asked for it and so wants its lines. */
function planInjection({ words, goCommand, environment, goflags }: RunOptions): Injection {
  const kept = Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const plain = { words, environment: kept, keepsLines: true };
  if (goflags === undefined || goCommand?.isDryRun === true || goCommand?.turnsCommandsOff === true)
    return plain;
  const injected = withX(goflags);
  if (injected.userHasX || goCommand?.printsCommands === true) return plain;
  const environmentWithX = { ...kept, GOFLAGS: injected.goflags };
  if (goCommand === undefined || !quietSubcommands.has(goCommand.subcommand))
    return { words, environment: environmentWithX, keepsLines: false };
  const at = words.indexOf(goCommand.subcommand) + 1;
  return {
    words: [...words.slice(0, at), '-x=false', ...words.slice(at)],
    environment: environmentWithX,
    keepsLines: false,
  };
}

/** tempOf is where a go command under this environment makes its WORK (cmd/go/internal/work: NewBuilder, os.TempDir). */
function tempOf(environment: Readonly<Record<string, string>>): string {
  return environment.GOTMPDIR || environment.TMPDIR || '/tmp';
}

/** sinkOf is what execa is to give the command: any file descriptor will do, though its types name 1 and 2 alone. */
function sinkOf(pipe: Pipe | undefined): 'pipe' | 1 {
  return pipe === undefined ? 'pipe' : (pipe.writeEnd as 1);
}

type Outputs = { readonly stdout: Readable | null; readonly stderr: Readable | null };

/** outputsOf are our ends of the command's output. The command has the other ends now: ours of those are closed. */
function outputsOf(child: Outputs, pipes: RunOptions['pipes']): readonly [Readable, Readable] {
  for (const { writeEnd } of pipes ?? []) closeSync(writeEnd);
  const [out, err] = pipes ?? [];
  if (out !== undefined && err !== undefined) return [readPipe(out), readPipe(err)];
  return [child.stdout ?? Readable.from([]), child.stderr ?? Readable.from([])];
}

/** createReader parts the output into the user's and ours, and hands both on in the order they came. */
function createReader(options: RunOptions, keepsLines: boolean, work: WorkFolders, pid: number | undefined) {
  const parser = createXParser({
    isWork: work.isWork,
    exists: existsSync,
    isGoRun: options.goCommand?.subcommand === 'run',
    keepsWork: () =>
      options.goCommand?.keepsWork === true ||
      isBoolFlagSet(splitGoFlags(options.goflags ?? '').words, 'work') ||
      (options.goCommand === undefined && pid !== undefined && asksForWork(pid)),
  });
  const filter: StdoutFilter = createStdoutFilter({
    readOutput: (text) => usersPart(text),
    readLine: (line) => readTestLine(line),
  });
  let isBroken = false;
  let isDeaf = false;
  let isFinished = false;
  let lastDataAt = Date.now();
  // waiting counts the streams whose next bytes stay in the pipe until our reader has taken the last ones.
  let waiting = 0;
  let timer: NodeJS.Timeout | undefined;
  schedule();

  /** schedule calls settle when what is held now has been held long enough. */
  function schedule(): void {
    clearTimeout(timer);
    timer = setTimeout(() => setImmediate(settle), parser.holds === 'words' ? wordsHoldMs : lineHoldMs);
    timer.unref();
  }

  /** follow resolves when the stream has ended and all that came on it was taken. */
  function follow(source: Readable, name: 'stdout' | 'stderr'): Promise<void> {
    return new Promise((resolve) => {
      let untaken = 0;
      let hasEnded = false;
      function taken(): void {
        untaken -= 1;
        if (hasEnded && untaken === 0) resolve();
        else source.resume();
      }
      function end(): void {
        hasEnded = true;
        if (untaken === 0) resolve();
      }
      source.on('data', (chunk: Uint8Array) => {
        lastDataAt = Date.now();
        untaken += 1;
        // The notice that a WORK folder was made may come in the same turn as the line that names it.
        source.pause();
        setImmediate(() => {
          const slow = isFinished ? undefined : take(name, chunk);
          if (slow === undefined) {
            taken();
            return;
          }
          waiting += 1;
          void slow.then(() => {
            waiting -= 1;
            lastDataAt = Date.now();
            taken();
          });
        });
      });
      source.on('error', end);
      source.once('end', end);
      source.once('close', end);
    });
  }

  function take(name: 'stdout' | 'stderr', chunk: Uint8Array): Promise<void> | undefined {
    if (isBroken) return options.write(name, chunk);
    try {
      const users = name === 'stdout' ? filter.push(chunk) : handle(parser.push(chunk));
      schedule();
      if (keepsLines) return options.write(name, chunk);
      return users.length === 0 ? undefined : options.write(name, users);
    } catch (error) {
      return giveUp(error, name, chunk);
    }
  }

  /** giveUp: the build is worth more than what we say about it. */
  function giveUp(error: unknown, name: 'stdout' | 'stderr', chunk: Uint8Array): Promise<void> | undefined {
    isBroken = true;
    options.failed(error);
    return options.write(name, chunk);
  }

  /** handle emits what the events tell and returns the user's bytes in them. */
  function handle(events: readonly XEvent[]): Uint8Array {
    let users = '';
    for (const event of events) {
      if (event.type === 'passthrough') users += restoreCgoWords(event.text);
      tell({ type: 'x', at: Date.now(), event, ...measureStored(event) });
    }
    return Buffer.from(users, 'latin1');
  }

  function usersPart(text: string): string {
    return Buffer.from(handle(parser.push(Buffer.from(text, 'utf8')))).toString('utf8');
  }

  function readTestLine(line: string): void {
    const test = parseTestLine(line) ?? parseTestRecord(line);
    if (test !== undefined) tell({ type: 'test', ...test });
  }

  /** tell hands an event on; who cannot take it is told no more, and the output goes on without our lines. */
  function tell(event: BuildEvent): void {
    if (isDeaf) return;
    try {
      options.emit(event);
    } catch (error) {
      isDeaf = true;
      options.failed(error);
    }
  }

  /** settle runs when nothing came for a while: what is held goes out, and go commands that ended are forgotten. */
  function settle(): void {
    if (isFinished) return;
    const quietFor = Date.now() - lastDataAt;
    if (!isBroken && waiting === 0) {
      const { holds } = parser;
      if (holds !== 'nothing' && quietFor >= (holds === 'words' ? wordsHoldMs : lineHoldMs))
        flush('stderr', handle(parser.release()));
      if (quietFor >= lineHoldMs) {
        if (filter.isHolding) flush('stdout', filter.end());
        parser.settle();
      }
    }
    schedule();
  }

  function flush(name: 'stdout' | 'stderr', users: Uint8Array): void {
    if (!keepsLines && users.length > 0) void options.write(name, users);
  }

  return {
    follow,
    tell,
    /** quiet resolves when nothing came for `ms`, nor waits for a slow reader of ours; it does not keep the process alive, the open pipes do. */
    async quiet(ms: number): Promise<void> {
      while (waiting > 0 || Date.now() - lastDataAt < ms) {
        const left = waiting > 0 ? ms : ms - (Date.now() - lastDataAt);
        await new Promise((resolve) => setTimeout(resolve, left).unref());
      }
    },
    finish(): void {
      if (!isBroken) {
        flush('stderr', handle(parser.release()));
        flush('stdout', filter.end());
      }
      isFinished = true;
      clearTimeout(timer);
    },
    get unrecognized() {
      return parser.unrecognized;
    },
  };
}

/** measureStored reads the size of an output that was just stored, and the build ID in its first line. */
function measureStored(event: XEvent): { readonly bytes?: number; readonly buildId?: string } {
  if (event.type !== 'stored' || event.target !== '_pkg_.a') return {};
  try {
    const { size } = statSync(event.path);
    const buildId = buildIdInFile(event.path);
    return buildId === undefined ? { bytes: size } : { bytes: size, buildId };
  } catch {
    return {}; // removed already, or not ours to read: its size is unknown
  }
}

/** buildIdInFile reads `build id "A/B"` from the head of an archive: line three, within the first 300 bytes. */
function buildIdInFile(path: string): string | undefined {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(512);
    const length = readSync(file, head, 0, head.length, 0);
    return /build id "([^/"]+)/.exec(head.toString('latin1', 0, length))?.[1];
  } finally {
    closeSync(file);
  }
}

type Exit = {
  readonly exitCode: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  readonly startError: string | undefined;
};

type Child = { readonly pid?: number; readonly nodeChildProcess: ChildProcess } & PromiseLike<{
  readonly code?: string | undefined;
  readonly cause?: unknown;
}>;

/** exitOf resolves when the process itself has ended, whatever its pipes do. */
function exitOf(child: Child): Promise<Exit> {
  return new Promise((resolve) => {
    child.nodeChildProcess.once('exit', (code, signal) =>
      resolve({ exitCode: code ?? undefined, signal: signal ?? undefined, startError: undefined }),
    );
    child.nodeChildProcess.once('error', (error) => resolve(failedStart(codeOf(error))));
    void child.then((result) => {
      if (child.pid === undefined) resolve(failedStart(result.code ?? codeOf(result.cause)));
    });
  });
}

function failedStart(code: string | undefined): Exit {
  return { exitCode: code === 'ENOENT' ? 127 : 126, signal: undefined, startError: code ?? 'unknown' };
}
