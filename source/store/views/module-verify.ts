import { quote } from '../../go/shell-word.ts';
import type { Verified } from '../../operations/verify/verify.ts';
import { compareText, defineTable } from '../define-table.ts';
import { formatCount } from '../format.ts';
import { problemMark } from '../marks.ts';
import type { AppState } from '../state.ts';
import type { PageItem } from '../view.ts';
import { nameColumn } from './columns.ts';

/** moduleVerifyView is what a verification found, what is faulty first. */
export const moduleVerifyView = defineTable<Verified>({
  id: 'module-verify',
  crumb: () => 'verify',
  command: ({ moduleCache }) => `gocachetop verify --all --gomodcache ${quote(moduleCache.path ?? '')}`,
  enter: (_state, _level, subject) => ({ view: 'module-version', subject }),
  sort: { column: 'verdict', isReversed: false },
  empty: verifyWords,
  note: (state) => (state.verification.verdicts.size > 0 ? verifyWords(state) : ''),
  inputs: ({ verification }) => [verification.verdicts],
  items: ({ verification }) => [...verification.verdicts.values()],
  idOf,
  nameOf: idOf,
  mark: (each, { screen }) =>
    screen.moduleMarks.ids.has(idOf(each))
      ? { text: '*', tone: 'accent' }
      : each.verdict === 'faulty'
        ? problemMark
        : ' ',
  marks: (_state, _level, id) => [{ id }],
  tone: ({ verdict }) => (verdict === 'ok' ? 'quiet' : 'plain'),
  columns: [
    nameColumn('version', idOf),
    {
      id: 'verdict',
      title: 'verdict',
      width: 11,
      align: 'left',
      text: ({ verdict }) => verdictWords[verdict],
      compare: (one, other) => order.indexOf(one.verdict) - order.indexOf(other.verdict),
    },
    {
      id: 'faults',
      title: 'faults',
      width: 18,
      align: 'left',
      drop: 1,
      text: ({ faults: [first, ...more] }) =>
        first === undefined ? '' : `${first.code}${more.length === 0 ? '' : ` +${more.length}`}`,
      compare: (one, other) => compareText(one.faults[0]?.code ?? '~', other.faults[0]?.code ?? '~'),
    },
  ],
});

const order: readonly Verified['verdict'][] = ['faulty', 'not-checked', 'ok'];
const verdictWords: Readonly<Record<Verified['verdict'], string>> = {
  faulty: 'faulty',
  'not-checked': 'not checked',
  ok: 'fine',
};

function idOf({ path, version }: Pick<Verified, 'path' | 'version'>): string {
  return `${path}@${version}`;
}

/** verifyWords say how far the verification is, and how it ended. */
function verifyWords({ verification }: AppState): string {
  const { isRunning, wasStopped, done, total, verdicts } = verification;
  if (isRunning && total === 0) return 'GOMODCACHE is being listed; V stops it';
  if (isRunning) return `${formatCount(done)} of ${formatCount(total)} versions verified; V stops it`;
  if (verdicts.size === 0)
    return wasStopped ? 'stopped before a verdict' : 'nothing is verified yet: V verifies what is marked';
  const count = (verdict: Verified['verdict']): number =>
    [...verdicts.values()].filter((each) => each.verdict === verdict).length;
  const notChecked = count('not-checked');
  return [
    `${formatCount(count('faulty'))} faulty`,
    `${formatCount(count('ok'))} fine`,
    ...(notChecked === 0 ? [] : [`${formatCount(notChecked)} not checked`]),
    ...(wasStopped ? ['the last run was stopped'] : []),
  ].join(', ');
}

// The rest is in the folder's own view, and in gocachetop verify.
const filesShown = 8;

/** verdictItems are the lines of a version's page about its checksums; none before it was verified. */
export function verdictItems({ verification }: AppState, id: string): readonly PageItem[] {
  const found = verification.verdicts.get(id);
  if (found === undefined) return [];
  const { verdict, faults, unread, notes, repair, diffs, trace, database } = found;
  const isFine = verdict === 'ok';
  const proven = database === 'proven' ? '; the checksum database agrees' : '';
  return [
    {
      kind: 'fact',
      name: 'verified',
      value: `${verdictWords[verdict]}${isFine ? proven : ''}`,
      ...(isFine ? {} : { tone: 'warning' }),
    },
    ...faults.flatMap(({ code, detail, files }): readonly PageItem[] => [
      { kind: 'fact', name: '', value: `${code}: ${detail}`, tone: 'warning' },
      ...(files.length > 1 ? files.slice(0, filesShown).map((file) => plain('', file)) : []),
      ...(files.length > filesShown ? [plain('', `and ${formatCount(files.length - filesShown)} more`)] : []),
    ]),
    ...repair.map((command) => plain('repair', command)),
    ...sumItems(faults),
    ...diffs.flatMap(({ file, lines }) => [
      plain('diff', file),
      // A page takes away what a line begins with: a bar keeps it.
      ...lines.map((line) => plain('', `|${line.replaceAll('\t', '  ')}`)),
    ]),
    ...[...unread, ...notes].map((words) => plain('', words)),
    ...(trace === undefined ? [] : [plain('chosen by', trace.chain.slice(0, -1).join(' > '))]),
  ];
}

/** sumItems are the sums of the first fault that has two to compare. */
function sumItems(faults: Verified['faults']): readonly PageItem[] {
  const { expected, actual } =
    faults.find((each) => each.expected !== undefined && each.actual !== undefined) ?? {};
  return expected === undefined || actual === undefined
    ? []
    : [plain('right', expected), plain('found', actual)];
}

function plain(name: string, value: string): PageItem {
  return { kind: 'fact', name, value };
}
