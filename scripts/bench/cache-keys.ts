import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Terminal } from '../../test/pty/terminal.ts';
import { firstFrame, openApp } from './app.ts';
import { fillWithPairs, makeFastFolder } from './cache-load.ts';
import { figureOf, percentile } from './figure.ts';
import type { Row } from './row.ts';

/** cacheKeys: from a key to the frame that shows what it did, with a million entries in the index. */
export const cacheKeys: Row = {
  name: 'cache-keys',
  title: 'key to frame with 1,000,000 entries loaded, sorting and filtering, 120x40',
  async measure(bench) {
    const gocache = makeFastFolder('bench-cache-keys');
    try {
      await fillWithPairs(gocache, bench.isQuick ? 100_000 : 1_000_000);
      await using terminal = openApp(bench.app, { cwd: bench.folder, env: { GOCACHE: gocache } }, []);
      await firstFrame(terminal);
      terminal.type('2');
      terminal.key('enter');
      const startedAt = performance.now();
      await terminal.until(/\bkinds?\b|of one package|packages/, { timeoutMs: 120_000 });
      await terminal.when(() => !/being read/.test(terminal.text()), { timeoutMs: 180_000 });
      const loadedMs = performance.now() - startedAt;
      await delay(5000); // until the times of all have been looked at once more
      const samples: number[] = [];
      const presses = bench.isQuick ? 20 : 100;
      while (samples.length < presses) {
        for (const key of ['s', 'S', '/', 'a', 'escape', ']', '['])
          samples.push(await timeKey(terminal, key));
      }
      return [
        figureOf('until all is named', [loadedMs / 1000], 's', undefined),
        figureOf('median', samples, 'ms', undefined),
        {
          ...figureOf('95th percentile', samples, 'ms', { atMost: 33 }),
          measured: percentile(samples, 0.95),
        },
      ];
    } finally {
      rmSync(gocache, { recursive: true, force: true });
    }
  },
};

async function timeKey(terminal: Terminal, key: string): Promise<number> {
  const before = terminal.text();
  const startedAt = performance.now();
  if (key === 'escape') terminal.key(key);
  else terminal.type(key);
  await terminal.when(() => terminal.text() !== before, { what: `an answer to ${key}`, timeoutMs: 10_000 });
  const ms = performance.now() - startedAt;
  await delay(40);
  return ms;
}
