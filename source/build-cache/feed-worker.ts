import { parentPort, workerData } from 'node:worker_threads';
import { watchTree } from '../platform/watch.ts';
import { type ChangedFile, createChangeReader } from './change-reader.ts';
import type { BuildCacheEvent } from './event.ts';
import type { FeedMessage, FeedOrder, FeedRequest } from './feed.ts';
import { isCacheFolder, parseCacheFileName } from './file-name.ts';
import { packIds } from './index/entry-pack.ts';

/*
 * The thread of the feed: it watches, reads what was written and sends events in batches. It has nothing else to do,
 * so it may sleep between batches, and no work of the main thread makes the kernel's queue overflow.
 */
const { gocache, since, sleeper } = workerData as FeedOrder;
const reader = createChangeReader(gocache);
let tellsTouched = false;
let timer: NodeJS.Timeout | undefined;
let isReady: () => void = () => undefined;
const ready = new Promise<void>((resolve) => {
  isReady = resolve;
});

watchTree(gocache, { isFolder: isCacheFolder, mayBlock: true, sleeper, since }, (event) => {
  if (event.type === 'changes') {
    send(reader.push(event.changes, Date.now()));
    if (tellsTouched) sendTouched(event.changes);
    settleSoon();
  } else if (event.type === 'watching') {
    send([{ type: 'watching', mode: event.mode }]);
    isReady();
  } else {
    send([event]);
    if (event.type === 'missing') isReady();
  }
});

parentPort?.on('message', (request: FeedRequest) => {
  if (request === 'drain') void drain();
  else tellsTouched = true;
});

/** drain answers when the events that were waiting for this thread have gone through it. */
async function drain(): Promise<void> {
  await ready;
  for (let turn = 0; turn < drainTurns; turn++) await new Promise((resolve) => setImmediate(resolve));
  send(reader.settle(Date.now()));
  parentPort?.postMessage('drained' satisfies FeedMessage);
  Atomics.store(sleeper, 0, 0);
}

function settleSoon(): void {
  if (timer !== undefined || !reader.isWaiting) return;
  timer = setTimeout(() => {
    timer = undefined;
    send(reader.settle(Date.now()));
    settleSoon();
  }, settleMs);
}

function send(events: BuildCacheEvent[]): void {
  if (events.length > 0) parentPort?.postMessage(events satisfies FeedMessage);
}

function sendTouched(changes: readonly ChangedFile[]): void {
  const ids = { action: [] as string[], output: [] as string[] };
  for (const { name } of changes) {
    const file = parseCacheFileName(name);
    if (file !== undefined) ids[file.kind].push(file.id);
  }
  const touched = { actions: [packIds(ids.action)], outputs: [packIds(ids.output)] };
  parentPort?.postMessage(touched satisfies FeedMessage);
}

const settleMs = 200;
// One turn reads what the kernel has queued, the next tells it; one more for what came meanwhile.
const drainTurns = 3;
