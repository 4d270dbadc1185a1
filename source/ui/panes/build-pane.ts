import { hitRate } from '../../build/progress.ts';
import { padStart } from '../../store/cells.ts';
import { formatBytes, formatClock, formatCount, formatRate, unknownText } from '../../store/format.ts';
import { type Line, type Span, toned } from '../../store/line.ts';
import { isLive } from '../../store/live.ts';
import type { AppState, BuildState } from '../../store/state.ts';
import { type WriteFeed, writeRate } from '../../store/write-feed.ts';
import type { Look } from '../theme.ts';
import { drawBuild } from './build-board.ts';
import { drawElsewhere } from './elsewhere-board.ts';
import type { Pane } from './pane.ts';

/** buildPane is the wrapped command; without one, the builds of others. */
export const buildPane: Pane = {
  id: 'build',
  number: 1,
  title: 'build',
  inputs: (state) => [
    state.build,
    state.buildCache.writes,
    state.buildCache.freeBytes,
    state.elsewhere,
    // An age in minutes is as good a second later.
    isLive(state) ? state.now : Math.floor(state.now / 10_000),
  ],
  right: (state, width, look) =>
    state.build !== undefined && isOpened(state) ? outcomeWords(state.build) : writeWords(state, width, look),
  summary(state) {
    const { build } = state;
    if (build !== undefined) return buildSummary(build, state.now);
    const { compiledCount } = state.elsewhere;
    return compiledCount === 0
      ? [toned('none was started here', 'quiet')]
      : [`${formatCount(compiledCount)} compiled elsewhere`];
  },
  brief({ build }) {
    if (build === undefined) return 'build none';
    const { failed } = build.progress.counts;
    return `build ${formatRate(hitRate(build.progress.counts))}${failed > 0 ? ` ✗${failed}` : ''}`;
  },
  board: (state, width, height, look) =>
    state.build === undefined
      ? drawElsewhere(state, width, height)
      : drawBuild(state, state.build, width, height, look),
};

/** statusWords say how the command fares: `running`, `ok`, `failed, exit code 1`, `killed by SIGINT`. */
export function statusWords({ end }: BuildState): Span {
  if (end === undefined) return toned('running', 'accent');
  if (end.signal !== undefined) return toned(`killed by ${end.signal}`, 'bad');
  return end.exitCode === 0 ? toned('ok', 'good') : toned(`failed, exit code ${end.exitCode}`, 'bad');
}

/** runningTime is how long the command has run, or ran. */
export function runningTime({ startedAt, end }: BuildState, now: number): string {
  return formatClock((end?.at ?? now) - startedAt);
}

function buildSummary(build: BuildState, now: number): Line {
  const { counts } = build.progress;
  const { total, hits, misses, failed } = counts;
  const done = hits + misses + failed + counts.notReached + counts.unknown;
  const progress =
    build.end === undefined && total !== undefined ? `${formatCount(done)} of ${formatCount(total)}   ` : '';
  return [
    statusWords(build),
    ` ${runningTime(build, now)}   ${progress}hit ${formatCount(hits)}  miss ${formatCount(misses)}`,
    ...(failed > 0 ? [toned(`  failed ${formatCount(failed)}`, 'bad')] : []),
    `   rate ${formatRate(hitRate(counts))}`,
  ];
}

function isOpened({ screen }: AppState): boolean {
  return screen.panes.build.levels.length > 1;
}

/** outcomeWords keep the build in sight while something in it is opened. */
function outcomeWords({ progress }: BuildState): Line {
  const { hits, misses, failed } = progress.counts;
  return [
    `hit ${formatCount(hits)}  miss ${formatCount(misses)}`,
    toned(`  failed ${formatCount(failed)}`, failed > 0 ? 'bad' : 'plain'),
    `  rate ${formatRate(hitRate(progress.counts))}`,
  ];
}

/** writeWords are the writes of GOCACHE since we started; each number keeps its column. */
function writeWords(state: AppState, width: number, look: Look): Line {
  const { buildCache, now, screen } = state;
  const { writes, freeBytes } = buildCache;
  const bytes = writes.mode === 'off' ? unknownText : formatBytes(writes.bytes, screen.sizes);
  if (width < 60) return [bytes];
  const isMoving = !look.isQuiet && isLive(state);
  const rate = isMoving
    ? `  ${padStart(formatBytes(Math.round(writeRate(writes, now).bytes), screen.sizes), 8)}/s`
    : '';
  const words = `written ${padStart(formatCount(writes.entries), 5)}  ${padStart(bytes, 8)}${rate}`;
  if (width < 100) return [words];
  const spark = isMoving ? [toned(`  ${sparkline(writes, now)}`, 'quiet')] : [];
  return [words, ...spark, `   free ${padStart(formatBytes(freeBytes, screen.sizes), 8)}`];
}

const sparkSeconds = 12;
const sparkSigns = '▁▂▃▄▅▆▇';

/** sparkline is the bytes per second of the last seconds, the newest at the right; its steps are relative. */
function sparkline({ perSecond }: WriteFeed, now: number): string {
  const second = Math.floor(now / 1000);
  const bytes = Array.from({ length: sparkSeconds }, (_, index) => {
    const wanted = second - sparkSeconds + index;
    return perSecond.find((bucket) => bucket.second === wanted)?.bytes ?? 0;
  });
  const most = Math.max(...bytes);
  return bytes
    .map((value) =>
      value === 0
        ? ' '
        : sparkSigns[Math.min(sparkSigns.length - 1, Math.floor((value / most) * sparkSigns.length))],
    )
    .join('');
}
