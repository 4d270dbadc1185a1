import { cutEnd } from '../cells.ts';
import { formatCountOf } from '../format.ts';
import { shownStates, stepsOf } from '../recovery.ts';
import type { AppState } from '../state.ts';
import type { PageItem, PageView } from '../view.ts';

/** moduleRecoveryView is in which ways GOSUMDB, go.sum and GOMODCACHE fail together, each with the steps of its cure. */
export const moduleRecoveryView: PageView = {
  kind: 'page',
  id: 'module-recovery',
  crumb: () => 'recover',
  command: () => 'gocachetop recover',
  ask: (_state, _level, id) => ({ id: 'recover-step', choice: 0, subject: id }),
  items(state, _level, width) {
    const { recovery } = state;
    const { doing, states, failure, ran } = recovery;
    return [
      ...(doing === undefined ? [] : [quiet(doing)]),
      ...(failure === undefined ? [] : [{ kind: 'text', text: `! ${failure}`, tone: 'warning' } as const]),
      ...(states === undefined ? [] : foundItems(state, width)),
      ...(ran.length === 0 ? [] : [{ kind: 'gap' } as const]),
      ...ran.map(
        ({ what, failure }): PageItem => ({
          kind: 'fact',
          name: failure === '' ? 'done' : 'failed',
          value: failure === '' ? what : `${what}: ${failure}`,
          ...(failure === '' ? {} : { tone: 'bad' }),
        }),
      ),
    ];
  },
};

function foundItems(state: AppState, width: number): readonly PageItem[] {
  const { notCompared, isAsked } = state.recovery;
  const states = shownStates(state.recovery);
  const steps = stepsOf(state);
  const rest = formatCountOf(notCompared, 'sum');
  return [
    ...(states.length === 0
      ? [quiet('nothing is wrong between GOSUMDB, go.sum and GOMODCACHE, as far as it was compared')]
      : []),
    ...states.flatMap((found): readonly PageItem[] => [
      { kind: 'text', text: `! ${found.about}`, tone: found.severity === 'error' ? 'bad' : 'warning' },
      { kind: 'text', text: found.what },
      quiet(found.why),
      ...steps
        .filter((each) => each.state === found)
        .map(({ id, step }): PageItem => {
          const right = step.action.type === 'user' ? 'only you can' : '';
          return {
            kind: 'row',
            id,
            mark: { text: '›', tone: 'accent' },
            text: cutEnd(step.what, width - right.length - 4),
            right,
          };
        }),
      { kind: 'gap' },
    ]),
    ...(notCompared === 0
      ? []
      : isAsked
        ? [quiet(`${rest} of go.sum had nothing to be held against, the checksum database neither`)]
        : [
            quiet(`${rest} of go.sum had nothing here to be held against`),
            {
              kind: 'row',
              id: askAllId,
              mark: ' ',
              text: cutEnd('ask the checksum database about them', width - 3),
              right: '',
            } as const,
          ]),
  ];
}

/** askAllId is the row that asks the checksum database about what nothing here can be held against. */
export const askAllId = 'ask';

function quiet(text: string): PageItem {
  return { kind: 'text', text, tone: 'quiet' };
}
