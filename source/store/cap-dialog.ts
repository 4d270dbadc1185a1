import { entryKinds } from '../build-cache/output-kind.ts';
import {
  type Cap,
  type CapScope,
  capAge,
  capBytes,
  capCommand,
  capKey,
  capSelectors,
  mostStops,
} from './cap.ts';
import type { DialogView } from './dialog.ts';
import { formatAge, formatBytes, formatCount, formatCountOf } from './format.ts';
import { focusedLevel } from './levels.ts';
import { cursorIndex } from './move.ts';
import { priceWords } from './price-words.ts';
import { pruneChoices } from './prune-choices.ts';
import { markedPackages } from './prune-selection.ts';
import type { CapDialog, Dialog, Effect } from './screen.ts';
import type { AppState } from './state.ts';
import { rowsOf } from './window.ts';

/** Slider is a row of a question whose value is moved with left and right. */
export type Slider = {
  /** move gives the question with the value moved, and what is to be looked up for it. */
  move(steps: number): { readonly dialog: Dialog; readonly effects: readonly Effect[] };
};

/** openCap asks how much of what is marked, or of the row under the cursor, or of all, is to go. */
export function openCap(state: AppState): { readonly dialog: Dialog; readonly effects: readonly Effect[] } {
  const totalBytes = state.buildCache.contents?.bytes ?? 0;
  const cap: Cap = { scope: scopeOf(state), totalBytes, sizeStop: 0, ageStop: 0 };
  return measured({ id: 'cap', choice: 0, field: 0, cap });
}

/** scopeOf is what the focused view is about. */
function scopeOf(state: AppState): CapScope {
  const marked = markedPackages(state);
  if (marked.length > 0) return { importPaths: marked.map(({ importPath }) => importPath) };
  const level = focusedLevel(state);
  if (level.view === 'cache-package' && level.subject !== undefined) return { importPaths: [level.subject] };
  if (level.view !== 'cache-kinds' && level.view !== 'cache-variants') return {};
  const rows = rowsOf(state);
  const index = cursorIndex(level, rows, true);
  const id = index === undefined ? undefined : rows.idAt(index);
  if (id === undefined) return {};
  if (level.view === 'cache-variants') return { variant: id };
  const kind = entryKinds.find((each) => each === id);
  return kind === undefined ? {} : { kind };
}

/** measured asks for what a cap would take, unless it takes nothing. */
function measured(dialog: CapDialog): {
  readonly dialog: Dialog;
  readonly effects: readonly Effect[];
} {
  const selectors = capSelectors(dialog.cap);
  const effects: readonly Effect[] =
    selectors === undefined ? [] : [{ type: 'measure', key: capKey(dialog.cap), selectors }];
  return { dialog, effects };
}

/** capDialog shows both sliders and what they take, before anything happens. */
export function capDialog(dialog: CapDialog, state: AppState): DialogView {
  const { cap, field } = dialog;
  const size = (bytes: number): string => formatBytes(bytes, state.screen.sizes);
  const [bytes, age] = [capBytes(cap), capAge(cap)];
  const selectors = capSelectors(cap);
  const command = capCommand(cap);
  const found = state.buildCache.capMeasured;
  const measure = found?.key === capKey(cap) ? found.measure : undefined;
  const prune = (isFreed: boolean): readonly Effect[] =>
    selectors === undefined ? [] : [{ type: 'prune', packages: [], selectors, isFreed }];
  const canGo = measure !== undefined && measure.selected.entries > 0;
  return {
    title: 'prune by size and age',
    lines: [
      `Remove what was not used for longest, of ${scopeWords(cap.scope)}?`,
      '',
      `keep at most  ${track(cap.sizeStop, mostStops.size, field === 0)}  ${bytes === undefined ? `all, ${size(cap.totalBytes)}` : size(bytes)}`,
      `unused for    ${track(cap.ageStop, mostStops.age, field === 1)}  ${age === undefined ? 'any time' : formatAge(age)}`,
      '',
      ...takenLines(selectors === undefined, measure, size),
      ...(command === undefined ? [] : ['', `  the same:  ${command}`]),
    ],
    choices: pruneChoices(canGo ? prune : undefined),
    ...(command === undefined ? {} : { command }),
    sliders: [
      { move: (steps) => measured({ ...dialog, cap: moved(cap, 'size', steps) }) },
      { move: (steps) => measured({ ...dialog, cap: moved(cap, 'age', steps) }) },
    ],
  };
}

function moved(cap: Cap, which: 'size' | 'age', steps: number): Cap {
  const stop = (now: number): number => Math.max(0, Math.min(mostStops[which], now + steps));
  return which === 'size' ? { ...cap, sizeStop: stop(cap.sizeStop) } : { ...cap, ageStop: stop(cap.ageStop) };
}

function scopeWords({ kind, variant, importPaths = [] }: CapScope): string {
  const [first, ...more] = importPaths;
  if (first !== undefined) return more.length === 0 ? first : formatCountOf(importPaths.length, 'package');
  if (kind !== undefined) return `kind ${kind}`;
  return variant === undefined ? 'all of GOCACHE' : `variant ${variant}`;
}

const trackWidth = 20;

/** track draws where a slider stands: full, nothing goes. That which has the keys stands between arrows. */
function track(stop: number, most: number, hasKeys: boolean): string {
  const left = Math.round((trackWidth * (most - stop)) / most);
  const bar = `[${'#'.repeat(left)}${'-'.repeat(trackWidth - left)}]`;
  return hasKeys ? `<${bar}>` : ` ${bar} `;
}

function takenLines(
  isNothing: boolean,
  measure: NonNullable<AppState['buildCache']['capMeasured']>['measure'] | undefined,
  size: (bytes: number) => string,
): readonly string[] {
  if (isNothing) return ['  left and right move a slider, tab goes to the next'];
  if (measure === undefined) return ['  being counted'];
  const { selected, packages, rebuild } = measure;
  if (selected.entries === 0) return ['  takes nothing'];
  const [first] = packages;
  return [
    `  takes ${formatCount(selected.entries)} entries   ${size(selected.bytes)}   to rebuild: ${priceWords(rebuild)}`,
    `  of ${formatCountOf(packages.length, 'package')}${first === undefined ? '' : `, most of ${first.importPath}: ${size(first.bytes)}`}`,
    '  what a running build uses is kept; z puts it back until you quit',
  ];
}
