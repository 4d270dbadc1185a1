import { describe, expect, test } from 'vitest';
import { paneIds } from '../../source/store/pane-id.ts';
import { type Dialog, initialScreen } from '../../source/store/screen.ts';
import type { AppState } from '../../source/store/state.ts';
import { drawOverlay } from '../../source/ui/overlays.ts';
import { drawPane, drawSummary } from '../../source/ui/panes/draw-pane.ts';
import { paneOf } from '../../source/ui/panes/registry.ts';
import { overlayInputs } from '../../source/ui/screen.tsx';
import { apply, basis } from '../store/state.ts';
import { busyBuild } from './builds.ts';

const look = { isAscii: false, isQuiet: false, home: undefined };
const area = { left: 0, top: 0, width: 60, height: 40 };

/** states are such as show as much as they can. */
const states: readonly (readonly [string, AppState])[] = [
  ['a build', probed(busyBuild({ columns: 120, rows: 40 }))],
  ['no build', probed({ ...busyBuild({ columns: 120, rows: 40 }), build: undefined })],
];

function probed(state: AppState): AppState {
  return apply(state, [
    { type: 'probe', event: { type: 'chain', hops: [0, 1] } },
    {
      type: 'arrivals',
      event: {
        type: 'arrived',
        arrivals: [
          { module: 'corp.example/lib', version: 'v1.0.0', kind: 'zip', bytes: 5, at: state.now + 1e9 },
        ],
      },
    },
  ]);
}

/**
 * always are parts that are looked at beside the inputs of a pane: what openPaneInputs in ui/screen.tsx adds, and the layout, which
 * asks whether a build was seen. The clock advances only while something runs; those who show seconds have it among theirs.
 */
const always =
  /^(?:screen\.(?:panes|focus|sizes|size|marks|moduleMarks)|workspace\.|now\.|build\.$|elsewhere\.(?:running|links|compiledCount)$)/;

/**
 * A pane is drawn again only when its inputs have changed. So whatever of the state a drawing reads must be among them: itself,
 * or the part that it lies in, or a value that is worked out of it there (as the second of the clock).
 */
describe('what a drawing reads is among its inputs', () => {
  for (const [name, state] of states) {
    test.each(paneIds)(`${name}: %s`, (id) => {
      const missing = findMissing(
        state,
        (seen) => paneOf(id).inputs(seen, look),
        (seen) => {
          drawPane(seen, id, area, true, look);
          drawSummary(seen, id, 80);
        },
      );
      expect(missing).toEqual([]);
    });
  }

  test.each<Dialog['id']>(['apply-settings', 'route-module', 'quit-build', 'clean'])('dialog %s', (id) => {
    const [, state] = states[0] ?? [];
    if (state === undefined) throw new Error('there is no state');
    const screen = {
      ...initialScreen(true),
      whatIf: { values: { GOPRIVATE: 'corp.example' }, editing: undefined },
      dialog: { id, choice: 0 } as Dialog,
    };
    const asking = { ...state, proxy: { ...state.proxy, basis }, screen };
    const missing = findMissing(asking, overlayInputs, drawOverlay);
    expect(missing.filter((path) => !path.startsWith('screen.'))).toEqual([]);
  });

  test('would be found missing', () => {
    const [, state] = states[0] ?? [];
    if (state === undefined) throw new Error('there is no state');
    const draw = (seen: AppState): unknown => [seen.proxy.sumdb, seen.buildCache.path];
    expect(findMissing(state, ({ proxy }) => [proxy], draw)).toEqual(['buildCache.path']);
    expect(findMissing(state, ({ buildCache }) => [buildCache.path], draw)).toEqual(['proxy.sumdb']);
  });
});

/** findMissing gives the parts of the state, two names deep, that a drawing reads and its inputs do not. */
function findMissing(
  state: AppState,
  inputs: (state: AppState) => readonly unknown[],
  draw: (state: AppState) => unknown,
): readonly string[] {
  const listed = watch(state);
  const whole = new Set(inputs(listed.state).flatMap((value) => listed.nameOf(value) ?? []));
  const drawn = watch(state);
  draw(drawn.state);
  const isListed = (path: string): boolean =>
    listed.read.has(path) || whole.has(path) || whole.has(path.split('.')[0] ?? '');
  return [...drawn.read].filter((path) => path.includes('.') && !always.test(path) && !isListed(path)).sort();
}

/** watch gives a state that writes down which parts are read. What lies deeper than two names belongs to its part. */
function watch(state: AppState): {
  readonly state: AppState;
  readonly read: ReadonlySet<string>;
  readonly nameOf: (value: unknown) => string | undefined;
} {
  const read = new Set<string>();
  const names = new Map<unknown, string>();
  const wrap = <T extends object>(part: T, path: string): T =>
    new Proxy(part, {
      get(target, key, receiver) {
        const value: unknown = Reflect.get(target, key, receiver);
        if (typeof key !== 'string' || typeof value === 'function') return value;
        const name = path === '' ? key : `${path}.${key}`;
        const isPart = path === '' && typeof value === 'object' && value !== null && !Array.isArray(value);
        if (!isPart) read.add(path === '' && typeof value !== 'object' ? `${name}.` : name);
        if (!isPart) return value;
        const wrapped = wrap(value, name);
        names.set(wrapped, name);
        return wrapped;
      },
    });
  return { state: wrap(state, ''), read, nameOf: (value) => names.get(value) };
}
