import { Box, Text } from 'ink';
import { useMemo } from 'react';
import { selectDialog } from '../store/dialog.ts';
import { helpLines } from '../store/help.ts';
import { focusedLevel } from '../store/levels.ts';
import { type Line, textOf } from '../store/line.ts';
import type { AppState } from '../store/state.ts';
import { views } from '../store/views/registry.ts';
import { drawKeys, drawNotice, drawTop } from './edges.ts';
import { useLook } from './look-context.ts';
import { drawContent, drawSummary, titleOf } from './panes/draw-pane.ts';
import { panes } from './panes/registry.ts';
import type { Look } from './theme.ts';
import { remember, useStore } from './use-store.ts';

/** LinearScreen is the screen as lines to be read aloud: the focused pane, the others in a line each, no borders. */
export function LinearScreen() {
  const look = useLook();
  const lines = useStore(
    useMemo(
      () =>
        remember(
          (state) => [state],
          (state: AppState) => linearLines(state, look),
        ),
      [look],
    ),
  );
  return (
    <Box flexDirection="column">
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line has nothing but its place.
        <Text key={index}>{line}</Text>
      ))}
    </Box>
  );
}

// Narrow enough that nothing is drawn beside each other: it would be read across.
const readWidth = 58;

/** linearLines is all there is to read, in the order of its weight. */
function linearLines(state: AppState, look: Look): readonly string[] {
  const { rows } = state.screen.size;
  const dialog = selectDialog(state);
  if (dialog !== undefined) {
    const choices = dialog.choices.map(
      ({ title }, index) => `${index === dialog.choice ? 'chosen: ' : ''}${title}`,
    );
    const typed = dialog.typed === undefined ? [] : [`typed: ${dialog.typed.text}`];
    return [dialog.title, ...dialog.lines, ...typed, ...choices, ...spoken([drawKeys(state, readWidth)])];
  }
  const { help } = state.screen;
  if (help !== undefined) return spoken(helpLines(readWidth).slice(help.top, help.top + rows - 1));
  // A list is read row by row: there the width leaves no column out.
  const width = views[focusedLevel(state).view].kind === 'board' ? readWidth : readWidth * 2;
  const content = panes.flatMap((pane) =>
    pane.id === state.screen.focus
      ? [titleOf(pane, state, width), ...spoken(drawContent(state, pane, { width, height: rows }, look))]
      : spoken([drawSummary(state, pane.id, readWidth * 2)]),
  );
  return [
    ...spoken([drawTop(state, readWidth * 2, look)]),
    ...content,
    ...spoken([drawNotice(state, readWidth * 2), drawKeys(state, readWidth * 2)]),
  ];
}

/** spoken leaves out what says nothing when read: bars, empty lines, the spaces of columns. */
function spoken(lines: readonly Line[]): readonly string[] {
  return lines
    .map((line) =>
      textOf(line)
        .replace(/▕[^▏]*▏/g, '')
        .replace(/\s{2,}/g, '  ')
        .trim(),
    )
    .filter((text) => text !== '');
}
