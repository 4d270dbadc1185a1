import { firstFrame as drawn, openApp, type Place, timeBareNode, timeRun } from './app.ts';
import { figureOf } from './figure.ts';
import { type Bench, interleave, pairwise, type Row } from './row.ts';

/** firstFrame: from the start of the process until a terminal shows all panes. */
export const firstFrame: Row = {
  name: 'first-frame',
  title: 'first frame with all panes at 120x40, in starts of bare Node',
  async measure(bench) {
    const { directory, environment } = bench.module();
    const place = { cwd: directory, env: environment };
    const build = ['go', 'build', './...'];
    await timeRun(build, place);
    await timeFrame(bench, place, []);
    const samples = await interleave(bench.isQuick ? 5 : 25, {
      node: () => timeBareNode(place),
      alone: () => timeFrame(bench, place, []),
      build: () => timeFrame(bench, place, ['--', ...build]),
    });
    const inStarts = (ms: readonly number[]) => pairwise(ms, samples.node, (a, b) => a / b);
    return [
      figureOf('one start of bare Node', samples.node, 'ms', undefined),
      figureOf('first frame, no command', samples.alone, 'ms', undefined),
      figureOf('first frame, no command / bare Node', inStarts(samples.alone), 'starts', { atMost: 7 }),
      figureOf('first frame, build of hits / bare Node', inStarts(samples.build), 'starts', { atMost: 7 }),
    ];
  },
};

async function timeFrame({ app }: Bench, place: Place, args: readonly string[]): Promise<number> {
  const startedAt = performance.now();
  await using terminal = openApp(app, place, args);
  await drawn(terminal);
  return performance.now() - startedAt;
}
