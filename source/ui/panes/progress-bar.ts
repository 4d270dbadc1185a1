import type { ProgressCounts } from '../../build/progress.ts';
import { type Line, toned } from '../../store/line.ts';

/** progressBar shows the outcomes as parts of the package set, each by a sign of its own, in `width` cells. */
export function progressBar(counts: ProgressCounts, width: number): Line {
  const { total = 0, hits, misses, failed, notReached, unknown } = counts;
  const cells = Math.max(1, width - 2);
  const ends = [hits, misses, failed, notReached + unknown]
    .map(sumSoFar())
    .map((sum) => Math.floor((sum / Math.max(1, total)) * cells));
  const [hitEnd = 0, missEnd = 0, failedEnd = 0, otherEnd = 0] = ends;
  // One failed package among thousands is seen too.
  const failedCells = Math.max(failedEnd - missEnd, failed > 0 ? 1 : 0);
  const missCells = Math.min(missEnd - hitEnd, cells - hitEnd - failedCells);
  const otherCells = Math.max(0, Math.min(otherEnd - failedEnd, cells - hitEnd - missCells - failedCells));
  const rest = cells - hitEnd - missCells - failedCells - otherCells;
  return [
    toned('▕', 'quiet'),
    toned('▒'.repeat(hitEnd), 'quiet'),
    '█'.repeat(Math.max(0, missCells)),
    toned('✗'.repeat(failedCells), 'bad'),
    toned('-'.repeat(otherCells), 'quiet'),
    ' '.repeat(Math.max(0, rest)),
    toned('▏', 'quiet'),
  ];
}

function sumSoFar(): (value: number) => number {
  let sum = 0;
  return (value) => {
    sum += value;
    return sum;
  };
}
