import { type PaneId, paneIds } from './pane-id.ts';

/** Area is a rectangle of the screen, in cells, its border included. */
export type Area = {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
};

/**
 * Layout says what stands where. `wide` shows all panes together, `stack` one open and the others in a line each,
 * `compact` one open and the others in one line together, `small` nothing but a word about the size.
 */
export type Layout = {
  readonly form: 'wide' | 'stack' | 'compact' | 'small';
  readonly columns: number;
  readonly rows: number;
  /** open are the panes that show their content. */
  readonly open: Readonly<Partial<Record<PaneId, Area>>>;
  /** closed are the panes that are one line, with its row. In `compact` they share the row. */
  readonly closed: Readonly<Partial<Record<PaneId, number>>>;
  /** noticeRow is undefined where a notice takes the place of something else. */
  readonly noticeRow: number | undefined;
  readonly keysRow: number;
};

/** leastSize is below what there is no room for a border, a line and a key. */
export const leastSize = { columns: 40, rows: 12 } as const;

// Three panes of 32 cells still show a path and a size; the build needs eleven rows beside them.
const wideFrom = { columns: 100, rows: 30 } as const;
const stackFrom = { columns: 60, rows: 16 } as const;

/** layoutScreen places everything. `isDrilled` says that something was opened in the focused pane: it then has all the room. */
export function layoutScreen(screen: {
  readonly columns: number;
  readonly rows: number;
  readonly focus: PaneId;
  readonly isDrilled: boolean;
  readonly hasBuild: boolean;
}): Layout {
  const { columns, rows, isDrilled } = screen;
  if (columns < leastSize.columns || rows < leastSize.rows) {
    return { form: 'small', columns, rows, open: {}, closed: {}, noticeRow: undefined, keysRow: rows - 1 };
  }
  if (columns >= wideFrom.columns && rows >= wideFrom.rows && !isDrilled) return wideLayout(screen);
  if (columns >= stackFrom.columns && rows >= stackFrom.rows) return stackLayout(screen);
  return compactLayout(screen);
}

/** innerArea is what is left of an area within its border. */
export function innerArea(area: Area): Area {
  return { left: area.left + 1, top: area.top + 1, width: area.width - 2, height: area.height - 2 };
}

type Size = { readonly columns: number; readonly rows: number };

function wideLayout({ columns, rows, hasBuild }: Size & { readonly hasBuild: boolean }): Layout {
  const body = rows - 3;
  // A build has the lines that move; without one, what others build is a few lines.
  const buildHeight = hasBuild ? Math.min(24, Math.round(body * 0.4)) : Math.max(7, Math.round(body * 0.2));
  const top = 1 + buildHeight;
  const height = body - buildHeight;
  const third = Math.floor(columns / 3);
  const middle = Math.floor((columns - third) / 2);
  return {
    form: 'wide',
    columns,
    rows,
    open: {
      build: { left: 0, top: 1, width: columns, height: buildHeight },
      gocache: { left: 0, top, width: third, height },
      gomodcache: { left: third, top, width: middle, height },
      proxy: { left: third + middle, top, width: columns - third - middle, height },
    },
    closed: {},
    noticeRow: rows - 2,
    keysRow: rows - 1,
  };
}

function stackLayout({ columns, rows, focus }: Size & { readonly focus: PaneId }): Layout {
  const place = paneIds.indexOf(focus);
  const height = rows - 3 - (paneIds.length - 1);
  const closed: Partial<Record<PaneId, number>> = {};
  paneIds.forEach((id, index) => {
    if (index < place) closed[id] = 1 + index;
    if (index > place) closed[id] = 1 + height + index - 1;
  });
  return {
    form: 'stack',
    columns,
    rows,
    open: { [focus]: { left: 0, top: 1 + place, width: columns, height } },
    closed,
    noticeRow: rows - 2,
    keysRow: rows - 1,
  };
}

function compactLayout({ columns, rows, focus }: Size & { readonly focus: PaneId }): Layout {
  const closed: Partial<Record<PaneId, number>> = {};
  for (const id of paneIds) if (id !== focus) closed[id] = rows - 2;
  return {
    form: 'compact',
    columns,
    rows,
    open: { [focus]: { left: 0, top: 1, width: columns, height: rows - 3 } },
    closed,
    noticeRow: undefined,
    keysRow: rows - 1,
  };
}
