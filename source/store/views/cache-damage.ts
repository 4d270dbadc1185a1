import { quote } from '../../go/shell-word.ts';
import { compareText, defineTable } from '../define-table.ts';
import type { CheckedDamage } from '../explorer.ts';
import { formatCount, formatCountOf } from '../format.ts';
import { problemMark } from '../marks.ts';
import type { AppState } from '../state.ts';
import { bytesColumn, countColumn, nameColumn } from './columns.ts';

const none: readonly CheckedDamage[] = [];

/** cacheDamageView is what a check of all outputs found: those whose bytes are not what their name says. */
export const cacheDamageView = defineTable<CheckedDamage>({
  id: 'cache-damage',
  crumb: () => 'check',
  command: ({ buildCache }) => `gocachetop scan --check --gocache ${quote(buildCache.path ?? '')}`,
  enter: (_state, _level, id) => ({ view: 'cache-damaged', subject: id }),
  sort: { column: 'name', isReversed: false },
  empty: checkWords,
  note: (state) => ((state.explorer.check?.found.length ?? 0) > 0 ? checkWords(state) : ''),
  inputs: ({ explorer }) => [explorer.check?.found],
  items: ({ explorer }) => explorer.check?.found ?? none,
  idOf: ({ id }) => id,
  nameOf: (damage) => `${damageName(damage)} ${damage.file}`,
  mark: ({ id, isGone }, { screen }) =>
    screen.marks.ids.has(id) ? { text: '*', tone: 'accent' } : isGone ? ' ' : problemMark,
  marks(state, _level, id) {
    const damage = state.explorer.check?.found.find((each) => each.id === id);
    // What cannot be read may be right: only what is wrong is offered for removal.
    return damage === undefined || damage.isGone || damage.isUnreadable ? [] : [{ id, bytes: damage.bytes }];
  },
  tone: ({ isGone }) => (isGone ? 'quiet' : 'plain'),
  columns: [
    nameColumn('damaged', damageName),
    {
      id: 'state',
      title: 'state',
      width: 10,
      align: 'left',
      drop: 2,
      text: damageState,
      compare: (one, other) => compareText(damageState(one), damageState(other)),
    },
    countColumn('importers', 'importers', ({ importers }) => importers.length, 1),
    bytesColumn(),
  ],
});

function damageName({ unit, kind, variant, id }: CheckedDamage): string {
  return unit === undefined ? `${kind} ${id.slice(0, 12)}` : [unit, variant].filter(Boolean).join(' ');
}

function damageState({ isGone, isUnreadable }: CheckedDamage): string {
  if (isGone) return 'removed';
  return isUnreadable ? 'unreadable' : 'wrong';
}

/** checkWords say how far the check is, and how it ended. */
function checkWords({ explorer }: AppState): string {
  const { check } = explorer;
  if (check === undefined) return 'not checked yet: K compares every output with its name';
  const { isRunning, wasStopped, done, total, found } = check;
  if (isRunning && total === undefined) return 'GOCACHE is being read first; K stops it';
  if (isRunning) return `${formatCount(done)} of ${formatCount(total)} outputs compared; K stops it`;
  const end = wasStopped
    ? `stopped after ${formatCount(done)} outputs`
    : `${formatCountOf(done, 'output')} compared`;
  if (found.length === 0) return `${end}: none is damaged`;
  const wrong = found.filter(({ isUnreadable }) => !isUnreadable).length;
  return `${end}: ${formatCount(wrong)} wrong${wrong < found.length ? `, ${formatCount(found.length - wrong)} unreadable` : ''}`;
}
