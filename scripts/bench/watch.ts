// What the GOCACHE watcher costs: 10,000 writes a second for 10 s into a temporary cache of a million entries.
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BuildCacheEvent } from '../../source/build-cache/event.ts';
import { openBuildCacheFeed } from '../../source/build-cache/feed.ts';
import { fillCache, makeFastFolder, writeEntries } from './cache-load.ts';

/** Figure is one measured value; `limit` is the most that it may be. */
export type Figure = {
  readonly name: string;
  readonly value: number;
  readonly limit: number;
  readonly unit: string;
};

export type WatchLoad = { readonly entries: number; readonly seconds: number; readonly rate: number };

/** benchWatch measures the feed under load, beside a writer in a process of its own. */
export async function benchWatch(load: WatchLoad): Promise<readonly Figure[]> {
  const gocache = makeFastFolder('bench-watch');
  try {
    await fillCache(gocache, load.entries);
    return await measure(gocache, load);
  } finally {
    rmSync(gocache, { recursive: true, force: true });
  }
}

async function measure(gocache: string, { seconds, rate }: WatchLoad): Promise<readonly Figure[]> {
  // Numbers, so that what is counted here does not weigh in the memory: 48 bits of each ID, and which of both it is.
  const told = new Set<number>();
  let lost = 0;
  const rssBefore = process.memoryUsage().rss;
  const startedAt = performance.now();
  let tellReady = (_ms: number) => {};
  let tellFailure = (_why: Error) => {};
  const ready = new Promise<number>((resolve, reject) => {
    tellReady = resolve;
    tellFailure = reject;
  });
  const feed = openBuildCacheFeed({ gocache, emit: (events) => events.forEach(take) });
  const readyMs = await ready;

  const before = process.cpuUsage();
  const { written, tookMs } = await writeEntries(gocache, { seconds, rate });
  for (let wait = 0; wait < 50 && told.size < written; wait++) await sleep(100);
  const cpu = process.cpuUsage(before);
  const rss = process.memoryUsage().rss - rssBefore;
  await feed.close();

  const missing = Math.max(written - told.size, lost);
  return [
    {
      name: 'writes a second that were really made',
      value: written / (tookMs / 1000),
      limit: rate * 1.01,
      unit: '/s',
    },
    {
      name: 'CPU of the watcher',
      value: (cpu.user + cpu.system) / 10 / tookMs,
      limit: 25,
      unit: '% of a core',
    },
    { name: 'writes lost', value: missing, limit: 0, unit: '' },
    { name: 'watcher ready', value: readyMs, limit: 600, unit: 'ms' },
    { name: 'memory that the watcher adds', value: rss / 2 ** 20, limit: 80, unit: 'MiB' },
  ];

  function take(event: BuildCacheEvent): void {
    if (event.type === 'watching') tellReady(performance.now() - startedAt);
    else if (event.type === 'wrote-output') told.add(2 * Number.parseInt(event.outputId.slice(0, 12), 16));
    else if (event.type === 'wrote-action')
      told.add(2 * Number.parseInt(event.actionId.slice(0, 12), 16) + 1);
    else if (event.type === 'lost') lost += event.count ?? Number.POSITIVE_INFINITY;
    else if (event.type === 'problem') tellFailure(new Error(event.problem.why));
  }
}
