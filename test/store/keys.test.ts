import { describe, expect, test } from 'vitest';
import { helpLines } from '../../source/store/help.ts';
import { bindingOf, bindings, keyTable } from '../../source/store/keys/registry.ts';
import { textOf } from '../../source/store/line.ts';
import type { AppState } from '../../source/store/state.ts';
import { begin, build, failedShop, goCommand, press, shop } from './state.ts';

// The keys that users can rely on.
const promised = [
  ...['up', 'down', 'left', 'right', 'h', 'j', 'k', 'l', 'pageup', 'pagedown', 'g', 'G'],
  ...['tab', 'shift+tab', '1', '2', '3', '4', 'enter', 'escape', '/', 's', 'S'],
  ...[' ', 'v', 'a', 'u', 'c', 'p', 'o', 'd', 'V', 'w', 'y', 'z', 'r', '?', 'q', 'ctrl+c', 'ctrl+z'],
];

const running = build(begin(goCommand), [shop]);
const states: readonly (readonly [string, AppState])[] = [
  ['without a command', begin()],
  ['while a build runs', running],
  ['after a build', failedShop()],
  ['in a list', press(failedShop(), 'enter').state],
  ['in a package', press(failedShop(), 'enter', 'enter').state],
  ['in the output', press(failedShop(), 't').state],
  ['in GOMODCACHE', press(begin(), '3').state],
  ['in the settings', press(begin(), 'e').state],
  ['at 40x12', begin(goCommand, { columns: 40, rows: 12 })],
  ['below', begin(goCommand, { columns: 20, rows: 5 })],
];

test.each(promised)('%j is bound', (key) => expect(bindingOf(key)?.keys).toContain(key));

test('a key has one meaning', () => {
  const keys = bindings.flatMap((binding) => binding.keys);
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});

describe.each(states)('%s', (_, state) => {
  // At an edge a move has nowhere to go; some keys open what may be open already.
  const mayStay = /^(?:up|down|left|right|[hjklgG1-4te]|page(?:up|down)|ctrl\+[bf]|home|end)$/;

  test('no other key is silent', () => {
    const silent = bindings
      .flatMap(({ keys }) => keys)
      .filter((key) => {
        const { state: after, effects } = press(state, key);
        return effects.length === 0 && JSON.stringify(after.screen) === JSON.stringify(state.screen);
      });
    expect(silent.filter((key) => !mayStay.test(key))).toEqual([]);
  });

  test('what the line of keys offers can be done', () => {
    const offered = bindings.filter((binding) => binding.isOffered(state));
    expect(offered.map(({ shown }) => shown)).toEqual(expect.arrayContaining(['tab', '?', 'q']));
    expect(offered.filter((binding) => binding.unavailable(state) !== undefined)).toEqual([]);
  });
});

test.each([['w', 'why', 'enter on a package']])(
  '%j says that %s is missing and what does it until then',
  (key, title, instead) => {
    const { state, effects } = press(failedShop(), key);
    expect(state.screen.notice).toContain(`${title} is not in this version: `);
    expect(state.screen.notice).toContain(instead);
    expect(effects).toEqual([]);
  },
);

test.each([
  ['p', 'prune works on the packages of GOCACHE'],
  [' ', 'marks are for the packages of GOCACHE'],
  ['v', 'marks are for the packages of GOCACHE'],
  ['a', 'marks are for the packages of GOCACHE'],
  ['u', 'nothing is marked'],
  [']', 'this has one view'],
])('%j elsewhere says where it works', (key, words) => {
  const { state, effects } = press(failedShop(), key);
  expect(state.screen.notice).toContain(words);
  expect(effects).toEqual([]);
});

test('a key that is not bound says where the keys are', () => {
  expect(press(begin(), 'x').state.screen.notice).toBe('x does nothing here: ? shows the keys');
});

test('the next key takes a notice away', () => {
  expect(press(begin(), 'x', 'tab').state.screen.notice).toBeUndefined();
});

test('help and the table of the README name every key', () => {
  const help = helpLines(76).map(textOf).join('\n');
  const table = keyTable().split('\n');
  expect(table).toHaveLength(bindings.length + 2);
  for (const { shown, tooltip } of bindings) {
    expect(help).toContain(`  ${shown}`);
    expect(table.some((row) => row.includes(tooltip))).toBe(true);
  }
});

test('the table of the README says of the missing keys, and of no other, that they are', () => {
  const missing = keyTable()
    .split('\n')
    .filter((row) => row.includes('not in this version'));
  expect(missing).toHaveLength(1);
});
