import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildEnd, openApp, type Place, timeRun } from './app.ts';
import { figureOf } from './figure.ts';
import { cpuMs, descendantsCpuMs } from './process-cost.ts';
import { type Bench, interleave, pairwise, type Row } from './row.ts';

/** coldBuild: what gocachetop adds to a build that compiles everything, as a report and with the screen open. */
export const coldBuild: Row = {
  name: 'cold-build',
  title: 'cold `go build ./...` of bubbletea v1.3.10, wrapped / plain',
  async measure(bench) {
    const { app } = bench;
    const command = ['go', 'build', './...'];
    const cpu = { plain: [] as number[], report: [] as number[], screen: [] as number[] };
    const own: number[] = [];
    // Wall and CPU time of a whole run, with all that it started.
    const time = (name: keyof typeof cpu, run: (place: Place) => Promise<number>) => () =>
      cold(bench, async (place) => {
        const before = descendantsCpuMs();
        const ms = await run(place);
        cpu[name].push(descendantsCpuMs() - before);
        return ms;
      });
    const samples = await interleave(bench.isQuick ? 1 : 5, {
      plain: time('plain', (place) => timeRun(command, place)),
      report: time('report', ({ cwd, env }) =>
        timeRun([...app.words, 'report', '--', ...command], { cwd, env: { ...env, ...app.environment } }),
      ),
      screen: time('screen', (place) => timeScreen(bench, place, command, own)),
    });
    const ratio = (wrapped: readonly number[], plain: readonly number[]) =>
      pairwise(wrapped, plain, (a, b) => a / b);
    return [
      figureOf('plain', inSeconds(samples.plain), 's', undefined),
      figureOf('wrapped, report / plain', ratio(samples.report, samples.plain), 'x', { atMost: 1.02 }),
      figureOf('wrapped, screen / plain', ratio(samples.screen, samples.plain), 'x', { atMost: 1.02 }),
      figureOf('plain: CPU', inSeconds(cpu.plain), 's', undefined),
      figureOf('report / plain: CPU', ratio(cpu.report, cpu.plain), 'x', undefined),
      figureOf('screen / plain: CPU', ratio(cpu.screen, cpu.plain), 'x', undefined),
      figureOf('screen: CPU of our process', inSeconds(own), 's', undefined),
    ];
  },
};

/** cold runs a measurement with a GOCACHE that does not exist yet. */
export async function cold<Result>(
  bench: Bench,
  measure: (place: Place) => Promise<Result>,
): Promise<Result> {
  const { directory, environment } = bench.module();
  const gocache = join(bench.folder, 'cold-gocache');
  rmSync(gocache, { recursive: true, force: true });
  try {
    return await measure({ cwd: directory, env: { ...environment, GOCACHE: gocache } });
  } finally {
    rmSync(gocache, { recursive: true, force: true });
  }
}

/** timeScreen gives the time until the screen says that the build has ended; `own` gets the CPU time of our process. */
async function timeScreen(
  { app }: Bench,
  place: Place,
  command: readonly string[],
  own: number[],
): Promise<number> {
  const startedAt = performance.now();
  await using terminal = openApp(app, place, ['--', ...command]);
  await buildEnd(terminal);
  const ms = performance.now() - startedAt;
  own.push(cpuMs(terminal.pid));
  return ms;
}

function inSeconds(milliseconds: readonly number[]): readonly number[] {
  return milliseconds.map((ms) => ms / 1000);
}
