import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { scanModuleCache } from '../../source/module-cache/scan.ts';
import { timeRun } from './app.ts';
import { figureOf } from './figure.ts';
import { prepareSubject, subject } from './module-subject.ts';
import { interleave, pairwise, type Row } from './row.ts';

/** moduleList: the first and the second list of a GOMODCACHE with all sizes, beside du, which adds up the same files. */
export const moduleList: Row = {
  name: 'module-list',
  title: `list of the GOMODCACHE of ${subject}, beside du -s`,
  async measure(bench) {
    const folder = join(bench.folder, 'module-list');
    try {
      const { directory, environment, gomodcache } = prepareSubject(folder);
      const place = { cwd: directory, env: { ...environment, ...bench.app.environment } };
      const ours = [...bench.app.words, 'modules'];
      const du = ['du', '-s', gomodcache];
      const scanKept = join(folder, 'scan-kept');
      const scan = async (): Promise<number> =>
        (await scanModuleCache(gomodcache, { keptIn: scanKept })).durationMs;
      const kept = join(bench.app.environment.XDG_CACHE_HOME ?? '', 'gocachetop');
      await timeRun(du, place);
      const samples = await interleave(bench.isQuick ? 1 : 7, {
        du: () => timeRun(du, place),
        first: () => {
          rmSync(kept, { recursive: true, force: true });
          return timeRun(ours, place);
        },
        second: async () => {
          await timeRun(ours, place);
          return timeRun(ours, place);
        },
        firstScan: () => {
          rmSync(scanKept, { recursive: true, force: true });
          return scan();
        },
        secondScan: async () => {
          await scan();
          return scan();
        },
        goEnv: () => timeRun(['go', 'env', '-json'], place),
        node: () => timeRun([process.execPath, '-e', '0'], place),
      });
      const ratio = (over: readonly number[]) => (one: readonly number[]) => pairwise(one, over, divide);
      return [
        figureOf('du -s', samples.du, 'ms', undefined),
        figureOf('bare node', samples.node, 'ms', undefined),
        figureOf('go env -json, which we ask first', samples.goEnv, 'ms', undefined),
        figureOf('first list', samples.first, 'ms', undefined),
        figureOf('first list / du -s', ratio(samples.du)(samples.first), 'x', { atMost: 1.5 }),
        figureOf('second list / first list', ratio(samples.first)(samples.second), 'x', { atMost: 0.2 }),
        figureOf('first, the scan alone', samples.firstScan, 'ms', undefined),
        figureOf(
          'second / first, the scan alone',
          ratio(samples.firstScan)(samples.secondScan),
          'x',
          undefined,
        ),
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function divide(one: number, other: number): number {
  return one / other;
}
