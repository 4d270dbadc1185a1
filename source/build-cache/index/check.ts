import type { OutputId } from '../../go/ids.ts';
import type { Problem } from '../../platform/problem.ts';
import { type EntryRow, entryRow } from '../entry/entry-rows.ts';
import type { EntryIndex } from './entry-index.ts';
import type { HashedOutput } from './hash-output.ts';
import { unitText } from './name.ts';
import type { Owners } from './owners.ts';
import { type IndexOrder, openPool, type Pool } from './pool.ts';
import { packRows, requests, rowsWhere } from './scan.ts';

/** Check is what reading every output found. */
export type Check = {
  readonly checked: number;
  /** found are the outputs that are damaged or cannot be read. */
  readonly found: readonly Damage[];
  readonly damaged: ReadonlySet<OutputId>;
  readonly problems: readonly Problem[];
  readonly wasStopped: boolean;
};

/** Damage is an output whose content is not what its name says, or that cannot be read. */
export type Damage = EntryRow & {
  readonly file: string;
  readonly isUnreadable: boolean;
  readonly why: string;
  /** importers are the units in GOCACHE that were compiled against the package, by name: their builds use the archive. */
  readonly importers: readonly string[];
};

// Outputs of some kB: a request of so many takes some milliseconds, so that progress moves.
const outputsPerRequest = 64;

/**
 * checkOutputs compares the sha256 of every output with its name. Go itself compares only sizes, so that an archive of
 * the right size with wrong bytes is used without a word until the linker panics or the program is wrong
 * (cmd/go/internal/cache: GetFile, go1.26). Stopped, it tells what it has found so far.
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
  const rows = rowsWhere(outputs, outputs.isUsed);
  const hashed: HashedOutput[] = [];
  let done = 0;
  let importers: ReadonlyMap<string, readonly string[]> = new Map();
  const pool = openPool({ gocache, gomodcache }, 2, signal);
  try {
    const checks = requests(rows, outputsPerRequest, (part) => ({
      type: 'check' as const,
      ids: packRows(part, outputs.id),
      folders: Uint8Array.from(part, (row) => (outputs.isFolder(row) ? 1 : 0)),
    }));
    await pool.each(checks, ({ count, found }) => {
      done += count;
      hashed.push(...found);
      onProgress?.(done, rows.length);
    });
    const packages = hashed.flatMap(({ id }) => archiveOf(index, owners, id) ?? []);
    if (packages.length > 0) importers = await findAllImporters(index, owners, pool, packages);
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  } finally {
    pool.close();
  }
  const found = hashed.map((each) => damageOf(index, owners, gocache, each, importers));
  return {
    checked: done,
    found,
    damaged: new Set(found.filter(({ isUnreadable }) => !isUnreadable).map(({ id }) => id)),
    problems: found.map(problemOf),
    wasStopped: signal?.aborted === true,
  };
}

/** archiveOf is the package of an output that is an archive which others import. */
function archiveOf(index: EntryIndex, owners: Owners, id: string): string | undefined {
  const row = index.outputs.find(id as OutputId);
  if (row === undefined || index.outputs.kind(row) !== 'archive') return undefined;
  return index.names[owners.outputs[row] ?? -1]?.importPath;
}

/** findAllImporters asks every archive what it imports: only where damage was found, since that is a read of each. */
async function findAllImporters(
  index: EntryIndex,
  owners: Owners,
  pool: Pool,
  packages: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { outputs, names } = index;
  const archives = rowsWhere(outputs, (row) => outputs.isUsed(row) && outputs.kind(row) === 'archive');
  const importers = new Map<string, Set<string>>();
  const wanted = [...new Set(packages)];
  const asked = requests(archives, outputsPerRequest, (part) => ({
    type: 'importers' as const,
    ids: packRows(part, outputs.id),
    wanted,
  }));
  await pool.each(asked, ({ found }) => {
    for (const { id, imports } of found) {
      const name = names[owners.outputs[outputs.find(id as OutputId) ?? -1] ?? -1];
      if (name === undefined) continue;
      for (const path of imports) {
        const known = importers.get(path) ?? new Set();
        importers.set(path, known.add(unitText(name)));
      }
    }
  });
  return new Map([...importers].map(([path, units]) => [path, [...units].sort()]));
}

function damageOf(
  index: EntryIndex,
  owners: Owners,
  gocache: string,
  { id, isUnreadable, why }: HashedOutput,
  importers: ReadonlyMap<string, readonly string[]>,
): Damage {
  const row = index.outputs.find(id as OutputId);
  const entry: EntryRow =
    row === undefined
      ? {
          id: id as OutputId,
          kind: 'other',
          importPath: undefined,
          unit: undefined,
          variant: '',
          bytes: 0,
          lastUsed: 0,
        }
      : entryRow(index, owners, row);
  return {
    ...entry,
    file: `${gocache}/${id.slice(0, 2)}/${id}-d`,
    isUnreadable,
    why,
    importers: entry.kind === 'archive' ? (importers.get(entry.importPath ?? '') ?? []) : [],
  };
}

/** damagedWhat says in words whose output it is; what a damaged index does is told, too. */
function damagedWhat({ unit, kind }: Damage): string {
  if (unit !== undefined) return `${unit} (${kind})`;
  return kind === 'index'
    ? 'a package index: every go build of that package fails'
    : `an output of kind ${kind}`;
}

// Who needs to know all finds them on the screen and in go list.
const importersShown = 3;

function problemOf(damage: Damage): Problem {
  const { file, isUnreadable, why, importers } = damage;
  const more = importers.length - importersShown;
  const by = importers.slice(0, importersShown).join(', ') + (more > 0 ? ` and ${more} more` : '');
  return {
    where: file,
    what: `${isUnreadable ? 'cannot be read' : 'damaged'}: ${damagedWhat(damage)}`,
    why: by === '' ? why : `${why}; imported by ${by}`,
    repair: isUnreadable
      ? 'give yourself the right to read it'
      : 'gocachetop prune --damaged removes it; the next build makes it again',
  };
}
