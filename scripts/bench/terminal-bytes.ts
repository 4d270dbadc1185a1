import { setTimeout as delay } from 'node:timers/promises';
import { buildEnd, firstFrame, openApp } from './app.ts';
import { cold } from './cold-build.ts';
import { type Figure, figureOf } from './figure.ts';
import type { Bench, Row } from './row.ts';

/** terminalBytes: what a slow line would have to carry while a build runs. */
export const terminalBytes: Row = {
  name: 'terminal-bytes',
  title: 'bytes to the terminal during a cold build, 120x40',
  async measure(bench) {
    return [
      ...(await count(bench, 'default', [], 20)),
      ...(await count(bench, '--low-bandwidth', ['--low-bandwidth'], 2)),
    ];
  },
};

async function count(
  bench: Bench,
  name: string,
  flags: readonly string[],
  limit: number,
): Promise<readonly Figure[]> {
  return cold(bench, async (place) => {
    await using terminal = openApp(bench.app, place, [...flags, '--', 'go', 'build', './...']);
    await firstFrame(terminal);
    const mark = terminal.mark();
    const seconds: number[] = [];
    let isOver = false;
    const end = buildEnd(terminal).finally(() => {
      isOver = true;
    });
    const sampling = (async () => {
      while (!isOver) {
        const before = terminal.bytes();
        await delay(1000);
        if (!isOver) seconds.push((terminal.bytes() - before) / 1000);
      }
    })();
    await end;
    const [bytes, ms, frames] = [mark.bytes(), mark.milliseconds(), mark.frames()];
    await sampling;
    return [
      { ...figureOf(`${name}: mean`, seconds, 'kB/s', { atMost: limit }), measured: bytes / ms },
      figureOf(`${name}: frames`, [(1000 * frames) / ms], '/s', undefined),
    ];
  });
}
