import xt from '@xterm/headless';
import { createWidths } from './widths.ts';

/** View is the terminal emulator: it turns what a program writes into cells. */
export type View = InstanceType<typeof xt.Terminal>;

/** createView makes an emulator that counts cells as `createWidths` does. */
export function createView(cols: number, rows: number): View {
  const view = new xt.Terminal({ cols, rows, allowProposedApi: true, scrollback: 10_000 });
  const widths = createWidths();
  view.unicode.register(widths);
  view.unicode.activeVersion = widths.version;
  return view;
}

/** watchSequences remembers what xterm.js does not tell: completed frames, the cursor's visibility, the clipboard. */
export function watchSequences(view: View) {
  let frames = 0;
  let isVisible = true;
  let copied: string | undefined;
  const privateModes = (final: 'h' | 'l', see: (mode: unknown) => void) =>
    view.parser.registerCsiHandler({ prefix: '?', final }, (modes) => {
      for (const mode of modes) see(mode);
      return false;
    });
  privateModes('h', (mode) => {
    if (mode === 25) isVisible = true;
  });
  privateModes('l', (mode) => {
    if (mode === 25) isVisible = false;
    if (mode === 2026) frames += 1;
  });
  view.parser.registerEscHandler({ final: 'c' }, () => {
    isVisible = true;
    return false;
  });
  view.parser.registerOscHandler(52, (data) => {
    copied = Buffer.from(data.slice(data.indexOf(';') + 1), 'base64').toString();
    return true;
  });
  return { frames: () => frames, isCursorVisible: () => isVisible, clipboard: () => copied };
}

/** leftModes names what a program must not leave behind and that is on now. */
export async function leftModes(view: View): Promise<string[]> {
  const { modes } = view;
  const left = {
    'application cursor keys': modes.applicationCursorKeysMode,
    'bracketed paste': modes.bracketedPasteMode,
    'insert mode': modes.insertMode,
    'mouse reports': modes.mouseTrackingMode !== 'none',
    'focus reports': modes.sendFocusMode,
    'synchronized output': modes.synchronizedOutputMode,
    'no line wrap': !modes.wraparoundMode,
    'a style': view.buffer.active.type === 'normal' && (await hasStyle(view)),
  };
  return Object.entries(left).flatMap(([mode, isOn]) => (isOn ? [mode] : []));
}

/** hasStyle tells whether what is written next would be coloured: it writes a letter where nobody sees it. */
async function hasStyle(view: View): Promise<boolean> {
  const write = (data: string) => new Promise<void>((resolve) => view.write(data, resolve));
  await write('\x1b7\x1b[?1047h\x1b[Hx');
  const isPlain = view.buffer.active.getLine(0)?.getCell(0)?.isAttributeDefault() ?? true;
  await write('\x1b[?1047l\x1b8');
  return !isPlain;
}
