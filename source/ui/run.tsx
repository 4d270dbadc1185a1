import { homedir } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { render, useApp, useInput } from 'ink';
import { useEffect } from 'react';
import type { KeyPress } from '../store/screen.ts';
import { readKeys } from './keys/read-keys.ts';
import { LinearScreen } from './linear-screen.tsx';
import { LookContext } from './look-context.ts';
import { publishSlowly } from './publish-slowly.ts';
import { Screen } from './screen.tsx';
import type { Look } from './theme.ts';
import { type ScreenStore, StoreContext } from './use-store.ts';

/** ScreenOptions is what the screen needs: the store, and how it is drawn. Streams are the terminal's unless given. */
export type ScreenOptions = {
  readonly store: ScreenStore;
  readonly isAscii: boolean;
  readonly isSi: boolean;
  readonly isLowBandwidth: boolean;
  readonly stdout?: NodeJS.WriteStream;
  readonly stdin?: NodeJS.ReadStream;
  readonly isScreenReader?: boolean;
};

/** RunningScreen is the screen while it is open. */
export type RunningScreen = {
  /** exited resolves when the screen was left and the terminal is as it was; it rejects with what broke the drawing, or the answer to a key. */
  readonly exited: Promise<void>;
  exit(): void;
  /** suspend gives the terminal back while `meanwhile` runs, then draws all again. */
  suspend(meanwhile: () => Promise<void>): Promise<void>;
  /** lend does the same for another program on this terminal, and reads nothing of what is typed there. */
  lend(meanwhile: () => Promise<void>): Promise<void>;
};

/** runScreen opens the screen on the terminal. Keys become events of the store; nothing else is started here. */
export function runScreen(options: ScreenOptions): RunningScreen {
  const { isAscii, isSi, isLowBandwidth, stdout = process.stdout, stdin = process.stdin } = options;
  const isScreenReader = options.isScreenReader ?? process.env.INK_SCREEN_READER === 'true';
  // What is read aloud must stand still for a while.
  const store = isScreenReader ? publishSlowly(options.store, screenReaderMs) : options.store;
  const look: Look = { isAscii, isQuiet: isLowBandwidth || isScreenReader, home: homedir() };
  const tell = (event: Parameters<typeof sendTo>[1]): void => sendTo(store, event);
  let fail: ReturnType<typeof useApp>['exit'] | undefined;
  let suspendTerminal: ReturnType<typeof useApp>['suspendTerminal'] | undefined;

  const measure = (): void => {
    tell({ type: 'resized', columns: stdout.columns || 80, rows: stdout.rows || 24 });
    store.flush();
  };
  const resized = (): void => {
    // A terminal moves and keeps cells in its own way: all is drawn anew, from the first cell.
    instance.clear();
    if (!isScreenReader) stdout.write(homeAndErase);
    // Ink hears of it after us and draws at once: what it draws must have the new size already.
    measure();
    instance.rerender(tree);
  };
  tell({ type: 'sizes', sizes: { si: isSi } });
  measure();
  stdout.on('resize', resized);

  const tree = (
    <StoreContext value={store}>
      <LookContext value={look}>
        <Keys
          press={(keys) => {
            try {
              for (const key of keys) tell({ type: 'key', key });
              store.flush();
            } catch (error) {
              fail?.(error instanceof Error ? error : new Error(String(error)));
            }
          }}
          onApp={(app) => {
            suspendTerminal = app.suspendTerminal;
            fail = app.exit;
          }}
        />
        {isScreenReader ? <LinearScreen /> : <Screen />}
      </LookContext>
    </StoreContext>
  );
  const instance = render(tree, {
    stdout,
    stdin,
    alternateScreen: !isScreenReader,
    incrementalRendering: true,
    exitOnCtrlC: false,
    patchConsole: false,
    maxFps: isLowBandwidth ? 1 : mostFrames,
    isScreenReaderEnabled: isScreenReader,
  });

  return {
    exited: (async () => {
      try {
        await instance.waitUntilExit();
      } finally {
        stdout.off('resize', resized);
      }
    })(),
    exit: () => instance.unmount(),
    async suspend(meanwhile) {
      await suspendTerminal?.(meanwhile);
      resized();
    },
    async lend(meanwhile) {
      await suspendTerminal?.(async () => {
        // Ink has let go of the keys, which Node notes in the next turn, but reads on until its stream is paused.
        await nextTurn();
        stdin.pause();
        await nextTurn();
        await meanwhile();
      });
      resized();
    },
  };
}

// Cursor to the first cell, and no cell left, those beyond the edge neither.
const homeAndErase = '\x1b[H\x1b[2J';

// A key is seen within 17 ms; the store itself publishes less often.
const mostFrames = 60;
const screenReaderMs = 5000;

type ScreenEvent = Extract<Parameters<ScreenStore['dispatch']>[0], { type: 'screen' }>['event'];

function sendTo(store: ScreenStore, event: ScreenEvent): void {
  store.dispatch({ type: 'screen', event });
}

/** Keys hands on what is typed, and the app's own handle once it is there. */
function Keys({
  press,
  onApp,
}: {
  readonly press: (keys: readonly KeyPress[]) => void;
  readonly onApp: (app: ReturnType<typeof useApp>) => void;
}) {
  const app = useApp();
  useEffect(() => onApp(app), [app, onApp]);
  useInput((input, key) => press(readKeys(input, key)));
  return null;
}
