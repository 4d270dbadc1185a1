import type { Fix } from '../operations/doctor/finding.ts';
import type { ModuleTarget } from '../operations/module-prune/select.ts';
import type { PruneSelectors } from '../operations/prune/selectors.ts';
import type { SettingValue } from '../operations/setting-change/values.ts';
import type { Cap } from './cap.ts';
import type { SizeFormat } from './format.ts';
import { openLevel } from './levels.ts';
import type { ModuleCap } from './module-cap.ts';
import type { PaneId } from './pane-id.ts';
import type { ProbeOrder } from './probe.ts';
import type { RecoveryOrder } from './recovery.ts';
import type { RedownloadOrder } from './redownload.ts';
import type { RepointOrder } from './repoint.ts';
import type { TextInput } from './text-input.ts';
import { noWhatIf, type WhatIf } from './tried.ts';
import type { Level } from './view.ts';

export type { PaneId } from './pane-id.ts';
export { updateScreen } from './update-screen.ts';

/** ScreenState is what keys change: all of it is plain data, so that a test presses keys and reads it. */
export type ScreenState = {
  readonly size: { readonly columns: number; readonly rows: number };
  readonly focus: PaneId;
  readonly panes: Readonly<Record<PaneId, PaneState>>;
  /** help is open over the panes; top is its first line on screen. */
  readonly help: { readonly top: number } | undefined;
  /** dialog is a question over the panes, as leaving while a build runs. */
  readonly dialog: Dialog | undefined;
  /** notice is one line that says what a key did or why it cannot; the next key takes it away. */
  readonly notice: string | undefined;
  readonly marks: Marks;
  /** moduleMarks are the versions that are marked in GOMODCACHE, as `path@version`. */
  readonly moduleMarks: Marks;
  /** sizes is how bytes are written. */
  readonly sizes: SizeFormat;
  /** whatIf is settings that are tried. */
  readonly whatIf: WhatIf;
};

/** Marks are what is marked in GOCACHE. */
export type Marks = {
  /** ids are import paths of packages and IDs of outputs. */
  readonly ids: ReadonlySet<string>;
  /** outputs are the outputs among them, with their bytes: the list that showed them may be closed. */
  readonly outputs: ReadonlyMap<string, number>;
  /** last is the row that was marked last. */
  readonly last: string | undefined;
};

export const noMarks: Marks = { ids: new Set(), outputs: new Map(), last: undefined };

/** PaneState holds the views that are open in a pane, the outermost first; the last is on screen. */
export type PaneState = { readonly levels: readonly [Level, ...Level[]] };

/** Dialog is an open question; what it says comes from the state. */
export type Dialog = PlainDialog | CapDialog | ModuleCapDialog;

type DialogParts = {
  /** choice is the index of the chosen answer; the first is the safe default. */
  readonly choice: number;
  /** input is the line of text that is typed in it, where it has one. */
  readonly input?: TextInput;
  /** subject is what it is about, where the state does not tell: the folder that was typed. */
  readonly subject?: string;
};

type PlainDialog = DialogParts & {
  readonly id:
    | 'quit-build'
    | 'prune'
    | 'prune-modules'
    | 'clean'
    | 'route-module'
    | 'apply-settings'
    | 'repoint-folder'
    | 'repoint'
    | 'redownload'
    | 'redownload-word'
    | 'recover-step'
    | 'fix';
};

/** CapDialog asks for a prune by size and age. */
export type CapDialog = DialogParts & {
  readonly id: 'cap';
  /** field is which of its sliders has the keys; behind the last one the answers have them. */
  readonly field: number;
  /** cap is what it would take. */
  readonly cap: Cap;
};

/** ModuleCapDialog asks what of GOMODCACHE is to go, by rows of choices. */
export type ModuleCapDialog = DialogParts & {
  readonly id: 'cap-modules';
  readonly field: number;
  readonly cap: ModuleCap;
};

/** ScreenEvent is what the terminal tells. */
export type ScreenEvent =
  | { readonly type: 'key'; readonly key: KeyPress }
  | { readonly type: 'resized'; readonly columns: number; readonly rows: number }
  | { readonly type: 'sizes'; readonly sizes: SizeFormat }
  /** said is what an operation tells in a line. */
  | { readonly type: 'said'; readonly text: string };

/**
 * KeyPress is one key, already taken apart: `jjj` typed at once is three. A key that types something is what it types;
 * others have names: `up`, `enter`, `shift+tab`, `ctrl+c`.
 */
export type KeyPress = string;

/** Effect is what the state asks for outside of it. */
export type Effect =
  | { readonly type: 'quit'; readonly build: 'continues' | 'stops' }
  | { readonly type: 'refresh' }
  | { readonly type: 'suspend' }
  /** open opens a file or folder in a program of the user's, on this terminal. */
  | {
      readonly type: 'open';
      readonly program: 'editor' | 'pager';
      readonly path: string;
      readonly isFolder: boolean;
    }
  | { readonly type: 'copy'; readonly text: string }
  | {
      readonly type: 'prune';
      readonly packages: readonly string[];
      readonly outputs?: readonly string[];
      /** selectors choose in place of names; the ages are looked at once more before. */
      readonly selectors?: PruneSelectors;
      readonly isFreed: boolean;
    }
  /** prune-modules takes versions out of GOMODCACHE. */
  | {
      readonly type: 'prune-modules';
      readonly targets: readonly ModuleTarget[];
      /** takesTiles: the kept answers of the checksum database too. */
      readonly takesTiles: boolean;
      readonly isFreed: boolean;
    }
  /** measure asks how much selectors would take. */
  | { readonly type: 'measure'; readonly key: string; readonly selectors: PruneSelectors }
  | { readonly type: 'undo' }
  | { readonly type: 'repoint'; readonly order: RepointOrder }
  | { readonly type: 'redownload'; readonly order: RedownloadOrder }
  | { readonly type: 'recover'; readonly order: RecoveryOrder }
  /** probe asks hops, or stops doing so. */
  | { readonly type: 'probe'; readonly order: ProbeOrder }
  | { readonly type: 'apply-settings'; readonly changes: readonly SettingValue[] }
  /** fix puts a finding of the doctor right. */
  | { readonly type: 'fix'; readonly fix: Fix }
  /** check compares every output with its name, or stops doing so. */
  | { readonly type: 'check'; readonly isStart: boolean }
  /** verify compares modules with their checksums, all without words, or stops doing so. */
  | { readonly type: 'verify'; readonly isStart: true; readonly words: readonly string[] }
  | { readonly type: 'verify'; readonly isStart: false }
  | { readonly type: 'clean'; readonly bytes: number };

/** ScreenChange is what a screen event does. */
export type ScreenChange = { readonly screen: ScreenState; readonly effects: readonly Effect[] };

/** initialScreen focuses the build where there is one, else GOCACHE. */
export function initialScreen(hasBuild: boolean, sizes: SizeFormat = { si: false }): ScreenState {
  return {
    // What a terminal has that does not tell.
    size: { columns: 80, rows: 24 },
    focus: hasBuild ? 'build' : 'gocache',
    panes: {
      build: { levels: [openLevel({ view: 'build', subject: undefined })] },
      gocache: { levels: [openLevel({ view: 'gocache', subject: undefined })] },
      gomodcache: { levels: [openLevel({ view: 'gomodcache', subject: undefined })] },
      proxy: { levels: [openLevel({ view: 'proxy', subject: undefined })] },
    },
    help: undefined,
    dialog: undefined,
    notice: undefined,
    marks: noMarks,
    moduleMarks: noMarks,
    sizes,
    whatIf: noWhatIf,
  };
}
