import { sumPrices } from '../../build-cache/index/price.ts';
import { cellWidth, cutPath } from '../../store/cells.ts';
import { formatBytes, formatCount } from '../../store/format.ts';
import type { Area } from '../../store/layout.ts';
import { levelOf } from '../../store/levels.ts';
import { cutLine, fitLine, type Line, toned } from '../../store/line.ts';
import { markedModuleWords } from '../../store/module-prune.ts';
import type { PaneId } from '../../store/pane-id.ts';
import { priceWords } from '../../store/price-words.ts';
import { markedOutputs, markedPackages } from '../../store/prune-selection.ts';
import type { AppState } from '../../store/state.ts';
import { views } from '../../store/views/registry.ts';
import { ringLine } from '../../store/views/rings.ts';
import { isRuled } from '../../store/window.ts';
import type { PaneFrame } from '../pane-frame.ts';
import type { Look } from '../theme.ts';
import { drawList, positionWords } from './draw-view.ts';
import type { Pane } from './pane.ts';
import { paneOf, panes } from './registry.ts';

/** DrawnPane is an open pane: its border with words, and its lines, each with a space before it. */
export type DrawnPane = { readonly frame: PaneFrame; readonly lines: readonly Line[] };

/** drawPane draws an open pane; `isOneOfSeveral` says that other panes are open beside it. */
export function drawPane(
  state: AppState,
  id: PaneId,
  area: Area,
  isOneOfSeveral: boolean,
  look: Look,
): DrawnPane {
  const pane = paneOf(id);
  const isFocused = state.screen.focus === id;
  const level = levelOf(state.screen.panes[id]);
  const position = [
    id === 'gocache' ? markedWords(state) : id === 'gomodcache' ? markedModuleWords(state) : '',
    positionWords(state, id, level, views[level.view]),
  ]
    .filter((words) => words !== '')
    .join('   ');
  const title = titleOf(pane, state, area.width);
  const frame = {
    title,
    right: pane.right(state, area.width, look),
    bottom: position === '' ? [] : [toned(position, level.isFiltering ? 'accent' : 'quiet')],
    bottomRight: isFocused ? ringLine(state, level.view, area.width - roundRing - cellWidth(position)) : [],
    isFocused,
    isMarked: isFocused && isOneOfSeveral,
  };
  const content = drawContent(state, pane, area, look).slice(0, area.height - 2);
  return { frame, lines: content.map((line) => [' ', ...cutLine(line, area.width - 4)]) };
}

// Both corners, a piece of border between the words, and a space at each side of both.
const roundRing = 7;

/** markedWords: the marked bytes are always on screen. */
function markedWords(state: AppState): string {
  const marked = [...markedPackages(state), ...markedOutputs(state)];
  if (marked.length === 0) return '';
  const bytes = marked.reduce((sum, each) => sum + each.bytes, 0);
  const price = sumPrices(marked.map(({ rebuild }) => rebuild));
  return `${formatCount(marked.length)} marked: ${formatBytes(bytes, state.screen.sizes)}, to rebuild ${priceWords(price)}`;
}

/** drawContent draws what an open pane shows, without its border. */
export function drawContent(
  state: AppState,
  pane: Pane,
  { width, height }: Pick<Area, 'width' | 'height'>,
  look: Look,
): readonly Line[] {
  const level = levelOf(state.screen.panes[pane.id]);
  const view = views[level.view];
  if (view.kind === 'board') return pane.board?.(state, width - 4, height - 2, look) ?? [];
  if (isRuled(view.id, width - 4)) return [];
  return drawList(state, pane.id, level, view, width - 4, state.screen.focus === pane.id);
}

/** titleOf is the pane's number and name, and the way down: `1 build › packages › net/http`. */
export function titleOf({ number, title, id }: Pane, state: AppState, width: number): string {
  const crumbs = state.screen.panes[id].levels
    .map((level) => views[level.view].crumb(state, level))
    .filter((crumb) => crumb !== '');
  const words = [`${number} ${title}`, ...crumbs].join(' › ');
  const room = width - 6;
  if (cellWidth(words) <= room) return words;
  const last = crumbs.at(-1) ?? '';
  return `${number} … ${cutPath(last, Math.max(4, room - 4))}`;
}

/** drawSummary draws a closed pane in one line. */
export function drawSummary(state: AppState, id: PaneId, width: number): Line {
  const { number, title, summary } = paneOf(id);
  return fitLine([` ${number} ${title}   `, ...summary(state)], width);
}

/** drawBriefs draws all panes but the open one in one line, and how many problems there are. */
export function drawBriefs(state: AppState, width: number): Line {
  const briefs = panes
    .filter(({ id }) => id !== state.screen.focus)
    .map(({ number, brief }) => `${number} ${brief(state)}`)
    .join('  ');
  const count = state.problems.length;
  const problems = count === 0 ? '' : `  !${count}`;
  // `1.2 GiB` as `1.2G` where there is no room.
  const words = cellWidth(briefs + problems) < width ? briefs : briefs.replace(/ ([kKMGT])i?B/g, '$1');
  return fitLine([` ${words}`, toned(problems, 'warning')], width);
}
