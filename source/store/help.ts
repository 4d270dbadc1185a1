import { padEnd, wrapText } from './cells.ts';
import { bindings } from './keys/registry.ts';
import { type Line, toned } from './line.ts';
import type { KeyPress, ScreenChange } from './screen.ts';
import type { AppState } from './state.ts';

/** helpLines are all keys with what they do, and the marks, for a width. */
export function helpLines(width: number): readonly Line[] {
  const groups = Object.entries(groupTitles).flatMap(([group, title]): readonly Line[] => [
    [toned(title, 'strong')],
    ...bindings
      .filter((binding) => binding.group === group)
      .flatMap(({ shown, tooltip }) => keyLines(shown, tooltip, width)),
    [],
  ]);
  const marks = [
    [toned('marks', 'strong')],
    ...keyLines('=', 'hit: its compiled form came from GOCACHE', width),
    ...keyLines('+', 'compiled: the compiler ran for it and succeeded', width),
    ...keyLines('✗', 'failed: the compiler ran and failed', width),
    ...keyLines('›', 'being compiled now', width),
    ...keyLines('-', 'not reached: a dependency failed first, or the build stopped', width),
    ...keyLines('?', 'unknown: nothing tells; enter says why', width),
    ...keyLines('·', 'waiting: nothing is known yet', width),
    ...keyLines('!', 'something is wrong', width),
    ...keyLines('*', 'marked; ~ where only some of what is below is', width),
  ];
  return [...groups, ...marks];
}

const groupTitles: Readonly<Record<(typeof bindings)[number]['group'], string>> = {
  move: 'move',
  lists: 'lists',
  cache: 'GOCACHE',
  panes: 'panes',
  program: 'gocachetop',
  operations: 'operations, not in this version',
};

// keyWidth holds the longest key, shift-tab, and two spaces at each side.
const keyWidth = 13;

function keyLines(shown: string, tooltip: string, width: number): readonly Line[] {
  return wrapText(tooltip, Math.max(8, width - keyWidth)).map((text, index) => [
    toned(padEnd(index === 0 ? `  ${shown}` : '', keyWidth), 'accent'),
    text,
  ]);
}

/** pressHelp scrolls or closes the help. */
export function pressHelp({ screen }: AppState, key: KeyPress): ScreenChange {
  const { size, help } = screen;
  const height = helpHeight(size.rows);
  const last = Math.max(0, helpLines(size.columns - 4).length - height);
  const step = steps(height)[key];
  if (step === undefined) return { screen: { ...screen, help: undefined }, effects: [] };
  const top = Math.max(0, Math.min(last, (help?.top ?? 0) + step));
  return { screen: { ...screen, help: { top } }, effects: [] };
}

/** helpHeight is how many lines of help are seen: the first and the last row, and a border, are not its own. */
export function helpHeight(rows: number): number {
  return Math.max(1, rows - 4);
}

function steps(height: number): Readonly<Record<KeyPress, number>> {
  const far = Number.MAX_SAFE_INTEGER;
  return {
    up: -1,
    k: -1,
    down: 1,
    j: 1,
    pageup: -height,
    pagedown: height,
    ' ': height,
    g: -far,
    home: -far,
    G: far,
    end: far,
  };
}
