import { describe, expect, test } from 'vitest';
import type { IndexSummary, PackageSum } from '../../source/build-cache/index/summary.ts';
import { selectDialog } from '../../source/store/dialog.ts';
import { levelOf } from '../../source/store/levels.ts';
import { textOf } from '../../source/store/line.ts';
import { markedPackages } from '../../source/store/prune-selection.ts';
import type { AppState } from '../../source/store/state.ts';
import { contentViews } from '../../source/store/views/cache-contents.ts';
import { views } from '../../source/store/views/registry.ts';
import { drawOverlay } from '../../source/ui/overlays.ts';
import { apply, begin, buildCacheTotals, press, start } from './state.ts';

const packageSum = (importPath: string, bytes: number): PackageSum => ({
  importPath,
  entries: 4,
  bytes,
  lastUsed: start - 3 * 86_400_000,
  module: undefined,
  isStandard: !importPath.includes('.'),
  superseded: { entries: 0, bytes: 0 },
  rebuild: { ms: 14_000, known: 3, unknown: 1 },
  variants: [
    {
      name: 0,
      text: 'linux/amd64',
      entries: 4,
      bytes,
      lastUsed: start,
      generations: 1,
      rebuild: { ms: 14_000, known: 3, unknown: 1 },
    },
  ],
});

const summary: IndexSummary = {
  entries: { action: 8, output: 8 },
  bytes: 600,
  diskBytes: 600,
  oldest: start,
  newest: start,
  kinds: [{ kind: 'archive', entries: 16, bytes: 600 }],
  packages: [packageSum('example.com/a', 300), packageSum('example.com/b', 200), packageSum('strings', 100)],
  unattributed: { entries: 0, bytes: 0 },
  ages: [{ days: 0, entries: 8, bytes: 600 }],
  nextTrimTakes: { entries: 0, bytes: 0 },
  unread: 0,
};

/** tree is the list of packages of GOCACHE as it opens: example.com/... and strings. */
const tree = (): AppState =>
  press(apply(begin(undefined), [{ type: 'build-cache-contents', summary }]), '2', 'enter').state;

/** opened is the node example.com/... in it, the largest package first. */
const opened = (): AppState => press(tree(), 'enter').state;

const marked = (state: AppState): string[] => markedPackages(state).map(({ importPath }) => importPath);

describe('marks', () => {
  test('space marks and goes on, and takes the mark away again', () => {
    const once = press(opened(), ' ', ' ').state;
    expect(marked(once)).toEqual(['example.com/a', 'example.com/b']);
    expect(marked(press(once, 'g', ' ').state)).toEqual(['example.com/b']);
  });

  test('v marks from the last mark to the cursor, a all that the filter shows, u none', () => {
    expect(marked(press(tree(), ' ', 'G', 'v').state)).toEqual(['example.com/a', 'example.com/b', 'strings']);
    const filtered = press(tree(), '/', 'e', 'x', 'a', 'm', 'enter', 'a').state;
    expect(marked(filtered)).toEqual(['example.com/a', 'example.com/b']);
    expect(marked(press(filtered, 'u').state)).toEqual([]);
  });

  test('a mark on a node stands for all below; where only some are marked it says so', () => {
    const rows = (state: AppState) => {
      const level = levelOf(state.screen.panes.gocache);
      const view = views[level.view];
      if (view.kind !== 'table') throw new Error(`${level.view} is no table`);
      const shown = view.rows(state, level);
      return Array.from({ length: shown.count }, (_, index) => {
        const row = shown.rowAt(index);
        return [typeof row?.mark === 'string' ? row.mark : row?.mark.text, row?.cells[0]];
      });
    };
    expect(rows(tree())).toEqual([
      [' ', 'example.com/...'],
      [' ', 'strings'],
    ]);
    const all = press(tree(), ' ').state;
    expect(marked(all)).toEqual(['example.com/a', 'example.com/b']);
    expect(rows(all)[0]).toEqual(['*', 'example.com/...']);
    const one = press(all, 'g', 'enter', ' ').state;
    expect(rows(one)).toEqual([
      [' ', 'example.com/a'],
      ['*', 'example.com/b'],
    ]);
    expect(rows(press(one, 'escape').state)[0]).toEqual(['~', 'example.com/...']);
  });
});

describe('p', () => {
  test('asks what is under the cursor; Enter on the first answer changes nothing', () => {
    const asked = press(opened(), 'p').state;
    expect(selectDialog(asked)).toMatchObject({ title: 'prune', choice: 0 });
    expect(selectDialog(asked)?.lines.join('\n')).toMatch(
      /Remove example\.com\/a from GOCACHE\?[\s\S]*300 B {3}to rebuild: 14 s, 1 unknown/,
    );
    expect(press(asked, 'enter').effects).toEqual([]);
    expect(press(asked, 'escape').effects).toEqual([]);
  });

  test('takes what is marked, to the trash or for good', () => {
    const asked = press(opened(), ' ', ' ', 'p').state;
    expect(selectDialog(asked)?.lines[0]).toBe('Remove 2 packages from GOCACHE?');
    const packages = ['example.com/a', 'example.com/b'];
    expect(press(asked, 'right', 'enter').effects).toEqual([{ type: 'prune', packages, isFreed: false }]);
    expect(press(asked, 'right', 'right', 'enter').effects).toEqual([
      { type: 'prune', packages, isFreed: true },
    ]);
  });

  test('works on the page of a package too', () => {
    const asked = press(opened(), 'j', 'enter', 'p').state;
    expect(selectDialog(asked)?.lines[0]).toBe('Remove example.com/b from GOCACHE?');
  });
});

test('c asks first, names the price, and the default answer is No', () => {
  expect(press(begin(undefined), 'c').state.screen.notice).toContain('still being counted');
  const counted = apply(begin(undefined), [{ type: 'build-cache-totals', totals: buildCacheTotals() }]);
  const asked = press(counted, 'c').state;
  expect(selectDialog(asked)?.lines.join('\n')).toMatch(/16,413 entries {3}1\.2 GiB/);
  expect(press(asked, 'enter').effects).toEqual([]);
  expect(press(asked, 'y').effects).toEqual([{ type: 'copy', text: 'go clean -cache' }]);
  expect(press(asked, 'right', 'enter').effects).toEqual([{ type: 'clean', bytes: 1_288_490_189 }]);
});

test('at 40x12 the answers of a question are seen, whatever it has to say', () => {
  const small = apply(opened(), [{ type: 'screen', event: { type: 'resized', columns: 40, rows: 12 } }]);
  const overlay = drawOverlay(press(small, 'p').state);
  const text = overlay?.lines.map(textOf) ?? [];
  expect(overlay?.area.height).toBeLessThanOrEqual(12);
  for (const answer of ['[ No ]', 'Yes', 'Yes, and free it now'])
    expect(text.some((line) => line.includes(answer))).toBe(true);
});

test('] and [ go round the ways to look at GOCACHE', () => {
  const view = (state: AppState) => state.screen.panes.gocache.levels.at(-1)?.view;
  const seen = [...contentViews, contentViews[0]].map((_, count) =>
    view(press(opened(), ...Array(count).fill(']')).state),
  );
  expect(seen).toEqual([...contentViews, 'cache-packages']);
  expect(view(press(opened(), '[').state)).toBe('writes');
});

test('z asks for an undo, and what an operation says is shown', () => {
  expect(press(opened(), 'z').effects).toEqual([{ type: 'undo' }]);
  const said = apply(opened(), [{ type: 'screen', event: { type: 'said', text: 'put back 4 entries' } }]);
  expect(said.screen.notice).toBe('put back 4 entries');
});
