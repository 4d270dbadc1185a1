import { describe, expect, test } from 'vitest';
import { selectDialog } from '../../source/store/dialog.ts';
import { focusedLevel } from '../../source/store/levels.ts';
import type { Effect } from '../../source/store/screen.ts';
import type { AppState } from '../../source/store/state.ts';
import { apply, begin, build, compile, end, failedShop, goCommand, press, shop, start } from './state.ts';

describe('focus', () => {
  test.each([
    ['a build is focused where there is one', goCommand, [], 'build'],
    ['else GOCACHE', undefined, [], 'gocache'],
    ['tab goes on', goCommand, ['tab'], 'gocache'],
    ['tab goes round', goCommand, ['tab', 'tab', 'tab', 'tab'], 'build'],
    ['shift-tab goes back', goCommand, ['shift+tab'], 'proxy'],
    ['a number names a pane', goCommand, ['3'], 'gomodcache'],
    ['several typed at once all count', goCommand, ['4', '2', 'tab'], 'gomodcache'],
  ])('%s', (_, command, keys, focus) => {
    expect(press(begin(command), ...keys).state.screen.focus).toBe(focus);
  });

  test('each pane keeps what is open in it', () => {
    const { state } = press(failedShop(), 'enter', 'j', 'tab', 'tab', '1');
    expect(viewOf(state)).toBe('packages');
    expect(focusedLevel(state).cursor).toBe('example.com/shop/cart');
  });
});

describe('enter and esc', () => {
  test.each([
    ['enter opens the list', ['enter'], ['build', 'packages']],
    ['then the package', ['enter', 'enter'], ['build', 'packages', 'package']],
    ['right and l do the same', ['right', 'l'], ['build', 'packages', 'package']],
    ['esc goes one level back', ['enter', 'enter', 'escape'], ['build', 'packages']],
    ['left and h do the same', ['enter', 'enter', 'h', 'left'], ['build']],
    ['esc never quits', ['escape', 'escape', 'escape'], ['build']],
    ['t opens the output of the build', ['t'], ['build', 'output']],
    ['! opens the problems', ['!'], ['build', 'problems']],
    ['e opens the settings, once', ['2', 'e', 'e'], ['gocache', 'settings']],
  ])('%s', (_, keys, open) => {
    const { state, effects } = press(failedShop(), ...keys);
    expect(levelsOf(state)).toEqual(open);
    expect(effects).toEqual([]);
  });

  test('esc at the first level says what quits', () => {
    expect(press(failedShop(), 'escape').state.screen.notice).toContain('q quits');
  });

  test('enter follows what a package imports, and esc comes all the way back', () => {
    // store failed; its first row is what it imports.
    const { state } = press(failedShop(), 'enter', 'enter', 'j', 'enter');
    expect(focusedLevel(state)).toMatchObject({ view: 'package', subject: 'strings' });
    expect(levelsOf(press(state, 'escape', 'escape', 'escape').state)).toEqual(['build']);
  });

  test('esc closes the filter first, then the level', () => {
    const { state } = press(failedShop(), 'enter', '/', 'c', 'enter');
    const cleared = press(state, 'escape').state;
    expect([viewOf(cleared), focusedLevel(cleared).filter]).toEqual(['packages', '']);
    expect(viewOf(press(cleared, 'escape').state)).toBe('build');
  });

  test('esc closes help before all else', () => {
    const { state } = press(failedShop(), 'enter', '?');
    expect(state.screen.help).toBeDefined();
    const closed = press(state, 'escape').state;
    expect([closed.screen.help, viewOf(closed)]).toEqual([undefined, 'packages']);
  });
});

describe('the filter', () => {
  test.each<[string, readonly string[], string, boolean]>([
    ['is typed', ['/', 'c', 'a'], 'ca', true],
    ['takes keys that mean something elsewhere', ['/', 'q', 's', '1', '?', ' '], 'qs1? ', true],
    ['takes one character that is several code units', ['/', '日', '😀'], '日😀', true],
    ['loses a whole character', ['/', '日', '😀', 'backspace'], '日', true],
    ['is kept by enter', ['/', 'c', 'enter'], 'c', false],
    ['is cleared by esc', ['/', 'c', 'escape'], '', false],
    ['is typed on', ['/', 'c', 'enter', '/', 'a'], 'ca', true],
  ])('%s', (_, keys, filter, isFiltering) => {
    const { state, effects } = press(failedShop(), 'enter', ...keys);
    expect(focusedLevel(state)).toMatchObject({ view: 'packages', filter, isFiltering });
    expect(effects).toEqual([]);
  });

  test('opens the list of a pane that shows none', () => {
    const { state } = press(failedShop(), '/', 'c', 'a', 'r', 't', 'enter', 'enter');
    expect(focusedLevel(state)).toMatchObject({ view: 'package', subject: 'example.com/shop/cart' });
  });

  test('arrows move while it is typed', () => {
    const { state } = press(failedShop(), 'enter', '/', 's', 'down');
    expect(focusedLevel(state)).toMatchObject({ filter: 's', isFiltering: true });
    expect(focusedLevel(state).cursor).toBe('example.com/shop/cart');
  });

  test('ctrl-c is not text', () => {
    expect(press(failedShop(), 'enter', '/', 'ctrl+c').effects).toEqual([
      { type: 'quit', build: 'continues' },
    ]);
  });
});

describe('the cursor', () => {
  test.each([
    ['goes down and up', ['j', 'down', 'k'], 'example.com/shop/cart'],
    ['goes to the end and stays there', ['G', 'j', 'j'], 'strings'],
    ['goes to the start and stays there', ['G', 'g', 'k'], 'example.com/shop/store'],
    ['pages', ['pagedown'], 'strings'],
    ['pages back', ['G', 'pageup'], 'example.com/shop/store'],
    ['home and end are g and G', ['end', 'home', 'j'], 'example.com/shop/cart'],
  ])('%s', (_, keys, cursor) => {
    expect(focusedLevel(press(failedShop(), 'enter', ...keys).state).cursor).toBe(cursor);
  });

  test('stays on its row when live data moves the row', () => {
    const running = build(begin(goCommand), [shop, ...compile('b004', 'example.com/shop/store', 0)]);
    const { state } = press(running, 'enter', 'j');
    const { cursor } = focusedLevel(state);
    const moved = build(state, compile('b003', 'example.com/shop/cart', 10), start + 20);
    expect(focusedLevel(moved).cursor).toBe(cursor);
    expect(focusedLevel(press(moved, 'enter').state)).toMatchObject({ view: 'package', subject: cursor });
  });
});

describe('sorting', () => {
  test('s goes through the columns and comes round', () => {
    const sorts = ['s', 's', 's', 's'].map(
      (_, index) =>
        focusedLevel(press(failedShop(), 'enter', ...'ssss'.slice(0, index + 1)).state).sort.column,
    );
    expect(sorts).toEqual(['took', 'bytes', 'name', 'outcome']);
  });

  test('S turns the order around', () => {
    const { state } = press(failedShop(), 'enter', 'S');
    expect(focusedLevel(state).sort).toEqual({ column: 'outcome', isReversed: true });
    expect(focusedLevel(press(state, 'S').state).sort.isReversed).toBe(false);
  });

  test('says when there is nothing to sort', () => {
    const { state } = press(failedShop(), 't', 's');
    expect(state.screen.notice).toBe('there is no list here to filter or sort');
  });
});

describe('leaving', () => {
  const running = build(begin(goCommand), [shop]);

  test.each<[string, AppState, readonly string[], readonly Effect[]]>([
    ['q without a build', begin(), ['q'], [{ type: 'quit', build: 'continues' }]],
    ['ctrl-c without a build', begin(), ['ctrl+c'], [{ type: 'quit', build: 'continues' }]],
    ['q after the build', failedShop(), ['q'], [{ type: 'quit', build: 'continues' }]],
    ['q during a build asks', running, ['q'], []],
    ['and the default is to stay', running, ['q', 'enter'], []],
    ['esc stays', running, ['q', 'escape'], []],
    ['it goes on', running, ['q', 'right', 'enter'], [{ type: 'quit', build: 'continues' }]],
    ['it is stopped', running, ['q', 'right', 'right', 'enter'], [{ type: 'quit', build: 'stops' }]],
    [
      'there is nothing behind the last choice',
      running,
      ['q', 'l', 'l', 'l', 'l', 'enter'],
      [{ type: 'quit', build: 'stops' }],
    ],
    ['back to the default', running, ['q', 'right', 'h', 'enter'], []],
    ['ctrl-c twice stops it', running, ['ctrl+c', 'ctrl+c'], [{ type: 'quit', build: 'stops' }]],
    ['q then ctrl-c, too', running, ['q', 'ctrl+c'], [{ type: 'quit', build: 'stops' }]],
    ['q twice does not leave', running, ['q', 'q'], []],
    ['ctrl-c over help asks', running, ['?', 'ctrl+c'], []],
  ])('%s', (_, state, keys, effects) => expect(press(state, ...keys).effects).toEqual(effects));

  test('the question is gone once it is answered', () => {
    expect(press(running, 'q', 'enter').state.screen.dialog).toBeUndefined();
    expect(selectDialog(press(running, 'q').state)?.choices[0]?.title).toBe('Stay');
  });

  test('a build that ends while it is asked is said as that', () => {
    const asked = press(running, 'q', 'right').state;
    const dialog = selectDialog(end(asked, 900, 0));
    expect(dialog?.lines).toEqual(['The build has ended meanwhile.']);
    expect(dialog?.choices.map(({ title }) => title)).toEqual(['Stay', 'Quit']);
  });
});

describe('effects', () => {
  test.each<[string, readonly string[], readonly Effect[]]>([
    ['r counts again', ['r'], [{ type: 'refresh' }]],
    ['ctrl-z suspends', ['ctrl+z'], [{ type: 'suspend' }]],
    ['ctrl-z in a filter suspends', ['/', 'ctrl+z'], [{ type: 'suspend' }]],
    ['y copies', ['y'], [{ type: 'copy', text: 'gocachetop report -- go build ./...' }]],
    ['y in a list copies its command', ['2', 'e', 'y'], [{ type: 'copy', text: 'go env' }]],
  ])('%s', (_, keys, effects) => expect(press(failedShop(), ...keys).effects).toEqual(effects));

  test('what is copied is quoted for a shell', () => {
    const state = begin(['sh', '-c', "go build && echo it's $HOME"]);
    expect(press(state, 'y').effects).toEqual([
      { type: 'copy', text: "gocachetop report -- sh -c 'go build && echo it'\\''s $HOME'" },
    ]);
  });

  test('y says when there is nothing to copy', () => {
    const { state, effects } = press(failedShop(), '!', 'y');
    expect([state.screen.notice, effects]).toEqual(['no shell command shows this', []]);
  });
});

test('a size that did not change changes nothing', () => {
  const state = begin();
  expect(apply(state, [{ type: 'screen', event: { type: 'resized', columns: 120, rows: 40 } }])).toBe(state);
});

test('help scrolls and closes', () => {
  const small = begin(goCommand, { columns: 40, rows: 12 });
  const { state } = press(small, '?', 'j', 'j');
  expect(state.screen.help).toEqual({ top: 2 });
  expect(press(state, 'g').state.screen.help).toEqual({ top: 0 });
  const last = press(state, 'G').state.screen.help?.top ?? 0;
  expect(last).toBeGreaterThan(10);
  expect(press(state, 'G', 'j').state.screen.help?.top).toBe(last);
  expect(press(state, '?').state.screen.help).toBeUndefined();
});

function viewOf(state: AppState): string {
  return focusedLevel(state).view;
}

function levelsOf({ screen }: AppState): readonly string[] {
  return screen.panes[screen.focus].levels.map(({ view }) => view);
}
