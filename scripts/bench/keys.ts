import type { Terminal } from '../../test/pty/terminal.ts';
import { firstFrame, openApp, type Place } from './app.ts';
import { cold } from './cold-build.ts';
import { figureOf, percentile } from './figure.ts';
import type { Bench, Row } from './row.ts';

/** keys: from a key to the frame that shows what it did, while a build uses all processors. */
export const keys: Row = {
  name: 'keys',
  title: 'key to frame during a cold build, 120x40',
  async measure(bench) {
    const samples = await cold(bench, (place) => pressTab(bench, place));
    return [
      figureOf('median', samples, 'ms', undefined),
      { ...figureOf('95th percentile', samples, 'ms', { atMost: 33 }), measured: percentile(samples, 0.95) },
    ];
  },
};

async function pressTab(bench: Bench, place: Place): Promise<readonly number[]> {
  const samples: number[] = [];
  await using terminal = openApp(bench.app, place, ['--', 'go', 'build', './...']);
  await firstFrame(terminal);
  // From here on the compiler runs.
  await terminal.until(/miss [1-9]|[1-9]\d* compiled/, { timeoutMs: 60_000 });
  const presses = bench.isQuick ? 40 : 150;
  while (samples.length < presses && / running\b/.test(terminal.screen()[0] ?? '')) {
    const before = focusedPane(terminal);
    const startedAt = performance.now();
    terminal.key('tab');
    await terminal.when(() => focusedPane(terminal) !== before);
    samples.push(performance.now() - startedAt);
    // About as fast as one types, at no fixed distance to the frames of the build.
    await new Promise((resolve) => setTimeout(resolve, 40 + ((samples.length * 37) % 50)));
  }
  return samples;
}

/** focusedPane is the number in the heavy frame: nothing but a key changes it. */
function focusedPane(terminal: Terminal): string | undefined {
  return /┏ (\d)/.exec(terminal.text())?.[1];
}
