import { timeBareNode, timeRun } from './app.ts';
import { figureOf } from './figure.ts';
import { interleave, pairwise, type Row } from './row.ts';

/** warmBuild: what gocachetop adds to a build that compiles nothing, where its own start is all there is. */
export const warmBuild: Row = {
  name: 'warm-build',
  title: 'the same build, all hits: what wrapping adds, in starts of bare Node',
  async measure(bench) {
    const { app } = bench;
    const { directory, environment } = bench.module();
    const plainPlace = { cwd: directory, env: environment };
    const place = { cwd: directory, env: { ...environment, ...app.environment } };
    const command = ['go', 'build', './...'];
    const wrapped = [...app.words, 'report', '--', ...command];
    await timeRun(command, plainPlace);
    await timeRun(wrapped, place);
    const samples = await interleave(bench.isQuick ? 5 : 25, {
      node: () => timeBareNode(place),
      plain: () => timeRun(command, plainPlace),
      wrapped: () => timeRun(wrapped, place),
    });
    const added = pairwise(samples.wrapped, samples.plain, (a, b) => a - b);
    return [
      figureOf('one start of bare Node', samples.node, 'ms', undefined),
      figureOf('plain', samples.plain, 'ms', undefined),
      figureOf('wrapped - plain', added, 'ms', undefined),
      figureOf(
        '(wrapped - plain) / bare Node',
        pairwise(added, samples.node, (a, b) => a / b),
        'starts',
        { atMost: 5 },
      ),
    ];
  },
};
