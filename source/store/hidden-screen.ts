import type { PaneState, ScreenState } from './screen.ts';
import { noWhatIf } from './tried.ts';
import type { ViewId } from './view.ts';

/** hiddenScreen is the screen of a session that has none: nothing draws it and no key reaches it. */
export const hiddenScreen: ScreenState = {
  size: { columns: 80, rows: 24 },
  focus: 'build',
  panes: {
    build: hidden('build'),
    gocache: hidden('gocache'),
    gomodcache: hidden('gomodcache'),
    proxy: hidden('proxy'),
  },
  help: undefined,
  dialog: undefined,
  notice: undefined,
  marks: { ids: new Set(), outputs: new Map(), last: undefined },
  moduleMarks: { ids: new Set(), outputs: new Map(), last: undefined },
  sizes: { si: false },
  whatIf: noWhatIf,
};

function hidden(view: ViewId): PaneState {
  const sort = { column: '', isReversed: false };
  return {
    levels: [
      { view, subject: undefined, cursor: undefined, filter: '', isFiltering: false, sort, top: 0, left: 0 },
    ],
  };
}
