import { PassThrough, Writable } from 'node:stream';
import type { AppEvent } from '../../source/store/event.ts';
import { updateScreen } from '../../source/store/screen.ts';
import type { AppState } from '../../source/store/state.ts';
import { createStore, type Store } from '../../source/store/store.ts';
import { update } from '../../source/store/update.ts';
import { runScreen } from '../../source/ui/run.tsx';
import { type Cell, readCell, readLines } from '../pty/cells.ts';
import { createView, leftModes, watchSequences } from '../pty/view.ts';

export type OpenScreen = {
  readonly store: Store<AppState, AppEvent>;
  readonly lines: () => readonly string[];
  readonly text: () => string;
  readonly cell: (x: number, y: number) => Cell;
  /** bytes counts what was written since the start. */
  readonly bytes: () => number;
  /** type writes to stdin as one read. */
  readonly type: (text: string) => Promise<void>;
  readonly dispatch: (...events: readonly AppEvent[]) => Promise<void>;
  readonly resize: (columns: number, rows: number) => Promise<void>;
  /** until waits until the screen has the text. */
  readonly until: (text: string | RegExp) => Promise<void>;
  /** settled waits until nothing more is written. */
  readonly settled: () => Promise<void>;
  readonly running: ReturnType<typeof runScreen>;
  readonly effects: readonly unknown[];
  readonly isAlternate: () => boolean;
  readonly isRaw: () => boolean;
  readonly isCursorVisible: () => boolean;
  readonly leftModes: () => Promise<string[]>;
};

/** openScreen runs the real screen on a terminal emulator of ours, of any size. */
export async function openScreen(
  initial: AppState,
  options: {
    readonly isAscii?: boolean;
    readonly isLowBandwidth?: boolean;
    readonly isScreenReader?: boolean;
  } = {},
): Promise<OpenScreen> {
  let { columns, rows } = initial.screen.size;
  const view = createView(columns, rows);
  const seen = watchSequences(view);
  let bytes = 0;
  let pending = Promise.resolve();
  const out = new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      bytes += Buffer.byteLength(chunk);
      // A terminal turns a line feed into a new line.
      const text = chunk.toString().replaceAll('\n', '\r\n');
      pending = pending.then(() => new Promise((resolve) => view.write(text, resolve)));
      done();
    },
  });
  const stdout = Object.assign(out, { isTTY: true });
  Object.defineProperties(stdout, { columns: { get: () => columns }, rows: { get: () => rows } });
  let isRaw = false;
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode(isOn: boolean) {
      isRaw = isOn;
    },
    ref() {},
    unref() {},
  });
  const effects: unknown[] = [];
  const store = createStore<AppState, AppEvent>({
    initial,
    update(state, events) {
      const change = update(state, events, updateScreen);
      effects.push(...change.effects);
      return change.state;
    },
    frameMs: () => 0,
  });
  const running = runScreen({
    store,
    isAscii: options.isAscii ?? false,
    isSi: false,
    isLowBandwidth: options.isLowBandwidth ?? false,
    isScreenReader: options.isScreenReader ?? false,
    stdout: stdout as unknown as NodeJS.WriteStream,
    stdin: stdin as unknown as NodeJS.ReadStream,
  });
  running.exited.catch(() => undefined);

  async function settled(): Promise<void> {
    let before = -1;
    // Longer than the time between two frames.
    while (before !== bytes) {
      before = bytes;
      await new Promise((resolve) => setTimeout(resolve, 60));
      await pending;
    }
  }
  const screen: OpenScreen = {
    store,
    running,
    effects,
    lines: () => readLines(view.buffer.active, view.buffer.active.baseY, rows),
    text: () => screen.lines().join('\n'),
    cell: (x, y) => readCell(view.buffer.active, x, view.buffer.active.baseY + y),
    bytes: () => bytes,
    async type(text) {
      stdin.write(text);
      await settled();
    },
    async dispatch(...events) {
      for (const event of events) store.dispatch(event);
      store.flush();
      await settled();
    },
    async resize(toColumns, toRows) {
      columns = toColumns;
      rows = toRows;
      view.resize(columns, rows);
      stdout.emit('resize');
      await settled();
    },
    async until(wanted) {
      const holds = (): boolean =>
        typeof wanted === 'string' ? screen.text().includes(wanted) : wanted.test(screen.text());
      for (let tries = 0; !holds(); tries += 1) {
        if (tries > 250) throw new Error(`the screen never had ${wanted}:\n${screen.text()}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
        await pending;
      }
    },
    settled,
    isAlternate: () => view.buffer.active.type === 'alternate',
    isRaw: () => isRaw,
    isCursorVisible: seen.isCursorVisible,
    leftModes: () => leftModes(view),
  };
  await settled();
  return screen;
}
