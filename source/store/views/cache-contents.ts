import type { AppState } from '../state.ts';
import type { ViewId } from '../view.ts';

/** contentViews are the ways to look at what fills GOCACHE; `]` and `[` go from one to the next. */
export const contentViews: readonly ViewId[] = [
  'cache-packages',
  'cache-variants',
  'cache-kinds',
  'cache-ages',
  'cache-diagnosis',
  'cache-trim',
  'cache-largest',
  'cache-fuzz',
  'writes',
];

/** needsContents says that a view is open which shows them. */
export function needsContents({ screen }: AppState): boolean {
  return Object.values(screen.panes).some(({ levels }) =>
    levels.some(({ view }) => view.startsWith('cache-')),
  );
}
