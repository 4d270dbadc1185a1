import type { OutputId } from '../../go/ids.ts';
import type { Problem } from '../../platform/problem.ts';
import type { EntryIndex } from './entry-index.ts';
import { unitText } from './name.ts';
import type { Owners } from './owners.ts';
import { type IndexOrder, openPool } from './pool.ts';
import { packRows, requests, rowsOf, rowsWhere } from './scan.ts';

/** Check is what reading every output found. */
export type Check = {
  readonly checked: number;
  readonly damaged: ReadonlySet<OutputId>;
  readonly problems: readonly Problem[];
};

// Outputs of some kB: a request of so many takes some milliseconds, so that progress moves.
const outputsPerRequest = 64;

/**
 * checkOutputs compares the sha256 of every output with its name. Go itself compares only sizes, so that an archive of
 * the right size with wrong bytes is used without a word until the linker panics or the program is wrong
 * (cmd/go/internal/cache: GetFile, go1.26).
 */
export async function checkOutputs(
  options: IndexOrder & {
    readonly index: EntryIndex;
    readonly owners: Owners;
    readonly signal?: AbortSignal;
    readonly onProgress?: (done: number, total: number) => void;
  },
): Promise<Check> {
  const { index, owners, gocache, gomodcache, signal, onProgress } = options;
  const { outputs } = index;
  const rows = rowsWhere(rowsOf(outputs), outputs.isUsed);
  const damaged = new Set<OutputId>();
  const problems: Problem[] = [];
  let done = 0;
  const pool = openPool({ gocache, gomodcache }, 2, signal);
  try {
    const checks = requests(rows, outputsPerRequest, (part) => ({
      type: 'check' as const,
      ids: packRows(part, outputs.id),
      folders: Uint8Array.from(part, (row) => (outputs.isFolder(row) ? 1 : 0)),
    }));
    await pool.each(checks, ({ count, found }) => {
      done += count;
      onProgress?.(done, rows.length);
      for (const { id, isUnreadable, why } of found) {
        const row = outputs.find(id as OutputId);
        if (!isUnreadable) damaged.add(id as OutputId);
        problems.push(
          problemOf(
            gocache,
            id,
            row === undefined ? undefined : nameOfRow(index, owners, row),
            isUnreadable,
            why,
          ),
        );
      }
    });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  } finally {
    pool.close();
  }
  return { checked: done, damaged, problems };
}

function nameOfRow(index: EntryIndex, owners: Owners, row: number): string {
  const name = index.names[owners.outputs[row] ?? -1];
  const kind = index.outputs.kind(row) ?? 'other';
  if (name !== undefined) return `${unitText(name)} (${kind})`;
  return kind === 'index'
    ? 'a package index: every go build of that package fails'
    : `an output of kind ${kind}`;
}

function problemOf(
  gocache: string,
  id: string,
  whose: string | undefined,
  isUnreadable: boolean,
  why: string,
): Problem {
  return {
    where: `${gocache}/${id.slice(0, 2)}/${id}-d`,
    what: `${isUnreadable ? 'cannot be read' : 'damaged'}: ${whose ?? 'not named'}`,
    why,
    repair: isUnreadable
      ? 'give yourself the right to read it'
      : 'gocachetop prune --damaged removes it; the next build makes it again',
  };
}
