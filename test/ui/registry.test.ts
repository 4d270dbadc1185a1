import { describe, expect, test } from 'vitest';
import { operations } from '../../source/operations/registry.ts';
import { bindings } from '../../source/store/keys/registry.ts';
import { paneIds } from '../../source/store/pane-id.ts';
import { views } from '../../source/store/views/registry.ts';
import { paneOf, panes } from '../../source/ui/panes/registry.ts';
import { busyBuild } from './builds.ts';

const exampleState = busyBuild({ columns: 120, rows: 40 });
const look = { isAscii: false, isQuiet: false, home: undefined };

describe('panes', () => {
  test('stand in their order, each with its number', () => {
    expect(panes.map(({ id }) => id)).toEqual(paneIds);
    expect(panes.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
  });

  test('have titles of their own', () => {
    expect(new Set(panes.map(({ title }) => title)).size).toBe(panes.length);
  });

  test.each(paneIds)('%s says something when it is closed', (id) => {
    const { summary, brief, inputs } = paneOf(id);
    expect(summary(exampleState).length).toBeGreaterThan(0);
    expect(brief(exampleState)).toMatch(/^\w/);
    expect(inputs(exampleState, look).length).toBeGreaterThan(0);
  });
});

describe('views', () => {
  test('are found by their own id, and the first view of a pane is named as the pane', () => {
    expect(Object.entries(views).filter(([id, view]) => view.id !== id)).toEqual([]);
    expect(paneIds.filter((id) => views[id] === undefined)).toEqual([]);
  });

  test('lists and rows lead to views that there are', () => {
    const lists = Object.values(views).flatMap((view) => view.list?.(exampleState) ?? []);
    expect(lists.length).toBeGreaterThan(3);
    expect(lists.filter((id) => views[id].kind !== 'table')).toEqual([]);
  });

  test('columns of a table have ids of their own, one of them takes the rest, and it sorts by one or by none', () => {
    for (const view of Object.values(views)) {
      if (view.kind !== 'table') continue;
      const ids = view.columns.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(view.columns.filter(({ width }) => width === undefined)).toHaveLength(1);
      expect(['', ...ids]).toContain(view.sort.column);
    }
  });
});

test('an operation has a key that no other binding has but the one that says it is not there yet', () => {
  const taken = bindings.filter(({ group }) => group !== 'operations').flatMap(({ keys }) => keys);
  expect(operations.filter(({ key }) => taken.includes(key))).toEqual([]);
});
