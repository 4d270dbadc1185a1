import { describe, expect, test } from 'vitest';
import type { IndexSummary } from '../../source/build-cache/index/summary.ts';
import { selectDialog } from '../../source/store/dialog.ts';
import type { Effect } from '../../source/store/screen.ts';
import type { AppState } from '../../source/store/state.ts';
import { apply, begin, press } from './state.ts';

const gibibyte = 2 ** 30;

const summary = {
  entries: { action: 8, output: 8 },
  bytes: gibibyte,
  diskBytes: gibibyte,
  kinds: [{ kind: 'archive', entries: 16, bytes: gibibyte }],
  packages: [],
  unattributed: { entries: 0, bytes: 0 },
  ages: [],
  nextTrimTakes: { entries: 0, bytes: 0 },
  oldest: undefined,
  newest: undefined,
  unread: 0,
} satisfies IndexSummary;

const read = (): AppState =>
  press(apply(begin(undefined), [{ type: 'build-cache-contents', summary }]), '2', 'enter').state;

const lines = (state: AppState): string => selectDialog(state)?.lines.join('\n') ?? '';
const answers = (state: AppState): (string | undefined)[] =>
  selectDialog(state)?.choices.map(({ title }) => title) ?? [];

/** measured answers the last thing that was asked. */
function measured(state: AppState, effects: readonly Effect[], entries: number): AppState {
  const asked = effects.findLast((effect) => effect.type === 'measure');
  if (asked === undefined) throw new Error('nothing was asked');
  const measure = {
    selected: { entries, bytes: 5000 },
    rebuild: { ms: 14_000, known: 3, unknown: 1 },
    packages: [{ importPath: 'example.com/a', entries: 4, bytes: 3000 }],
  };
  return apply(state, [{ type: 'cap-measured', measured: { key: asked.key, measure } }]);
}

describe('a prune by size and age', () => {
  test('takes nothing before a slider was moved, and can only be refused', () => {
    const { state, effects } = press(read(), 'P');
    expect(lines(state)).toMatch(/of all of GOCACHE\?/);
    expect(lines(state)).toMatch(/keep at most +<\[#{20}\]> +all, 1\.0 GiB/);
    expect([answers(state), effects]).toEqual([['No'], []]);
  });

  test('says what it takes once that is known, and offers it only then', () => {
    const { state, effects } = press(read(), 'P', 'right');
    expect(lines(state)).toMatch(/973 MiB/);
    expect(lines(state)).toMatch(/being counted/);
    expect(answers(state)).toEqual(['No']);
    const known = measured(state, effects, 12);
    expect(lines(known)).toMatch(/takes 12 entries +4\.9 KiB +to rebuild: 14 s, 1 unknown/);
    expect(lines(known)).toMatch(/of 1 package, most of example\.com\/a/);
    expect(lines(known)).toMatch(/gocachetop prune --max-size 973MiB/);
    expect(answers(known)).toEqual(['No', 'Yes', 'Yes, and free it now']);
  });

  test('an answer for where the slider stood before does not count', () => {
    const { state, effects } = press(read(), 'P', 'right');
    const further = press(state, 'right');
    expect(lines(measured(further.state, effects, 12))).toMatch(/being counted/);
  });

  test('enter on a slider goes to the answers, whose first is No; yes prunes what was measured', () => {
    const asked = press(read(), 'P', 'tab', 'right', 'right');
    expect(lines(asked.state)).toMatch(/unused for +<\[#+-+\]> +60 d/);
    const known = measured(asked.state, asked.effects, 3);
    const refused = press(known, 'enter', 'enter');
    expect([refused.state.screen.dialog, refused.effects]).toEqual([undefined, []]);
    const agreed = press(known, 'enter', 'right', 'enter');
    expect(agreed.effects).toEqual([
      {
        type: 'prune',
        packages: [],
        selectors: expect.objectContaining({ unusedForMs: 60 * 86_400_000, maxBytes: undefined }),
        isFreed: false,
      },
    ]);
  });

  test('when it takes nothing there is nothing to agree to', () => {
    const { state, effects } = press(read(), 'P', 'right');
    const known = measured(state, effects, 0);
    expect(lines(known)).toMatch(/takes nothing/);
    expect(answers(known)).toEqual(['No']);
  });

  test('sliders stop at their ends', () => {
    const ends = press(read(), 'P', 'left', ...Array<'right'>(30).fill('right'));
    expect(lines(ends.state)).toMatch(/keep at most +<\[-{20}\]> +0 B/);
    expect(ends.effects.filter(({ type }) => type === 'measure')).toHaveLength(30);
  });
});
