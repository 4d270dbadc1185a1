import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { timeRun } from './app.ts';
import { fillWithPairs, makeFastFolder } from './cache-load.ts';
import { figureOf } from './figure.ts';
import { peakMemory } from './process-cost.ts';
import { type Bench, interleave, pairwise, type Row, Skip } from './row.ts';

/** cacheScan: the first and the second opening of a large GOCACHE, beside gdu on the same tree. */
export const cacheScan: Row = {
  name: 'cache-scan',
  title: 'opening a GOCACHE of 1,000,000 entries, beside `gdu -npc`',
  async measure(bench) {
    if (!hasProgram('gdu')) throw new Skip('gdu is not installed');
    const gocache = makeFastFolder('bench-scan');
    const kept = join(bench.folder, 'kept');
    mkdirSync(kept, { recursive: true });
    try {
      await fillWithPairs(gocache, bench.isQuick ? 100_000 : 1_000_000);
      const place = { cwd: bench.folder, env: {} };
      const child = bundleChild(bench);
      const named: number[] = [];
      const samples = await interleave(bench.isQuick ? 1 : 5, {
        gdu: () => timeRun(['gdu', '-npc', gocache], place),
        first: async () => {
          const times = await openIndex(child, 'first', gocache, kept);
          named.push(times.shown / 1000);
          return times.listed;
        },
        second: async () => (await openIndex(child, 'second', gocache, kept)).shown,
      });
      const toGdu = (ours: readonly number[]) => pairwise(ours, samples.gdu, (a, b) => a / b);
      return [
        figureOf('gdu', inSeconds(samples.gdu), 's', undefined),
        figureOf('first: until all is listed, with sizes and ages / gdu', toGdu(samples.first), 'x', {
          atMost: 0.8,
        }),
        figureOf('first: until all is named', named, 's', undefined),
        figureOf('second, nothing changed: until all is shown / gdu', toGdu(samples.second), 'x', {
          atMost: 0.15,
        }),
        figureOf('first: peak RSS of gocachetop scan', [await peakOfScan(bench, gocache)], 'MiB', {
          atMost: 220,
        }),
      ];
    } finally {
      rmSync(gocache, { recursive: true, force: true });
    }
  },
};

function inSeconds(milliseconds: readonly number[]): readonly number[] {
  return milliseconds.map((ms) => ms / 1000);
}

function hasProgram(name: string): boolean {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

type Times = { readonly listed: number; readonly shown: number };

/** bundleChild puts the program that opens an index beside the threads of the bundle, as the app itself is. */
function bundleChild({ app }: Bench): string {
  const outfile = join(dirname(dirname(app.words[1])), 'dist', 'index-child.js');
  const entryPoints = [join(import.meta.dirname, 'index-child.ts')];
  buildSync({ entryPoints, outfile, bundle: true, format: 'esm', platform: 'node', minify: true });
  return outfile;
}

/** openIndex times from the start of the process, so that Node's own start counts too. */
function openIndex(child: string, mode: 'first' | 'second', gocache: string, kept: string): Promise<Times> {
  const printed = execFileSync(process.execPath, [child, mode, gocache, kept], { encoding: 'utf8' });
  return Promise.resolve(JSON.parse(printed) as Times);
}

/** peakOfScan is the most memory that a scan held, as the system remembers it of a child that has ended. */
async function peakOfScan({ app, folder }: Bench, gocache: string): Promise<number> {
  const child = spawn(app.words[0], [app.words[1], 'scan', '--gocache', gocache], {
    cwd: folder,
    env: { ...process.env, ...app.environment, XDG_CACHE_HOME: join(folder, 'no-kept') },
    stdio: 'ignore',
  });
  const ended = once(child, 'exit').then(() => true);
  let peak = 0;
  // Its peak only grows: the last look before the end is the whole of it, less a few milliseconds.
  while (!(await Promise.race([ended, delay(5).then(() => false)])))
    peak = Math.max(peak, lastPeak(child.pid) ?? 0);
  return peak;
}

function lastPeak(pid: number | undefined): number | undefined {
  try {
    const peak = pid === undefined ? Number.NaN : peakMemory(pid);
    return Number.isNaN(peak) ? undefined : peak;
  } catch {
    return undefined; // it has ended
  }
}
