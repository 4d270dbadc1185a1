import { setPriority } from 'node:os';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * startWorker starts the worker thread of a file, named as room and file: `build-cache/scan-worker`. In the bundle it
 * lies beside the calling chunk, as `scan-worker.js`; from source (tests, scripts) it is the TypeScript file itself.
 */
export function startWorker(name: `${string}/${string}-worker`, options: WorkerOptions = {}): Worker {
  return new Worker(workerUrl(name, import.meta.url), {
    ...options,
    // No flag of the main thread is needed in a worker, and some are refused there (ERR_WORKER_INVALID_EXEC_ARGV).
    execArgv: options.execArgv ?? [],
  });
}

/** workerUrl is where the file of a worker lies, seen from the module at `from`. */
export function workerUrl(name: `${string}/${string}-worker`, from: string): URL {
  const isSource = new URL(from).pathname.endsWith('.ts');
  const file = name.slice(name.lastIndexOf('/') + 1);
  return isSource ? new URL(`../${name}.ts`, from) : new URL(`./${file}.js`, from);
}

/**
 * yieldToBuilds gives this thread the lowest priority: a build that keeps all cores busy then loses next to nothing to
 * it. setpriority(2) on Linux: who is 0 means the calling thread alone.
 */
export function yieldToBuilds(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(0, 19);
  } catch {
    // A sandbox that forbids it only costs us the politeness.
  }
}
