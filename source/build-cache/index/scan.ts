import { readdirSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';
import { codeOf, type Problem, reasonOf } from '../../platform/problem.ts';
import { startWorker } from '../../platform/workers.ts';
import { isCacheFolder } from '../file-name.ts';
import type { EntryChange, EntryIndex } from './entry-index.ts';
import type { HashedOutput } from './hash-output.ts';
import { idSize } from './id-table.ts';
import type { NamedOutput } from './read-entries.ts';
import { type FolderRead, type ForeignFile, sumFolder } from './read-folder.ts';

/** IndexOrder is what a thread of the index is told at its start; then it answers one request after the other. */
export type IndexOrder = { readonly gocache: string; readonly gomodcache: string };
export type IndexRequest =
  | { readonly type: 'folder'; readonly folder: string }
  | { readonly type: 'read'; readonly ids: Uint8Array }
  | { readonly type: 'name'; readonly ids: Uint8Array; readonly folders: Uint8Array }
  | { readonly type: 'check'; readonly ids: Uint8Array; readonly folders: Uint8Array };
export type IndexAnswer =
  | { readonly type: 'folder'; readonly read: FolderRead }
  | { readonly type: 'read'; readonly change: Extract<EntryChange, { type: 'read' }> }
  | { readonly type: 'name'; readonly named: readonly NamedOutput[] }
  | { readonly type: 'check'; readonly count: number; readonly found: readonly HashedOutput[] };

/** ScanProgress says how far a scan is: first all entries are listed, then their contents are read for names. */
export type ScanProgress = {
  readonly folders: number;
  readonly toRead: number;
  readonly toName: number;
};

/** IndexScan is what a scan found beside the entries. */
export type IndexScan = {
  readonly foreign: readonly ForeignFile[];
  readonly fuzz: { readonly bytes: number; readonly files: number };
  readonly problems: readonly Problem[];
  readonly durationMs: number;
};

export type ScanOptions = IndexOrder & {
  readonly index: EntryIndex;
  /** learned keeps what only naming needs: generated files and main archives, by output. */
  readonly learned: Learned;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ScanProgress) => void;
};

/** Learned is what outputs tell about other entries. */
export type Learned = {
  /** generated files of lists, by output ID. */
  readonly generated: Map<string, readonly string[]>;
  /** mainActions of executables, by output ID. */
  readonly mainActions: Map<string, string>;
};

export function createLearned(): Learned {
  return { generated: new Map(), mainActions: new Map() };
}

// Two read the million entries of a large cache in half the time; more would take from a build.
const threads = 2;
const actionsPerRequest = 2000;
const outputsPerRequest = 100;

/**
 * scanEntries brings an index up to date with a GOCACHE: lists its folders, reads action entries and looks into outputs
 * that the index does not know yet. It rejects when it is aborted, or when a thread breaks.
 */
export async function scanEntries(options: ScanOptions): Promise<IndexScan> {
  const { gocache, gomodcache, index, learned, signal, onProgress } = options;
  const startedAt = performance.now();
  const foreign: ForeignFile[] = [];
  const problems: Problem[] = [];
  const folders = listFolders(gocache, problems);
  const isSmall = folders.length < 256;
  const pool = openPool({ gocache, gomodcache }, isSmall ? 1 : threads, signal);
  try {
    index.beginScan();
    let done = 0;
    await pool.each(
      folders.map((folder) => ({ type: 'folder' as const, folder })),
      (answer) => {
        if (answer.type !== 'folder') return;
        index.apply(answer.read.actions);
        index.apply(answer.read.outputs);
        foreign.push(...answer.read.foreign);
        problems.push(...answer.read.problems);
        done += 1;
        onProgress?.({ folders: done, toRead: index.actions.count, toName: index.outputs.count });
      },
    );
    index.endScan();
    await nameEntries(index, learned, pool, onProgress);
    const fuzz = sumFolder(`${gocache}/fuzz`, problems);
    return { foreign, fuzz, problems, durationMs: performance.now() - startedAt };
  } finally {
    pool.close();
  }
}

async function nameEntries(
  index: EntryIndex,
  learned: Learned,
  pool: Pool,
  onProgress: ScanOptions['onProgress'],
): Promise<void> {
  const { actions, outputs } = index;
  const unread = rowsWhere(actions.length, (row) => actions.isUsed(row) && !actions.isRead(row));
  let toRead = unread.length;
  const unnamed = rowsWhere(outputs.length, (row) => outputs.isUsed(row) && outputs.kind(row) === undefined);
  let toName = unnamed.length;
  await pool.each(
    chunks(unread, actionsPerRequest).map((rows) => ({ type: 'read' as const, ids: pack(rows, actions.id) })),
    (answer) => {
      if (answer.type !== 'read') return;
      index.apply(answer.change);
      toRead -= answer.change.sizes.length;
      onProgress?.({ folders: 256, toRead, toName });
    },
  );
  await pool.each(
    chunks(unnamed, outputsPerRequest).map((rows) => ({
      type: 'name' as const,
      ids: pack(rows, outputs.id),
      folders: Uint8Array.from(rows, (row) => (outputs.isFolder(row) ? 1 : 0)),
    })),
    (answer) => {
      if (answer.type !== 'name') return;
      for (const { id, kind, name, generated, mainAction } of answer.named) {
        index.apply({ type: 'named', id, kind, name });
        if (generated.length > 0) learned.generated.set(id, generated);
        if (mainAction !== undefined) learned.mainActions.set(id, mainAction);
      }
      toName -= answer.named.length;
      onProgress?.({ folders: 256, toRead: 0, toName });
    },
  );
}

/** rowsWhere lists the rows that are wanted. */
export function rowsWhere(length: number, wanted: (row: number) => boolean): number[] {
  const rows: number[] = [];
  for (let row = 0; row < length; row++) if (wanted(row)) rows.push(row);
  return rows;
}

/** chunks cuts rows into requests. */
export function chunks(rows: readonly number[], size: number): number[][] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, index) =>
    rows.slice(index * size, (index + 1) * size),
  );
}

/** pack puts the IDs of rows one behind the other. */
export function pack(rows: readonly number[], id: (row: number) => string): Uint8Array {
  const ids = Buffer.from(new ArrayBuffer(rows.length * idSize));
  for (const [index, row] of rows.entries()) ids.write(id(row), index * idSize, idSize, 'hex');
  return new Uint8Array(ids.buffer);
}

function listFolders(gocache: string, problems: Problem[]): string[] {
  try {
    return readdirSync(gocache).filter(isCacheFolder).sort();
  } catch (error) {
    if (codeOf(error) !== 'ENOENT')
      problems.push({ where: gocache, what: 'cannot be read', why: reasonOf(error), repair: '' });
    return [];
  }
}

/** Pool is the threads of the index. */
export type Pool = {
  /** each has the threads answer all requests; `take` gets the answers as they come. */
  each(requests: readonly IndexRequest[], take: (answer: IndexAnswer) => void): Promise<void>;
  close(): void;
};

/** openPool starts the threads of the index as they are needed. */
export function openPool(order: IndexOrder, size: number, signal: AbortSignal | undefined): Pool {
  const workers: Worker[] = [];
  return {
    each(requests, take) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        if (requests.length === 0) return resolve();
        let next = 0;
        let answered = 0;
        const listening: (() => void)[] = [];
        const abort = () => settle(() => reject(signal?.reason));
        const settle = (end: () => void) => {
          signal?.removeEventListener('abort', abort);
          for (const stop of listening) stop();
          end();
        };
        signal?.addEventListener('abort', abort, { once: true });
        const feed = (worker: Worker) => {
          const request = requests[next++];
          if (request !== undefined) worker.postMessage(request);
        };
        while (workers.length < Math.min(size, requests.length))
          workers.push(
            startWorker('build-cache/index-worker', {
              workerData: order,
              resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 128 },
            }),
          );
        for (const worker of workers) {
          const onMessage = (answer: IndexAnswer): void => {
            take(answer);
            answered += 1;
            if (answered === requests.length) settle(resolve);
            else feed(worker);
          };
          const onError = (error: Error): void => settle(() => reject(error));
          worker.on('message', onMessage);
          worker.on('error', onError);
          // One by one: removeAllListeners takes the listeners along by which a Worker hears at all.
          listening.push(() => worker.off('message', onMessage).off('error', onError));
          feed(worker);
        }
      });
    },
    close() {
      for (const worker of workers) void worker.terminate();
    },
  };
}
