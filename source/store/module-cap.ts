import { quote } from '../go/shell-word.ts';
import {
  type ModuleSelection,
  type ModuleSelectors,
  selectModules,
} from '../operations/module-prune/select.ts';
import { ageStops } from './cap.ts';
import { hopsOf, settingOf } from './module-hop.ts';
import { needsOf, selectVersions } from './module-rows.ts';
import type { AppState } from './state.ts';

/** ModuleCap is a prune of GOMODCACHE as it is being chosen: each is a stop of its row. */
export type ModuleCap = {
  /** names are what was marked when the question was asked, as `path@version`. */
  readonly names: readonly string[];
  readonly of: CapOf;
  readonly part: CapPart;
  /** keepStop and ageStop are numbers of stops; 0 narrows nothing. */
  readonly keepStop: number;
  readonly ageStop: number;
};

/** CapOf is which versions a prune is about. */
export type CapOf = 'marked' | 'all' | 'unneeded' | 'superseded' | 'toolchains' | 'tiles';
/** CapPart is what goes of them. */
export type CapPart = NonNullable<ModuleSelectors['part']>;

/** capParts in the order of their row. */
export const capParts: readonly CapPart[] = ['all', 'zip', 'folder'];

/** keepStops are how many versions of a module are kept; a few are what people say. */
export const keepStops: readonly number[] = [1, 2, 3, 5, 10];

/** capOfs are the choices of versions: the marked ones only where some are. */
export function capOfs({ names }: ModuleCap): readonly CapOf[] {
  const others = ['all', 'unneeded', 'superseded', 'toolchains', 'tiles'] as const;
  return names.length === 0 ? others : ['marked', ...others];
}

/** moduleCapSelectors are those of the prune that the cap stands for; undefined while it would be all of GOMODCACHE, or only tiles. */
function moduleCapSelectors(cap: ModuleCap): ModuleSelectors | undefined {
  const { names, of, part, keepStop, ageStop } = cap;
  if (of === 'tiles' || (of === 'all' && part === 'all' && keepStop + ageStop === 0)) return undefined;
  return {
    names: of === 'marked' ? new Set(names) : undefined,
    isUnneeded: of === 'unneeded',
    isSuperseded: of === 'superseded',
    isToolchain: of === 'toolchains',
    part,
    keepNewest: keepStops[keepStop - 1],
    unusedForMs: ageStops[ageStop - 1],
  };
}

// The question is drawn at every frame: it is worked out anew when something has changed.
let last:
  | { readonly inputs: readonly unknown[]; readonly selection: ModuleSelection | undefined }
  | undefined;

/** selectCapped is what a cap takes, and what that costs; undefined where it is about no versions. */
export function selectCapped(state: AppState, cap: ModuleCap): ModuleSelection | undefined {
  const { moduleCache, proxy, settings } = state;
  const inputs = [cap, moduleCache.versions, moduleCache.needs, proxy, settings];
  if (last?.inputs.every((value, index) => value === inputs[index]) === true) return last.selection;
  const selectors = moduleCapSelectors(cap);
  const selection =
    selectors === undefined
      ? undefined
      : selectModules(
          selectVersions(state).map(({ version }) => version),
          needsOf(state),
          selectors,
          { now: state.now, goroot: settingOf(state, 'GOROOT'), hopOf: hopsOf(state) },
        );
  last = { inputs, selection };
  return selection;
}

/** moduleCapCommand is the same on the command line; undefined where one command cannot say it. */
export function moduleCapCommand({ names, of, part, keepStop, ageStop }: ModuleCap): string | undefined {
  const [name, ...more] = names;
  if (of === 'marked' && (name === undefined || more.length > 0)) return undefined;
  const age = ageStops[ageStop - 1];
  const words = [
    ...(of === 'marked' ? ['--module', quote(name ?? '')] : of === 'all' ? [] : [`--${of}`]),
    ...(of === 'tiles' || part === 'all' ? [] : [part === 'zip' ? '--zips-only' : '--folders-only']),
    ...(of === 'tiles' || keepStop === 0 ? [] : ['--keep-newest', String(keepStops[keepStop - 1])]),
    ...(of === 'tiles' || age === undefined ? [] : ['--unused-for', `${age / day}d`]),
  ];
  return words.length === 0 ? undefined : `gocachetop prune --modules ${words.join(' ')}`;
}

const day = 86_400_000;
