import { redactUrl } from '../go/redact.ts';
import type { ModuleName } from '../module-graph/mod-file.ts';
import type { RootNeeds } from '../operations/module-needs/root-needs.ts';
import { planRoute, type RoutePlan } from '../proxy/route/plan.ts';
import { parseQuestion } from '../proxy/route/question.ts';
import {
  changeSettings,
  type RouteSettings,
  type SettingChanges,
  type SettingDefaults,
} from '../proxy/route/settings.ts';
import { compareRoutes, type RouteChange } from '../proxy/route/what-if.ts';
import type { AppState } from './state.ts';
import { newTextInput } from './text-input.ts';
import { noWhatIf, type WhatIf, type WhatIfName } from './tried.ts';

/** RouteBasis is what routes are worked out from: the settings as they are, which may hold passwords. */
export type RouteBasis = {
  readonly settings: RouteSettings;
  readonly defaults: SettingDefaults;
  /** mainFile is the go.mod or go.work here; undefined outside of a module. */
  readonly mainFile: string | undefined;
  /** goenv is the file of go env -w; empty with GOENV=off. */
  readonly goenv: string;
  /** written are the values in it of the settings that can be tried: they may hold passwords. */
  readonly written: ReadonlyMap<string, string>;
};

/** presentValue is the value that counts now, fit to be shown; empty for one that follows GOPRIVATE. */
export function presentValue({ proxy }: AppState, name: WhatIfName): string {
  const { basis } = proxy;
  return basis === undefined ? '' : redactUrl(rawValue(basis, name));
}

/** followsPrivate says whether a setting is GOPRIVATE's value, as nobody gave it one. */
export function followsPrivate({ proxy, screen }: AppState, name: WhatIfName): boolean {
  if (name !== 'GONOPROXY' && name !== 'GONOSUMDB') return false;
  const typed = screen.whatIf.values[name];
  return typed === undefined ? (proxy.basis?.defaults.derived.has(name) ?? false) : typed === '';
}

/** whatIfChanges are the settings that are tried, with the passwords that the present ones have. */
export function whatIfChanges({ proxy, screen }: AppState): SettingChanges {
  const { basis } = proxy;
  if (basis === undefined) return {};
  return Object.fromEntries(
    Object.entries(screen.whatIf.values).map(([name, typed]) => [
      name,
      withSecrets(typed, rawValue(basis, name as WhatIfName)),
    ]),
  );
}

/** triedSettings are the settings as they would be; undefined until go env answered. */
export function triedSettings(state: AppState): RouteSettings | undefined {
  const { basis } = state.proxy;
  return basis === undefined
    ? undefined
    : changeSettings(basis.settings, whatIfChanges(state), basis.defaults);
}

/** planOf is the way of what was typed, as `MODULE@VERSION`, under the settings that are tried; a text is why there is none. */
export function planOf(state: AppState, asked: string): RoutePlan | string {
  const settings = triedSettings(state);
  if (settings === undefined) return 'go env has not answered yet';
  const { goos = '', goarch = '' } = state.workspace;
  const question = parseQuestion(asked.trim(), { goos, goarch });
  return typeof question === 'string' ? question : planRoute(question, settings);
}

/** planBefore is the same under the settings as they are. */
export function planBefore(state: AppState, asked: string): RoutePlan | string {
  return planOf({ ...state, screen: { ...state.screen, whatIf: noWhatIf } }, asked);
}

/** MainModules are what the go.mod or go.work here uses. */
export type MainModules = { readonly file: string; readonly modules: readonly ModuleName[] };

/** mainModules are the modules of the go.mod here; undefined outside of a module, or until it was read. */
export function mainModules({ proxy, moduleCache }: AppState): MainModules | undefined {
  const file = proxy.basis?.mainFile;
  const needs = file === undefined ? undefined : rootOf(moduleCache.needs?.roots ?? [], file);
  return file === undefined || needs === undefined ? undefined : { file, modules: needs.selected };
}

function rootOf(roots: readonly RootNeeds[], file: string): RootNeeds | undefined {
  return roots.find(({ root }) => root.file === file);
}

/** routeChanges says of each module of the go.mod here which way it goes before and after; it remembers the last answer. */
export function routeChanges(state: AppState): readonly RouteChange[] {
  const main = mainModules(state);
  const before = state.proxy.basis?.settings;
  const after = triedSettings(state);
  if (main === undefined || before === undefined || after === undefined) return [];
  const key = JSON.stringify(after);
  if (remembered?.modules !== main.modules || remembered.before !== before || remembered.key !== key)
    remembered = { modules: main.modules, before, key, changes: compareRoutes(main.modules, before, after) };
  return remembered.changes;
}

let remembered:
  | {
      readonly modules: readonly ModuleName[];
      readonly before: RouteSettings;
      readonly key: string;
      readonly changes: readonly RouteChange[];
    }
  | undefined;

/** editSetting begins to type the value of a setting. */
export function editSetting(state: AppState, name: WhatIfName): WhatIf {
  const { whatIf } = state.screen;
  const before = whatIf.values[name];
  return { ...whatIf, editing: { name, input: newTextInput(before ?? presentValue(state, name)), before } };
}

/** trySetting gives a setting a value to try; that which it has is no change. */
export function trySetting(state: AppState, name: WhatIfName, value: string): WhatIf {
  const { whatIf } = state.screen;
  const { [name]: _, ...others } = whatIf.values;
  return { ...whatIf, values: value === presentValue(state, name) ? others : { ...others, [name]: value } };
}

/** tryToKeepIn tries the pattern that keeps a module in which would be told outside, unless GOPRIVATE is tried already. */
export function tryToKeepIn(state: AppState, asked: string): WhatIf {
  const plan = planOf(state, asked);
  const pattern = typeof plan === 'string' ? undefined : plan.leaks[0]?.pattern;
  if (pattern === undefined || state.screen.whatIf.values.GOPRIVATE !== undefined) return state.screen.whatIf;
  const present = presentValue(state, 'GOPRIVATE');
  return trySetting(state, 'GOPRIVATE', present === '' ? pattern : `${present},${pattern}`);
}

function rawValue({ settings, defaults }: RouteBasis, name: WhatIfName): string {
  switch (name) {
    case 'GOPROXY':
      return settings.goproxy;
    case 'GONOPROXY':
      return defaults.derived.has('GONOPROXY') ? '' : settings.gonoproxy;
    case 'GOPRIVATE':
      return settings.goprivate;
    case 'GONOSUMDB':
      return defaults.derived.has('GONOSUMDB') ? '' : settings.gonosumdb;
    case 'GOSUMDB':
      return settings.gosumdb;
  }
}

/** withSecrets gives the entries of a typed list that stand there as shown the passwords that they have. */
function withSecrets(typed: string, raw: string): string {
  const secrets = new Map(
    (raw.match(entries) ?? []).flatMap((entry) => {
      const shown = redactUrl(entry);
      return shown === entry ? [] : [[shown, entry] as const];
    }),
  );
  return secrets.size === 0 ? typed : typed.replace(entries, (entry) => secrets.get(entry) ?? entry);
}

const entries = /[^,|\s]+/g;
