import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openBuildCacheFeed } from '../../source/build-cache/feed.ts';
import { buildEnd, openApp } from './app.ts';
import { fillCache } from './cache-load.ts';
import { figureOf } from './figure.ts';
import { currentMemory, peakMemory } from './process-cost.ts';
import type { Row } from './row.ts';

/** memory: the most memory held while a build runs on a GOCACHE of a million entries, and the watcher's start there. */
export const memory: Row = {
  name: 'memory',
  title: '1,000,000 entries in GOCACHE, during a cold build, screen open',
  async measure(bench) {
    const { directory, environment } = bench.module();
    const gocache = join(bench.folder, 'large-gocache');
    mkdirSync(gocache, { recursive: true });
    try {
      await fillCache(gocache, bench.isQuick ? 100_000 : 1_000_000);
      // Without it the go command would trim at its end: it would look at every entry, too.
      writeFileSync(join(gocache, 'trim.txt'), String(Math.floor(Date.now() / 1000)));
      const ready: number[] = [];
      for (let run = 0; run < 3; run += 1) ready.push(await timeWatcher(gocache));
      await using terminal = openApp(
        bench.app,
        { cwd: directory, env: { ...environment, GOCACHE: gocache } },
        ['--', 'go', 'build', './...'],
      );
      await buildEnd(terminal);
      return [
        figureOf('peak RSS (VmHWM)', [peakMemory(terminal.pid)], 'MiB', { atMost: 200 }),
        figureOf('RSS at the end of the build', [currentMemory(terminal.pid)], 'MiB', undefined),
        figureOf('watcher ready', ready, 'ms', { atMost: 600 }),
      ];
    } finally {
      rmSync(gocache, { recursive: true, force: true });
    }
  },
};

async function timeWatcher(gocache: string): Promise<number> {
  const startedAt = performance.now();
  let close = (): Promise<void> => Promise.resolve();
  try {
    return await new Promise<number>((resolve, reject) => {
      const feed = openBuildCacheFeed({
        gocache,
        emit(events) {
          for (const event of events) {
            if (event.type === 'watching') resolve(performance.now() - startedAt);
            else if (event.type === 'problem') reject(new Error(event.problem.why));
          }
        },
      });
      close = () => feed.close();
    });
  } finally {
    await close();
  }
}
