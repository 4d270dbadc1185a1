import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listProcesses } from './processes.ts';
import { openTerminal, type Terminal, type TerminalOptions } from './terminal.ts';

/** ShellTerminal is a program that a shell started, so that the terminal outlives it. */
export type ShellTerminal = Terminal & {
  /**
   * restored waits for the end and fails unless the terminal is as the program found it: normal buffer, cursor shown,
   * line discipline (icanon, echo and all the rest of `stty -a`), modes and colours.
   */
  readonly restored: () => Promise<void>;
};

/**
 * openInShell starts a program from a shell that outlives it and looks at the terminal when it has ended. `exited`
 * gives its exit code as the shell has it (128+n after a signal), and `signal` goes to the program, not to the shell.
 */
export function openInShell(options: TerminalOptions): ShellTerminal {
  const folder = mkdtempSync(join(tmpdir(), 'gocachetop-shell-'));
  const [before, after] = [join(folder, 'before'), join(folder, 'after')];
  const args = ['--norc', '-c', script, 'shell', before, after, options.command, ...(options.args ?? [])];
  const terminal = openTerminal({ ...options, command: 'bash', args });

  const close = async () => {
    await terminal.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return {
    ...terminal,
    signal: (name) => {
      const child = listProcesses().find((process) => process.parent === terminal.pid);
      if (child === undefined) throw new Error(`${options.command} is not running: no ${name} sent`);
      process.kill(child.pid, name);
    },
    restored: async () => {
      await terminal.exited;
      const faults = [...(await screenFaults(terminal)), ...settingFaults(before, after)];
      if (faults.length > 0)
        throw new Error(`the terminal is not restored: ${faults.join(', ')}\n${terminal.text()}`);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** script survives what ends the program, for a trap, unlike ignoring, is not inherited. */
const script = `
before=$1 after=$2
shift 2
trap : HUP INT QUIT TERM
stty -a >"$before"
"$@"
code=$?
stty -a >"$after"
exit $code
`;

async function screenFaults(terminal: Terminal): Promise<string[]> {
  const faults = await terminal.leftModes();
  if (terminal.isAlternate()) faults.push('still in the alternate buffer');
  if (!terminal.cursor().visible) faults.push('the cursor is hidden');
  return faults;
}

/** settingFaults compares `stty -a` before and after, less the size, which is not the program's. */
function settingFaults(before: string, after: string): string[] {
  const [found, left] = [readSettings(before), readSettings(after)];
  if (left.size === 0) return ['stty told nothing'];
  return [...left].filter((setting) => !found.has(setting)).map((setting) => `stty ${setting}`);
}

/** readSettings cuts `speed 38400 baud; rows 24; intr = ^C; ... -parenb icanon echo` into its settings. */
function readSettings(path: string): Set<string> {
  const settings = readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => (line.includes(';') ? line.split(';') : line.split(' ')))
    .map((setting) => setting.trim());
  return new Set(settings.filter((setting) => setting !== '' && !/^(rows|columns) /.test(setting)));
}
