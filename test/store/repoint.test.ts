import { describe, expect, test } from 'vitest';
import { selectDialog } from '../../source/store/dialog.ts';
import { textOf } from '../../source/store/line.ts';
import type { RepointEvent } from '../../source/store/repoint.ts';
import type { AppState } from '../../source/store/state.ts';
import { drawKeys } from '../../source/ui/edges.ts';
import { drawOverlay } from '../../source/ui/overlays.ts';
import { factsOf } from '../operations/repoint/facts.ts';
import { apply, begin, press } from './state.ts';

const tell = (state: AppState, event: RepointEvent): AppState => apply(state, [{ type: 'repoint', event }]);

/** asked is the state in which a folder was typed in the place of the present one. */
const asked = (folder = '/big/gocache') => press(begin(), 'o', 'ctrl+u', ...folder, 'enter');

const checked = (change: Parameters<typeof factsOf>[0] = {}, folder = '/big/gocache'): AppState =>
  tell(asked(folder).state, {
    type: 'check',
    check: { type: 'checked', asked: folder, facts: factsOf(change) },
  });

const words = (state: AppState): string => selectDialog(state)?.lines.join('\n') ?? '';
const answers = (state: AppState): readonly string[] =>
  selectDialog(state)?.choices.map(({ title }) => title) ?? [];

describe('o', () => {
  test('asks for a folder, and begins with the present one', () => {
    const { state } = press(begin(), 'o');
    expect(selectDialog(state)?.typed?.text).toBe('/home/gopher/.cache/go-build');
    expect(textOf(drawKeys(state, 80))).toContain('enter check it');
  });

  test('esc leaves it, and what was typed did nothing', () => {
    const { state, effects } = press(begin(), 'o', 'q', 'c', '1', 'escape');
    expect([state.screen.dialog, effects]).toEqual([undefined, []]);
  });

  test('enter asks for a check, and says that it goes on', () => {
    const { state, effects } = asked();
    expect(effects).toEqual([{ type: 'repoint', order: { type: 'check', asked: '/big/gocache' } }]);
    expect(words(state)).toContain('/big/gocache is being checked');
    const counting = tell(state, {
      type: 'check',
      check: { type: 'checking', asked: '/big/gocache', folders: 12 },
    });
    expect(words(counting)).toContain('12 of 256 folders');
    expect(press(counting, 'enter').effects).toEqual([{ type: 'repoint', order: { type: 'stop' } }]);
  });

  test('the answer about another folder is not shown', () => {
    const state = tell(asked('/other').state, {
      type: 'check',
      check: { type: 'checked', asked: '/big/gocache', facts: factsOf() },
    });
    expect(words(state)).toContain('/other is being checked');
  });

  test.each([
    [undefined, 'go env has not answered yet'],
    ['off', 'there is no GOCACHE to re-point'],
  ])('with GOCACHE %s it says: %s', (path, notice) => {
    const state = { ...begin(), buildCache: { ...begin().buildCache, path } };
    expect(press(state, 'o').state.screen.notice).toBe(notice);
  });
});

describe('the question', () => {
  test('names the folders, and the default answer is No', () => {
    const state = checked();
    expect(words(state)).toMatch(/^Point GOCACHE to \/big\/gocache\?\n {2}No: nothing changes/);
    expect(words(state)).toContain('9,000 entries, 954 MiB');
    expect(answers(state)).toEqual(['No', 'Empty', 'Copy', 'Link', 'Rename']);
    expect(press(state, 'enter')).toMatchObject({ effects: [], state: { screen: { dialog: undefined } } });
  });

  test.each([
    [1, 'empty', 'Empty: every build begins cold', 'go env -w GOCACHE=/big/gocache'],
    [
      2,
      'copy',
      'Copy: 1.0 GiB more on disk, 36.2 GiB free afterwards',
      'gocachetop repoint /big/gocache --start copy',
    ],
    [3, 'link', 'Link: hard links', 'gocachetop repoint /big/gocache --start link'],
    [4, 'rename', 'Rename: the folder moves', 'gocachetop repoint /big/gocache --start rename'],
  ])('answer %i is %s: it says what that costs, y copies its command', (steps, start, meaning, command) => {
    const { state } = press(checked(), ...Array<string>(steps).fill('right'));
    expect(words(state)).toContain(meaning);
    expect(press(state, 'y')).toMatchObject({
      effects: [{ type: 'copy', text: command }],
      state: { screen: { dialog: { id: 'repoint' }, notice: `copied: ${command}` } },
    });
    expect(press(state, 'enter').effects).toMatchObject([
      { type: 'repoint', order: { type: 'start', start, facts: { to: '/big/gocache' } } },
    ]);
  });

  test('offers only what is possible, and says why not the rest', () => {
    const state = checked({ target: { isSameFileSystem: false, freeBytes: 1.05e9, state: 'cache' } });
    expect(answers(state)).toEqual(['No', 'As it is']);
    expect(words(state)).toContain('no Copy: no room for a copy, a copy takes 1100000000 bytes');
    expect(words(state)).toContain('no Link: ');
    expect(words(state)).toContain('no Rename: ');
  });

  test('a warning stands in it', () => {
    expect(words(checked({ target: { fileSystem: 'tmpfs' } }))).toContain('! in memory: tmpfs takes memory');
  });

  test('what stops it is said, and leads back to the folder', () => {
    const shadow = { value: '/x', places: [], lines: ['unset GOCACHE'] };
    const state = checked({ setting: { shadow } });
    expect(words(state)).toContain('GOCACHE=/x: set in the environment');
    expect(answers(state)).toEqual(['Another folder', 'Close']);
    expect(press(state, 'y').effects).toEqual([{ type: 'copy', text: 'unset GOCACHE' }]);
    const { state: again, effects } = press(state, 'enter');
    expect([selectDialog(again)?.typed?.text, effects]).toEqual(['/big/gocache', []]);
  });

  test('GOCACHE itself is nothing to do', () => {
    expect(words(checked({ target: { isSameFolder: true } }))).toBe('GOCACHE is /big/gocache already.');
  });
});

test('while it runs o asks whether it goes on', () => {
  const run = {
    to: '/big',
    start: 'copy',
    done: { entries: 1200, bytes: 5 },
    total: { entries: 9000, bytes: 9 },
  } as const;
  const { state } = press(tell(begin(), { type: 'run', run }), 'o');
  expect(words(state)).toContain('copy: 1,200 of 9,000 entries');
  expect(press(state, 'enter').effects).toEqual([]);
  expect(press(state, 'right', 'enter').effects).toEqual([{ type: 'repoint', order: { type: 'stop' } }]);
});

test('afterwards o begins with the new folder', () => {
  const { state } = press(tell(begin(), { type: 'pointed', to: '/big' }), 'o');
  expect(selectDialog(state)?.typed?.text).toBe('/big');
});

test.each([
  [120, 40],
  [80, 24],
  [40, 12],
])('at %ix%i the question and its answers are seen', (columns, rows) => {
  const sized = apply(checked(), [{ type: 'screen', event: { type: 'resized', columns, rows } }]);
  const overlay = drawOverlay(sized);
  const text = overlay?.lines.map(textOf) ?? [];
  expect(overlay?.area.height).toBeLessThanOrEqual(rows);
  expect(text.join(' ')).toContain('Point GOCACHE to /big/gocache?');
  expect(text.join(' ')).toContain('No: nothing changes');
  for (const answer of ['[ No ]', 'Empty', 'Copy', 'Link', 'Rename'])
    expect(text.some((line) => line.includes(answer))).toBe(true);
  for (const line of text) expect(line.length).toBe(overlay === undefined ? 0 : overlay.area.width - 2);
});
