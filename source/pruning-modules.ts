import { createOneAtATime } from './one-at-a-time.ts';
import { freeModules, measureBatch, restoreModules } from './operations/module-prune/batch.ts';
import { freeExpiredModules } from './operations/module-prune/expire.ts';
import { removeModules } from './operations/module-prune/remove.ts';
import type { ModuleTarget } from './operations/module-prune/select.ts';
import { logRemoval } from './operations/removal/log.ts';
import { isProcessAlive } from './operations/removal/processes.ts';
import type { Problem } from './platform/problem.ts';
import type { AppEvent } from './store/event.ts';
import { formatBytes, formatCount, formatCountOf } from './store/format.ts';

/** ModulePruning removes versions from GOMODCACHE for the screen, and keeps them in a trash until it is left. */
export type ModulePruning = {
  /** prune takes versions out of GOMODCACHE, or what go kept of the checksum database; `isFreed` deletes it at once. */
  prune(wanted: {
    readonly targets: readonly ModuleTarget[];
    readonly takesTiles: boolean;
    readonly isFreed: boolean;
  }): Promise<void>;
  /** undo puts back what the last prune took. */
  undo(): Promise<void>;
  /** undoableAt is when the last prune was that undo puts back, Unix milliseconds; undefined when there is none. */
  readonly undoableAt: number | undefined;
  /** look frees what other runs kept for long enough, and tells what one left behind that was ended. */
  look(): Promise<void>;
  /** finish waits for what is under way, frees what is in the trash of this run, and says in a line what was freed; empty when nothing was. */
  finish(isSi: boolean): Promise<string>;
};

/** createModulePruning returns one for a GOMODCACHE; `rescan` has it counted again. */
export function createModulePruning(options: {
  readonly gocache: string;
  readonly gomodcache: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly isReadOnly: boolean;
  readonly dispatch: (event: AppEvent) => void;
  readonly rescan: () => void;
}): ModulePruning {
  const { gocache, gomodcache, environment, isReadOnly, dispatch, rescan } = options;
  const batches: { readonly id: string; readonly at: number; readonly bytes: number }[] = [];
  let freedBytes = 0;

  const say = (text: string): void => dispatch({ type: 'screen', event: { type: 'said', text } });
  const tell = (problems: readonly Problem[]): void => {
    for (const problem of problems) dispatch({ type: 'problem', problem });
  };
  const log = (record: Readonly<Record<string, unknown>> & { readonly batch: string | null }): void => {
    const problem = logRemoval(environment, { gocache, gomodcache, ...record });
    if (problem !== undefined) tell([problem]);
  };

  const operations = createOneAtATime({ isReadOnly, say, afterwards: rescan });

  return {
    prune: ({ targets, takesTiles, isFreed }) =>
      operations.run('prune', async () => {
        const at = Date.now();
        const names = targets.map(({ version }) => `${version.path}@${version.version}`);
        const result = await removeModules(
          { gomodcache, targets, takesTiles },
          {
            keep: isFreed ? 'no' : 'quit',
            about: takesTiles ? 'answers of the checksum database' : names.join(' ').slice(0, 1000),
            environment,
            now: () => at,
            onProgress: ({ done, total }) =>
              say(`pruning: ${formatCount(done)} of ${formatCount(total)} versions`),
          },
        );
        const { removed, kept, batch, failed } = result;
        if (batch === undefined) freedBytes += removed.bytes;
        else batches.push({ id: batch, at, bytes: removed.bytes });
        tell(failed);
        log({
          what: 'prune modules',
          modules: names,
          removed,
          kept,
          batch: batch ?? null,
          failed: failed.length,
        });
        const left = kept.map(({ reason, entries }) => `, kept ${formatCount(entries)}: ${reason}`).join('');
        const what = takesTiles
          ? 'answers of the checksum database'
          : formatCountOf(removed.entries, 'version');
        const size = `${what}, ${formatBytes(removed.bytes)}`;
        return batch === undefined
          ? `freed ${size}${left}`
          : `moved ${size}: z puts it back, freed when you quit${left}`;
      }),
    undo: () =>
      operations.run('undo', async () => {
        const batch = batches.pop();
        if (batch === undefined) return 'there is nothing to undo';
        const result = await restoreModules(gomodcache, batch.id);
        tell(result.failed);
        log({ what: 'undo of modules', batch: batch.id, restored: result.entries });
        return `put back ${formatBytes(result.bytes)} of GOMODCACHE`;
      }),
    get undoableAt() {
      return batches.at(-1)?.at;
    },
    async look() {
      if (isReadOnly) return;
      const { orphans, failed } = await freeExpiredModules(gomodcache, Date.now(), isProcessAlive);
      tell(failed);
      for (const { batch, at } of orphans) {
        const why = `${formatBytes(measureBatch(gomodcache, batch).bytes)} were moved there ${new Date(at).toISOString()} by one that was ended`;
        const repair = 'gocachetop undo puts it back';
        tell([{ where: `${gomodcache}/cache/gocachetop-trash`, what: 'left in the trash', why, repair }]);
      }
    },
    async finish(isSi) {
      await operations.settled();
      for (const { id } of batches.splice(0)) freedBytes += (await freeModules(gomodcache, id)).bytes;
      return freedBytes === 0
        ? ''
        : `gocachetop: freed ${formatBytes(freedBytes, { si: isSi })} of GOMODCACHE\n`;
    },
  };
}
