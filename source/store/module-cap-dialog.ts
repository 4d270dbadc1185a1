import { ageStops } from './cap.ts';
import type { Slider } from './cap-dialog.ts';
import type { DialogView } from './dialog.ts';
import { formatAge, formatBytes, formatCount, formatCountOf } from './format.ts';
import { focusedLevel } from './levels.ts';
import {
  type CapOf,
  type CapPart,
  capOfs,
  capParts,
  keepStops,
  type ModuleCap,
  moduleCapCommand,
  selectCapped,
} from './module-cap.ts';
import { downloadWords } from './module-price.ts';
import { findVersion, needsOf } from './module-rows.ts';
import { pruneChoices } from './prune-choices.ts';
import type { Dialog, Effect, ModuleCapDialog } from './screen.ts';
import type { AppState } from './state.ts';

/** openModuleCap asks what of GOMODCACHE is to go: of what is marked, or of what the open view is about. */
export function openModuleCap(state: AppState): Dialog {
  const names = [...state.screen.moduleMarks.ids].filter((id) => findVersion(state, id) !== undefined);
  const of: CapOf = names.length > 0 ? 'marked' : (ofViews[focusedLevel(state).view] ?? 'all');
  const cap: ModuleCap = { names, of, part: 'all', keepStop: 0, ageStop: 0 };
  return { id: 'cap-modules', choice: 0, field: 0, cap };
}

const ofViews: Readonly<Record<string, CapOf>> = {
  'module-unneeded': 'unneeded',
  'module-superseded': 'superseded',
  'module-toolchains': 'toolchains',
};

/** moduleCapDialog shows the rows of choices and what they take, before anything happens. */
export function moduleCapDialog(dialog: ModuleCapDialog, state: AppState): DialogView {
  const { cap, field } = dialog;
  const isTiles = cap.of === 'tiles';
  const selection = selectCapped(state, cap);
  const tileBytes = state.moduleCache.totals?.sumdb.bytes ?? 0;
  const targets = selection?.targets ?? [];
  const canGo = isTiles ? tileBytes > 0 : targets.length > 0;
  const prune = (isFreed: boolean): readonly Effect[] => [
    { type: 'prune-modules', targets, takesTiles: isTiles, isFreed },
  ];
  const command = moduleCapCommand(cap);
  const age = ageStops[cap.ageStop - 1];
  const keep = keepStops[cap.keepStop - 1];
  const row = (index: number, name: string, value: string): string =>
    `${name.padEnd(11)}${field === index ? `< ${value} >` : `  ${value}`}`;
  const rows: readonly Row[] = [
    {
      name: 'of',
      value: cap.of === 'marked' ? formatCountOf(cap.names.length, 'marked version') : ofWords[cap.of],
      move: (steps) => ({ ...cap, of: stepped(capOfs(cap), cap.of, steps) }),
    },
    ...(isTiles
      ? []
      : [
          {
            name: 'takes',
            value: partWords[cap.part],
            move: (steps: number) => ({ ...cap, part: stepped(capParts, cap.part, steps) }),
          },
          {
            name: 'keeps',
            value: keep === undefined ? 'no version of a module' : `the newest ${keep} of each module`,
            move: (steps: number) => ({ ...cap, keepStop: moved(cap.keepStop, steps, keepStops.length) }),
          },
          {
            name: 'unused for',
            value: age === undefined ? 'any time' : formatAge(age),
            move: (steps: number) => ({ ...cap, ageStop: moved(cap.ageStop, steps, ageStops.length) }),
          },
        ]),
  ];
  return {
    title: 'prune by choice',
    lines: [
      // What it takes and costs must be seen: on a small screen the title has to do.
      ...(state.screen.size.rows < leastForQuestion ? [] : ['Remove which versions from GOMODCACHE?', '']),
      ...rows.map(({ name, value }, index) => row(index, name, value)),
      '',
      ...(isTiles ? tileLines(tileBytes, state) : takenLines(cap, state)),
      ...(command === undefined || !canGo ? [] : ['', `the same:  ${command}`]),
    ],
    choices: pruneChoices(canGo ? prune : undefined),
    ...(command === undefined ? {} : { command }),
    sliders: rows.map(
      ({ move }): Slider => ({
        move: (steps) => ({ dialog: { ...dialog, choice: 0, cap: move(steps) }, effects: [] }),
      }),
    ),
  };
}

const leastForQuestion = 16;

type Row = { readonly name: string; readonly value: string; move(steps: number): ModuleCap };

const ofWords: Readonly<Record<Exclude<CapOf, 'marked'>, string>> = {
  all: 'all versions',
  unneeded: 'needed by nobody',
  superseded: 'superseded',
  toolchains: 'toolchains',
  tiles: 'checksum database',
};

const partWords: Readonly<Record<CapPart, string>> = {
  all: 'zip and folder',
  zip: 'the zip alone',
  folder: 'the folder alone',
};

function stepped<Value>(values: readonly Value[], value: Value, steps: number): Value {
  return values[moved(values.indexOf(value), steps, values.length - 1)] ?? value;
}

function moved(stop: number, steps: number, most: number): number {
  return Math.max(0, Math.min(most, stop + steps));
}

/** takenLines are what goes, what it costs to get back, and who would miss it. */
function takenLines(cap: ModuleCap, state: AppState): readonly string[] {
  const { sizes } = state.screen;
  const { roots } = needsOf(state);
  if ((cap.of === 'unneeded' || cap.of === 'superseded') && roots.length === 0)
    return ['who needs what is not known: start it in a main module, or with --root DIR'];
  const selection = selectCapped(state, cap);
  if (selection === undefined) return ['left and right choose, tab goes to the next row'];
  const { targets, bytes, download, needed, unknownUse } = selection;
  const stays = unknownUse === 0 ? [] : [`${formatCountOf(unknownUse, 'version')} stay: last use not known`];
  if (targets.length === 0) return ['takes nothing', ...stays];
  return [
    `takes ${formatCountOf(targets.length, 'version')}   ${formatBytes(bytes, sizes)}`,
    `to download again: ${downloadWords(download, sizes)}`,
    ...(roots.length === 0
      ? ['whether a main module needs them is not known']
      : needed === 0
        ? []
        : [`! ${formatCount(needed)} of them a main module here builds with`]),
    ...stays,
    'what a running go command needs is kept; z puts it back',
  ];
}

function tileLines(bytes: number, { screen }: AppState): readonly string[] {
  if (bytes === 0) return ['takes nothing: go has kept no answers of it'];
  return [
    `takes ${formatBytes(bytes, screen.sizes)} of kept answers`,
    'go asks the checksum database again for what is new to a go.sum; z puts it back',
  ];
}
