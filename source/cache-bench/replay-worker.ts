import { randomFillSync } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { codeOf, reasonOf } from '../platform/problem.ts';
import type { Call } from './call.ts';
import { type Gate, isStopped, passGate, stopAll } from './gate.ts';
import { fileName, type Phase, phases, readSteps, type Step, shareSteps, trace } from './trace.ts';

/** ReplayTask is what a writer is given when it starts. */
export type ReplayTask = {
  readonly writer: number;
  readonly writers: number;
  readonly gate: Gate;
};

/** ReplayOrder asks for one phase in one folder; the answer comes when it is done. */
export type ReplayOrder = { readonly folder: string; readonly phase: Phase };

/** ReplayAnswer: times are of the machine's monotonic clock, which all threads share. */
export type ReplayAnswer =
  | { readonly type: 'ready' }
  | { readonly type: 'done'; readonly startedAtMs: number; readonly endedAtMs: number }
  | { readonly type: 'failed'; readonly code: string | undefined; readonly reason: string };

// cmd/go/internal/cache: copyFile and putIndexEntry write in place: no O_TRUNC, no O_EXCL (go1.26).
const openFlags = {
  read: constants.O_RDONLY,
  write: constants.O_WRONLY | constants.O_CREAT,
  readwrite: constants.O_RDWR | constants.O_CREAT,
} as const;

const port = parentPort;
if (port === null) throw new Error('replay-worker runs as a worker thread');

// An error is made for each of the files that are rightly not there. Nobody reads its stack.
Error.stackTraceLimit = 0;

const { writer, writers, gate } = workerData as ReplayTask;
const shares = new Map(
  phases.map((phase) => [phase, shareSteps(readSteps(trace, phase), writers)[writer] ?? []] as const),
);
const longest = longestLength(shares);
const contents = makeContents(longest);
const room = Buffer.alloc(longest);

port.on('message', (order: ReplayOrder) => port.postMessage(replay(order)));
port.postMessage({ type: 'ready' } satisfies ReplayAnswer);

function replay({ folder, phase }: ReplayOrder): ReplayAnswer {
  const steps = (shares.get(phase) ?? []).map(({ file, calls }) => ({
    path: join(folder, fileName(file)),
    calls,
  }));
  const now = Date.now() / 1000;
  passGate(gate, writers);
  const startedAtMs = monotonicMs();
  try {
    for (const { path, calls } of steps) {
      if (isStopped(gate)) break;
      runCalls(path, calls, now);
    }
  } catch (error) {
    stopAll(gate); // the others need not go on
    return { type: 'failed', code: codeOf(error), reason: reasonOf(error) };
  }
  return { type: 'done', startedAtMs, endedAtMs: monotonicMs() };
}

// performance.now() would count from the start of each thread.
function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1000n) / 1000;
}

function runCalls(path: string, calls: readonly Call[], now: number): void {
  let fd = -1;
  try {
    for (const call of calls) {
      switch (call.type) {
        case 'open':
          fd = openSync(path, openFlags[call.mode]);
          break;
        case 'close':
          closeSync(fd);
          fd = -1;
          break;
        case 'miss':
          openMissing(path);
          break;
        case 'stat':
        case 'absent':
          statSync(path, { throwIfNoEntry: false });
          break;
        case 'fstat':
          fstatSync(fd);
          break;
        case 'read':
          readSync(fd, room, 0, call.length, null);
          break;
        case 'pread':
        case 'map':
          readSync(fd, room, 0, call.length, call.at);
          break;
        case 'write':
          writeAll(fd, call.length);
          break;
        case 'truncate':
          ftruncateSync(fd, call.length);
          break;
        case 'touch':
          utimesSync(path, now, now);
          break;
        case 'mkdir':
          mkdirSync(path);
          break;
        case 'list':
          readdirSync(path);
          break;
      }
    }
  } finally {
    if (fd !== -1) closeSync(fd);
  }
}

function openMissing(path: string): void {
  try {
    closeSync(openSync(path, constants.O_RDONLY));
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

/** writeAll goes on after a write that took less, as on a disk that is just full: the next one says so. */
function writeAll(fd: number, length: number): void {
  for (let at = 0; at < length; ) at += writeSync(fd, contents, at, length - at, null);
}

/** makeContents: archives shrink to 28 % with gzip -1; a file system that compresses finds about as much here. */
function makeContents(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < bytes.length; at += 4096) {
    randomFillSync(bytes, at, Math.min(1024, bytes.length - at));
  }
  return bytes;
}

/** longestLength is that of the longest read or write. */
function longestLength(of: ReadonlyMap<Phase, readonly Step[]>): number {
  let longest = 0;
  for (const steps of of.values())
    for (const { calls } of steps)
      for (const call of calls) if ('length' in call) longest = Math.max(longest, call.length);
  return longest;
}
