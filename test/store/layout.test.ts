import { describe, expect, test } from 'vitest';
import { layoutScreen } from '../../source/store/layout.ts';
import { type PaneId, paneIds } from '../../source/store/pane-id.ts';

const calm = { focus: 'build', isDrilled: false, hasBuild: true } as const;

describe('the form follows the size', () => {
  test.each([
    [120, 40, 'wide'],
    [100, 30, 'wide'],
    [99, 40, 'stack'],
    [120, 29, 'stack'],
    [80, 24, 'stack'],
    [60, 16, 'stack'],
    [59, 16, 'compact'],
    [80, 15, 'compact'],
    [40, 12, 'compact'],
    [39, 12, 'small'],
    [40, 11, 'small'],
    [1, 1, 'small'],
  ] as const)('%dx%d is %s', (columns, rows, form) => {
    expect(layoutScreen({ ...calm, columns, rows }).form).toBe(form);
  });
});

test('what is opened in a pane has all the room, on a large screen too', () => {
  const layout = layoutScreen({ ...calm, columns: 120, rows: 40, focus: 'proxy', isDrilled: true });
  expect(layout.open).toEqual({ proxy: { left: 0, top: 4, width: 120, height: 34 } });
  expect(layout.closed).toEqual({ build: 1, gocache: 2, gomodcache: 3 });
});

test('120x40 has the build above and the others side by side', () => {
  expect(layoutScreen({ ...calm, columns: 120, rows: 40 }).open).toEqual({
    build: { left: 0, top: 1, width: 120, height: 15 },
    gocache: { left: 0, top: 16, width: 40, height: 22 },
    gomodcache: { left: 40, top: 16, width: 40, height: 22 },
    proxy: { left: 80, top: 16, width: 40, height: 22 },
  });
});

test('without a build its pane has fewer rows', () => {
  const heightOf = (hasBuild: boolean): number =>
    layoutScreen({ ...calm, columns: 120, rows: 40, hasBuild }).open.build?.height ?? 0;
  expect(heightOf(false)).toBeGreaterThan(4);
  expect(heightOf(false)).toBeLessThan(heightOf(true));
});

describe('80x24 opens the focused pane in its place', () => {
  test.each<[PaneId, number, readonly (number | undefined)[]]>([
    ['build', 1, [undefined, 19, 20, 21]],
    ['gocache', 2, [1, undefined, 20, 21]],
    ['gomodcache', 3, [1, 2, undefined, 21]],
    ['proxy', 4, [1, 2, 3, undefined]],
  ])('%s', (focus, top, rows) => {
    const layout = layoutScreen({ ...calm, columns: 80, rows: 24, focus });
    expect(layout.open).toEqual({ [focus]: { left: 0, top, width: 80, height: 18 } });
    expect(paneIds.map((id) => layout.closed[id])).toEqual(rows);
    expect([layout.noticeRow, layout.keysRow]).toEqual([22, 23]);
  });
});

test('40x12 has the others in one line, where a notice comes too', () => {
  const layout = layoutScreen({ ...calm, columns: 40, rows: 12, focus: 'gocache' });
  expect(layout.open).toEqual({ gocache: { left: 0, top: 1, width: 40, height: 9 } });
  expect(layout.closed).toEqual({ build: 10, gomodcache: 10, proxy: 10 });
  expect([layout.noticeRow, layout.keysRow]).toEqual([undefined, 11]);
});
