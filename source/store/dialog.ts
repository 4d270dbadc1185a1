import { sumPrices } from '../build-cache/index/price.ts';
import type { PackageSum } from '../build-cache/index/summary.ts';
import { capDialog, type Slider } from './cap-dialog.ts';
import { cleanText } from './cells.ts';
import { fixDialog } from './doctor-dialog.ts';
import { formatBytes, formatCount, formatCountOf, unknownText } from './format.ts';
import { moduleCapDialog } from './module-cap-dialog.ts';
import { modulePruneDialog } from './module-prune.ts';
import { priceWords } from './price-words.ts';
import { pruneChoices } from './prune-choices.ts';
import { type OutputMark, prunedOutputs, prunedPackages } from './prune-selection.ts';
import { recoverDialog } from './recover-dialog.ts';
import { redownloadDialog, redownloadWordDialog } from './redownload-dialog.ts';
import { repointDialog, repointFolderDialog } from './repoint-dialog.ts';
import {
  type CapDialog,
  type Dialog,
  type Effect,
  type KeyPress,
  type ModuleCapDialog,
  noMarks,
  type ScreenChange,
  type ScreenState,
} from './screen.ts';
import { applySettingsDialog, openInProxyPane, routeModuleDialog } from './setting-dialog.ts';
import type { AppState } from './state.ts';
import { type TextInput, typeText } from './text-input.ts';
import type { Target } from './view.ts';

/** DialogView is what an open question says; the first choice is the safe one. */
export type DialogView = {
  readonly title: string;
  readonly lines: readonly string[];
  readonly choices: readonly DialogChoice[];
  /** command is the shell command that does the same as the chosen answer; `y` copies it. */
  readonly command?: string;
  /** sliders are rows whose values are moved before it is answered. */
  readonly sliders?: readonly Slider[];
  /** input is there where a line of text is typed: what enter does with it, in a word, and doing it. */
  readonly input?: {
    readonly verb: string;
    submit(text: string): {
      readonly dialog: Dialog | undefined;
      readonly effects: readonly Effect[];
      /** open is a view that opens in the proxy pane then. */
      readonly open?: Target;
    };
  };
};

/** DialogChoice is an answer: what it does, and the question that follows it. */
export type DialogChoice = {
  readonly title: string;
  readonly effects: readonly Effect[];
  readonly next?: Dialog;
};

/** selectDialog is the open question; undefined when there is none. */
export function selectDialog(
  state: AppState,
): (DialogView & { readonly choice: number; readonly typed: TextInput | undefined }) | undefined {
  const { dialog } = state.screen;
  if (dialog === undefined) return undefined;
  const view = dialogView(dialog, state);
  return { ...view, choice: Math.min(dialog.choice, view.choices.length - 1), typed: dialog.input };
}

function dialogView(dialog: Dialog, state: AppState): DialogView {
  const { build } = state;
  switch (dialog.id) {
    case 'route-module':
      return routeModuleDialog();
    case 'apply-settings':
      return applySettingsDialog(state);
    case 'repoint-folder':
      return repointFolderDialog();
    case 'repoint':
      return repointDialog(dialog, state);
    case 'redownload':
      return redownloadDialog(dialog, state);
    case 'redownload-word':
      return redownloadWordDialog(state);
    case 'recover-step':
      return recoverDialog(dialog, state);
    case 'fix':
      return fixDialog(dialog, state);
    case 'prune':
      return pruneDialog(state);
    case 'cap':
      return capDialog(dialog, state);
    case 'cap-modules':
      return moduleCapDialog(dialog, state);
    case 'prune-modules':
      return modulePruneDialog(state);
    case 'clean':
      return cleanDialog(state);
    case 'quit-build': {
      if (build?.end !== undefined) {
        return {
          title: 'quit',
          lines: ['The build has ended meanwhile.'],
          choices: [stay, { title: 'Quit', effects: [{ type: 'quit', build: 'continues' }] }],
        };
      }
      const running = build?.progress.counts.compiling ?? 0;
      return {
        title: 'quit',
        lines: [
          `${build?.command.join(' ') ?? 'The build'} is still running,`,
          `${packagesWords(running)} being compiled. Does it go on?`,
          '',
          'Ctrl-C again stops it.',
        ],
        choices: [
          stay,
          { title: 'Quit, it goes on', effects: [{ type: 'quit', build: 'continues' }] },
          { title: 'Quit and stop it', effects: [{ type: 'quit', build: 'stops' }] },
        ],
      };
    }
  }
}

/** pruneDialog names what goes and what it costs; the default answer is No. */
function pruneDialog(state: AppState): DialogView {
  const packages = prunedPackages(state);
  const outputs = prunedOutputs(state);
  const [first] = packages;
  const paths = packages.map(({ importPath }) => importPath);
  const bytes = [...packages, ...outputs].reduce((total, each) => total + each.bytes, 0);
  const entries = packages.reduce((total, each) => total + each.entries, 0);
  const what = pruneWords(packages, outputs);
  const effect = (isFreed: boolean): Effect => ({
    type: 'prune',
    packages: paths,
    ...(outputs.length === 0 ? {} : { outputs: outputs.map(({ id }) => id) }),
    isFreed,
  });
  return {
    title: 'prune',
    lines: [
      `Remove ${what} from GOCACHE?`,
      '',
      `  ${amountWords(entries, outputs.length)}   ${formatBytes(bytes, state.screen.sizes)}   to rebuild: ${priceWords(sumPrices([...packages, ...outputs].map(({ rebuild }) => rebuild)))}`,
      '  what a running build uses is kept',
      ...(outputs.length === 0 ? [] : ['  the next build makes again what it needs of them']),
      '',
      ...(first === undefined || packages.length > 1 || outputs.length > 0
        ? []
        : [`  the same:  gocachetop prune --package ${first.importPath}`, '']),
      '  z puts it back until you quit; freed then',
    ],
    choices: pruneChoices((isFreed) => [effect(isFreed)]),
  };
}

function pruneWords(packages: readonly PackageSum[], outputs: readonly OutputMark[]): string {
  const [first] = packages;
  const some = [
    ...(packages.length === 0 ? [] : [formatCountOf(packages.length, 'package')]),
    ...(outputs.length === 0 ? [] : [formatCountOf(outputs.length, 'output')]),
  ];
  return packages.length === 1 && first !== undefined && outputs.length === 0
    ? first.importPath
    : some.join(' and ');
}

/** amountWords: an output goes with all action entries that point to it; only a package's are counted beforehand. */
function amountWords(entries: number, outputs: number): string {
  const some = [
    ...(entries === 0 ? [] : [`${formatCount(entries)} entries`]),
    ...(outputs === 0 ? [] : [formatCountOf(outputs, 'output')]),
  ];
  return some.join(', ');
}

/** cleanDialog: go clean -cache takes everything, and nothing brings it back. */
function cleanDialog({ buildCache, screen }: AppState): DialogView {
  const { totals } = buildCache;
  const entries = totals === undefined ? undefined : totals.entries.action + totals.entries.output;
  return {
    title: 'clean',
    lines: [
      'Remove all of GOCACHE?',
      '',
      `  ${formatCount(entries)} entries   ${formatBytes(totals?.bytes, screen.sizes)}   every build begins cold`,
      `  to rebuild: ${wholePrice(buildCache)}`,
      '  a build that runs now fails',
      '',
      '  the same:  go clean -cache',
      '',
      '  there is no undo: p removes single packages, which z puts back',
    ],
    choices: [
      { title: 'No', effects: [] },
      { title: 'Yes, remove all', effects: [{ type: 'clean', bytes: totals?.bytes ?? 0 }] },
    ],
    command: 'go clean -cache',
  };
}

/** wholePrice is known once GOCACHE was read by name. */
function wholePrice({ contents }: AppState['buildCache']): string {
  return contents === undefined
    ? unknownText
    : priceWords(sumPrices(contents.packages.map(({ rebuild }) => rebuild)));
}

function packagesWords(count: number): string {
  return count === 1 ? '1 package is' : `${formatCount(count)} packages are`;
}

const stay = { title: 'Stay', effects: [] } as const;

/** pressDialog answers a key while a question is open. */
export function pressDialog(state: AppState, key: KeyPress): ScreenChange {
  const { screen } = state;
  const dialog = selectDialog(state);
  if (dialog === undefined) return { screen, effects: [] };
  const { choices, choice, command, input, typed, sliders = [] } = dialog;
  const closed = { ...screen, dialog: undefined };
  if (key === 'escape') return { screen: closed, effects: [] };
  if (key === 'ctrl+c') return { screen: closed, effects: [{ type: 'quit', build: 'stops' }] };
  if (input !== undefined && typed !== undefined) return pressInput(screen, input, typed, key);
  const asked = screen.dialog;
  if ((asked?.id === 'cap' || asked?.id === 'cap-modules') && key !== 'y') {
    const change = pressSlider(screen, asked, sliders, key);
    if (change !== undefined) return change;
  }
  if (key === 'enter') {
    const { effects = [], next } = choices[choice] ?? {};
    // What goes is not marked any more; a mark on an output would stay without anything to stand for.
    const marks = effects.some(({ type }) => type === 'prune') ? noMarks : screen.marks;
    const moduleMarks = effects.some(({ type }) => type === 'prune-modules') ? noMarks : screen.moduleMarks;
    return { screen: { ...closed, dialog: next, marks, moduleMarks }, effects };
  }
  if (key === 'y' && command !== undefined)
    return {
      screen: { ...screen, notice: `copied: ${cleanText(command)}` },
      effects: [{ type: 'copy', text: command }],
    };
  const step = nextKeys.has(key) ? 1 : previousKeys.has(key) ? -1 : 0;
  const next = Math.max(0, Math.min(choices.length - 1, choice + step));
  const open = {
    ...screen,
    dialog: screen.dialog === undefined ? undefined : { ...screen.dialog, choice: next },
  };
  return {
    screen: step === 0 ? { ...open, notice: 'arrows choose, enter answers, esc stays' } : open,
    effects: [],
  };
}

/** pressSlider answers a key while a slider has it; undefined when the answers have. */
function pressSlider(
  screen: ScreenState,
  dialog: CapDialog | ModuleCapDialog,
  sliders: readonly Slider[],
  key: KeyPress,
): ScreenChange | undefined {
  const { field } = dialog;
  const goTo = (next: number): ScreenChange => ({
    screen: { ...screen, dialog: { ...dialog, choice: 0, field: next } },
    effects: [],
  });
  if (key === 'down' || key === 'j' || key === 'tab') return goTo((field + 1) % (sliders.length + 1));
  if (key === 'up' || key === 'k' || key === 'shift+tab') return goTo(Math.max(0, field - 1));
  const slider = sliders[field];
  if (slider === undefined) return undefined;
  // Enter goes on to the answers, whose first is No.
  if (key === 'enter') return goTo(sliders.length);
  const steps = key === 'right' || key === 'l' ? 1 : key === 'left' || key === 'h' ? -1 : 0;
  if (steps === 0)
    return { screen: { ...screen, notice: 'left and right move it, tab goes on, esc stays' }, effects: [] };
  const change = slider.move(steps);
  return { screen: { ...screen, dialog: change.dialog }, effects: change.effects };
}

/** pressInput answers a key while a line of text is typed. */
function pressInput(
  screen: ScreenState,
  { verb, submit }: NonNullable<DialogView['input']>,
  typed: TextInput,
  key: KeyPress,
): ScreenChange {
  if (key === 'enter' && typed.text !== '') {
    const { dialog, effects, open } = submit(typed.text);
    const next = { ...screen, dialog };
    return { screen: open === undefined ? next : openInProxyPane(next, open), effects };
  }
  const input = typeText(typed, key);
  const dialog = screen.dialog === undefined ? undefined : { ...screen.dialog, input: input ?? typed };
  const notice = input === undefined ? `type it; enter: ${verb}, esc stays` : undefined;
  return { screen: { ...screen, dialog, notice }, effects: [] };
}

const nextKeys: ReadonlySet<KeyPress> = new Set(['right', 'down', 'tab', 'l', 'j']);
const previousKeys: ReadonlySet<KeyPress> = new Set(['left', 'up', 'shift+tab', 'h', 'k']);
