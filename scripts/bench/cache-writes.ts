import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { firstFrame, openApp } from './app.ts';
import { makeFastFolder, writeEntries } from './cache-load.ts';
import { type Figure, figureOf } from './figure.ts';
import { cpuMs } from './process-cost.ts';
import type { Bench, Row } from './row.ts';
import { benchWatch } from './watch.ts';

/** cacheWrites: the watcher alone, then the whole program with its screen open, while others write to GOCACHE. */
export const cacheWrites: Row = {
  name: 'cache-writes',
  title: '10,000 cache writes a second',
  async measure(bench) {
    const load = bench.isQuick ? { seconds: 2, rate: 10_000 } : { seconds: 10, rate: 10_000 };
    const watcher = await benchWatch({ ...load, entries: bench.isQuick ? 50_000 : 1_000_000 });
    return [
      ...watcher.map(({ name, value, limit, unit }) =>
        figureOf(`watcher alone: ${name}`, [value], unit, { atMost: limit }),
      ),
      ...(await wholeProgram(bench, load)),
    ];
  },
};

async function wholeProgram(
  bench: Bench,
  load: { readonly seconds: number; readonly rate: number },
): Promise<readonly Figure[]> {
  const { directory, environment } = bench.module();
  const gocache = makeFastFolder('bench-writes');
  try {
    await using terminal = openApp(
      bench.app,
      { cwd: directory, env: { ...environment, GOCACHE: gocache } },
      [],
    );
    await firstFrame(terminal);
    await terminal.until('by events');
    await delay(1000); // for what the start has left to do
    const [cpu, bytes] = [cpuMs(terminal.pid), terminal.bytes()];
    const { written, tookMs } = await writeEntries(gocache, load);
    const used = cpuMs(terminal.pid) - cpu;
    const sent = terminal.bytes() - bytes;
    const files = new RegExp(`\\b${written.toLocaleString('en')} files`);
    const isAllShown = await terminal.until(files, { timeoutMs: 5000 }).then(
      () => true,
      () => /\blost\b|\bmissed\b/.test(terminal.text()),
    );
    return [
      figureOf('whole program, screen open: CPU', [(100 * used) / tookMs], '% of a core', { atMost: 25 }),
      figureOf('whole program: writes neither counted on screen nor told as lost', [isAllShown ? 0 : 1], '', {
        atMost: 0,
      }),
      figureOf('whole program: to the terminal', [sent / tookMs], 'kB/s', undefined),
    ];
  } finally {
    rmSync(gocache, { recursive: true, force: true });
  }
}
