import type { UnitRecord } from '../../build/unit.ts';
import { quote } from '../../go/shell-word.ts';
import { cleanText } from '../cells.ts';
import { type Column, compareLargest, compareText, defineTable } from '../define-table.ts';
import { formatBytes, formatDuration, formatElapsed } from '../format.ts';
import type { Line } from '../line.ts';
import { outcomeMark, outcomeTone, outcomeWord } from '../marks.ts';
import type { AppState, OutputLine } from '../state.ts';
import type { BoardView, TextView } from '../view.ts';

/** buildView is the wrapped command at a glance; without one, what others build. */
export const buildView: BoardView = {
  kind: 'board',
  id: 'build',
  crumb: () => '',
  list: (state) => (state.build === undefined ? 'elsewhere' : 'packages'),
  command: reportCommand,
};

/** packagesView is every unit of the build. */
export const packagesView = defineTable<UnitRecord>({
  id: 'packages',
  crumb: () => 'packages',
  command: reportCommand,
  enter: (_state, _level, key) => ({ view: 'package', subject: key }),
  sort: { column: 'outcome', isReversed: false },
  empty: (state) =>
    state.build?.end === undefined ? 'nothing is known of any package yet' : 'this command built no package',
  inputs: ({ build }) => [build?.progress, build?.revision],
  items: ({ build }) => (build === undefined ? [] : [...build.progress.units()]),
  idOf: (record) => record.key,
  nameOf: (record) => record.unit.name,
  mark: (record) => outcomeMark(record.outcome),
  tone: (record) => outcomeTone(record.outcome),
  columns: packageColumns(),
});

/** outputView is what the build itself wrote, the newest lines. */
export const outputView: TextView = {
  kind: 'text',
  id: 'output',
  crumb: () => 'output of the build',
  command: ({ build }) => build?.command.join(' '),
  lines({ build }) {
    if (build === undefined) return [];
    const { lines, dropped } = build.output;
    const text = lines.map(outputLine);
    return dropped === 0
      ? text
      : [
          [
            {
              text: `${dropped} lines before these are not kept; all are printed when you quit`,
              tone: 'quiet',
            },
          ],
          ...text,
        ];
  },
};

/** outputLine is one line of the build's output; what it wrote to stderr is marked by nothing: go writes all there. */
export function outputLine({ text }: OutputLine): Line {
  return [cleanText(text)];
}

function reportCommand({ build }: AppState): string | undefined {
  return build === undefined ? 'gocachetop' : `gocachetop report -- ${build.command.map(quote).join(' ')}`;
}

function packageColumns(): readonly Column<UnitRecord>[] {
  return [
    {
      id: 'name',
      title: 'package',
      width: undefined,
      align: 'left',
      text: ({ unit }) => unit.name,
      compare: (one, other) => compareText(one.unit.name, other.unit.name),
    },
    {
      id: 'outcome',
      title: 'outcome',
      width: 11,
      align: 'left',
      drop: 1,
      text: ({ outcome }) => outcomeWord(outcome),
      compare: (one, other) => outcomeOrder.indexOf(one.outcome) - outcomeOrder.indexOf(other.outcome),
    },
    {
      id: 'took',
      title: 'took',
      width: 8,
      align: 'right',
      text: tookText,
      compare: (one, other) => compareLargest(one.durationMs, other.durationMs),
    },
    {
      id: 'bytes',
      title: 'wrote',
      width: 9,
      align: 'right',
      text: ({ outcome, outputBytes }, { screen }) => wroteText(outcome, outputBytes, screen.sizes),
      compare: (one, other) => compareLargest(one.outputBytes, other.outputBytes),
    },
  ];
}

// What wants to be looked at first stands first.
const outcomeOrder: readonly UnitRecord['outcome'][] = [
  'failed',
  'compiling',
  'miss',
  'unknown',
  'not-reached',
  'hit',
  'waiting',
];

/** tookText is how long a unit took, or is taking; empty for one that no tool ran for. */
export function tookText({ outcome, durationMs, startedAt }: UnitRecord, { now }: AppState): string {
  if (durationMs !== undefined) return formatDuration(durationMs);
  if (outcome === 'compiling' && startedAt !== undefined) return formatElapsed(now - startedAt);
  return '';
}

/** wroteText is the size of what a unit's compile stored; empty where nothing is stored. */
export function wroteText(
  outcome: UnitRecord['outcome'],
  bytes: number | undefined,
  sizes: AppState['screen']['sizes'],
): string {
  return outcome === 'miss' || bytes !== undefined ? formatBytes(bytes, sizes) : '';
}
