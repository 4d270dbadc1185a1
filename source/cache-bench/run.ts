import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { startWorker } from '../platform/workers.ts';
import { createGate, letGo, stopAll } from './gate.ts';
import type { ReplayAnswer, ReplayOrder, ReplayTask } from './replay-worker.ts';
import type { Phase } from './trace.ts';

/** Fault is why a replay did not come to its end, with the system's code where there is one. */
export type Fault = { readonly code: string | undefined; readonly reason: string };

export type ReplayRun =
  | { readonly type: 'done'; readonly wallMs: number }
  | { readonly type: 'failed'; readonly fault: Fault }
  | { readonly type: 'stopped' };

/** Replay is the writers that make the calls of the trace, all at the same time. */
export type Replay = {
  readonly writers: number;
  /** run makes the calls of a phase in an existing folder, `warm` behind `cold`; one run at a time. */
  run(folder: string, phase: Phase): Promise<ReplayRun>;
  close(): Promise<void>;
};

/** openReplay starts as many writers as go build works on at once: GOMAXPROCS. */
export async function openReplay(signal: AbortSignal, writers = writersHere()): Promise<Replay> {
  const gate = createGate();
  const workers = Array.from({ length: writers }, (_, writer) =>
    startWorker('cache-bench/replay-worker', {
      workerData: { writer, writers, gate } satisfies ReplayTask,
    }),
  );
  const stop = (): void => stopAll(gate);
  signal.addEventListener('abort', stop, { once: true });
  await Promise.all(workers.map(answerOf));
  return {
    writers,
    async run(folder, phase) {
      letGo(gate);
      if (signal.aborted) return { type: 'stopped' };
      const answers = workers.map(answerOf);
      for (const worker of workers) worker.postMessage({ folder, phase } satisfies ReplayOrder);
      return judge(await Promise.all(answers), signal);
    },
    async close() {
      signal.removeEventListener('abort', stop);
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

/** writersHere is as many as GOMAXPROCS; more than 64 threads of ours would need memory for nothing. */
export function writersHere(): number {
  return Math.min(availableParallelism(), 64);
}

async function answerOf(worker: Worker): Promise<ReplayAnswer> {
  const [answer] = await once(worker, 'message');
  return answer as ReplayAnswer;
}

function judge(answers: readonly ReplayAnswer[], signal: AbortSignal): ReplayRun {
  const failed = answers.find((answer) => answer.type === 'failed');
  if (failed !== undefined) return { type: 'failed', fault: failed };
  if (signal.aborted) return { type: 'stopped' };
  const times = answers.filter((answer) => answer.type === 'done');
  const startedAt = Math.min(...times.map((each) => each.startedAtMs));
  const endedAt = Math.max(...times.map((each) => each.endedAtMs));
  return { type: 'done', wallMs: endedAt - startedAt };
}
