import { constants } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { type IPty, spawn } from '@lydell/node-pty';
import { type Cell, findInLine, type Position, readCell, readLines } from './cells.ts';
import { type Environment, terminalEnvironment } from './environment.ts';
import { type Key, keySequence } from './keys.ts';
import { descendantsOf, isRunning, killProcess } from './processes.ts';
import { createView, leftModes, watchSequences } from './view.ts';
import { createWaits, type Wait } from './waits.ts';

/** TerminalOptions says what runs in the terminal, and how large it is: 80x24 when not given. */
export type TerminalOptions = {
  readonly command: string;
  readonly args?: readonly string[];
  readonly cwd?: string;
  /** env changes the environment of `terminalEnvironment`; undefined takes a name out. */
  readonly env?: Environment;
  readonly cols?: number;
  readonly rows?: number;
};

/** Exit is how the program ended: with a code, or by a signal. */
export type Exit = { readonly code: number | undefined; readonly signal: NodeJS.Signals | undefined };

/** Mark counts what the program has written since the mark was made. */
type Mark = {
  readonly bytes: () => number;
  readonly frames: () => number;
  readonly milliseconds: () => number;
};

/** Terminal is a program in a real pseudoterminal, and what a person would see of it. */
export type Terminal = AsyncDisposable & {
  readonly pid: number;
  readonly cols: () => number;
  readonly rows: () => number;
  /** type writes text as it is, as one read of the program. Wait for its first frame before you type. */
  readonly type: (text: string) => void;
  /** key presses keys, one after the other. */
  readonly key: (...keys: readonly Key[]) => void;
  /**
   * until waits until the screen has the text, and gives the match. `^` and `$` match at lines. It looks at whole
   * frames only. It fails with the whole screen, and at once when the program ends without the text.
   */
  readonly until: (what: string | RegExp, wait?: Wait) => Promise<RegExpExecArray>;
  /** gone waits until the screen no longer has the text. */
  readonly gone: (what: string | RegExp, wait?: Wait) => Promise<void>;
  /** when waits until a condition holds that text cannot say: a cell, a size, a number of frames. */
  readonly when: (holds: () => boolean, wait?: Wait) => Promise<void>;
  /** screen gives the lines on screen, without the spaces at their ends. */
  readonly screen: () => string[];
  readonly text: () => string;
  /** scrollback gives all of the normal buffer: what stays when the program has left the alternate one. */
  readonly scrollback: () => string;
  readonly cell: (x: number, y: number) => Cell;
  readonly find: (text: string) => Position | undefined;
  /** cellOf gives the first cell of a text that must be on the screen. */
  readonly cellOf: (text: string) => Cell;
  readonly cursor: () => Position & { readonly visible: boolean };
  readonly isAlternate: () => boolean;
  /** leftModes names what a program must not leave behind and that is on now: modes, and the style of what follows. */
  readonly leftModes: () => Promise<string[]>;
  /** clipboard is what the program copied last by OSC 52. */
  readonly clipboard: () => string | undefined;
  readonly resize: (cols: number, rows: number) => void;
  /** signal sends a signal to the program alone; Ctrl-C is `key('ctrl+c')`. */
  readonly signal: (name: NodeJS.Signals) => void;
  /** hangUp closes the terminal as a closed window does: the kernel sends SIGHUP. */
  readonly hangUp: () => void;
  /** exited resolves when the program has ended and all that it wrote is on the screen. */
  readonly exited: Promise<Exit>;
  readonly bytes: () => number;
  /** written is every byte that the program wrote, as latin1: what must never be among them can be looked for. */
  readonly written: () => string;
  /** frames counts the synchronized updates that were completed. */
  readonly frames: () => number;
  readonly mark: () => Mark;
  /** close hangs up, waits, and kills what is left of the program, its children and its session. */
  readonly close: () => Promise<void>;
};

/** openTerminal starts a program in a pseudoterminal of its own. */
export function openTerminal(options: TerminalOptions): Terminal {
  const { command, args = [], cwd = process.cwd(), env = {}, cols = 80, rows = 24 } = options;
  const view = createView(cols, rows);
  // Bytes, not text: they are counted, and a character may be cut between two reads.
  const pty = spawn(command, [...args], { cols, rows, cwd, env: terminalEnvironment(env), encoding: null });

  let bytes = 0;
  const written: Uint8Array[] = [];
  let exit: Exit | undefined;
  let isHungUp = false;
  const seen = watchSequences(view);
  const line = (y: number) => view.buffer.active.baseY + y;
  const screen = () => readLines(view.buffer.active, view.buffer.active.baseY, view.rows);
  const text = () => screen().join('\n');
  const waits = createWaits({
    isWhole: () => !view.modes.synchronizedOutputMode,
    hasEnded: () => exit !== undefined,
    describe: () => describe(terminal, exit),
  });

  pty.onData((data: string | Uint8Array) => {
    bytes += data.length;
    written.push(typeof data === 'string' ? Buffer.from(data) : data);
    view.write(data);
  });
  view.onWriteParsed(waits.changed);
  view.onData((answer) => {
    if (exit === undefined && !isHungUp) pty.write(answer);
  });
  const exited = new Promise<Exit>((resolve) => {
    pty.onExit(({ exitCode, signal }) => {
      view.write('', () => {
        exit = signal
          ? { code: undefined, signal: signalName(signal) }
          : { code: exitCode, signal: undefined };
        waits.changed();
        resolve(exit);
      });
    });
  });

  const terminal: Terminal = {
    pid: pty.pid,
    cols: () => view.cols,
    rows: () => view.rows,
    type: (characters) => pty.write(characters),
    key: (...keys) => {
      for (const key of keys) pty.write(keySequence(key, view.modes.applicationCursorKeysMode));
    },
    until: (what, wait = {}) => {
      const pattern = toPattern(what);
      return waits.until(
        () => pattern.exec(text()) ?? undefined,
        { what: name(what), ...wait },
        terminal.until,
      );
    },
    gone: async (what, wait = {}) => {
      const pattern = toPattern(what);
      const look = () => !pattern.test(text()) || undefined;
      await waits.until(look, { what: `the end of ${name(what)}`, ...wait }, terminal.gone);
    },
    when: async (holds, wait = {}) => {
      await waits.until(() => holds() || undefined, { what: String(holds), ...wait }, terminal.when);
    },
    screen,
    text,
    scrollback: () => readLines(view.buffer.normal, 0, view.buffer.normal.length).join('\n').trimEnd(),
    cell: (x, y) => readCell(view.buffer.active, x, line(y)),
    find: (wanted) => {
      for (let y = 0; y < view.rows; y += 1) {
        const x = findInLine(view.buffer.active, line(y), wanted);
        if (x !== undefined) return { x, y };
      }
      return undefined;
    },
    cellOf: (wanted) => {
      const at = terminal.find(wanted);
      if (at === undefined)
        throw new Error(`${name(wanted)} is not on the screen\n${describe(terminal, exit)}`);
      return terminal.cell(at.x, at.y);
    },
    cursor: () => ({
      x: view.buffer.active.cursorX,
      y: view.buffer.active.cursorY,
      visible: seen.isCursorVisible(),
    }),
    isAlternate: () => view.buffer.active.type === 'alternate',
    leftModes: () => leftModes(view),
    clipboard: seen.clipboard,
    resize: (newCols, newRows) => {
      view.resize(newCols, newRows);
      pty.resize(newCols, newRows);
    },
    signal: (signal) => {
      if (exit !== undefined) throw new Error(`${command} has ended: no ${signal} sent`);
      process.kill(pty.pid, signal);
    },
    hangUp: () => {
      if (isHungUp || exit !== undefined) return;
      isHungUp = true;
      hangUp(pty);
    },
    exited,
    bytes: () => bytes,
    written: () => Buffer.concat(written).toString('latin1'),
    frames: seen.frames,
    mark: () => {
      const from = { bytes, frames: seen.frames(), time: performance.now() };
      return {
        bytes: () => bytes - from.bytes,
        frames: () => seen.frames() - from.frames,
        milliseconds: () => performance.now() - from.time,
      };
    },
    close: async () => {
      const left = descendantsOf(pty.pid);
      terminal.hangUp();
      await Promise.race([exited, delay(graceMs, undefined, { ref: false })]);
      if (exit === undefined) killProcess(pty.pid, 'SIGKILL');
      for (const { pid } of left) if (isRunning(pid)) killProcess(pid, 'SIGKILL');
      await exited;
      view.dispose();
    },
    [Symbol.asyncDispose]: () => terminal.close(),
  };
  return terminal;
}

/** graceMs is what a program gets after the hang-up to end in its own way, to remove its temporary files. */
const graceMs = 2_000;

/** hangUp closes our end. node-pty would send a SIGHUP of its own after the kernel's, so a program would get two. */
function hangUp(pty: IPty): void {
  Object.assign(pty, { kill: () => undefined });
  if ('destroy' in pty && typeof pty.destroy === 'function') pty.destroy();
}

function signalName(number: number): NodeJS.Signals | undefined {
  return (Object.keys(constants.signals) as NodeJS.Signals[]).find(
    (name) => constants.signals[name] === number,
  );
}

/** toPattern takes text less the spaces at its end, for the lines of the screen are without theirs. */
function toPattern(what: string | RegExp): RegExp {
  if (typeof what === 'string') return new RegExp(what.trimEnd().replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(what.source, `${what.flags.replace(/[gym]/g, '')}m`);
}

function name(what: string | RegExp): string {
  return typeof what === 'string' ? JSON.stringify(what) : String(what);
}

/** describe shows the screen as it is, framed, so that a failed test shows what a person would have seen. */
function describe(terminal: Terminal, exit: Exit | undefined): string {
  const buffer = terminal.isAlternate() ? 'alternate' : 'normal';
  const state = exit === undefined ? 'running' : `ended: ${exit.signal ?? `code ${exit.code}`}`;
  const edge = '-'.repeat(terminal.cols());
  return [
    `${terminal.cols()}x${terminal.rows()}, ${buffer} buffer, ${terminal.bytes()} bytes, ${state}`,
    `+${edge}`,
    ...terminal.screen().map((line) => `|${line}`),
    `+${edge}`,
  ].join('\n');
}
