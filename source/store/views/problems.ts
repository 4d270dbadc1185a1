import { problemMark } from '../marks.ts';
import type { PageItem, PageView } from '../view.ts';

/** problemsView is everything outside of us that went wrong, the newest first. */
export const problemsView: PageView = {
  kind: 'page',
  id: 'problems',
  crumb: () => 'problems',
  command: () => undefined,
  items({ problems }) {
    if (problems.length === 0) return [{ kind: 'text', text: 'no problems', tone: 'quiet' }];
    return problems.toReversed().flatMap((problem, index): readonly PageItem[] => [
      ...(index === 0 ? [] : [{ kind: 'gap' } as const]),
      {
        kind: 'row',
        id: `${problem.where} ${problem.what} ${problem.why}`,
        mark: problemMark,
        text: problem.where,
        right: '',
      },
      { kind: 'fact', name: '  what', value: problem.what },
      { kind: 'fact', name: '  why', value: problem.why },
      ...(problem.repair === '' ? [] : [{ kind: 'fact', name: '  repair', value: problem.repair } as const]),
    ]);
  },
};
