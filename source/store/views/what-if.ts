import type { RoutePlan } from '../../proxy/route/plan.ts';
import type { RouteChange } from '../../proxy/route/what-if.ts';
import { cellWidth, cutEnd, padEnd } from '../cells.ts';
import { formatCount, formatCountOf } from '../format.ts';
import { toned } from '../line.ts';
import { settingCommand } from '../setting-command.ts';
import type { AppState } from '../state.ts';
import { inputLine } from '../text-input.ts';
import { hasChanges, type WhatIfName, whatIfNames } from '../tried.ts';
import type { PageItem, PageView } from '../view.ts';
import {
  editSetting,
  followsPrivate,
  mainModules,
  planBefore,
  planOf,
  presentValue,
  routeChanges,
} from '../what-if.ts';
import { originWords } from './route.ts';

/**
 * whatIfView is settings to try: the route of a module and the modules of the go.mod here, before and after, follow as one types.
 * Its subject is the module, where it was opened from a route.
 */
export const whatIfView: PageView = {
  kind: 'page',
  id: 'what-if',
  crumb: () => 'what if',
  command: (state) => settingCommand(state)?.shown ?? 'go env GOPROXY GONOPROXY GOPRIVATE GONOSUMDB GOSUMDB',
  enter: (_state, _level, id) => {
    const module = /^module:(.*)$/.exec(id)?.[1];
    return module === undefined ? undefined : { view: 'route', subject: module };
  },
  press(state, _level, id) {
    const name = whatIfNames.find((each) => id === `set:${each}`);
    return name === undefined
      ? undefined
      : { screen: { ...state.screen, whatIf: editSetting(state, name) }, effects: [] };
  },
  items(state, { subject }, width) {
    if (state.proxy.basis === undefined)
      return [{ kind: 'text', text: 'go env has not answered yet', tone: 'quiet' }];
    return [
      { kind: 'text', text: headWords(state), tone: 'quiet' },
      { kind: 'gap' },
      ...whatIfNames.flatMap((name) => settingItems(state, name, width)),
      ...(subject === undefined ? [] : routeItems(state, subject)),
      ...moduleItems(state, width),
    ];
  },
};

/** headWords say first what a try comes to: on a small screen the table is out of sight while one types. */
function headWords(state: AppState): string {
  if (!hasChanges(state.screen)) return 'enter on a setting types another value; nothing is changed';
  const changes = routeChanges(state);
  const count = changes.filter(({ isChanged }) => isChanged).length;
  const words =
    changes.length === 0 ? '' : `${count} of ${formatCountOf(changes.length, 'module')} would change; `;
  return `${words}nothing is changed: A applies it`;
}

function settingItems(state: AppState, name: WhatIfName, width: number): readonly PageItem[] {
  const { values, editing } = state.screen.whatIf;
  const present = presentValue(state, name);
  const value = values[name] ?? present;
  if (editing?.name === name) {
    const room = Math.max(8, width - nameWidth - 2);
    return [
      {
        kind: 'line',
        id: `set:${name}`,
        line: [toned('› ', 'accent'), padEnd(name, nameWidth), ...inputLine(editing.input, room)],
      },
      ...(present === '' ? [] : [wasItem(present)]),
    ];
  }
  const words = value !== '' ? value : followsPrivate(state, name) ? '(GOPRIVATE)' : '(not set)';
  const isChanged = values[name] !== undefined;
  const origin = isChanged || width < leastForBoth ? '' : originOf(state, name);
  return [
    {
      kind: 'row',
      id: `set:${name}`,
      mark: isChanged ? { text: '*', tone: 'accent' } : ' ',
      text: `${padEnd(name, nameWidth)}${cutEnd(words, Math.max(1, width - nameWidth - 3 - cellWidth(origin)))}`,
      right: origin,
    },
    ...(isChanged ? [wasItem(present === '' ? 'not set' : present)] : []),
  ];
}

/** originOf is where a setting comes from: what the environment has counts before what go env -w writes. */
function originOf({ settings }: AppState, name: WhatIfName): string {
  return settings.find((each) => each.name === name)?.origin ?? '';
}

function wasItem(present: string): PageItem {
  return { kind: 'text', text: `now ${present}`, tone: 'quiet', indent: 2 + nameWidth };
}

// GONOPROXY and GONOSUMDB, and a space.
const nameWidth = 11;

function routeItems(state: AppState, asked: string): readonly PageItem[] {
  const [before, after] = [planBefore(state, asked), planOf(state, asked)];
  const item = (name: string, plan: RoutePlan | string): PageItem => ({
    kind: 'fact',
    name,
    value: typeof plan === 'string' ? plan : wayWords(plan),
    ...(typeof plan === 'string' || plan.problem !== undefined ? { tone: 'warning' as const } : {}),
  });
  return [
    { kind: 'gap' },
    { kind: 'heading', text: `route of ${asked}` },
    item('now', before),
    ...(hasChanges(state.screen) ? [item('then', after)] : []),
    ...(typeof after === 'string' ? [] : leakItems(after)),
  ];
}

function leakItems({ leaks }: RoutePlan): readonly PageItem[] {
  const [first] = leaks;
  if (first === undefined) return [];
  return [
    {
      kind: 'text',
      text: `! Go would tell ${leaks.map(({ to }) => to).join(', ')} its name: ${first.why}`,
      tone: 'warning',
    },
  ];
}

/** wayWords is a route in a line: `1, then 2, then direct: git over https://host/repo; checksum database`. */
function wayWords({ hops, problem, sumdb }: RoutePlan): string {
  if (problem !== undefined) return problem;
  const asked = hops.filter(({ isAsked }) => isAsked);
  const words = asked.map(({ shown, origin }) =>
    origin === undefined ? shown : `${shown}: ${originWords(origin)}`,
  );
  const check = sumdb.use.isChecked ? 'checksum database asked' : 'checksum database not asked';
  // GONOPROXY's origin and a `direct` of GOPROXY are one for the reader.
  const unique = [...new Set(words)];
  return `${unique.length === 0 ? 'nobody may be asked' : unique.join(', then ')}; ${check}`;
}

function moduleItems(state: AppState, width: number): readonly PageItem[] {
  const main = mainModules(state);
  if (main === undefined) {
    const isNone = state.proxy.basis?.mainFile === undefined;
    return [
      { kind: 'gap' },
      {
        kind: 'text',
        text: isNone ? 'there is no go.mod here: no modules to compare' : 'the go.mod here is being read',
        tone: 'quiet',
      },
    ];
  }
  const changes = routeChanges(state);
  const changed = changes.filter(({ isChanged }) => isChanged);
  const leaking = changes.filter(({ after, isChanged }) => after.leaksTo.length > 0 && !isChanged);
  return [
    { kind: 'gap' },
    {
      kind: 'heading',
      text: `${formatCountOf(changes.length, 'module')} of ${main.file.slice(main.file.lastIndexOf('/') + 1)}`,
      right: hasChanges(state.screen) ? `${formatCount(changed.length)} would change` : '',
    },
    ...changed.map((change) => changeRow(change, width)),
    ...(leaking.length === 0
      ? []
      : [
          { kind: 'heading', text: 'look private, and would be told outside' } as const,
          ...leaking.map((change) => changeRow(change, width)),
        ]),
  ];
}

function changeRow({ module, version, before, after, isChanged }: RouteChange, width: number): PageItem {
  const room = Math.max(8, Math.floor((width - 30) / 2));
  const isCheckChanged = before.isChecked !== after.isChecked;
  const way = ({ problem, first, isChecked }: RouteChange['before']): string => {
    const check = isCheckChanged ? (isChecked ? ', sumdb' : ', no sumdb') : '';
    return cutEnd(`${hostOf(problem === undefined ? first : 'fails')}${check}`, room);
  };
  const both =
    width < leastForBoth ? `› ${way(after)}` : `${padEnd(way(before), room)} › ${padEnd(way(after), room)}`;
  return {
    kind: 'row',
    id: `module:${module}@${version}`,
    mark: after.leaksTo.length > 0 ? { text: '!', tone: 'warning' } : '*',
    text: `${module}@${version}`,
    right: isChanged ? both : way(after),
  };
}

// Below this there is room for the way after the change alone, and for no origins.
const leastForBoth = 60;

function hostOf(shown: string): string {
  return shown.replace(/^https?:\/\/(?:[^/@]*@)?/, '').replace(/\/$/, '');
}
