import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { timeRun } from './app.ts';
import { fillWithPairs, makeFastFolder } from './cache-load.ts';
import { cold } from './cold-build.ts';
import { figureOf } from './figure.ts';
import { type Bench, interleave, pairwise, type Row } from './row.ts';

/** scanBeside: what a build loses to a scan of a large GOCACHE that goes on all the while. */
export const scanBeside: Row = {
  name: 'scan-beside',
  title: 'cold `go build ./...` with a scan of a million entries beside it, again and again / alone',
  async measure(bench) {
    const large = makeFastFolder('bench-beside');
    const command = ['go', 'build', './...'];
    try {
      await fillWithPairs(large, bench.isQuick ? 50_000 : 1_000_000);
      const samples = await interleave(bench.isQuick ? 1 : 5, {
        alone: () => cold(bench, (place) => timeRun(command, place)),
        beside: () => cold(bench, (place) => beside(bench, large, () => timeRun(command, place))),
      });
      return [
        figureOf(
          'alone',
          samples.alone.map((ms) => ms / 1000),
          's',
          undefined,
        ),
        figureOf(
          'beside / alone',
          pairwise(samples.beside, samples.alone, (a, b) => a / b),
          'x',
          { atMost: 1.05 },
        ),
      ];
    } finally {
      rmSync(large, { recursive: true, force: true });
    }
  },
};

async function beside(
  { app, folder }: Bench,
  gocache: string,
  build: () => Promise<number>,
): Promise<number> {
  let isOver = false;
  let scan: ReturnType<typeof startScan> | undefined;
  const startScan = () =>
    spawn(app.words[0], [app.words[1], 'scan', '--gocache', gocache], {
      cwd: folder,
      env: { ...process.env, ...app.environment, XDG_CACHE_HOME: join(folder, 'no-kept') },
      stdio: 'ignore',
    });
  const scanning = (async () => {
    while (!isOver) {
      rmSync(join(folder, 'no-kept'), { recursive: true, force: true });
      scan = startScan();
      await once(scan, 'exit');
    }
  })();
  try {
    return await build();
  } finally {
    isOver = true;
    scan?.kill('SIGKILL');
    await scanning;
  }
}
