import type { ProgressCounts } from '../../build/progress.ts';
import { hitRate } from '../../build/progress.ts';
import type { UnitRecord } from '../../build/unit.ts';
import { selectBuildSummary } from '../../store/build-summary.ts';
import { cutEnd, cutPath, padEnd, padStart, wrapText } from '../../store/cells.ts';
import { formatBytes, formatCount, formatElapsed, formatRate } from '../../store/format.ts';
import { beside, fitLine, type Line, type Span, spread, toned } from '../../store/line.ts';
import { outcomeMark, outcomeTone } from '../../store/marks.ts';
import type { AppState, BuildState } from '../../store/state.ts';
import { outputLine, tookText, wroteText } from '../../store/views/build.ts';
import type { Look } from '../theme.ts';
import { progressBar } from './progress-bar.ts';

/** drawBuild draws the build at a glance: how far it is, what compiles now, what is done, what was slow or failed. */
export function drawBuild(
  state: AppState,
  build: BuildState,
  width: number,
  height: number,
  look: Look,
): readonly Line[] {
  const board: Board = { state, build, look };
  const head = [...progressLines(board, width), remarkLine(board)];
  const output = outputTail(board, height);
  const room = Math.max(0, height - head.length - output.length);
  return [...head, ...blocks(board, width, room), ...output];
}

type Board = { readonly state: AppState; readonly build: BuildState; readonly look: Look };

function progressLines({ build }: Board, width: number): readonly Line[] {
  const { counts } = build.progress;
  const words = countWords(counts);
  if (counts.total === undefined) return [unknownTotal(counts, build.end !== undefined)];
  const total = formatCount(counts.total);
  const done = `${padStart(formatCount(doneCount(counts)), total.length)} of ${total}`;
  const tail = `  ${done}   ${words}   rate ${padStart(formatRate(hitRate(counts)), 5)}`;
  // One line where a bar of twenty cells is left; else the numbers have their own.
  if (width - tail.length >= 26) return [[...progressBar(counts, width - tail.length), tail]];
  const short = ` ${done}`;
  return [
    [...progressBar(counts, width - short.length), short],
    spread([words], [`rate ${formatRate(hitRate(counts))}`], width),
  ];
}

/** unknownTotal says what is known where nobody knows how many packages there are. */
function unknownTotal(counts: ProgressCounts, isEnded: boolean): Line {
  const { misses, hits, failed } = counts;
  const failures: readonly Span[] = failed > 0 ? [', ', toned(`${formatCount(failed)} failed`, 'bad')] : [];
  return [
    `${formatCount(misses)} compiled, ${formatCount(hits)} hits seen`,
    ...failures,
    toned(isEnded ? ' (package set not known)' : ' (package set not known yet)', 'quiet'),
  ];
}

function doneCount({ hits, misses, failed, notReached, unknown }: ProgressCounts): number {
  return hits + misses + failed + notReached + unknown;
}

function countWords({ total, hits, misses, failed, notReached, unknown }: ProgressCounts): string {
  const width = formatCount(total ?? 0).length;
  const number = (count: number): string => padStart(formatCount(count), width);
  const rare = [notReached > 0 ? `not reached ${notReached}` : '', unknown > 0 ? `unknown ${unknown}` : ''];
  return [`hit ${number(hits)}`, `miss ${number(misses)}`, `failed ${failed}`, ...rare]
    .filter((word) => word !== '')
    .join('  ');
}

/** remarkLine is empty, or one line about the whole. */
function remarkLine({ build }: Board): Line {
  const { remark } = build.progress;
  return remark === undefined ? [] : [toned(remark, 'quiet')];
}

/** outputTail is the newest lines that the build itself wrote; it keeps its place once there are any. */
function outputTail({ build }: Board, height: number): readonly Line[] {
  const { lines } = build.output;
  const room = height >= 13 ? 3 : height >= 9 ? 2 : 0;
  if (lines.length === 0 || room === 0) return [];
  const tail = lines.filter(({ text }) => text !== '').slice(-room);
  const words = tail.map((line) =>
    outputLine(line).map((span) => toned(typeof span === 'string' ? span : span.text, 'quiet')),
  );
  return [...(height >= 11 ? [[]] : []), ...words, ...Array.from({ length: room - words.length }, () => [])];
}

/** blocks stand beside each other where there is width, else one under the other, the first ones first. */
function blocks(board: Board, width: number, height: number): readonly Line[] {
  if (width >= 96) {
    const left = Math.floor(width * 0.27);
    const right = Math.floor(width * 0.29);
    const middle = width - left - right - 2 * blockGap;
    return beside(
      [
        { width: left, lines: nowBlock(board, left, height) },
        { width: middle, lines: doneBlock(board, middle, height, true) },
        { width: right, lines: slowestBlock(board, right, height) },
      ],
      blockGap,
    );
  }
  if (width >= 60) {
    const left = Math.floor((width - blockGap) * 0.46);
    const right = width - left - blockGap;
    const upper = Math.ceil(height / 2);
    const leftLines = [
      ...fill(nowBlock(board, left, upper - 1), upper),
      ...slowestBlock(board, left, height - upper),
    ];
    return beside(
      [
        { width: left, lines: leftLines },
        { width: right, lines: doneBlock(board, right, height, false) },
      ],
      blockGap,
    );
  }
  if (height < leastWithTitles) return bareRows(board, width, height);
  const upper = Math.ceil(height / 2);
  return [...fill(nowBlock(board, width, upper), upper), ...doneBlock(board, width, height - upper, false)];
}

// With fewer lines there is nothing left for titles: marks tell what is done.
const leastWithTitles = 8;

/** bareRows are what compiles now, what failed, and what is done, without titles. */
function bareRows(board: Board, width: number, height: number): readonly Line[] {
  const upper = Math.floor(height / 2);
  const failed = failedUnits(board.build)
    .slice(0, upper)
    .map(
      ({ unit }): Line => [
        outcomeMark('failed'),
        ' ',
        ...nameLine(unit.name, padStart('failed', 9), width - 2, 'bad'),
      ],
    );
  const above = [...failed, ...nowBlock(board, width, upper + 1).slice(1)].slice(0, upper);
  const below = doneBlock(board, width, height - upper + 1, false).slice(1);
  return [...fill(above, upper), ...below];
}

const blockGap = 3;

function fill(lines: readonly Line[], height: number): readonly Line[] {
  return Array.from({ length: height }, (_, row) => lines[row] ?? []);
}

/** nowBlock is what compiles now, longest first; when the build has ended, what came of it. */
function nowBlock(board: Board, width: number, height: number): readonly Line[] {
  const { state, build, look } = board;
  if (build.end !== undefined) return resultBlock(state, width, height);
  const compiling = build.progress.compiling();
  const rows = compiling.slice(0, Math.max(0, height - 1)).map((record): Line => {
    const elapsed =
      record.startedAt === undefined ? '' : formatElapsed(state.now - record.startedAt, look.isQuiet);
    return nameLine(record.unit.name, padStart(elapsed, 7), width);
  });
  return [
    title('compiling now', compiling.length > height - 1 ? `${compiling.length} in all` : 'for', width),
    ...rows,
  ].slice(0, height);
}

function resultBlock(state: AppState, width: number, height: number): readonly Line[] {
  const summary = selectBuildSummary(state);
  if (summary === undefined) return [];
  const { counts, tests, links, writes, downloads } = summary;
  const { sizes } = state.screen;
  const facts: readonly (readonly [string, string])[] = [
    ['packages', formatCount(summary.packages)],
    ...(counts.notReached > 0 ? [['not reached', formatCount(counts.notReached)] as const] : []),
    ...(counts.unknown > 0 ? [['unknown', formatCount(counts.unknown)] as const] : []),
    ['written', writes === undefined ? 'unknown' : formatBytes(writes.bytes, sizes)],
    ...(tests.ran + tests.cached + tests.failed > 0
      ? [
          ['tests ran', formatCount(tests.ran)] as const,
          ['tests cached', formatCount(tests.cached)] as const,
          ['tests failed', formatCount(tests.failed)] as const,
        ]
      : []),
    ...(links.ran + links.skipped > 0
      ? [
          ['links ran', formatCount(links.ran)] as const,
          ...(links.skipped > 0 ? [['links skipped', formatCount(links.skipped)] as const] : []),
        ]
      : []),
    ...(downloads > 0 ? [['modules downloaded', formatCount(downloads)] as const] : []),
  ];
  return [
    title('the build', '', width),
    ...facts.map(([name, value]): Line => nameLine(name, value, width)),
  ].slice(0, height);
}

/** doneBlock is what became known last, newest first. */
function doneBlock({ state, build }: Board, width: number, height: number, isWide: boolean): readonly Line[] {
  const right = isWide ? 18 : 9;
  const rows = build.progress.recent(Math.max(0, height - 1)).map((record): Line => {
    const { outcome, cause, unit, outputBytes } = record;
    const tone = outcomeTone(outcome);
    const took =
      outcome === 'hit' ? 'hit' : outcome === 'not-reached' ? 'not reached' : tookText(record, state);
    const wrote = isWide ? padStart(wroteText(outcome, outputBytes, state.screen.sizes), 10) : '';
    const words =
      outcome === 'failed' ? failedWords(cause, isWide ? right - 1 : 0) : padStart(took, 8) + wrote;
    return [
      outcomeMark(outcome),
      ' ',
      ...nameLine(unit.name, ` ${padStart(words, right - 1)}`, width - 2, tone),
    ];
  });
  return [title('  just done', isWide ? 'took     wrote' : 'took', width), ...rows].slice(0, height);
}

/** failedWords are the compiler's first words, where there is room for some. */
function failedWords(cause: string | undefined, width: number): string {
  return width === 0 ? 'failed' : padEnd(cutEnd(causeWords(cause), width), width);
}

function causeWords(cause: string | undefined): string {
  return (cause ?? 'failed').replace(/^\.\//, '');
}

/** slowestBlock is what failed, each with the compiler's first words, and then what took longest. */
function slowestBlock({ state, build }: Board, width: number, height: number): readonly Line[] {
  if (height < 2) return [];
  const { progress } = build;
  const failed = failedUnits(build);
  const failures = failed.flatMap((record): readonly Line[] => [
    [outcomeMark('failed'), ' ', toned(cutPath(record.unit.name, width - 2), 'bad')],
    ...wrapText(causeWords(record.cause), width - 2)
      .slice(0, 2)
      .map((words): Line => [`  ${words}`]),
  ]);
  // Half of the room is for what failed, when there is so much; the list of packages has it all.
  const shown = failures.slice(0, Math.max(3, Math.floor(height * 0.6)));
  const slowest = progress.slowest(Math.max(0, height - 1 - (shown.length > 0 ? shown.length + 1 : 0)));
  const rows = slowest.map(
    (record): Line => nameLine(record.unit.name, padStart(tookText(record, state), 7), width),
  );
  return [
    ...(shown.length > 0
      ? [title('failed', failed.length > 1 ? String(failed.length) : '', width), ...shown]
      : []),
    title('slowest of this build', 'took', width),
    ...rows,
  ].slice(0, height);
}

function failedUnits({ progress }: BuildState): readonly UnitRecord[] {
  return progress.counts.failed === 0
    ? []
    : [...progress.units()].filter(({ outcome }) => outcome === 'failed');
}

function title(left: string, right: string, width: number): Line {
  return spread([toned(left, 'quiet')], [toned(right, 'quiet')], width);
}

function nameLine(
  name: string,
  right: string,
  width: number,
  tone: Parameters<typeof toned>[1] = 'plain',
): Line {
  const room = Math.max(1, width - right.length - 1);
  return fitLine([toned(padEnd(cutPath(name, room), room), tone), ' ', toned(right, tone)], width);
}
