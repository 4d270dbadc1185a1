import { cellWidth } from '../cells.ts';
import { openLevel } from '../levels.ts';
import { type Line, type Span, textOf, toned } from '../line.ts';
import type { AppState } from '../state.ts';
import type { ViewId } from '../view.ts';
import { contentViews } from './cache-contents.ts';
import { moduleViews } from './module-versions.ts';
import { views } from './registry.ts';

/** rings are views that show the same thing in other ways; `]` and `[` go round one. */
const rings: readonly (readonly ViewId[])[] = [contentViews, moduleViews];

/** ringOf are the ways to look at what a view shows; undefined where it is the only one. */
export function ringOf(view: ViewId): readonly ViewId[] | undefined {
  return rings.find((ring) => ring.includes(view));
}

/**
 * ringLine names the views of a ring, the open one in brackets: `packages  [variants]  kinds ›`. Where there is no room for
 * all, it has those next to the open one, and a sign at the side that goes on; at the least its number. Empty for a view without a ring.
 */
export function ringLine(state: AppState, view: ViewId, room: number): Line {
  const names = (ringOf(view) ?? []).map((each) =>
    views[each].crumb(state, openLevel({ view: each, subject: undefined })),
  );
  const open = ringOf(view)?.indexOf(view) ?? -1;
  if (open === -1) return [];
  let [first, last] = [open, open];
  const grown = (from: number, to: number): boolean => {
    if (from < 0 || to >= names.length) return false;
    if (cellWidth(textOf(lineOf(names, open, from, to))) > room) return false;
    [first, last] = [from, to];
    return true;
  };
  // One more at each side in turn, as long as it fits.
  for (let isGrowing = true; isGrowing; ) {
    const isWider = grown(first, last + 1);
    isGrowing = grown(first - 1, last) || isWider;
  }
  const shown = lineOf(names, open, first, last);
  if (cellWidth(textOf(shown)) <= room) return shown;
  const place = `‹ ${open + 1}/${names.length} ›`;
  return cellWidth(place) <= room ? [toned(place, 'quiet')] : [];
}

function lineOf(names: readonly string[], open: number, first: number, last: number): Line {
  const words = names.slice(first, last + 1).map((name, index): Span => {
    const isOpen = first + index === open;
    return toned(isOpen ? `[${name}]` : name, isOpen ? 'strong' : 'quiet');
  });
  return [
    ...(first > 0 ? [toned('‹ ', 'quiet')] : []),
    ...words.flatMap((word, index) => (index === 0 ? [word] : [toned('  ', 'quiet'), word])),
    ...(last < names.length - 1 ? [toned(' ›', 'quiet')] : []),
  ];
}
