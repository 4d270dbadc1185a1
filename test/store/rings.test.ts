import { expect, test } from 'vitest';
import { textOf } from '../../source/store/line.ts';
import { contentViews } from '../../source/store/views/cache-contents.ts';
import { moduleViews } from '../../source/store/views/module-versions.ts';
import { views } from '../../source/store/views/registry.ts';
import { ringLine } from '../../source/store/views/rings.ts';
import { drawPane } from '../../source/ui/panes/draw-pane.ts';
import { begin, press } from './state.ts';

const state = begin();

test.each([
  [
    100,
    'module-versions',
    'modules  [versions]  needed by nobody  superseded  toolchains  main modules  recover',
  ],
  [46, 'module-versions', 'modules  [versions]  needed by nobody ›'],
  [46, 'module-toolchains', '‹ superseded  [toolchains]  main modules ›'],
  [25, 'module-recovery', '‹ main modules  [recover]'],
  [14, 'module-versions', '‹ [versions] ›'],
  [13, 'module-versions', '‹ 2/7 ›'],
  [6, 'module-versions', ''],
  [100, 'module-version', ''],
] as const)('in %d cells %s: %s', (room, view, words) => {
  expect(textOf(ringLine(state, view, room))).toBe(words);
});

test('whatever the room, it fits and names the open view or its number', () => {
  for (const view of [...contentViews, ...moduleViews])
    for (let room = 0; room <= 130; room++) {
      const line = textOf(ringLine(state, view, room));
      expect([...line].length).toBeLessThanOrEqual(room);
      const name = views[view].crumb(state, {
        ...state.screen.panes.gocache.levels[0],
        view,
        subject: undefined,
      });
      if (room >= 7) expect(line.includes(`[${name}]`) || /^‹ \d\/\d ›$/.test(line)).toBe(true);
    }
});

test.each([
  [120, 40],
  [80, 24],
  [40, 12],
])('at %dx%d it stands in the border of the focused pane alone, where ] goes on', (columns, rows) => {
  const look = { isAscii: false, isQuiet: false, home: undefined };
  const area = { left: 0, top: 1, width: columns, height: rows - 4 };
  const bottomOf = (now: typeof state): string =>
    textOf(drawPane(now, 'gomodcache', area, false, look).frame.bottomRight ?? []);
  const opened = press(begin(undefined, { columns, rows }), '3', 'enter').state;
  expect(bottomOf(opened)).toContain('[modules]');
  expect(bottomOf(press(opened, ']').state)).toContain('[versions]');
  expect(bottomOf(press(opened, '2').state)).toBe('');
});
