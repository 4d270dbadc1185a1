import type { ModuleFacts } from '../../checksums/facts.ts';
import { readAllFacts } from '../../checksums/pool.ts';
import { keyOf } from '../../module-graph/graph.ts';
import type { ModuleName } from '../../module-graph/mod-file.ts';
import { compareModules } from './scope.ts';

/** FactStore holds what was read of each version; reading one again replaces it. */
export type FactStore = {
  read(versions: readonly ModuleName[]): Promise<void>;
  get(name: string): ModuleFacts | undefined;
  /** versions are those that were read, in order. */
  versions(): readonly ModuleName[];
};

/** createFactStore is empty; progress counts what was asked for so far as the total. */
export function createFactStore(
  gomodcache: string,
  options: {
    readonly isPatient: boolean;
    readonly signal?: AbortSignal;
    readonly onProgress?: (done: number, total: number) => void;
  },
): FactStore {
  const facts = new Map<string, ModuleFacts>();
  let asked = 0;
  let done = 0;
  return {
    async read(versions) {
      asked += versions.length;
      await readAllFacts(
        { gomodcache, isPatient: options.isPatient },
        versions,
        (answer) => {
          done += 1;
          if (answer.facts !== undefined) facts.set(keyOf(answer), answer.facts);
          options.onProgress?.(done, asked);
        },
        options.signal,
      );
    },
    get: (name) => facts.get(name),
    versions: () => [...facts.values()].sort(compareModules),
  };
}
