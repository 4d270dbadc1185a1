import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Contents } from './contents.ts';
import type { OutputId } from './go/ids.ts';
import { createOneAtATime } from './one-at-a-time.ts';
import { knownActions, measurePrune, selectPrune } from './operations/prune/select.ts';
import type { PruneSelectors } from './operations/prune/selectors.ts';
import { parseBatchId } from './operations/removal/batch.ts';
import { logRemoval } from './operations/removal/log.ts';
import { isProcessAlive } from './operations/removal/processes.ts';
import { removeEntries } from './operations/removal/removal.ts';
import { freeBatch, freeExpired, restoreBatch } from './operations/removal/trash.ts';
import type { Problem } from './platform/problem.ts';
import type { AppEvent } from './store/event.ts';
import { formatBytes, formatCount } from './store/format.ts';

/** Pruning removes packages from GOCACHE for the screen, and keeps them in a trash until it is left. */
export type Pruning = {
  /** prune takes out of GOCACHE what the order says; what selectors choose by age is looked at once more before. */
  prune(order: PruneOrder): Promise<void>;
  /** measure tells how much selectors would take; asked again meanwhile, it answers the last one only. */
  measure(key: string, selectors: PruneSelectors): void;
  /** clean runs go clean -cache, without an undo; `bytes` is what was counted before. */
  clean(bytes: number): Promise<void>;
  /** undo puts back what the last prune took. */
  undo(): Promise<void>;
  /** undoableAt is when the last prune was that undo puts back, Unix milliseconds; undefined when there is none. */
  readonly undoableAt: number | undefined;
  /** isBusy says that an operation is under way. */
  readonly isBusy: boolean;
  /** isMoving says that entries come and go by our own hand now, or did a moment ago: no build writes them. */
  readonly isMoving: boolean;
  /** look frees what other runs kept for long enough, and tells what one left behind that was ended. */
  look(): Promise<void>;
  /** finish waits for what is under way, frees what is in the trash of this run, and says in a line what was freed; empty when nothing was. */
  finish(isSi: boolean): Promise<string>;
};

/** PruneOrder is packages and single outputs by name, or what selectors choose; `isFreed` deletes them at once. */
export type PruneOrder = {
  readonly packages: readonly string[];
  readonly outputs?: readonly string[];
  readonly selectors?: PruneSelectors;
  readonly isFreed: boolean;
};

/** createPruning returns one for a GOCACHE. */
export function createPruning(options: {
  readonly gocache: string;
  readonly cwd: string;
  readonly contents: Contents;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly isReadOnly: boolean;
  readonly dispatch: (event: AppEvent) => void;
}): Pruning {
  const { gocache, cwd, contents, environment, isReadOnly, dispatch } = options;
  const batches: string[] = [];
  let freedBytes = 0;
  let movedAt = Number.NEGATIVE_INFINITY;
  let measuring: NodeJS.Timeout | undefined;

  const say = (text: string): void => dispatch({ type: 'screen', event: { type: 'said', text } });
  const tell = (problems: readonly Problem[]): void => {
    for (const problem of problems) dispatch({ type: 'problem', problem });
  };

  const operations = createOneAtATime({
    isReadOnly,
    say,
    afterwards() {
      movedAt = Date.now();
      void contents.read('changed');
    },
  });

  /** selectAll gathers what goes with packages, with single outputs, and by selectors. */
  function selectAll({ packages, outputs: single = [], selectors }: PruneOrder) {
    const { index, owners } = contents.opened();
    const select = (selectors: PruneSelectors) => selectPrune(index, owners, selectors, Date.now());
    const parts = [
      ...(packages.length === 0 ? [] : [select({ importPaths: new Set(packages) })]),
      ...(single.length === 0 ? [] : [select({ damaged: new Set(single as readonly OutputId[]) })]),
      ...(selectors === undefined ? [] : [select(selectors)]),
    ];
    return {
      actions: [...new Set(parts.flatMap(({ actions }) => actions))],
      outputs: [...new Set(parts.flatMap(({ outputs }) => outputs))],
      packages: [...new Set(parts.flatMap((part) => part.packages))].sort(),
    };
  }

  function log(record: Readonly<Record<string, unknown>> & { readonly batch: string | null }): void {
    const problem = logRemoval(environment, { gocache, ...record });
    if (problem !== undefined) tell([problem]);
  }

  return {
    prune: (order) =>
      operations.run('prune', async () => {
        const { isFreed, selectors, outputs: single = [] } = order;
        // Somebody may have used since what counts as unused: of all entries the times of now are needed.
        if (selectors !== undefined) await contents.read('all');
        const { actions, outputs, packages } = selectAll(order);
        const result = await removeEntries(
          { gocache, actions, outputs, known: knownActions(contents.opened().index) },
          isFreed ? { type: 'delete' } : { type: 'trash', expiresAt: undefined },
          {
            now: Date.now,
            about: [...packages, ...single.map((id) => `${id}-d`)].join(' ').slice(0, 1000),
            onProgress: ({ done, total }) =>
              say(`pruning: ${formatCount(done)} of ${formatCount(total)} entries`),
          },
        );
        const { removed, kept, batch, failed, fellBack } = result;
        if (batch === undefined) freedBytes += removed.bytes;
        else batches.push(batch);
        tell([...failed, ...(fellBack === undefined ? [] : [fellBack])]);
        log({
          what: 'prune',
          packages,
          outputs: single,
          removed,
          kept,
          batch: batch ?? null,
          failed: failed.length,
        });
        const left = kept.map(({ reason, entries }) => `, kept ${formatCount(entries)}: ${reason}`).join('');
        const size = `${formatCount(removed.entries)} entries, ${formatBytes(removed.bytes)}`;
        return batch === undefined
          ? `freed ${size}${left}`
          : `moved ${size}: z puts it back, freed when you quit${left}`;
      }),
    measure(key, selectors) {
      clearTimeout(measuring);
      measuring = setTimeout(() => {
        const { index, owners, timeOf } = contents.opened();
        const measure = measurePrune(index, owners, selectors, Date.now(), timeOf);
        dispatch({ type: 'cap-measured', measured: { key, measure } });
      }, measureMs);
    },
    clean: (bytes) =>
      operations.run('clean', async () => {
        const env = { ...environment, GOCACHE: gocache, GOFLAGS: '' };
        await promisify(execFile)('go', ['clean', '-cache'], { cwd, env });
        freedBytes += bytes;
        log({ what: 'clean', batch: null, removed: { bytes } });
        return `freed ${formatBytes(bytes)}: all of GOCACHE is gone`;
      }),
    undo: () =>
      operations.run('undo', async () => {
        const batch = batches.pop();
        if (batch === undefined) return 'there is nothing to undo';
        const result = await restoreBatch(gocache, batch);
        tell(result.failed);
        log({ what: 'undo', batch, restored: result.entries });
        return `put back ${formatCount(result.entries)} entries, ${formatBytes(result.bytes)}`;
      }),
    get undoableAt() {
      return parseBatchId(batches.at(-1) ?? '');
    },
    get isBusy() {
      return operations.isBusy;
    },
    get isMoving() {
      return operations.isBusy || Date.now() - movedAt < echoMs;
    },
    async look() {
      if (isReadOnly) return;
      const { orphans, failed } = await freeExpired(gocache, Date.now(), isProcessAlive);
      tell(failed);
      for (const { entries, bytes, at } of orphans) {
        const why = `${formatCount(entries)} entries, ${formatBytes(bytes)}, were moved there ${new Date(at).toISOString()} by one that was ended`;
        const repair = 'gocachetop undo puts them back';
        tell([{ where: `${gocache}/gocachetop-trash`, what: 'left in the trash', why, repair }]);
      }
    },
    async finish(isSi) {
      clearTimeout(measuring);
      await operations.settled();
      for (const batch of batches.splice(0)) freedBytes += (await freeBatch(gocache, batch)).bytes;
      return freedBytes === 0
        ? ''
        : `gocachetop: freed ${formatBytes(freedBytes, { si: isSi })} of GOCACHE\n`;
    },
  };
}

// A slider that is moved fast is looked at where it stops; to go through a million entries takes half a second.
const measureMs = 60;

/** echoMs: the watcher tells what changed within a tenth of a second, an output that nothing points to after two. */
export const echoMs = 2500;
