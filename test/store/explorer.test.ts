import { describe, expect, test } from 'vitest';
import type { EntryFacts } from '../../source/build-cache/entry/entry-facts.ts';
import type { EntryContent } from '../../source/build-cache/entry/probe.ts';
import type { ActionId, OutputId } from '../../source/go/ids.ts';
import { type Looked, lookKey, wantedLooks } from '../../source/store/explorer.ts';
import { focusedLevel } from '../../source/store/levels.ts';
import { textOf } from '../../source/store/line.ts';
import type { AppState } from '../../source/store/state.ts';
import { views } from '../../source/store/views/registry.ts';
import { pageLines } from '../../source/store/window.ts';
import { apply, begin, press, start } from './state.ts';

const id = 'ab'.repeat(32) as OutputId;

const facts: EntryFacts = {
  id,
  kind: 'archive',
  importPath: 'example.com/shop/cart',
  unit: 'example.com/shop/cart',
  variant: 'linux/amd64 race',
  bytes: 2_000_000,
  lastUsed: start - 3 * 3_600_000,
  isFolder: false,
  diskBytes: 2_002_944,
  mtime: start - 3 * 3_600_000,
  goVersion: 'go1.26.8',
  directory: '/home/gopher/shop/cart',
  module: undefined,
  actions: [{ id: 'cd'.repeat(32) as ActionId, mtime: start, addedAt: start - 7_200_000 }],
  actionCount: 31,
};

const content: EntryContent = {
  file: `/home/gopher/.cache/go-build/ab/${id}-d`,
  madeAt: start - 7_200_000,
  wasUsed: false,
  isWhole: true,
  header: 'go object linux amd64 go1.26.8 GOAMD64=v1',
  buildId: 'A/B',
  imports: ['strings'],
  program: undefined,
  head: Buffer.from('!<arch>\n'),
  isText: false,
};

const looked = (key: string, found: Looked) => ({ type: 'looked' as const, key, looked: found });
const entry: Looked = { type: 'entry', facts, content };
const list: Looked = { type: 'entries', list: { rows: [facts], count: 40, bytes: 5_000_000 } };

/** largest is the list of the largest outputs, open and read. */
function largest(size = { columns: 80, rows: 24 }): AppState {
  const opened = press(begin(undefined, size), '2', 'enter', ']', ']', ']', ']', ']', ']').state;
  expect(focusedLevel(opened).view).toBe('cache-largest');
  return apply(opened, [looked('entries ', list)]);
}

function page(state: AppState, width: number): readonly string[] {
  const level = focusedLevel(state);
  const view = views[level.view];
  if (view.kind !== 'page') throw new Error(`${level.view} is no page`);
  return pageLines(state, level, view, width).map(({ line }) => textOf(line));
}

describe('what is read for open views', () => {
  test('is what they show, and is forgotten when none shows it', () => {
    const state = press(largest(), 'enter').state;
    expect([...wantedLooks(state).keys()]).toEqual(['entries ', `entry ${id}`]);
    const read = apply(state, [looked(`entry ${id}`, entry)]);
    expect([...read.explorer.looks.keys()]).toEqual(['entries ', `entry ${id}`]);
    const back = apply(press(read, 'escape').state, [looked('entries ', list)]);
    expect([...back.explorer.looks.keys()]).toEqual(['entries ']);
  });

  test('what comes too late is not taken', () => {
    const late = apply(press(largest(), 'escape').state, [looked(`entry ${id}`, entry)]);
    expect(late.explorer.looks.has(`entry ${id}`)).toBe(false);
  });

  test('the text of an entry is read with its page', () => {
    expect(lookKey({ reading: 'entry', subject: id })).toBe(`entry ${id}`);
    const state = apply(press(largest(), 'enter').state, [looked(`entry ${id}`, entry)]);
    expect(wantedLooks(press(state, 'j', 'j', 'enter').state).size).toBe(2);
  });
});

describe('the page of an entry', () => {
  test.each([116, 76, 36])('fits %i cells, with all that is known', (width) => {
    const state = apply(press(largest(), 'enter').state, [looked(`entry ${id}`, entry)]);
    const lines = page(state, width);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(width);
    const text = lines.join('\n');
    for (const words of [
      'linux/amd64 race go1.26.8',
      'never: no build',
      'is its name',
      'symbols by size',
      'and 30 older',
    ])
      expect(text.replace(/\s+/g, ' ')).toContain(words);
  });

  test('says in a line when it is gone', () => {
    const gone = apply(press(largest(), 'enter').state, [
      looked(`entry ${id}`, { type: 'failed', why: 'it is not in GOCACHE any more' }),
    ]);
    expect(page(gone, 76)).toEqual(['it is not in GOCACHE any more']);
  });

  test('p asks to remove that output alone', () => {
    const state = apply(press(largest(), 'enter').state, [
      looked(`entry ${id}`, entry),
      {
        type: 'build-cache-contents',
        summary: {
          entries: { action: 1, output: 1 },
          bytes: 1,
          diskBytes: 1,
          oldest: start,
          newest: start,
          kinds: [],
          packages: [],
          unattributed: { entries: 0, bytes: 0 },
          ages: [],
          nextTrimTakes: { entries: 0, bytes: 0 },
          unread: 0,
        },
      },
    ]);
    expect(press(state, 'p', 'right', 'enter').effects).toEqual([
      { type: 'prune', packages: [], outputs: [id], isFreed: false },
    ]);
  });
});

test('K starts a check and K again stops it, from anywhere', () => {
  const started = press(begin(undefined), 'K');
  expect(started.effects).toEqual([{ type: 'check', isStart: true }]);
  const running = apply(started.state, [
    { type: 'checking', check: { isRunning: true, done: 64, total: 1000, wasStopped: false, found: [] } },
  ]);
  const level = focusedLevel(running);
  const view = views[level.view];
  expect(view.kind === 'table' && view.empty(running, level)).toBe(
    '64 of 1,000 outputs compared; K stops it',
  );
  expect(press(running, 'K').effects).toEqual([{ type: 'check', isStart: false }]);
});
