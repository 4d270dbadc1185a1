import { timeBareNode, timeRun } from './app.ts';
import { figureOf } from './figure.ts';
import { interleave, pairwise, type Row } from './row.ts';

/** doctor: all that is looked at without a network, on the caches of this machine. */
export const doctor: Row = {
  name: 'doctor',
  title: 'gocachetop doctor without a network, on the caches of this machine, in starts of bare Node',
  async measure(bench) {
    const { directory } = bench.module();
    const { XDG_CACHE_HOME: _, ...environment } = bench.app.environment;
    const place = { cwd: directory, env: environment };
    // What it finds here is of no matter; 2 would be a wrong command line.
    const ours = ['sh', '-c', '"$@"; test $? -lt 2', 'doctor', ...bench.app.words, 'doctor'];
    await timeRun(ours, place);
    const samples = await interleave(bench.isQuick ? 5 : 25, {
      node: () => timeBareNode(place),
      doctor: () => timeRun(ours, place),
    });
    return [
      figureOf('one start of bare Node', samples.node, 'ms', undefined),
      figureOf('doctor', samples.doctor, 'ms', undefined),
      figureOf(
        'doctor / bare Node',
        pairwise(samples.doctor, samples.node, (a, b) => a / b),
        'starts',
        {
          atMost: 12,
        },
      ),
    ];
  },
};
