import { createInterface } from 'node:readline/promises';
import type { Flags } from '../command-line.ts';
import { type GoEnv, isProblem } from '../go/env.ts';
import type { Place } from '../place.ts';
import { formatProblem, type Problem } from '../platform/problem.ts';

/** CommandContext is what a subcommand has to work with. */
export type CommandContext = Console & { readonly env: GoEnv; readonly place: Place };

/** Console is how a subcommand speaks: data on stdout, all else on stderr. */
export type Console = {
  readonly flags: Flags;
  /** signal is aborted by Ctrl-C: what was done stays done, and is told. */
  readonly signal: AbortSignal;
  /** print writes the answer: one JSON object under `--json`, text else. */
  print(json: Readonly<Record<string, unknown>>, text: string): Promise<void>;
  /** say writes a line to stderr. */
  say(line: string): void;
  /** progress shows how far it is, on a terminal only; an empty text takes the line away. */
  progress(text: string): void;
  tell(problems: readonly Problem[]): void;
  /** agree asks, where there is a terminal; without one `--yes` must have been given. A number is the exit code. */
  agree(question: string): Promise<true | number>;
  /** agreeByWord asks for a word to be typed: what it is about should not be done in passing. */
  agreeByWord(question: string, word: string): Promise<true | number>;
};

/** openCommandContext asks go env where the caches are; a number is the exit code when that fails. */
export async function openCommandContext(
  place: Place,
  flags: Flags,
  needsGocache: boolean,
  asked: Promise<GoEnv | Problem> = place.goEnv,
): Promise<CommandContext | number> {
  const console = openConsole(flags);
  const env = await asked;
  if (isProblem(env)) {
    console.tell([env]);
    return 1;
  }
  if (needsGocache && (env.gocache === 'off' || env.gocache === '')) {
    console.tell(env.problems);
    return 1;
  }
  return { ...console, env, place };
}

/** openConsole speaks for a subcommand, and hears Ctrl-C. */
export function openConsole(flags: Flags): Console {
  const say = (line: string): void => void process.stderr.write(`gocachetop: ${line}\n`);
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort());
  process.once('SIGTERM', () => stopping.abort());
  const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const showsProgress = process.stderr.isTTY === true && !flags.isJson;
  let shown = false;
  let shownAt = 0;

  async function ask(question: string, yes: RegExp | string): Promise<true | number> {
    if (flags.isSure) return true;
    if (!isTerminal) {
      say('nothing was changed: without a terminal this needs --yes');
      return 2;
    }
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      const answer = (await lines.question(question, { signal: stopping.signal })).trim();
      if (typeof yes === 'string' ? answer === yes : yes.test(answer)) return true;
    } catch {
      process.stderr.write('\n'); // Ctrl-C is a no
    } finally {
      lines.close();
    }
    say('nothing was changed');
    return 1;
  }

  return {
    flags,
    signal: stopping.signal,
    async print(json, text) {
      const out = flags.isJson ? `${JSON.stringify(json)}\n` : text;
      await new Promise<void>((resolve) => process.stdout.write(out, () => resolve()));
    },
    say,
    progress(text) {
      if (!showsProgress || (text === '' && !shown)) return;
      const now = Date.now();
      if (text !== '' && now - shownAt < progressMs) return;
      shownAt = now;
      shown = text !== '';
      process.stderr.write(`\r\x1b[K${text}`);
    },
    tell(problems) {
      for (const problem of problems) say(formatProblem(problem));
    },
    agree: (question) => ask(`${question} [y/N] `, /^y(es)?$/i),
    agreeByWord: (question, word) => ask(question, word),
  };
}

// Often enough to see it move, seldom enough for a slow line.
const progressMs = 200;
