/** Environment is what a started program gets; `undefined` takes a name out of what we inherited. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * terminalEnvironment gives the environment of a program in a terminal of a developer: ours, less all that tells of
 * a CI, a colour wish, a terminal around us or a test runner, with UTF-8 and 256 colours, and then `changes`. A name
 * whose value is undefined is absent: a spawned program would read the text "undefined" otherwise.
 */
export function terminalEnvironment(changes: Environment = {}): Record<string, string> {
  const inherited = Object.entries(process.env).filter(([name]) => !unwanted.test(name));
  const all = { ...Object.fromEntries(inherited), LANG: 'C.UTF-8', TERM: 'xterm-256color', ...changes };
  return Object.fromEntries(
    Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}

/** unwanted names what changes how a program draws or starts, and would make a test depend on who runs it. */
const unwanted =
  /^(CI|CI_.*|CONTINUOUS_INTEGRATION|NO_COLOR|FORCE_COLOR|CLICOLOR|CLICOLOR_FORCE|COLORTERM|TERM|TERM_PROGRAM.*|TMUX.*|STY|WINDOWID|COLUMNS|LINES|LC_.*|SSH_(CONNECTION|CLIENT|TTY)|BASH_ENV|ENV|PROMPT_COMMAND|INK_SCREEN_READER|NODE_ENV|NODE_OPTIONS|NODE_V8_COVERAGE|VITEST.*|npm_.*)$/;
