// What the GOCACHE watcher costs: 10,000 writes a second for 10 s into a temporary cache of a million entries.
//
//   node scripts/bench/watch.ts [--entries 1000000] [--seconds 10] [--rate 10000]
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { BuildCacheEvent } from '../../source/build-cache/event.ts';
import { openBuildCacheFeed } from '../../source/build-cache/feed.ts';

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
  const gocache = mkdtempSync(join(fastFolder(), 'bench-watch-'));
  try {
    execFileSync(process.execPath, ['-e', filler, gocache, String(load.entries)], { maxBuffer: 1 << 20 });
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
  const writer = spawn(process.execPath, ['-e', writerProgram, gocache, String(seconds), String(rate)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  writer.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await once(writer, 'close');
  const { written, tookMs } = JSON.parse(output) as { written: number; tookMs: number };
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

// Memory is faster to fill than a disk, where there is such a folder.
function fastFolder(): string {
  try {
    accessSync('/dev/shm', constants.W_OK);
    return '/dev/shm';
  } catch {
    return tmpdir();
  }
}

// Makes the 256 folders and many entries, as names for a few files (a file can have about 65,000).
const filler = `
  const { createHash } = require('node:crypto');
  const [, gocache, count] = process.argv;
  for (let i = 0; i < 256; i++) fs.mkdirSync(gocache + '/' + i.toString(16).padStart(2, '0'));
  let file = '';
  for (let i = 0; i < Number(count); i++) {
    const id = createHash('sha256').update('entry ' + i).digest('hex');
    const name = gocache + '/' + id.slice(0, 2) + '/' + id + (i % 2 ? '-a' : '-d');
    if (i % 30000 === 0) fs.writeFileSync(file = name, 'x'.repeat(175));
    else fs.linkSync(file, name);
  }`;

// Writes as Go does: the output, its last byte apart, its times, then the action entry and its times.
const writerProgram = `
  const { createHash } = require('node:crypto');
  const [, gocache, seconds, rate] = process.argv;
  const sha = (text) => createHash('sha256').update(text).digest('hex');
  const path = (id, letter) => gocache + '/' + id.slice(0, 2) + '/' + id + '-' + letter;
  const put = (name, parts) => {
    const file = fs.openSync(name, 'w');
    for (const part of parts) fs.writeSync(file, part);
    fs.closeSync(file);
    fs.utimesSync(name, Date.now() / 1000, Date.now() / 1000);
  };
  let written = 0;
  const startedAt = performance.now();
  const timer = setInterval(() => {
    const age = performance.now() - startedAt;
    while (written < Math.min(age, seconds * 1000) / 1000 * rate) {
      const text = 'output ' + written;
      const output = sha(text);
      const action = sha('action ' + written);
      put(path(output, 'd'), [text.slice(0, -1), text.slice(-1)]);
      const size = String(text.length).padStart(20);
      const time = String(BigInt(Date.now()) * 1000000n).padStart(20);
      put(path(action, 'a'), ['v1 ' + action + ' ' + output + ' ' + size + ' ' + time + '\\n']);
      written += 2;
    }
    if (age < seconds * 1000) return;
    clearInterval(timer);
    console.log(JSON.stringify({ written, tookMs: performance.now() - startedAt }));
  }, 2);`;

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      entries: { type: 'string', default: '1000000' },
      seconds: { type: 'string', default: '10' },
      rate: { type: 'string', default: '10000' },
    },
  });
  const load = {
    entries: Number(values.entries),
    seconds: Number(values.seconds),
    rate: Number(values.rate),
  };
  for (const { name, value, limit, unit } of await benchWatch(load)) {
    console.log(
      `${name}: ${value.toFixed(1)} ${unit} (at most ${limit})${value > limit ? '  TOO MUCH' : ''}`,
    );
  }
}
