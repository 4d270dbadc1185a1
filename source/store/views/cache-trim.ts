import type { TrimForecast } from '../../build-cache/trim-forecast.ts';
import { quote } from '../../go/shell-word.ts';
import { lookAt, lookWords } from '../explorer.ts';
import { formatAge, formatBytes, formatCountOf } from '../format.ts';
import type { AppState } from '../state.ts';
import type { PageItem, PageView } from '../view.ts';
import { dateText } from './build-cache.ts';

/** cacheTrimView is when Go trims GOCACHE next, what that takes, and whether something keeps it from that. */
export const cacheTrimView: PageView = {
  kind: 'page',
  id: 'cache-trim',
  crumb: () => 'next trim',
  command: ({ buildCache }) => `date -d @$(cat ${quote(`${buildCache.path ?? ''}/trim.txt`)})`,
  items(state, level) {
    const looked = lookAt(state, level);
    if (looked?.type !== 'trim') return [{ kind: 'text', text: lookWords(state, looked), tone: 'quiet' }];
    const { forecast } = looked;
    return [
      ...trimFacts(forecast, state),
      ...forecast.odd.flatMap(({ what, evidence, repair }): readonly PageItem[] => [
        { kind: 'gap' },
        { kind: 'text', text: `! ${what}`, tone: 'warning' },
        ...evidence.map((text): PageItem => ({ kind: 'text', text: `- ${text}` })),
        { kind: 'fact', name: 'helps', value: repair },
      ]),
      ...dayRows(forecast, state),
    ];
  },
};

function trimFacts(
  { last, next, isDue, why, takes, total }: TrimForecast,
  state: AppState,
): readonly PageItem[] {
  const { now, screen } = state;
  const ago = last === undefined ? '' : last > now ? 'in the future' : `${formatAge(now - last)} ago`;
  const share = total.entries === 0 ? '' : `, ${Math.floor((takes.entries / total.entries) * 100)} % of all`;
  return [
    { kind: 'fact', name: 'last trim', value: last === undefined ? why : `${dateText(last)}, ${ago}` },
    {
      kind: 'fact',
      name: 'next trim',
      value: isDue
        ? `with the next go build: ${why}`
        : `with the first go build after ${dateText(next)}, in ${formatAge(next - now)}: ${why}`,
    },
    {
      kind: 'fact',
      name: 'takes',
      value:
        takes.entries === 0
          ? 'nothing of what is here now'
          : `${formatCountOf(takes.entries, 'entry')}, ${formatBytes(takes.bytes, screen.sizes)}${share}`,
    },
  ];
}

function dayRows({ days }: TrimForecast, { screen }: AppState): readonly PageItem[] {
  return [
    { kind: 'gap' },
    { kind: 'heading', text: 'if nothing is used meanwhile, a trim takes', right: '' },
    ...days.map(
      ({ entries, bytes }, at): PageItem => ({
        kind: 'row',
        id: String(at),
        mark: ' ',
        text: at === 0 ? 'now' : `in ${at} d`,
        right: `${formatCountOf(entries, 'entry').padStart(16)}  ${formatBytes(bytes, screen.sizes).padStart(9)}`,
        ...(entries === 0 ? { tone: 'quiet' as const } : {}),
      }),
    ),
    { kind: 'gap' },
    {
      kind: 'text',
      text: 'Go removes what was not used for five days and an hour, at most once a day, when a go command that builds ends. It never takes the fuzz corpus.',
      tone: 'quiet',
    },
  ];
}
