import { innerArea, type Layout, layoutScreen } from './layout.ts';
import { isDrilled, levelOf } from './levels.ts';
import { hasSeenBuild } from './live.ts';
import { layoutPage, type PageLine } from './page-lines.ts';
import type { PaneId } from './pane-id.ts';
import type { AppState } from './state.ts';
import type { Level, View } from './view.ts';
import { views } from './views/registry.ts';

/** Rows is what can be scrolled in an open view: how many rows, which of them take the cursor, how many are seen at once. */
export type Rows = {
  readonly count: number;
  readonly height: number;
  /** idAt is undefined for a row that takes no cursor. */
  idAt(index: number): string | undefined;
  indexOf(id: string): number | undefined;
};

/** currentLayout is where everything stands now. */
export function currentLayout(state: AppState): Layout {
  const { screen } = state;
  const { size, focus } = screen;
  return layoutScreen({ ...size, focus, isDrilled: isDrilled(screen), hasBuild: hasSeenBuild(state) });
}

/** contentSize is the room for a pane's content, within its border and a space at each side. */
function contentSize(state: AppState, pane: PaneId): { readonly width: number; readonly height: number } {
  const area = currentLayout(state).open[pane];
  if (area === undefined) return { width: 0, height: 0 };
  const { width, height } = innerArea(area);
  return { width: width - 2, height };
}

/** pageLines are the lines of a page as wide as its pane. */
export function pageLines(
  state: AppState,
  level: Level,
  view: Extract<View, { kind: 'page' }>,
  width: number,
): readonly PageLine[] {
  return layoutPage(view.items(state, level, width), width);
}

/** rowsOf is what the keys of the focused pane move over. */
export function rowsOf(state: AppState, pane: PaneId = state.screen.focus): Rows {
  const level = levelOf(state.screen.panes[pane]);
  const view = views[level.view];
  const { width, height } = contentSize(state, pane);
  switch (view.kind) {
    case 'board':
      return { count: 0, height, idAt: () => undefined, indexOf: () => undefined };
    case 'text':
      return {
        count: view.lines(state, level).length,
        height,
        idAt: () => undefined,
        indexOf: () => undefined,
      };
    case 'table': {
      const { count, idAt, indexOf } = view.rows(state, level);
      return { count, height: tableHeight(view.id, width, height), idAt, indexOf };
    }
    case 'page': {
      const lines = pageLines(state, level, view, width);
      return {
        count: lines.length,
        height,
        idAt: (index) => lines[index]?.id,
        indexOf(id) {
          const index = lines.findIndex((line) => line.id === id);
          return index === -1 ? undefined : index;
        },
      };
    }
  }
}

/** tableHeight is how many rows of a table are seen: one line is the heading; in a ruled table each row has a rule. */
function tableHeight(view: View['id'], width: number, height: number): number {
  return isRuled(view, width) ? Math.max(1, Math.floor((height - 3) / 2)) : Math.max(1, height - 1);
}

/** isRuled says that a table is drawn with rules between its cells: a short one that seldom changes, where there is room. */
export function isRuled(view: View['id'], width: number): boolean {
  return view === 'settings' && width >= leastRuled;
}

// Below this, rules and spaces would leave too little for the values.
const leastRuled = 70;

/** windowStart is the first row on screen: the level's own, moved so that the cursor is seen and no room is wasted. */
export function windowStart(
  top: Level['top'],
  cursor: number | undefined,
  rows: Pick<Rows, 'count' | 'height'>,
): number {
  const last = Math.max(0, rows.count - rows.height);
  const wanted = top === 'end' ? last : Math.min(top, last);
  if (cursor === undefined) return wanted;
  return Math.max(0, Math.min(cursor, Math.max(wanted, cursor - rows.height + 1)));
}
