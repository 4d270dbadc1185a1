import { describe, expect, test } from 'vitest';
import { classifyState, type ModuleVersion } from '../../source/module-cache/module-version.ts';
import type { DownloadKind } from '../../source/module-cache/paths.ts';
import { indexNeeds } from '../../source/operations/module-needs/needs.ts';
import type { RootNeeds } from '../../source/operations/module-needs/root-needs.ts';
import { selectDialog } from '../../source/store/dialog.ts';
import { openLevel } from '../../source/store/levels.ts';
import { textOf } from '../../source/store/line.ts';
import type { AppState } from '../../source/store/state.ts';
import type { ViewId } from '../../source/store/view.ts';
import { views } from '../../source/store/views/registry.ts';
import { drawOverlay } from '../../source/ui/overlays.ts';
import { apply, begin, moduleCacheTotals, press, start } from './state.ts';

const day = 86_400_000;

function version(
  path: string,
  text: string,
  kinds: readonly DownloadKind[],
  dirBytes?: number,
): ModuleVersion {
  const hasDir = dirBytes !== undefined;
  return {
    path,
    version: text,
    state: classifyState({ kinds, hasDir, isLocked: false }),
    kinds,
    zipBytes: kinds.includes('zip') ? 1000 : undefined,
    hasDir,
    dirBytes,
    files: hasDir ? 3 : undefined,
    metadataBytes: 10,
    usedAt: kinds.includes('ziphash') ? start - 3 * day : undefined,
  };
}

const all: readonly DownloadKind[] = ['info', 'mod', 'zip', 'ziphash', 'lock'];
const versions: readonly ModuleVersion[] = [
  version('golang.org/x/text', 'v0.14.0', all, 24_000),
  version('golang.org/x/text', 'v0.15.0', all, 25_000),
  version('golang.org/x/net', 'v0.0.0-20220722155237-a158d28d115b', ['mod']),
  version('github.com/google/uuid', 'v1.6.0', ['zip', 'partial'], 10),
  version('github.com/pkg/errors', 'v0.9.1', ['info', 'mod', 'zip']),
  version('golang.org/toolchain', 'v0.0.1-go1.27.0.linux-amd64', all, 900_000),
];

const shop = '/home/gopher/shop/go.mod';
const roots: readonly RootNeeds[] = [
  {
    root: { file: shop, folder: '/home/gopher/shop', modules: ['example.com/shop'] },
    needs: [
      { path: 'golang.org/x/text', version: 'v0.15.0', kind: 'build', file: shop, via: 'example.com/shop@' },
      {
        path: 'golang.org/x/net',
        version: 'v0.0.0-20220722155237-a158d28d115b',
        kind: 'graph',
        file: shop,
        via: 'golang.org/x/text@v0.15.0',
      },
      { path: 'rsc.io/gone', version: 'v1.0.0', kind: 'build', file: shop, via: 'example.com/shop@' },
    ],
    selected: [{ path: 'golang.org/x/text', version: 'v0.15.0' }],
    toolchain: 'go1.27.0',
    missing: [],
  },
];

const named = apply(begin(), [{ type: 'module-cache-versions', versions }]);
const counted = apply(named, [{ type: 'module-cache-totals', totals: moduleCacheTotals(versions) }]);
const known = apply(counted, [{ type: 'module-needs', needs: indexNeeds(roots) }]);

function rowsOf(state: AppState, view: ViewId, subject?: string): readonly (readonly string[])[] {
  const table = views[view];
  if (table.kind !== 'table') throw new Error(`${view} is no table`);
  const rows = table.rows(state, openLevel({ view, subject }));
  return Array.from({ length: rows.count }, (_, index) => rows.rowAt(index)?.cells ?? []);
}

function emptyOf(state: AppState, view: ViewId): string {
  const table = views[view];
  return table.kind === 'table' ? table.empty(state, openLevel({ view, subject: undefined })) : '';
}

describe('the versions of GOMODCACHE', () => {
  test('are there by name before anything is counted', () => {
    expect(rowsOf(named, 'modules').map(([path]) => path)).toContain('golang.org/x/text');
    expect(rowsOf(named, 'module-versions')).toHaveLength(versions.length);
    expect(emptyOf(begin(), 'module-versions')).toBe('being counted');
  });

  test('say state, last use and who needs them; a pseudo-version is named by its commit', () => {
    const rows = rowsOf(known, 'module-versions');
    const row = (name: string) => rows.find(([shown]) => shown === name)?.slice(1, -1);
    expect(row('golang.org/x/text@v0.15.0')).toEqual(['complete', '3', '3 d', 'shop']);
    expect(row('golang.org/x/text@v0.14.0')).toEqual(['complete', '3', '3 d', 'superseded']);
    expect(row('golang.org/x/net@…a158d28d115b')).toEqual(['graph-only', '0', 'unknown', 'a graph']);
    expect(row('github.com/pkg/errors@v0.9.1')).toEqual(['zip-only', '0', 'unknown', 'nobody']);
    expect(row('golang.org/toolchain@v0.0.1-go1.27.0.linux-amd64')?.at(-1)).toBe('shop');
  });

  test('that nobody needs, that are superseded, and toolchains have lists of their own', () => {
    const names = (view: ViewId) => rowsOf(known, view).map(([name]) => name);
    expect(names('module-unneeded')).toEqual([
      'golang.org/x/text@v0.14.0',
      'github.com/google/uuid@v1.6.0',
      'github.com/pkg/errors@v0.9.1',
    ]);
    expect(names('module-superseded')).toEqual(['golang.org/x/text@v0.14.0']);
    expect(names('module-toolchains')).toEqual(['golang.org/toolchain@v0.0.1-go1.27.0.linux-amd64']);
  });

  test('without a root nothing is called not needed', () => {
    const none = apply(counted, [{ type: 'module-needs', needs: indexNeeds([]) }]);
    expect(rowsOf(none, 'module-unneeded')).toEqual([]);
    expect(emptyOf(none, 'module-unneeded')).toContain('--root DIR');
    expect(emptyOf(counted, 'module-unneeded')).toContain('being worked out');
    expect(rowsOf(none, 'module-versions')[0]).toContain('unknown');
  });

  test('a main module says what it needs and what is not here', () => {
    expect(rowsOf(known, 'module-roots')).toEqual([[shop, '2', '1', '1', expect.any(String)]]);
    expect(rowsOf(known, 'module-root', shop).find(([name]) => name === 'rsc.io/gone@v1.0.0')).toEqual([
      'rsc.io/gone@v1.0.0',
      'build',
      'example.com/shop',
      'not here',
    ]);
  });
});

describe('the page of a version', () => {
  const items = (state: AppState, subject: string) => {
    const page = views['module-version'];
    return page.kind === 'page'
      ? JSON.stringify(page.items(state, openLevel({ view: 'module-version', subject }), 100))
      : '';
  };

  test('says who needs it, by which path', () => {
    const text = items(known, 'golang.org/x/net@v0.0.0-20220722155237-a158d28d115b');
    expect(text).toContain(
      'example.com/shop > golang.org/x/text@v0.15.0 > golang.org/x/net@v0.0.0-20220722155237-a158d28d115b',
    );
    expect(text).toContain('for its graph');
  });

  test('says what is missing of it', () => {
    expect(items(known, 'github.com/pkg/errors@v0.9.1')).toContain(
      'zip only: a build extracts it; without ziphash, folder',
    );
    expect(items(known, 'github.com/google/uuid@v1.6.0')).toContain('an extraction began and did not end');
    expect(items(known, 'rsc.io/gone@v1.0.0')).toContain('is not in GOMODCACHE');
  });
});

describe('a prune by choice', () => {
  const lines = (state: AppState): string => selectDialog(state)?.lines.join('\n') ?? '';
  const answers = (state: AppState) => selectDialog(state)?.choices.map(({ title }) => title);
  const open = press(known, '3', 'P').state;

  test('takes nothing before something was chosen, and can only be refused', () => {
    expect(lines(open)).toMatch(/of +< all versions >\ntakes +zip and folder\nkeeps +no version/);
    expect(answers(open)).toEqual(['No']);
    expect(press(press(known, '2').state, 'P').state.screen.dialog).toBeUndefined();
  });

  test('what nobody needs, with its price; No is the default, and a changed row goes back to it', () => {
    const chosen = press(open, 'right').state;
    expect(lines(chosen)).toMatch(/< needed by nobody >/);
    expect(lines(chosen)).toMatch(/takes 3 versions +26\.4 KiB\nto download again: 2\.9 KiB from/);
    expect(lines(chosen)).toContain('gocachetop prune --modules --unneeded');
    expect(press(chosen, 'enter', 'enter').effects).toEqual([]);
    const yes = press(chosen, 'enter', 'right', 'enter');
    expect(yes.effects).toMatchObject([{ type: 'prune-modules', takesTiles: false, isFreed: false }]);
    const back = press(chosen, 'tab', 'right').state.screen.dialog;
    expect(back).toMatchObject({ choice: 0, field: 1 });
  });

  test.each([
    [['tab', 'right'], '--zips-only', 'to download again: nothing'],
    [['tab', 'right', 'right'], '--folders-only', 'to download again: nothing'],
    [['tab', 'tab', 'right', 'right'], '--keep-newest 2', 'takes nothing'],
    [['tab', 'tab', 'right'], '--keep-newest 1', 'takes 1 version'],
    [['right', 'right'], '--superseded', 'takes 1 version'],
    [['right', 'right', 'right'], '--toolchains', '! 1 of them a main module here builds with'],
    [
      ['tab', 'tab', 'tab', ...Array<string>(12).fill('right')],
      '--unused-for 1d',
      'stay: last use not known',
    ],
  ])('%j is %s: %s', (keys, command, words) => {
    const chosen = press(open, ...keys).state;
    expect(lines(chosen)).toContain(words);
    const { command: same } = selectDialog(chosen) ?? {};
    expect(same).toBe(`gocachetop prune --modules ${command}`);
  });

  test('what go kept of the checksum database, where it kept something', () => {
    const keys = Array<string>(4).fill('right');
    expect(lines(press(open, ...keys).state)).toContain('takes nothing: go has kept no answers of it');
    const totals = { ...moduleCacheTotals(versions), sumdb: { files: 3, bytes: 2048 } };
    const kept = press(apply(open, [{ type: 'module-cache-totals', totals }]), ...keys).state;
    expect(lines(kept)).toContain('takes 2.0 KiB of kept answers');
    expect(selectDialog(kept)?.command).toBe('gocachetop prune --modules --tiles');
    const yes = press(kept, 'enter', 'right', 'enter');
    expect(yes.effects).toEqual([{ type: 'prune-modules', targets: [], takesTiles: true, isFreed: false }]);
  });

  test('the open list and the marks say what it is about', () => {
    const superseded = press(known, '3', 'enter', ']', ']', ']', 'P').state;
    expect(lines(superseded)).toContain('< superseded >');
    const marked = press(known, '3', 'enter', ']', ' ', ' ', 'P').state;
    expect(lines(marked)).toContain('< 2 marked versions >');
    expect(lines(marked)).toContain('takes 2 versions');
  });

  test('on a small screen what it takes is seen', () => {
    const small = press(
      apply(known, [{ type: 'screen', event: { type: 'resized', columns: 40, rows: 12 } }]),
      '3',
      'P',
      'right',
    );
    const drawn = drawOverlay(small.state)?.lines.map(textOf).join('\n');
    expect(drawn).toMatch(/takes 3 versions/);
    expect(drawn).toMatch(/to download again/);
    expect(drawn).toMatch(/\[ No \]/);
  });
});

describe('marks of modules', () => {
  const opened = press(known, '3', 'enter').state;

  test('a mark on a module marks all its versions, beside those of GOCACHE', () => {
    const marked = press(opened, 'g', 'j', ' ').state.screen;
    expect([...marked.moduleMarks.ids]).toEqual(['golang.org/x/text@v0.14.0', 'golang.org/x/text@v0.15.0']);
    expect(marked.marks.ids.size).toBe(0);
  });

  test('] goes from one way to look to the next', () => {
    const views = [
      'modules',
      'module-versions',
      'module-unneeded',
      'module-superseded',
      'module-toolchains',
      'module-roots',
      'module-recovery',
    ];
    let state = opened;
    for (const view of [...views, 'modules']) {
      expect(state.screen.panes.gomodcache.levels.at(-1)?.view).toBe(view);
      state = press(state, ']').state;
    }
  });
});
