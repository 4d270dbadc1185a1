import { changeLevel, focusedLevel, openLevel, pushLevel } from '../levels.ts';
import type { ScreenState } from '../screen.ts';
import type { AppState } from '../state.ts';
import type { TableView } from '../view.ts';
import { views } from '../views/registry.ts';
import { type Binding, changed, defineBinding, noticed } from './binding.ts';

/** listKeys filter and sort. From a pane's first view they open its list. */
export const listKeys: readonly Binding[] = [
  defineBinding({
    keys: ['/'],
    shown: '/',
    title: 'filter',
    tooltip: 'filter as you type; enter keeps the filter, esc clears it',
    group: 'lists',
    isOffered: (state) => focusedTable(state) !== undefined,
    unavailable: noList,
    press(state) {
      const table = focusedTable(state);
      return table === undefined
        ? changed(state.screen)
        : changed(changeLevel(table.screen, { isFiltering: true }));
    },
  }),
  defineBinding({
    keys: ['s'],
    shown: 's',
    title: 'sort',
    tooltip: 'sort by the next column',
    group: 'lists',
    isOffered: (state) => focusedTable(state) !== undefined,
    unavailable: noList,
    press(state) {
      const table = focusedTable(state);
      if (table === undefined) return changed(state.screen);
      const { column } = focusedLevel({ ...state, screen: table.screen }).sort;
      const { columns } = table.view;
      const next = columns[(columns.findIndex(({ id }) => id === column) + 1) % columns.length];
      const screen = changeLevel(table.screen, {
        sort: { column: next?.id ?? '', isReversed: false },
        top: 0,
      });
      return noticed({ ...state, screen }, `sorted by ${next?.title ?? 'nothing'}`);
    },
  }),
  defineBinding({
    keys: ['S'],
    shown: 'S',
    title: 'reverse',
    tooltip: 'reverse the order',
    group: 'lists',
    unavailable: noList,
    press(state) {
      const table = focusedTable(state);
      if (table === undefined) return changed(state.screen);
      const { sort } = focusedLevel({ ...state, screen: table.screen });
      return changed(changeLevel(table.screen, { sort: { ...sort, isReversed: !sort.isReversed }, top: 0 }));
    },
  }),
];

function noList(state: AppState): string | undefined {
  return focusedTable(state) === undefined ? 'there is no list here to filter or sort' : undefined;
}

/** focusedTable is the table that the keys act on, and the screen with it open. */
function focusedTable(
  state: AppState,
): { readonly view: TableView; readonly screen: ScreenState } | undefined {
  const { screen } = state;
  const view = views[focusedLevel(state).view];
  if (view.kind === 'table') return { view, screen };
  const list = view.list?.(state);
  const table = list === undefined ? undefined : views[list];
  if (list === undefined || table?.kind !== 'table') return undefined;
  return { view: table, screen: pushLevel(screen, openLevel({ view: list, subject: undefined })) };
}
