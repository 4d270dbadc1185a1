import type { Setting } from '../../go/settings.ts';
import { compareText, defineTable } from '../define-table.ts';
import type { AppState } from '../state.ts';
import type { PageItem } from '../view.ts';

/** settingsView is the settings of the go command, each with where it comes from and what it hides. */
export const settingsView = defineTable<Setting>({
  id: 'settings',
  crumb: () => 'settings',
  command: () => 'go env',
  // As go tells them: along the way of a module.
  sort: { column: '', isReversed: false },
  empty: () => 'go env has not answered yet',
  inputs: ({ settings }) => [settings],
  items: ({ settings }) => settings,
  idOf: ({ name }) => name,
  nameOf: ({ name }) => name,
  columns: [
    {
      id: 'name',
      title: 'name',
      width: 13,
      align: 'left',
      text: ({ name }) => name,
      compare: (one, other) => compareText(one.name, other.name),
    },
    {
      id: 'value',
      title: 'value',
      width: undefined,
      align: 'left',
      text: ({ value }) => value,
      compare: (one, other) => compareText(one.value, other.value),
    },
    {
      id: 'origin',
      title: 'origin',
      width: 18,
      align: 'left',
      drop: 2,
      text: originText,
      compare: (one, other) => compareText(one.origin, other.origin),
    },
    {
      id: 'shadows',
      title: 'hides',
      width: 24,
      align: 'left',
      drop: 1,
      text: shadowText,
      compare: (one, other) => other.shadows.length - one.shadows.length,
    },
  ],
});

/** originFacts are the value of one setting, where it comes from, and what it hides. */
export function originFacts(
  { settings, ...state }: AppState,
  name: 'GOCACHE' | 'GOMODCACHE',
): readonly PageItem[] {
  const path = name === 'GOCACHE' ? state.buildCache.path : state.moduleCache.path;
  const setting = settings.find((each) => each.name === name);
  return [
    { kind: 'fact', name: 'path', value: path ?? '', cut: 'left' },
    ...(name === 'GOCACHE' ? repointedFact(state.repoint.pointsTo, path) : []),
    ...(setting === undefined ? [] : [{ kind: 'fact', name: 'set by', value: originText(setting) } as const]),
    ...(setting?.shadows ?? []).map(
      ({ origin, value }): PageItem => ({
        kind: 'fact',
        name: 'hides',
        value: `${value} (${origin})`,
        tone: 'warning',
      }),
    ),
  ];
}

/** repointedFact: what is shown is the GOCACHE that this run began with. */
function repointedFact(pointsTo: string | undefined, path: string | undefined): readonly PageItem[] {
  if (pointsTo === undefined || pointsTo === path) return [];
  return [{ kind: 'fact', name: 'next run', value: pointsTo, tone: 'warning', cut: 'left' }];
}

/** originText is where a setting comes from, in the words of reports. */
function originText({ origin, derivedFrom }: Setting): string {
  return derivedFrom === undefined ? origin : `${origin}, ${derivedFrom}`;
}

function shadowText({ shadows }: Setting): string {
  return shadows.map(({ origin, value }) => `${value} (${origin})`).join(', ');
}
